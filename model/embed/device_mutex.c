/* device_mutex.c - mutexes and spin locks. A mutex keeps its owner in the first word of pthread_mutex_t, how often the
 * owner has taken it again in the second, and its kind where the static initializers of the C library put it. A spin
 * lock has the owner only.
 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>

#include "model/embed/device_sync.h"

enum { SPIN = PTHREAD_MUTEX_ERRORCHECK + 16 };

/* What a taker wants: not to wait, or not to be told of a kind, since a spin lock has none. */
enum choice { TRY = 1, IS_SPIN = 2 };

#define KIND_OFFSET offsetof(struct __pthread_mutex_s, __kind)

static uint64_t me(const struct core *core)
{
    return (uint64_t)core->number + 1;
}

static int kind_of(struct chip_state *chip, uint64_t addr, int choice)
{
    return choice & IS_SPIN ? SPIN : (int)(sync_state(chip, addr + KIND_OFFSET, 4) & 3);
}

static void take(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct core *core = op->core;
    struct chip_state *chip = core->chip;
    uint64_t owner = sync_state(chip, op->addr, 4);
    int kind = kind_of(chip, op->addr, op->choice);

    if (!owner) {
        sync_change(chip, op->addr, me(core), 4);
        sync_answer(core, 0, effect->at);
    } else if (owner == me(core) && kind == PTHREAD_MUTEX_RECURSIVE) {
        sync_change(chip, op->addr + 4, sync_state(chip, op->addr + 4, 4) + 1, 4);
        sync_answer(core, 0, effect->at);
    } else if (owner == me(core) && kind == PTHREAD_MUTEX_ERRORCHECK) {
        sync_answer(core, op->choice & TRY ? EBUSY : EDEADLK, effect->at);
    } else if (op->choice & TRY) {
        sync_answer(core, EBUSY, effect->at);
    } else {
        sync_queue(op, SYNC_LOCK);
    }
}

void mutex_contend(struct core *core, uint64_t addr, uint64_t at)
{
    const struct sync_op op = {.effect.at = at, .core = core, .addr = addr, .until_ps = CLOCK_NEVER};

    if (sync_state(core->chip, addr, 4)) {
        sync_queue(&op, SYNC_LOCK);
        return;
    }
    sync_change(core->chip, addr, me(core), 4);
    sync_answer(core, core->wait.result, sync_handed_ps(core, at));
}

/* The lock is free: it goes to who waits longest, or to nobody. */
static void hand_over(struct chip_state *chip, uint64_t addr, uint64_t at)
{
    struct core *next = sync_first(chip, 1u << SYNC_LOCK, addr);

    sync_change(chip, addr, next ? me(next) : 0, 4);
    if (next)
        sync_answer(next, next->wait.result, sync_handed_ps(next, at));
}

bool mutex_give_up(struct core *core, uint64_t addr, uint64_t at)
{
    uint64_t owner = sync_state(core->chip, addr, 4);

    if (owner)
        hand_over(core->chip, addr, at);
    return owner == me(core);
}

static void let_go(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    uint64_t again = op->choice & IS_SPIN ? 0 : sync_state(chip, op->addr + 4, 4);

    if (again)
        sync_change(chip, op->addr + 4, again - 1, 4);
    else
        mutex_give_up(op->core, op->addr, effect->at);
}

static int lock(const char *name, volatile void *mutex, int choice, clockid_t clock, const struct timespec *until)
{
    struct core *core = libc_enter_aicpu(name);
    struct sync_op op = {.addr = (uintptr_t)mutex, .choice = choice, .until_ps = CLOCK_NEVER};
    int status;

    if (!core)
        return 0;
    if (until)
        op.until_ps = sync_until(clock, until);
    status = sync_ask(core, take, &op);
    core_leave(core);
    return status;
}

static int unlock(const char *name, volatile void *mutex, int choice)
{
    struct core *core = libc_enter_aicpu(name);
    const struct sync_op op = {.addr = (uintptr_t)mutex, .choice = choice};
    int kind, status = 0;

    if (!core)
        return 0;
    core->accessing = op.addr;
    kind = kind_of(core->chip, op.addr, choice);
    if (kind == PTHREAD_MUTEX_RECURSIVE || kind == PTHREAD_MUTEX_ERRORCHECK) {
        /* Whether this thread owns it only this thread can change; an earlier unlock of its own counts. */
        aicpu_after_stores(core);
        status = sync_state(core->chip, op.addr, 4) == me(core) ? 0 : EPERM;
    }
    core->accessing = 0;
    if (status == 0)
        sync_tell(core, let_go, &op);
    core_leave(core);
    return status;
}

DEVICE_CALL int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
    int kind = PTHREAD_MUTEX_DEFAULT;

    if (attributes)
        pthread_mutexattr_gettype(attributes, &kind);
    fresh.__data.__kind = kind;
    libc_call();
    port_store_block(mutex, &fresh, 0, sizeof(fresh));
    return 0;
}

DEVICE_CALL int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    (void)mutex;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    return lock("pthread_mutex_lock", mutex, 0, 0, NULL);
}

DEVICE_CALL int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    return lock("pthread_mutex_trylock", mutex, TRY, 0, NULL);
}

DEVICE_CALL int __wrap_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
    return lock("pthread_mutex_timedlock", mutex, 0, CLOCK_REALTIME, until);
}

DEVICE_CALL int __wrap_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    return lock("pthread_mutex_clocklock", mutex, 0, clock, until);
}

DEVICE_CALL int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    return unlock("pthread_mutex_unlock", mutex, 0);
}

DEVICE_CALL int __wrap_pthread_spin_init(pthread_spinlock_t *spin, int shared)
{
    (void)shared;
    libc_call();
    port_store_block((void *)(uintptr_t)spin, NULL, 0, sizeof(*spin));
    return 0;
}

DEVICE_CALL int __wrap_pthread_spin_destroy(pthread_spinlock_t *spin)
{
    (void)spin;
    return 0;
}

DEVICE_CALL int __wrap_pthread_spin_lock(pthread_spinlock_t *spin)
{
    return lock("pthread_spin_lock", spin, IS_SPIN, 0, NULL);
}

DEVICE_CALL int __wrap_pthread_spin_trylock(pthread_spinlock_t *spin)
{
    return lock("pthread_spin_trylock", spin, IS_SPIN | TRY, 0, NULL);
}

DEVICE_CALL int __wrap_pthread_spin_unlock(pthread_spinlock_t *spin)
{
    return unlock("pthread_spin_unlock", spin, IS_SPIN);
}
