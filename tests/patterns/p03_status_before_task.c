/* p03_status_before_task.c - the AICPU fills a task, then stores `task`, then `task_status = 1`, without a barrier.
 *
 * Its stores to different lines become visible in any order. Now and then the worker sees the status before the task's
 * arguments and runs with what stood there before.
 *
 * Remedy: a store barrier before the status.
 */
#include "pattern.h"

enum { TASKS = 8, ARGS = 8, STEP_NS = 40 };

typedef struct Task {
    _Alignas(LINE) int64_t args[ARGS];   /* written by the AICPU */
    _Alignas(LINE) volatile int64_t sum; /* written by the worker */
} Task;

typedef struct Runtime {
    _Alignas(LINE) Task *volatile task; /* the mailbox: NULL when idle */
    volatile int task_status;           /* 1: run it; 0: has run */
    volatile int quit;
    Task tasks[TASKS];
} Runtime;

#ifdef PART_AICPU
static void fill(Task *task, int number)
{
    for (int i = 0; i < ARGS; i++)
        task->args[i] = number + i; /* CAUSE */
}

int aicpu_execute(Runtime *runtime)
{
    for (int i = 0; i < TASKS; i++) {
        spend_ns(STEP_NS * (uint64_t)i); /* now early, now late in the worker's poll */
        fill(&runtime->tasks[i], i);
        runtime->task = &runtime->tasks[i];
#ifdef REPAIRED
        wmb();
#endif
        runtime->task_status = 1; /* CAUSE */
        while (runtime->task_status != 0)
            SPIN_WAIT_HINT();
        rmb();
    }
    runtime->quit = 1;
    return 0;
}
#endif

#ifdef PART_AICORE
/* A task's lines are new to this core: there is nothing to drop. */
static void run(__gm__ Task *task)
{
    int64_t sum = 0;

    for (int i = 0; i < ARGS; i++)
        sum += task->args[i]; /* EFFECT */
    task->sum = sum;
    dcci(&task->sum, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    while (block_idx == 0) {
        dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT);
        if (runtime->quit)
            return;
        if (runtime->task_status != 1)
            continue;
        run(runtime->task);
        runtime->task_status = 0;
        dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT);
    }
}
#endif

#ifdef PART_HOST
int main(void)
{
    static Runtime runtime;
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < TASKS; i++)
        check(runtime.tasks[i].sum, ARGS * i + ARGS * (ARGS - 1) / 2, "sum of task %d", i);
    return verdict();
}
#endif
