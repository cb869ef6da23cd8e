/* device_condition.c - condition variables. The object itself keeps only which clock its timeouts mean: a thread that
 * waits is known by its own record, and a signal with nobody waiting leaves no mark.
 */
#include <errno.h>
#include <pthread.h>

#include "model/embed/device_sync.h"

enum { ONE, ALL };

/* Lets go of the mutex and waits, in one moment. */
static void begin_wait(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;

    /* Queued first: with its time already up, it contends for the mutex behind whoever waits for that. */
    if (op->until_ps > effect->at) {
        sync_queue(op, SYNC_CONDITION);
        mutex_give_up(op->core, op->mutex, effect->at);
    } else {
        op->core->wait.result = ETIMEDOUT;
        mutex_give_up(op->core, op->mutex, effect->at);
        mutex_contend(op->core, op->mutex, effect->at);
    }
}

static void signal_arrives(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct core *waiter;

    while ((waiter = sync_first(op->core->chip, 1u << SYNC_CONDITION, op->addr))) {
        mutex_contend(waiter, waiter->wait.mutex, effect->at);
        if (op->choice == ONE)
            return;
    }
}

static int wait_until(const char *name, pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t until_ps)
{
    struct core *core = libc_enter_aicpu(name);
    const struct sync_op op = {.addr = (uintptr_t)condition, .mutex = (uintptr_t)mutex, .until_ps = until_ps};
    int status;

    if (!core)
        return 0;
    status = sync_ask(core, begin_wait, &op);
    core_leave(core);
    return status;
}

static int wake(const char *name, pthread_cond_t *condition, int how_many)
{
    struct core *core = libc_enter_aicpu(name);
    const struct sync_op op = {.addr = (uintptr_t)condition, .choice = how_many};

    if (!core)
        return 0;
    sync_tell(core, signal_arrives, &op);
    core_leave(core);
    return 0;
}

DEVICE_CALL int __wrap_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
    pthread_cond_t fresh = PTHREAD_COND_INITIALIZER;
    clockid_t clock = CLOCK_REALTIME;

    if (attributes)
        pthread_condattr_getclock(attributes, &clock);
    *(int *)&fresh = clock;
    libc_call();
    port_store_block(condition, &fresh, 0, sizeof(fresh));
    return 0;
}

DEVICE_CALL int __wrap_pthread_cond_destroy(pthread_cond_t *condition)
{
    (void)condition;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    return wait_until("pthread_cond_wait", condition, mutex, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                              const struct timespec *until)
{
    clockid_t clock;

    port_load((uintptr_t)condition, sizeof(clock));
    clock = *(const int *)condition;
    return wait_until("pthread_cond_timedwait", condition, mutex, sync_until(clock, until));
}

DEVICE_CALL int __wrap_pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                                              const struct timespec *until)
{
    return wait_until("pthread_cond_clockwait", condition, mutex, sync_until(clock, until));
}

DEVICE_CALL int __wrap_pthread_cond_signal(pthread_cond_t *condition)
{
    return wake("pthread_cond_signal", condition, ONE);
}

DEVICE_CALL int __wrap_pthread_cond_broadcast(pthread_cond_t *condition)
{
    return wake("pthread_cond_broadcast", condition, ALL);
}
