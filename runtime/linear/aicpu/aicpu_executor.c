/* aicpu_executor.c - hand out a task, wait for its end, hand out the next.
 *
 * One AICPU thread does so; further ones of the launch have nothing to do.
 */
#include "runtime.h"

#include <stdatomic.h>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "spin_hint.h"

/* Counts on from launch to launch: of n threads in a row, exactly one draws a multiple of n. */
static _Atomic unsigned drawn;

/* What is wrong with the numbers that host and platform have set, or NULL. */
static const char *find_fault(const Runtime *runtime)
{
    if (runtime->sche_cpu_num < 1)
        return "sche_cpu_num is less than 1";
    if (runtime->worker_count < 1 || runtime->worker_count > RUNTIME_MAX_WORKER)
        return "worker_count is not in 1..128";
    if (runtime->block_dim < 1 || runtime->block_dim > runtime->worker_count)
        return "block_dim is not in 1..worker_count";
    if (runtime->task_count < 0 || runtime->task_count > RUNTIME_MAX_TASKS)
        return "task_count is not in 0..262144";
    if (runtime->task_count > 0 && !runtime->tasks)
        return "there are tasks, but not their address";
    if (runtime->core_types & 1 << RUNTIME_AIV && runtime->block_dim == runtime->worker_count)
        return "there are AIV tasks, but no AIVs";
    return NULL;
}

static void dismiss(Handshake *workers, int count)
{
    for (int i = 0; i < count; i++)
        workers[i].control = 1;
}

/* Task by task. The barrier makes the task visible before the word that lets the core start it. */
static void execute_all(Runtime *runtime)
{
    for (int i = 0; i < runtime->task_count; i++) {
        Task *task = &runtime->tasks[i];
        Handshake *core = &runtime->workers[task->core_type == RUNTIME_AIC ? 0 : runtime->block_dim];
        core->task = task;
        wmb();
        core->task_status = 1;
        while (core->task_status != 0)
            SPIN_WAIT_HINT();
    }
}

/** aicpu_execute - called once on each AICPU thread of a launch.
 *  Return: 0 when all tasks have ended, -1 when the runtime makes no sense: then every AICore is told to quit. */
int aicpu_execute(Runtime *runtime)
{
    if (!runtime) {
        DEV_ERROR("no runtime was given to this launch");
        return -1;
    }
    cache_invalidate_range(runtime, offsetof(Runtime, workers));
    const char *fault = find_fault(runtime);
    if (fault) {
        DEV_ERROR("cannot run these tasks: %s (threads %d, workers %d, blocks %d, tasks %d)", fault,
                  runtime->sche_cpu_num, runtime->worker_count, runtime->block_dim, runtime->task_count);
        dismiss(runtime->workers, RUNTIME_MAX_WORKER);
        return -1;
    }
    if (atomic_fetch_add_explicit(&drawn, 1, memory_order_relaxed) % (unsigned)runtime->sche_cpu_num != 0)
        return 0;
    size_t size = (size_t)runtime->worker_count * sizeof(Handshake);
    cache_invalidate_range(runtime->workers, size);
    if (runtime->task_count > 0)
        cache_invalidate_range(runtime->tasks, (size_t)runtime->task_count * sizeof(Task));
    /* All but the first AIC and the first AIV go home. */
    dismiss(runtime->workers + 1, runtime->block_dim - 1);
    dismiss(runtime->workers + runtime->block_dim + 1, runtime->worker_count - runtime->block_dim - 1);
    execute_all(runtime);
    dismiss(runtime->workers, 1);
    dismiss(runtime->workers + runtime->block_dim, runtime->worker_count > runtime->block_dim);
    cache_invalidate_range(runtime->workers, size);
    return 0;
}
