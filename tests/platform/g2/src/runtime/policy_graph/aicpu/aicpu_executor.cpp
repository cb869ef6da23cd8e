// aicpu_executor.cpp - the scheduler: AICPU threads share what is ready and share out the AICores, by turns.
//
// What the host has copied does not reach the AICPU's caches, so the first thread drops the Runtime from them before
// anybody reads it, and the last one to leave writes it back and drops it: the same memory may hold another graph then.
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "ready_tasks.h"
#include "runtime.h"

namespace
{

enum State { FRESH, READY, FAILED };

std::atomic<int> next_thread{0}, state{FRESH}, completed{0}, strays{0}, left{0};
std::unique_ptr<ReadyTasks> ready[2]; // by core type

thread_local int my_tasks; // that have ended, of this AICPU thread

ReadyTasks &ready_for(CoreType type)
{
    return *ready[static_cast<int>(type)];
}

void find_ready(Runtime *runtime, int begin, int end)
{
    my_tasks = -1; // a helper has one of its own
    for (int i = begin; i < end; i++) {
        Task *task = runtime->get_task(i);
        if (task->fanin.load(std::memory_order_relaxed) == 0)
            ready_for(task->core_type).put(i);
    }
}

State prepare(Runtime *runtime)
{
    cache_invalidate_range(runtime, sizeof(*runtime));
    if (runtime->sche_cpu_num < 1 || runtime->sche_cpu_num > PLATFORM_MAX_AICPU_THREADS) {
        DEV_ERROR("%d scheduling threads", runtime->sche_cpu_num);
        return FAILED;
    }
    for (auto &tasks : ready)
        tasks = ReadyTasks::make(runtime->policy);
    const int count = runtime->get_task_count(), half = count / 2;
    std::thread helper(find_ready, runtime, 0, half);
    helper.join(); // first: what is ready stays in order
    std::thread(find_ready, runtime, half, count).join();
    DEV_INFO("%d tasks, %s", count, ready[0]->name());
    return READY;
}

// Its successors have one task less to wait for. A graph may name successors that do not exist.
void release_successors(Runtime *runtime, const Task *task)
{
    for (int i = 0; i < task->fanout_count; i++) {
        try {
            Task *successor = runtime->get_task(task->fanout[i]);
            if (successor->fanin.fetch_sub(1, std::memory_order_acq_rel) == 1)
                ready_for(successor->core_type).put(successor->task_id);
        } catch (const std::out_of_range &error) {
            DEV_WARN("after task %d: %s", task->task_id, error.what());
            strays.fetch_add(1);
        }
    }
}

void dispatch(Runtime *runtime, int core)
{
    Handshake *hank = &runtime->workers[core];
    DispatchPayload *payload = &runtime->payloads[core];
    const int task_id = ready_for(hank->core_type).take();

    if (task_id < 0)
        return;
    const Task *task = runtime->get_task(task_id);
    payload->function_bin_addr = runtime->get_function_bin_addr(task->func_id);
    for (int i = 0; i < RUNTIME_MAX_ARGS; i++)
        payload->args[i] = task->args[i];
    payload->task_id = task_id;
    hank->task = reinterpret_cast<uint64_t>(payload);
    std::atomic_thread_fence(std::memory_order_release); // the payload is in another line than the status
    hank->task_status = 1;
}

void poll(Runtime *runtime, int core)
{
    Handshake *hank = &runtime->workers[core];

    if (hank->task != 0 && hank->task_status == 0) {
        hank->task = 0;
        release_successors(runtime, runtime->get_task(runtime->payloads[core].task_id));
        my_tasks++;
        completed.fetch_add(1, std::memory_order_acq_rel);
    }
    if (hank->task == 0)
        dispatch(runtime, core);
}

void schedule(Runtime *runtime, int thread)
{
    const int step = runtime->sche_cpu_num, cores = runtime->worker_count;

    my_tasks = 0;
    for (int core = thread; core < cores; core += step)
        runtime->workers[core].aicpu_ready = 1;
    for (int core = thread; core < cores; core += step)
        while (runtime->workers[core].aicore_done == 0) {
        }
    while (completed.load(std::memory_order_acquire) < runtime->get_task_count())
        for (int core = thread; core < cores; core += step)
            poll(runtime, core);
    for (int core = thread; core < cores; core += step)
        runtime->workers[core].control = 1;
    runtime->report.completed[thread] = my_tasks;
}

void leave(Runtime *runtime)
{
    if (left.fetch_add(1, std::memory_order_acq_rel) + 1 < runtime->sche_cpu_num)
        return;
    runtime->report.strays = strays;
    cache_invalidate_range(runtime, sizeof(*runtime));
    for (auto &tasks : ready)
        tasks.reset();
    left = 0;
    strays = 0;
    completed = 0;
    next_thread = 0;
    state = FRESH;
}

} // namespace

extern "C" int aicpu_execute(Runtime *runtime)
{
    const int thread = next_thread.fetch_add(1);

    if (thread == 0)
        state.store(prepare(runtime), std::memory_order_release);
    while (state.load(std::memory_order_acquire) == FRESH) {
    }
    if (state.load(std::memory_order_acquire) == FAILED)
        return -1;
    schedule(runtime, thread);
    leave(runtime);
    return 0;
}
