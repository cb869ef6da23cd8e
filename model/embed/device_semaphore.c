/* device_semaphore.c - semaphores and barriers. The first word of a semaphore is its value; a barrier's first word says
 * how many it waits for, the second how many have come.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "model/embed/device_sync.h"

static void acquire(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    uint64_t value = sync_state(chip, op->addr, 4);

    if (value) {
        sync_change(chip, op->addr, value - 1, 4);
        sync_answer(op->core, 0, effect->at);
    } else if (op->choice) {
        sync_answer(op->core, EAGAIN, effect->at);
    } else {
        sync_queue(op, SYNC_SEMAPHORE);
    }
}

static void release(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    struct core *waiter = sync_first(chip, 1u << SYNC_SEMAPHORE, op->addr);

    if (waiter)
        sync_answer(waiter, 0, sync_handed_ps(waiter, effect->at));
    else
        sync_change(chip, op->addr, sync_state(chip, op->addr, 4) + 1, 4);
}

static int sem_ask(const char *name, sem_t *semaphore, int only_try, uint64_t until_ps)
{
    struct core *core = libc_enter_aicpu(name);
    const struct sync_op op = {.addr = (uintptr_t)semaphore, .choice = only_try, .until_ps = until_ps};
    int status;

    if (!core)
        return 0;
    status = sync_ask(core, acquire, &op);
    core_leave(core);
    if (status == 0)
        return 0;
    errno = status;
    return -1;
}

DEVICE_CALL int __wrap_sem_init(sem_t *semaphore, int shared, unsigned value)
{
    sem_t fresh = {.__align = value};

    (void)shared;
    libc_call();
    port_store_block(semaphore, &fresh, 0, sizeof(fresh));
    return 0;
}

DEVICE_CALL int __wrap_sem_destroy(sem_t *semaphore)
{
    (void)semaphore;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_sem_wait(sem_t *semaphore)
{
    return sem_ask("sem_wait", semaphore, 0, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_sem_trywait(sem_t *semaphore)
{
    return sem_ask("sem_trywait", semaphore, 1, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
    return sem_ask("sem_timedwait", semaphore, 0, sync_until(CLOCK_REALTIME, until));
}

DEVICE_CALL int __wrap_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
    return sem_ask("sem_clockwait", semaphore, 0, sync_until(clock, until));
}

DEVICE_CALL int __wrap_sem_post(sem_t *semaphore)
{
    struct core *core = libc_enter_aicpu("sem_post");
    const struct sync_op op = {.addr = (uintptr_t)semaphore};

    if (!core)
        return 0;
    sync_tell(core, release, &op);
    core_leave(core);
    return 0;
}

DEVICE_CALL int __wrap_sem_getvalue(sem_t *semaphore, int *value)
{
    int now;

    libc_call();
    port_load((uintptr_t)semaphore, sizeof(now));
    now = *(volatile int *)semaphore;
    port_store_block(value, &now, 0, sizeof(now));
    return 0;
}

/* ---- barriers ---- */

static void arrive(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    uint64_t wanted = sync_state(chip, op->addr, 4), come = sync_state(chip, op->addr + 4, 4) + 1;
    struct core *waiter;

    sync_change(chip, op->addr + 4, come < wanted ? come : 0, 4);
    if (come < wanted) {
        sync_queue(op, SYNC_BARRIER);
        return;
    }
    while ((waiter = sync_first(chip, 1u << SYNC_BARRIER, op->addr)))
        sync_answer(waiter, 0, sync_handed_ps(waiter, effect->at));
    sync_answer(op->core, PTHREAD_BARRIER_SERIAL_THREAD, effect->at);
}

DEVICE_CALL int __wrap_pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes,
                                            unsigned count)
{
    pthread_barrier_t fresh = {.__align = count};

    (void)attributes;
    if (!count)
        return EINVAL;
    libc_call();
    port_store_block(barrier, &fresh, 0, sizeof(fresh));
    return 0;
}

DEVICE_CALL int __wrap_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    (void)barrier;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_pthread_barrier_wait(pthread_barrier_t *barrier)
{
    struct core *core = libc_enter_aicpu("pthread_barrier_wait");
    const struct sync_op op = {.addr = (uintptr_t)barrier, .until_ps = CLOCK_NEVER};
    int status;

    if (!core)
        return 0;
    status = sync_ask(core, arrive, &op);
    core_leave(core);
    return status;
}
