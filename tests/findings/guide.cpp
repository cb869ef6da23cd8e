/* guide.cpp - right, in C++: a worker that dccis its whole cache each turn, a scheduler with handshakes, tasks that
 * wait for others (std::atomic), and AICPU threads that share what the library offers.
 */
#include <atomic>
#include <cstddef>
#include <cstdint>

#define CASES(X)                                                                                                       \
    X(one_launch, "", "")                                                                                              \
    X(four_launches, "", "")                                                                                           \
    X(two_schedulers, "", "")                                                                                          \
    X(library, "", "")

#define CASE_NAME(name, kinds, options)   #name,
#define CASE_NUMBER(name, kinds, options) CASE_##name,
enum { CASES(CASE_NUMBER) CASE_COUNT };
enum { WORKERS = 3, TASKS = 24, WIDTH = 16, FANOUT = 2, SHARES = 100 };

struct alignas(64) Handshake {
    volatile int aicpu_ready;
    volatile int aicore_done;
    void *volatile task;
    volatile int task_status; /* 1: in progress; 0: complete */
    volatile int control;     /* 1: quit */
    int core_type;
};

struct Task {
    int task_id, func_id;
    uint64_t args[2];
    uint64_t functionBinAddr;
    int core_type;
    std::atomic<int> fanin;
    int fanout[FANOUT];
    int fanout_count;
};

class Runtime
{
  public:
    int which, scheCpuNum, block_dim, task_count;
    Handshake handshakes[WORKERS];
    Task tasks[TASKS];
    alignas(64) int64_t sum;
    alignas(64) int64_t words[2];
};

#ifdef PART_AICPU
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "spin_hint.h"

class Executor
{
  public:
    void run(Runtime *runtime, int first, int step);
    void start(Runtime *runtime);
    void reset()
    {
        completed = 0;
        started = false;
    }

  private:
    bool take(Task **task);
    void complete(Runtime *runtime, Task *task);

    std::mutex lock;
    std::deque<Task *> ready;
    std::atomic<int> completed{0};
    std::atomic<bool> started{false};
};

static Executor executor;

void Executor::start(Runtime *runtime)
{
    for (int i = 0; i < runtime->task_count; i++)
        if (runtime->tasks[i].fanin.load(std::memory_order_relaxed) == 0)
            ready.push_back(&runtime->tasks[i]);
    started.store(true, std::memory_order_release);
}

bool Executor::take(Task **task)
{
    std::lock_guard<std::mutex> guard(lock);

    if (ready.empty())
        return false;
    *task = ready.front();
    ready.pop_front();
    return true;
}

void Executor::complete(Runtime *runtime, Task *task)
{
    for (int i = 0; i < task->fanout_count; i++) {
        Task &next = runtime->tasks[task->fanout[i]];

        if (next.fanin.fetch_sub(1) == 1) {
            std::lock_guard<std::mutex> guard(lock);
            ready.push_back(&next);
        }
    }
    completed++;
}

void Executor::run(Runtime *runtime, int first, int step)
{
    Task *task;

    while (!started.load(std::memory_order_acquire))
        SPIN_WAIT_HINT();
    for (int i = first; i < WORKERS; i += step)
        runtime->handshakes[i].aicpu_ready = 1;
    for (int i = first; i < WORKERS; i += step)
        while (runtime->handshakes[i].aicore_done == 0) {
        }
    while (completed < runtime->task_count) {
        for (int i = first; i < WORKERS; i += step) {
            Handshake &hs = runtime->handshakes[i];

            if (hs.task != nullptr && hs.task_status == 0) {
                task = static_cast<Task *>(hs.task);
                hs.task = nullptr;
                complete(runtime, task);
            }
            if (hs.task == nullptr && take(&task)) {
                hs.task = task;
                hs.task_status = 1;
            }
        }
    }
    for (int i = first; i < WORKERS; i += step)
        runtime->handshakes[i].control = 1;
}

/* A static of a function: whoever comes first makes it, the others wait. */
static int64_t *words_of(Runtime *runtime)
{
    static int64_t *words = [runtime] {
        int64_t *made = runtime->words;

        made[0] = made[1] = 0;
        return made;
    }();

    return words;
}

/* What the threads of the library share, with memory of the device among it. */
static void library(Runtime *runtime)
{
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::thread> threads;
    std::atomic<int> turn{0};
    int waiting = 0;

    runtime->sum = 0;
    for (int me = 0; me < 2; me++)
        threads.emplace_back([&, me] {
            words_of(runtime)[me] += me + 1;
            for (int i = 0; i < SHARES; i++) {
                std::lock_guard<std::mutex> guard(mutex);
                runtime->sum += me + 1;
            }
            while (turn.load(std::memory_order_acquire) != me) {
            }
            runtime->tasks[0].args[0] = static_cast<uint64_t>(me);
            turn.store(me + 1, std::memory_order_release);
            std::unique_lock<std::mutex> hold(mutex);
            waiting++;
            changed.notify_all();
        });
    std::unique_lock<std::mutex> hold(mutex);
    changed.wait(hold, [&] { return waiting == 2; });
    runtime->sum += static_cast<int64_t>(runtime->tasks[0].args[0]) * SHARES;
    hold.unlock();
    for (auto &thread : threads)
        thread.join();
    runtime->sum += runtime->words[0] + runtime->words[1];
}

