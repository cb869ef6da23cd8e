/* device_rwlock.c - read-write locks. The first word of the object is the writer, the second counts the readers. Who
 * comes while somebody waits, waits behind him: a stream of readers does not keep a writer out.
 */
#include <errno.h>
#include <pthread.h>

#include "model/embed/device_sync.h"

enum choice { WRITE = 1, TRY = 2 };

#define BOTH (1u << SYNC_READ | 1u << SYNC_WRITE)

static uint64_t me(const struct core *core)
{
    return (uint64_t)core->number + 1;
}

/* Whether @core gets in now. */
static bool enter(struct core *core, uint64_t addr, bool write)
{
    struct chip_state *chip = core->chip;
    uint64_t writer = sync_state(chip, addr, 4), readers = sync_state(chip, addr + 4, 4);

    if (writer || (write && readers))
        return false;
    if (write)
        sync_change(chip, addr, me(core), 4);
    else
        sync_change(chip, addr + 4, readers + 1, 4);
    return true;
}

static void take(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct core *core = op->core;
    bool write = op->choice & WRITE;

    if (write && sync_state(core->chip, op->addr, 4) == me(core))
        sync_answer(core, EDEADLK, effect->at);
    else if (!sync_first(core->chip, BOTH, op->addr) && enter(core, op->addr, write))
        sync_answer(core, 0, effect->at);
    else if (op->choice & TRY)
        sync_answer(core, EBUSY, effect->at);
    else
        sync_queue(op, write ? SYNC_WRITE : SYNC_READ);
}

static void let_go(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    uint64_t readers = sync_state(chip, op->addr + 4, 4);
    struct core *next;

    if (sync_state(chip, op->addr, 4))
        sync_change(chip, op->addr, 0, 4);
    else if (readers)
        sync_change(chip, op->addr + 4, readers - 1, 4);
    while ((next = sync_first(chip, BOTH, op->addr)) && enter(next, op->addr, next->wait.what == SYNC_WRITE))
        sync_answer(next, 0, sync_handed_ps(next, effect->at));
}

static int lock(const char *name, pthread_rwlock_t *rwlock, int choice, uint64_t until_ps)
{
    struct core *core = libc_enter_aicpu(name);
    const struct sync_op op = {.addr = (uintptr_t)rwlock, .choice = choice, .until_ps = until_ps};
    int status;

    if (!core)
        return 0;
    status = sync_ask(core, take, &op);
    core_leave(core);
    return status;
}

DEVICE_CALL int __wrap_pthread_rwlock_init(pthread_rwlock_t *rwlock, const pthread_rwlockattr_t *attributes)
{
    (void)attributes;
    libc_call();
    port_store_block(rwlock, NULL, 0, sizeof(*rwlock));
    return 0;
}

DEVICE_CALL int __wrap_pthread_rwlock_destroy(pthread_rwlock_t *rwlock)
{
    (void)rwlock;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t *rwlock)
{
    return lock("pthread_rwlock_rdlock", rwlock, 0, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t *rwlock)
{
    return lock("pthread_rwlock_wrlock", rwlock, WRITE, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock)
{
    return lock("pthread_rwlock_tryrdlock", rwlock, TRY, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock)
{
    return lock("pthread_rwlock_trywrlock", rwlock, WRITE | TRY, CLOCK_NEVER);
}

DEVICE_CALL int __wrap_pthread_rwlock_unlock(pthread_rwlock_t *rwlock)
{
    struct core *core = libc_enter_aicpu("pthread_rwlock_unlock");
    const struct sync_op op = {.addr = (uintptr_t)rwlock};

    if (!core)
        return 0;
    sync_tell(core, let_go, &op);
    core_leave(core);
    return 0;
}
