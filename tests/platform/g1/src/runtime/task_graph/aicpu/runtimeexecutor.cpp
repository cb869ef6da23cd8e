// runtimeexecutor.cpp - the scheduler on the AICPU: every thread is given whole clusters, polls their mailboxes, and
// shares with the others what is ready, one queue for each core type behind a mutex.
//
// Nobody tells a thread which one it is: it takes the next number. Number 0 prepares what they share, the others wait;
// the last one to leave puts everything back for the next launch.
#include <atomic>
#include <mutex>

#include "device_log.h"
#include "runtime.h"

namespace
{

constexpr int MAX_AICPU_THREADS = 4;
constexpr int AIVS_PER_BLOCK = 2;

class ReadyQueue
{
  public:
    void Push(int task_id)
    {
        std::lock_guard<std::mutex> lock(mutex_);
        task_ids_[tail_++ % RUNTIME_MAX_TASKS] = task_id;
    }

    int Pop() // -1: none
    {
        std::lock_guard<std::mutex> lock(mutex_);
        return head_ == tail_ ? -1 : task_ids_[head_++ % RUNTIME_MAX_TASKS];
    }

  private:
    std::mutex mutex_;
    int task_ids_[RUNTIME_MAX_TASKS];
    unsigned head_ = 0, tail_ = 0;
};

class AicpuExecutor
{
  public:
    int Execute(Runtime *runtime);

  private:
    enum State { FRESH, READY, FAILED };

    State Prepare(Runtime *runtime);
    void Greet(Runtime *runtime, int thread);
    void Schedule(Runtime *runtime, int thread);
    void Finish(Runtime *runtime, Handshake *hank);
    bool Dispatch(Runtime *runtime, Handshake *hank);
    void Leave();

    std::atomic<int> next_thread_{0};
    std::atomic<int> state_{FRESH};
    std::atomic<int> completed_{0};
    std::atomic<int> left_{0};
    int thread_num_ = 0;
    int core_count_[MAX_AICPU_THREADS];
    int cores_[MAX_AICPU_THREADS][RUNTIME_MAX_WORKER];
    ReadyQueue ready_[2]; // by core type
};

AicpuExecutor g_executor;

AicpuExecutor::State AicpuExecutor::Prepare(Runtime *runtime)
{
    const int blocks = runtime->block_dim;

    thread_num_ = runtime->scheCpuNum;
    if (thread_num_ < 1 || thread_num_ > MAX_AICPU_THREADS || blocks * (1 + AIVS_PER_BLOCK) != runtime->worker_count) {
        DEV_ERROR("%d threads, %d blocks, %d workers", thread_num_, blocks, runtime->worker_count);
        return FAILED;
    }
    for (int thread = 0; thread < thread_num_; thread++)
        core_count_[thread] = 0;
    for (int block = 0; block < blocks; block++) {
        const int thread = block % thread_num_;
        int &count = core_count_[thread];
        cores_[thread][count++] = block;
        for (int i = 0; i < AIVS_PER_BLOCK; i++)
            cores_[thread][count++] = blocks + block * AIVS_PER_BLOCK + i;
    }
    for (int i = 0; i < runtime->get_task_count(); i++) {
        Task *task = runtime->get_task(i);
        if (task->fanin.load(std::memory_order_relaxed) == 0)
            ready_[task->core_type].Push(i);
    }
    DEV_INFO("%d tasks for %d workers of %d threads", runtime->get_task_count(), runtime->worker_count, thread_num_);
    return READY;
}

void AicpuExecutor::Greet(Runtime *runtime, int thread)
{
    for (int i = 0; i < core_count_[thread]; i++)
        runtime->workers[cores_[thread][i]].aicpu_ready = 1;
    for (int i = 0; i < core_count_[thread]; i++)
        while (runtime->workers[cores_[thread][i]].aicore_done == 0) {
        }
}

void AicpuExecutor::Finish(Runtime *runtime, Handshake *hank)
{
    const Task *task = reinterpret_cast<const Task *>(hank->task);

    for (int i = 0; i < task->fanout_count; i++) {
        Task *successor = runtime->get_task(task->fanout[i]);
        if (successor->fanin.fetch_sub(1, std::memory_order_acq_rel) == 1)
            ready_[successor->core_type].Push(successor->task_id);
    }
    hank->task = 0;
    completed_.fetch_add(1, std::memory_order_acq_rel);
}

bool AicpuExecutor::Dispatch(Runtime *runtime, Handshake *hank)
{
    const int task_id = ready_[hank->core_type].Pop();

    if (task_id < 0)
        return false;
    hank->task = reinterpret_cast<uint64_t>(runtime->get_task(task_id));
    hank->task_status = 1;
    return true;
}

void AicpuExecutor::Schedule(Runtime *runtime, int thread)
{
    const int total = runtime->get_task_count();
    int ran = 0;

    while (completed_.load(std::memory_order_acquire) < total) {
        for (int i = 0; i < core_count_[thread]; i++) {
            Handshake *hank = &runtime->workers[cores_[thread][i]];
            if (hank->task != 0 && hank->task_status == 0)
                Finish(runtime, hank);
            if (hank->task == 0)
                ran += Dispatch(runtime, hank);
        }
    }
    DEV_INFO("thread %d: %d tasks", thread, ran);
}

void AicpuExecutor::Leave()
{
    if (left_.fetch_add(1, std::memory_order_acq_rel) + 1 < thread_num_)
        return;
    left_.store(0);
    completed_.store(0);
    next_thread_.store(0);
    state_.store(FRESH);
}

int AicpuExecutor::Execute(Runtime *runtime)
{
    const int thread = next_thread_.fetch_add(1, std::memory_order_acq_rel);

    if (thread == 0)
        state_.store(Prepare(runtime), std::memory_order_release);
    while (state_.load(std::memory_order_acquire) == FRESH) {
    }
    if (state_.load(std::memory_order_acquire) == FAILED)
        return -1;
    Greet(runtime, thread);
    Schedule(runtime, thread);
    for (int i = 0; i < core_count_[thread]; i++)
        runtime->workers[cores_[thread][i]].control = 1;
    Leave();
    return 0;
}

} // namespace

extern "C" int AicpuExecute(Runtime *runtime)
{
    if (runtime == nullptr) {
        DEV_ERROR("%s", "there is no runtime");
        return -1;
    }
    return g_executor.Execute(runtime);
}
