/* aicpu_executor.cpp - all AICPU threads schedule, each its own AICores. The ready tasks lie in two queues behind one
 * mutex, which every thread takes for each task that it looks for and for each one that has ended.
 */
#include <atomic>
#include <deque>
#include <mutex>

#include "aicpu/device_time.h"
#include "aicpu/performance_collector_aicpu.h"
#include "common/unified_log.h"
#include "cores.h"
#include "runtime.h"

static std::atomic<int> entered{0}, left{0}, completed{0};
static std::atomic<bool> opened{false}, failed{false};
static std::mutex mutex;
static std::deque<int> ready[2]; /* of each core type */
static Core cores[PLATFORM_MAX_CORES];
static uint64_t begun;
static thread_local int executed;

static std::deque<int> &queue_of(CoreType type)
{
    return ready[static_cast<int>(type)];
}

static int take(CoreType type)
{
    std::lock_guard<std::mutex> lock(mutex);
    std::deque<int> &queue = queue_of(type);

    if (queue.empty())
        return AICPU_TASK_INVALID;
    const int id = queue.front();
    queue.pop_front();
    return id;
}

static void make_ready(const Task *task, int id)
{
    std::lock_guard<std::mutex> lock(mutex);

    queue_of(task->core_type).push_back(id);
}

static void end_task(Runtime *runtime, int id)
{
    const Task *task = runtime->get_task(id);

    for (int i = 0; i < task->fanout_count; i++) {
        Task *next = runtime->get_task(task->fanout[i]);
        if (next->fanin.fetch_sub(1, std::memory_order_acq_rel) == 1)
            make_ready(next, task->fanout[i]);
    }
    executed++;
    completed.fetch_add(1, std::memory_order_release);
}

/* The first thread: the host has written all of the Runtime behind the caches' back. */
static void open(Runtime *runtime)
{
    begun = get_sys_cnt_aicpu();
    cache_invalidate_range(runtime, sizeof(*runtime)); /* fresh runtime */
    if (!find_cores(runtime->workers, runtime->worker_count, cores))
        failed.store(true);
    for (int i = 0; i < runtime->get_task_count(); i++)
        if (runtime->get_task(i)->fanin.load(std::memory_order_relaxed) == 0)
            make_ready(runtime->get_task(i), i);
    opened.store(true, std::memory_order_release);
}

static void serve(Runtime *runtime, Core *core)
{
    int ended[2];

    if (core->busy())
        for (int i = 0, count = core->look(ended); i < count; i++)
            end_task(runtime, ended[i]);
    if (!core->takes())
        return;
    const int id = take(core->type);
    if (id != AICPU_TASK_INVALID)
        core->offer(id);
    else
        SPIN_WAIT_HINT();
}

static void schedule(Runtime *runtime, int thread)
{
    const int total = runtime->get_task_count(), step = runtime->sche_cpu_num;

    executed = 0;
    while (completed.load(std::memory_order_acquire) < total)
        for (int i = thread; i < runtime->worker_count; i += step)
            serve(runtime, &cores[i]);
    for (int i = thread; i < runtime->worker_count; i += step)
        platform_deinit_aicore_regs(cores[i].window);
    runtime->executed[thread] = executed;
    LOG_INFO("thread %d: %d tasks", thread, executed);
}

/* The last thread leaves all as it was found, and no line of the Runtime in the caches. */
static void close(Runtime *runtime)
{
    runtime->ticks = get_sys_cnt_aicpu() - begun;
    cache_invalidate_range(runtime, sizeof(*runtime)); /* fresh runtime */
    entered = 0;
    left = 0;
    completed = 0;
    opened = false;
    failed = false;
}

extern "C" int aicpu_execute(Runtime *runtime)
{
    const int thread = entered.fetch_add(1, std::memory_order_acq_rel);

    if (thread == 0)
        open(runtime);
    while (!opened.load(std::memory_order_acquire))
        SPIN_WAIT_HINT();
    const bool well = !failed;
    const int threads = runtime->sche_cpu_num;
    if (well)
        schedule(runtime, thread);
    if (left.fetch_add(1, std::memory_order_acq_rel) + 1 == threads)
        close(runtime);
    return well ? 0 : -1;
}