extern "C" int aicpu_execute(Runtime *runtime)
{
    int me = dav_thread_idx();

    cache_invalidate_range(runtime, sizeof(*runtime));
    if (runtime->which == CASE_library) {
        if (me == 0)
            library(runtime);
        return 0;
    }
    if (me >= runtime->scheCpuNum)
        return 0;
    if (me == 0)
        executor.start(runtime);
    executor.run(runtime, me, runtime->scheCpuNum);
    if (runtime->scheCpuNum == 1) {
        executor.reset();
        cache_invalidate_range(runtime, sizeof(*runtime));
    }
    return 0;
}
#endif

#ifdef PART_AICORE
#include "aicore/aicore.h"

extern "C" __aicore__ void aicore_execute(__gm__ char *runtime_ptr, int block_idx, int core_type)
{
    __gm__ Runtime *runtime = reinterpret_cast<__gm__ Runtime *>(runtime_ptr);
    __gm__ Handshake *hs = &runtime->handshakes[block_idx];
    typedef void (*KernelFunc)(__gm__ int64_t *);

    (void)core_type;
    if (runtime->which == CASE_library)
        return;
    do
        dcci();
    while (hs->aicpu_ready == 0);
    hs->aicore_done = block_idx + 1;
    while (true) {
        dcci();
        if (hs->control == 1)
            break;
        if (hs->task != nullptr && hs->task_status == 1) {
            __gm__ Task *task = static_cast<__gm__ Task *>(hs->task);

            reinterpret_cast<KernelFunc>(task->functionBinAddr)(reinterpret_cast<__gm__ int64_t *>(task->args));
            hs->task_status = 0;
        }
    }
    dcci();
}
#endif

#ifdef PART_KERNEL
#include "aicore/aicore.h"

/* Arguments: in, out. */
extern "C" __aicore__ void add_one(__gm__ int64_t *args)
{
    const __gm__ int64_t *in = reinterpret_cast<const __gm__ int64_t *>(args[0]);
    __gm__ int64_t *out = reinterpret_cast<__gm__ int64_t *>(args[1]);

    for (int i = 0; i < WIDTH; i++)
        out[i] = in[i] + 1;
}
#endif

#ifdef PART_HOST
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "harness.h"

static Runtime runtime;
static int64_t *blocks[TASKS + 1];

/* Two chains of tasks side by side; each task takes what the one before it in its chain has made. */
static void make_graph(uint64_t kernel)
{
    runtime.task_count = TASKS;
    for (int i = 0; i < WORKERS; i++)
        runtime.handshakes[i] = Handshake{};
    for (int i = 0; i < TASKS; i++) {
        Task &task = runtime.tasks[i];

        task.task_id = i;
        task.functionBinAddr = kernel;
        task.args[0] = reinterpret_cast<uint64_t>(blocks[i < 2 ? 0 : i - 1]);
        task.args[1] = reinterpret_cast<uint64_t>(blocks[i + 1]);
        task.fanin = i < 2 ? 0 : 1;
        task.fanout_count = i + 2 < TASKS ? 1 : 0;
        task.fanout[0] = i + 2;
    }
}

int main(int argc, char **argv)
{
    static const char *const names[] = {CASES(CASE_NAME)};
    int which = 0;
    void *device = device_new(sizeof(runtime));

    while (argc != 2 || strcmp(names[which], argv[1]) != 0)
        if (++which == CASE_COUNT)
            exit(2);
    runtime.which = which;
    runtime.scheCpuNum = which == CASE_two_schedulers ? 2 : 1;
    for (int launches = which == CASE_four_launches ? 4 : 1; launches > 0; launches--) {
        int64_t values[WIDTH];

        for (auto &block : blocks)
            block = static_cast<int64_t *>(device_new(WIDTH * sizeof(int64_t)));
        for (int i = 0; i < WIDTH; i++)
            values[i] = 10 * launches + i;
        to_device(blocks[0], values, sizeof(values));
        make_graph(load_kernel(0, "add_one")); /* anew each time */
        to_device(device, &runtime, sizeof(runtime));
        launch(device, sizeof(runtime), 2);
        from_device(&runtime, device, sizeof(runtime));
        for (int i = 0; which != CASE_library && i < TASKS; i++) {
            from_device(values, blocks[i + 1], sizeof(values));
            check(values[WIDTH - 1], 10 * launches + WIDTH - 1 + i / 2 + 1, "result of task %d", i);
        }
        for (auto &block : blocks) /* to be allocated anew */
            device_free(block);
    }
    if (which == CASE_library)
        check(runtime.sum, 4 * SHARES + 3, "sum");
    return verdict();
}
#endif
