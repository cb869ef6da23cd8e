/* aicpu_executor.c - the plan is made; give every AICore its list, and wait until all have ended.
 *
 * One AICPU thread does so; further ones of the launch have nothing to do.
 */
#include "runtime.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "spin_hint.h"

/* Counts on from launch to launch: of n threads in a row, exactly one draws a multiple of n. */
static _Atomic unsigned drawn;

static int aiv_count(const Runtime *runtime)
{
    return runtime->worker_count - runtime->block_dim;
}

/* The number of clusters of the widest plan that there are the cores for; 0: there are tasks, but no such plan. */
static int choose_plan(const Runtime *runtime)
{
    int most = runtime->block_dim;
    if (runtime->core_types & 1 << RUNTIME_AIV && aiv_count(runtime) / RUNTIME_AIVS_PER_BLOCK < most)
        most = aiv_count(runtime) / RUNTIME_AIVS_PER_BLOCK;
    return most < runtime->plan_count ? most : runtime->plan_count;
}

/* What is wrong with the numbers that host and platform have set, or NULL. */
static const char *find_fault(const Runtime *runtime)
{
    if (runtime->sche_cpu_num < 1)
        return "sche_cpu_num is less than 1";
    if (runtime->worker_count < 1 || runtime->worker_count > RUNTIME_MAX_WORKER)
        return "worker_count is not in 1..128";
    if (runtime->block_dim < 1 || runtime->block_dim > runtime->worker_count)
        return "block_dim is not in 1..worker_count";
    if (runtime->plan_count < 0 || runtime->plan_count > RUNTIME_MAX_BLOCKS)
        return "plan_count is not in 0..24";
    if (runtime->task_count > 0 && (!runtime->tasks || !runtime->orders || !runtime->plans))
        return "there are tasks, but no plan";
    if (runtime->task_count > 0 && choose_plan(runtime) == 0)
        return "there are AIV tasks, and even the narrowest plan needs two AIVs";
    return NULL;
}

/* The list of worker @index: NULL if it has nothing to do. */
static const Order *list_of(const Runtime *runtime, const Plan *plan, int index)
{
    int place = index < runtime->block_dim ? index : index - runtime->block_dim + RUNTIME_MAX_BLOCKS;
    int end = index < runtime->block_dim ? RUNTIME_MAX_BLOCKS : RUNTIME_PLACES;
    return plan && place < end && plan->starts[place] >= 0 ? runtime->orders + plan->starts[place] : NULL;
}

/* The first @count cores begin: with their lists of @plan, or with nothing to do. */
static void begin(Runtime *runtime, int count, const Plan *plan)
{
    for (int i = 0; i < count; i++) {
        const Order *list = list_of(runtime, plan, i);
        runtime->workers[i].task = (void *)list;
        runtime->workers[i].control = !list;
    }
    wmb();
    for (int i = 0; i < count; i++)
        runtime->workers[i].aicpu_ready = 1;
}

static void wait_for_ends(const Runtime *runtime, const Plan *plan)
{
    for (int i = 0; i < runtime->worker_count; i++)
        while (list_of(runtime, plan, i) && runtime->workers[i].aicore_done == 0)
            SPIN_WAIT_HINT();
}

/** aicpu_execute - called once on each AICPU thread of a launch.
 *  Return: 0 when all tasks have ended, -1 when the runtime makes no sense: then none is executed. */
int aicpu_execute(Runtime *runtime)
{
    if (!runtime) {
        DEV_ERROR("no runtime was given to this launch");
        return -1;
    }
    cache_invalidate_range(runtime, offsetof(Runtime, workers));
    const char *fault = find_fault(runtime);
    if (fault) {
        DEV_ERROR("cannot run this plan: %s (threads %d, workers %d, blocks %d, tasks %d)", fault,
                  runtime->sche_cpu_num, runtime->worker_count, runtime->block_dim, runtime->task_count);
        begin(runtime, RUNTIME_MAX_WORKER, NULL);
        return -1;
    }
    if (atomic_fetch_add_explicit(&drawn, 1, memory_order_relaxed) % (unsigned)runtime->sche_cpu_num != 0)
        return 0;
    size_t size = (size_t)runtime->worker_count * sizeof(Handshake);
    const Plan *plan = runtime->task_count > 0 ? &runtime->plans[choose_plan(runtime) - 1] : NULL;
    cache_invalidate_range(runtime->workers, size);
    if (plan)
        cache_invalidate_range(plan, sizeof *plan);
    begin(runtime, runtime->worker_count, plan);
    wait_for_ends(runtime, plan);
    cache_invalidate_range(runtime->workers, size);
    return 0;
}
