/* p01_runs_twice.c - the worker runs whatever task stands in its mailbox, without asking whether it was told to.
 *
 * The AICPU clears `task` only after it has walked the successors of the one that ended. Meanwhile the worker finds the
 * old task in its mailbox and runs it again. Its second `task_status = 0`, written back with the whole line, restores
 * the old {task, task_status} over the next dispatch: that one is lost, and the one before is counted twice.
 *
 * Remedy: ask task_status == 1, too.
 */
#include "pattern.h"

enum { TASKS = 4, RUN_NS = 4000, WALK_NS = 3000 };

typedef struct Task {
    _Alignas(LINE) volatile int runs; /* written by the worker */
    _Alignas(LINE) volatile int ends; /* written by the AICPU */
} Task;

typedef struct Runtime {
    _Alignas(LINE) Task *volatile task; /* the mailbox: NULL when idle */
    volatile int task_status;           /* 1: run it; 0: has run */
    _Alignas(LINE) volatile int quit;
    Task tasks[TASKS];
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    for (int i = 0; i < TASKS; i++) {
        runtime->task = &runtime->tasks[i];
        wmb();
        runtime->task_status = 1;
        while (runtime->task_status != 0) /* EFFECT */
            SPIN_WAIT_HINT();
        rmb();
        runtime->task->ends++; /* EFFECT */
        spend_ns(WALK_NS);     /* the successors' fan-in */
        runtime->task = NULL;
    }
    runtime->quit = 1;
    return 0;
}
#endif

#ifdef PART_AICORE
static void run(__gm__ Task *task)
{
    dcci(task, SINGLE_CACHE_LINE, CACHELINE_OUT);
    spend_ns(RUN_NS);
    task->runs++;
    dcci(task, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    while (block_idx == 0) {
        dcci(&runtime->quit, SINGLE_CACHE_LINE, CACHELINE_OUT);
        if (runtime->quit)
            return;
        dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT);
        if (runtime->task == NULL) /* EFFECT */
            continue;
#ifdef REPAIRED
        if (runtime->task_status != 1)
            continue;
#endif
        run(runtime->task);
        runtime->task_status = 0;                               /* CAUSE */
        dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT); /* CAUSE */
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
    for (int i = 0; i < TASKS; i++) {
        check(runtime.tasks[i].runs, 1, "runs of task %d", i);
        check(runtime.tasks[i].ends, 1, "ends of task %d", i);
    }
    return verdict();
}
#endif
