/* p02_seen_twice.c - a task's end is found out at once, but cleared only after all its successors were walked.
 *
 * Two AICPU threads look at the same core. The second one sees the same end while the first still walks: it is counted
 * twice. And whoever is slower stores its `task = NULL` over what the other one has dispatched meanwhile; the worker,
 * which has that task already, writes its old line back over the NULL. The run ends early, with tasks that never ran.
 *
 * Remedy: clear `task` at once, where the end is found out.
 */
#include "pattern.h"

enum { TASKS = 4, RUN_NS = 5000, WALK_NS = 2000 };

typedef struct Task {
    _Alignas(LINE) volatile int runs; /* written by the worker */
    _Alignas(LINE) volatile int ends; /* written by the AICPU */
} Task;

typedef struct Runtime {
    _Alignas(LINE) Task *volatile task; /* the mailbox: NULL when idle */
    volatile int task_status;           /* 1: run it; 0: has run */
    _Alignas(LINE) volatile int quit;
    Task tasks[TASKS]; /* a chain */
} Runtime;

#ifdef PART_AICPU
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t mailbox = PTHREAD_MUTEX_INITIALIZER, graph = PTHREAD_MUTEX_INITIALIZER;
static int fanin[TASKS] = {0, 1, 1, 1};
static _Atomic int ready = 1, dispatched, ended;

/* The next task of the chain becomes ready with the last end it waits for. */
static void walk_successors(Runtime *runtime, Task *task)
{
    int next = (int)(task - runtime->tasks) + 1;

    pthread_mutex_lock(&graph);
    spend_ns(WALK_NS);
    task->ends++;
    if (next < TASKS && --fanin[next] == 0)
        ready++;
    pthread_mutex_unlock(&graph);
}

/* The task that has ended since somebody looked, or NULL. */
static Task *find_ended(Runtime *runtime)
{
    Task *task = NULL;

    pthread_mutex_lock(&mailbox);
    if (runtime->task != NULL && runtime->task_status == 0) { /* EFFECT */
        task = runtime->task;                                 /* EFFECT */
#ifdef REPAIRED
        runtime->task = NULL;
#endif
    }
    pthread_mutex_unlock(&mailbox);
    return task;
}

static void dispatch(Runtime *runtime)
{
    pthread_mutex_lock(&mailbox);
    if (runtime->task == NULL && runtime->task_status == 0 && dispatched < ready) {
        runtime->task = &runtime->tasks[dispatched++];
        wmb();
        runtime->task_status = 1;
    }
    pthread_mutex_unlock(&mailbox);
}

int aicpu_execute(Runtime *runtime)
{
    while (ended < TASKS) {
        Task *task = find_ended(runtime);

        if (task) {
            walk_successors(runtime, task);
#ifndef REPAIRED
            runtime->task = NULL; /* CAUSE */
#endif
            ended++;
        }
        dispatch(runtime);
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
        if (runtime->task == NULL || runtime->task_status != 1)
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

    launch(device, sizeof(runtime), 2);
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < TASKS; i++) {
        check(runtime.tasks[i].runs, 1, "runs of task %d", i);
        check(runtime.tasks[i].ends, 1, "ends of task %d", i);
    }
    return verdict();
}
#endif
