/* aicpu_executor.c - there is nothing to schedule: let every AICore begin, wait until each has ended.
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
    if (!runtime->kernels[RUNTIME_AIC] && !runtime->kernels[RUNTIME_AIV])
        return "there is no kernel";
    return NULL;
}

static void begin(Runtime *runtime, int count, int control)
{
    for (int i = 0; i < count; i++)
        runtime->workers[i].control = control;
    wmb();
    for (int i = 0; i < count; i++)
        runtime->workers[i].aicpu_ready = 1;
}

static void wait_for_ends(const Runtime *runtime)
{
    for (int i = 0; i < runtime->worker_count; i++)
        while (runtime->workers[i].aicore_done == 0)
            SPIN_WAIT_HINT();
}

/** aicpu_execute - called once on each AICPU thread of a launch.
 *  Return: 0 when all AICores have ended, -1 when the runtime makes no sense: then none executes anything. */
int aicpu_execute(Runtime *runtime)
{
    if (!runtime) {
        DEV_ERROR("no runtime was given to this launch");
        return -1;
    }
    cache_invalidate_range(runtime, offsetof(Runtime, workers));
    const char *fault = find_fault(runtime);
    if (fault) {
        DEV_ERROR("cannot run this: %s (threads %d, workers %d)", fault, runtime->sche_cpu_num, runtime->worker_count);
        begin(runtime, RUNTIME_MAX_WORKER, 1);
        return -1;
    }
    if (atomic_fetch_add_explicit(&drawn, 1, memory_order_relaxed) % (unsigned)runtime->sche_cpu_num != 0)
        return 0;
    size_t size = (size_t)runtime->worker_count * sizeof(Handshake);
    cache_invalidate_range(runtime->workers, size);
    begin(runtime, runtime->worker_count, 0);
    wait_for_ends(runtime);
    cache_invalidate_range(runtime->workers, size);
    return 0;
}
