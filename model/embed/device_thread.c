/* device_thread.c - threads that device code makes itself. Each runs on an AICPU agent that has nothing to do; a
 * pthread_t is that agent's number and how many threads it has run, so that it does not come back soon.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>

#include "model/chip_cores.h"
#include "model/embed/device_log.h"
#include "model/embed/device_sync.h"
#include "model/embed/emutls.h"

static pthread_t handle_of(const struct core *core)
{
    return (pthread_t)core->thread_serial << 16 | (pthread_t)(core->number + 1);
}

/* The thread that @handle means, if it may still be joined or detached. */
static struct core *find(struct chip_state *chip, pthread_t handle)
{
    uint32_t number = (uint32_t)(handle & 0xffff) - 1;
    struct core *core = number < chip->aicpus ? chip_aicpu(chip, number) : NULL;

    return core && core->thread_kept && !core->thread_detached && handle_of(core) == handle ? core : NULL;
}

static void thread_ends(struct effect *effect)
{
    struct core *core = ((struct sync_op *)effect)->core;
    struct core *joiner = sync_first(core->chip, 1u << SYNC_JOIN, handle_of(core));

    core->thread_done = true;
    if (core->thread_detached)
        core->thread_kept = false;
    if (!joiner)
        return;
    joiner->wait.value = core->thread_result;
    core->thread_kept = false;
    sync_answer(joiner, 0, sync_handed_ps(joiner, effect->at));
}

/* What the agent runs around the thread's own function. */
static void *run_body(void *unused)
{
    const struct sync_op end = {.addr = 0};
    struct core *core = dav_running;
    jmp_buf leave;

    (void)unused;
    emutls_new_thread(core);
    core->thread_leave = &leave;
    if (_setjmp(leave) == 0)
        core->thread_result = core->thread_body(core->thread_body_arg);
    core->thread_leave = NULL;
    device_log_flush(core);
    libc_enter();
    sync_tell(core, thread_ends, &end);
    core_leave(core);
    return core->thread_result;
}

static void thread_begins(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct chip_state *chip = op->core->chip;
    struct core *thread = chip_spawn_aicpu(chip, run_body, NULL, sync_handed_ps(op->core, effect->at));

    if (thread) {
        thread->thread_serial++;
        thread->thread_body = op->body;
        thread->thread_body_arg = op->value;
        thread->thread_result = NULL;
        thread->thread_kept = true;
        thread->thread_done = false;
        thread->thread_detached = op->choice == PTHREAD_CREATE_DETACHED;
        op->core->wait.value = (void *)handle_of(thread);
    }
    sync_answer(op->core, thread ? 0 : EAGAIN, effect->at);
}

DEVICE_CALL int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                                      void *argument)
{
    struct sync_op op = {.body = body, .value = argument, .choice = PTHREAD_CREATE_JOINABLE};
    struct core *core;
    pthread_t handle;
    int status;

    if (attributes)
        pthread_attr_getdetachstate(attributes, &op.choice);
    core = libc_enter_aicpu("pthread_create");
    if (!core)
        return EAGAIN;
    libc_charge(core);
    status = sync_ask(core, thread_begins, &op);
    handle = (pthread_t)core->wait.value;
    core_leave(core);
    if (status == 0)
        port_store_block(thread, &handle, 0, sizeof(handle));
    return status;
}

static void join_happens(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct core *thread = find(op->core->chip, (pthread_t)op->value);
    struct sync_op wait = *op;

    if (!thread || thread == op->core) {
        sync_answer(op->core, thread ? EDEADLK : ESRCH, effect->at);
    } else if (!thread->thread_done) {
        wait.addr = handle_of(thread);
        sync_queue(&wait, SYNC_JOIN);
    } else {
        op->core->wait.value = thread->thread_result;
        thread->thread_kept = false;
        sync_answer(op->core, 0, effect->at);
    }
}

static int ask_about(const char *name, void (*apply)(struct effect *), pthread_t handle, void **value)
{
    struct core *core = libc_enter_aicpu(name);
    const struct sync_op op = {.value = (void *)handle, .until_ps = CLOCK_NEVER};
    int status;

    if (!core)
        return ESRCH;
    status = sync_ask(core, apply, &op);
    *value = core->wait.value;
    core_leave(core);
    return status;
}

DEVICE_CALL int __wrap_pthread_join(pthread_t thread, void **result)
{
    void *value = NULL;
    int status = ask_about("pthread_join", join_happens, thread, &value);

    if (status == 0 && result)
        port_store_block(result, &value, 0, sizeof(value));
    return status;
}

static void detach_happens(struct effect *effect)
{
    const struct sync_op *op = (const struct sync_op *)effect;
    struct core *thread = find(op->core->chip, (pthread_t)op->value);

    if (thread) {
        thread->thread_detached = true;
        thread->thread_kept = !thread->thread_done;
    }
    sync_answer(op->core, thread ? 0 : ESRCH, effect->at);
}

DEVICE_CALL int __wrap_pthread_detach(pthread_t thread)
{
    void *value;

    return ask_about("pthread_detach", detach_happens, thread, &value);
}

DEVICE_CALL pthread_t __wrap_pthread_self(void)
{
    return libc_nobody() ? 0 : handle_of(dav_running);
}

DEVICE_CALL void __wrap_pthread_exit(void *result)
{
    struct core *core = dav_running;

    if (!core->thread_leave)
        port_fail("%s calls pthread_exit, but is no thread that pthread_create made: return from the entry instead",
                  core->name);
    core->thread_result = result;
    _longjmp(*(jmp_buf *)core->thread_leave, 1);
}

DEVICE_CALL int __wrap_sched_getcpu(void)
{
    return dav_running->number;
}

/** sched_yield - has no outcome: a loop that does nothing else between its polls may be parked. */
DEVICE_CALL int __wrap_sched_yield(void)
{
    struct core *core = dav_running;

    if (libc_nobody())
        return 0;
    libc_charge(core);
    if (core->park.probing)
        park_record(core, PARK_OTHER, 0, 0, 0);
    return 0;
}
