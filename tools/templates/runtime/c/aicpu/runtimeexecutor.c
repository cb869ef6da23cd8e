/* runtimeexecutor.c - the scheduler: one task after another, each on the next core of its type.
 *
 * The host's copies to device memory do not reach the AICPU's caches, so what it reads is dropped from them first; and
 * what it has written leaves them at the end, or it might be written back over the next launch.
 */
#include "runtime.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "spin_hint.h"

/* One thread of a launch schedules. This counts on from launch to launch: of n in a row, one draws a multiple of n. */
static _Atomic unsigned drawn;

/* What follows the first lines of the Runtime, as far as there are tasks. */
static void drop_caches(const Runtime *runtime)
{
    cache_invalidate_range(runtime->workers, sizeof runtime->workers);
    cache_invalidate_range(runtime->tasks, (size_t)runtime->task_count * sizeof(Task));
}

static void greet(Runtime *runtime)
{
    for (int i = 0; i < runtime->worker_count; i++)
        runtime->workers[i].aicpu_ready = 1;
    for (int i = 0; i < runtime->worker_count; i++)
        while (runtime->workers[i].aicore_done == 0)
            SPIN_WAIT_HINT();
}

static void dismiss(Runtime *runtime)
{
    for (int i = 0; i < runtime->worker_count; i++)
        runtime->workers[i].control = 1;
}

/* The core after number *@at that can execute a task of @core_type, or NULL. */
static Handshake *next_core(Runtime *runtime, int core_type, int *at)
{
    for (int i = 0; i < runtime->worker_count; i++) {
        *at = (*at + 1) % runtime->worker_count;
        if (runtime->workers[*at].core_type == core_type)
            return &runtime->workers[*at];
    }
    return NULL;
}

static bool execute(Runtime *runtime, Task *task, int *at)
{
    Handshake *core = next_core(runtime, task->core_type, at);
    if (!core) {
        DEV_ERROR("no core can execute task %d, of core type %d", task->task_id, task->core_type);
        return false;
    }
    core->task = task;
    wmb(); /* who sees task_status sees task */
    core->task_status = 1;
    while (core->task_status != 0)
        SPIN_WAIT_HINT();
    core->task = NULL;
    return true;
}

/** aicpu_execute - called once on each AICPU thread of a launch. Return: 0 if all tasks have been executed. */
int aicpu_execute(Runtime *runtime)
{
    bool well = true;
    cache_invalidate_range(runtime, offsetof(Runtime, workers));
    if (atomic_fetch_add(&drawn, 1) % (unsigned)runtime->sche_cpu_num != 0)
        return 0;
    drop_caches(runtime);
    greet(runtime);
    for (int i = 0, at = -1; well && i < runtime->task_count; i++)
        well = execute(runtime, &runtime->tasks[i], &at);
    dismiss(runtime);
    drop_caches(runtime);
    return well ? 0 : -1;
}
