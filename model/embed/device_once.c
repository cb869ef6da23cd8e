/* device_once.c - initializations that happen once: pthread_once, and the guards of a C++ function's statics, whose
 * first byte the compiler itself looks at. Both are an int here: 0, then RUNNING, then DONE.
 */
#include <pthread.h>

#include "model/embed/device_sync.h"

enum { DONE = 1, RUNNING = 0x100 };

/* What a caller is told: it is done, or the caller is to do it. */
enum { IS_DONE, IS_YOURS };

static void begin_once(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    uint64_t state = sync_state(chip, op->addr, 4);

    if (state == RUNNING) {
        sync_queue(op, SYNC_ONCE);
        return;
    }
    if (state == 0)
        sync_change(chip, op->addr, RUNNING, 4);
    sync_answer(op->core, state == 0 ? IS_YOURS : IS_DONE, effect->at);
}

/* An initialization that was abandoned is the next waiter's. */
static void end_once(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    struct core *waiter = sync_first(chip, 1u << SYNC_ONCE, op->addr);

    if (op->choice == DONE || !waiter)
        sync_change(chip, op->addr, (uint64_t)op->choice, 4);
    for (; waiter; waiter = sync_first(chip, 1u << SYNC_ONCE, op->addr)) {
        sync_answer(waiter, op->choice == DONE ? IS_DONE : IS_YOURS, sync_handed_ps(waiter, effect->at));
        if (op->choice != DONE)
            return;
    }
}

static int once_begin(const char *name, int *state)
{
    const struct sync_op op = {.addr = (uintptr_t)state, .until_ps = CLOCK_NEVER};
    struct core *core;
    int answer;

    port_load((uintptr_t)state, sizeof(*state));
    if (*(volatile int *)state == DONE)
        return IS_DONE;
    core = libc_enter_aicpu(name);
    if (!core)
        return IS_YOURS;
    answer = sync_ask(core, begin_once, &op);
    core_leave(core);
    return answer;
}

static void once_end(const char *name, int *state, int outcome)
{
    const struct sync_op op = {.addr = (uintptr_t)state, .choice = outcome};
    struct core *core = libc_enter_aicpu(name);

    if (!core) {
        *state = outcome;
        return;
    }
    sync_tell(core, end_once, &op);
    core_leave(core);
}

DEVICE_CALL int __wrap_pthread_once(pthread_once_t *once, void (*initialize)(void))
{
    if (once_begin("pthread_once", once) == IS_YOURS) {
        initialize();
        once_end("pthread_once", once, DONE);
    }
    return 0;
}

DEVICE_CALL int __wrap___cxa_guard_acquire(int64_t *guard)
{
    return once_begin("the initialization of a static", (int *)guard) == IS_YOURS;
}

DEVICE_CALL void __wrap___cxa_guard_release(int64_t *guard)
{
    once_end("the initialization of a static", (int *)guard, DONE);
}

DEVICE_CALL void __wrap___cxa_guard_abort(int64_t *guard)
{
    once_end("the initialization of a static", (int *)guard, 0);
}
