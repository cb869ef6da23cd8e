// runtimeexecutor.cpp - the scheduler: one task after another, each on the next core of its type.
//
// The host's copies to device memory do not reach the AICPU's caches, so what it reads is dropped from them first; and
// what it has written leaves them at the end, or it might be written back over the next launch.
#include "runtime.h"

#include <atomic>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "spin_hint.h"

Runtime *GetRuntimePtr(); // the platform's: the Runtime of this launch

class AicpuExecutor
{
  public:
    explicit AicpuExecutor(Runtime *of) : runtime(of) {}

    void Run()
    {
        drop_caches();
        greet();
        for (int i = 0; i < runtime->task_count; i++)
            execute(&runtime->tasks[i]);
        for (int i = 0; i < runtime->worker_count; i++)
            runtime->handshakes[i].control = 1;
        drop_caches();
    }

  private:
    // What follows the first lines of the Runtime, as far as there are tasks.
    void drop_caches()
    {
        cache_invalidate_range(runtime->handshakes, sizeof(runtime->handshakes));
        cache_invalidate_range(runtime->tasks, sizeof(Task) * static_cast<size_t>(runtime->task_count));
    }

    void greet()
    {
        for (int i = 0; i < runtime->worker_count; i++)
            runtime->handshakes[i].aicpu_ready = 1;
        for (int i = 0; i < runtime->worker_count; i++)
            while (runtime->handshakes[i].aicore_done == 0)
                SPIN_WAIT_HINT();
    }

    // The core behind the last one that can execute a task of this type, or nullptr.
    Handshake *next_core(int core_type)
    {
        for (int i = 0; i < runtime->worker_count; i++) {
            at = (at + 1) % runtime->worker_count;
            if (runtime->handshakes[at].core_type == core_type)
                return &runtime->handshakes[at];
        }
        return nullptr;
    }

    void execute(Task *task)
    {
        Handshake *core = next_core(task->core_type);
        DEV_ASSERT(core != nullptr);
        core->task = task;
        wmb(); // who sees task_status sees task
        core->task_status = 1;
        while (core->task_status != 0)
            SPIN_WAIT_HINT();
        core->task = nullptr;
    }

    Runtime *runtime;
    int at = -1;
};

// One thread of a launch schedules. This counts on from launch to launch: of n in a row, one draws a multiple of n.
static std::atomic<unsigned> drawn;

// Called once on each AICPU thread of a launch.
extern "C" void Run()
{
    Runtime *runtime = GetRuntimePtr();
    cache_invalidate_range(runtime, offsetof(Runtime, handshakes));
    if (drawn.fetch_add(1) % static_cast<unsigned>(runtime->scheCpuNum) == 0)
        AicpuExecutor(runtime).Run();
}
