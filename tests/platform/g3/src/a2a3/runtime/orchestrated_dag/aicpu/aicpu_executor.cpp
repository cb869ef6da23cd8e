/* aicpu_executor.cpp - the last thread builds the graph, the others schedule what is there of it by then. Each counts
 * its tasks.
 */
#include <atomic>

#include "cores.h"
#include "graph.h"

static std::atomic<int> entered{0}, left{0}, outcome{0};
static std::atomic<bool> opened{false};
static Core cores[PLATFORM_MAX_CORES];
static thread_local int executed;

static void open(Runtime *runtime)
{
    cache_invalidate_range(runtime, sizeof(*runtime));
    graph_open(runtime);
    outcome = runtime->sche_cpu_num > 1 && find_cores(runtime->workers, runtime->worker_count, cores) ? 0 : -1;
    opened.store(true, std::memory_order_release);
}

static void serve(Core *core)
{
    int ended[2];

    if (core->busy())
        for (int i = 0, count = core->look(ended); i < count; i++) {
            graph_end(ended[i]);
            executed++;
        }
    if (core->busy())
        return;
    const int id = graph_take(core->type);
    if (id != AICPU_TASK_INVALID)
        core->offer(id);
}

static int schedule(Runtime *runtime, int thread)
{
    const int step = runtime->sche_cpu_num - 1;

    executed = 0;
    while (!graph_ended() && outcome == 0)
        for (int i = thread; i < runtime->worker_count; i += step)
            serve(&cores[i]);
    for (int i = thread; i < runtime->worker_count; i += step)
        platform_deinit_aicore_regs(cores[i].window);
    return executed;
}

static int orchestrate(Runtime *runtime)
{
    const int status = run_orchestration(runtime);

    if (status != 0)
        outcome = status;
    return graph_complete();
}

static int leave(Runtime *runtime)
{
    const int status = outcome, threads = runtime->sche_cpu_num;

    if (left.fetch_add(1, std::memory_order_acq_rel) + 1 < threads)
        return status;
    graph_close();
    cache_invalidate_range(runtime, sizeof(*runtime));
    entered = 0;
    left = 0;
    opened = false;
    return status;
}

extern "C" int aicpu_execute(Runtime *runtime)
{
    const int thread = entered.fetch_add(1, std::memory_order_acq_rel);

    if (thread == 0)
        open(runtime);
    while (!opened.load(std::memory_order_acquire))
        SPIN_WAIT_HINT();
    if (outcome == 0)
        runtime->tasks_of[thread] =
            thread == runtime->sche_cpu_num - 1 ? orchestrate(runtime) : schedule(runtime, thread);
    return leave(runtime);
}
