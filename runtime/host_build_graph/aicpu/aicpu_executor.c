/* aicpu_executor.c - the scheduler: every AICPU thread drives its own AICores; ready tasks are shared.
 *
 * A thread owns whole clusters. It polls the handshakes of its busy cores; when one has ended, its successors' fan-in
 * counts fall, and a successor that becomes ready goes straight to an idle core of the thread or, if there is none, to
 * the ready queue of its core type. Idle cores are filled from these queues. Ends are counted by each thread in a line
 * of its own, and added up by whoever has nothing left to do: there is no lock, and a round in which nothing happened
 * only loads.
 *
 * A ready queue is written from one end to the other once a run, because a task becomes ready once: the host lays the
 * first entries out, a push takes the next free slot, a pop takes as many as there are idle cores. No slot is used
 * twice, so nothing can be mistaken for its successor.
 *
 * Caches. What the host copies to GM does not reach the AICPU's caches, and a line that the AICPU has written may go
 * to GM at any later time, over what the host has put there. So the lines are dropped before the first load of a run,
 * and written back and dropped at its end: then the host can reuse the memory. Each thread does its share.
 */
#include "runtime.h"

#include <stdbool.h>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "spin_hint.h"

/* The ends of a ready queue: slots[head..tail) are taken by the next pops. */
typedef struct Queue {
    _Alignas(RUNTIME_LINE) _Atomic int head;
    _Alignas(RUNTIME_LINE) _Atomic int tail;
} Queue;

/* How many tasks of a thread have ended. */
typedef struct Progress {
    _Alignas(RUNTIME_LINE) _Atomic int ended;
} Progress;

/* What the threads of a run share; all zero between runs. */
static struct {
    _Alignas(RUNTIME_LINE) _Atomic int entered;
    _Atomic int prepared;
    _Atomic int left;
    Queue queues[RUNTIME_CORE_TYPES];
    Progress progress[RUNTIME_MAX_SCHEDULERS];
} shared;

/* An AICore as its thread knows it. */
typedef struct Core {
    Handshake *handshake;
    Task *task; /* being executed */
    int type;
} Core;

/* A thread's own state. */
typedef struct Scheduler {
    Runtime *runtime;
    int index;
    int ended;
    int core_count;
    int busy_count;
    int idle_count[RUNTIME_CORE_TYPES];
    Core cores[RUNTIME_MAX_WORKER];
    Core *busy[RUNTIME_MAX_WORKER];
    Core *idle[RUNTIME_CORE_TYPES][RUNTIME_MAX_WORKER];
} Scheduler;

/* ---- before and after ---- */

/* What is wrong with the numbers that host and platform have set, or NULL. */
static const char *find_fault(const Runtime *runtime)
{
    if (runtime->sche_cpu_num < 1 || runtime->sche_cpu_num > RUNTIME_MAX_SCHEDULERS)
        return "sche_cpu_num is not in 1..8";
    if (runtime->worker_count < 1 || runtime->worker_count > RUNTIME_MAX_WORKER)
        return "worker_count is not in 1..128";
    if (runtime->block_dim < 1 || runtime->worker_count % runtime->block_dim != 0)
        return "worker_count is not a multiple of block_dim";
    if (runtime->task_count < 0 || runtime->task_count > RUNTIME_MAX_TASKS)
        return "task_count is not in 0..262144";
    if (runtime->task_count > 0 && !runtime->tasks)
        return "there are tasks, but not their address";
    if (runtime->edge_count > 0 && !runtime->more)
        return "there are further successors, but not their address";
    const ReadyList *aic = &runtime->ready[RUNTIME_AIC], *aiv = &runtime->ready[RUNTIME_AIV];
    if (aic->capacity + aiv->capacity != runtime->task_count)
        return "the ready queues have not a slot for each task";
    if (aiv->capacity > 0 && runtime->worker_count == runtime->block_dim)
        return "there are AIV tasks, but no AIVs";
    return NULL;
}

/* Every AICore quits, whatever state it is in: nothing has been dispatched yet. */
static void dismiss_all(Runtime *runtime)
{
    for (int i = 0; i < RUNTIME_MAX_WORKER; i++)
        runtime->workers[i].control = 1;
    wmb();
    for (int i = 0; i < RUNTIME_MAX_WORKER; i++)
        runtime->workers[i].aicpu_ready = 1;
}

static void make_idle(Scheduler *self, Core *core)
{
    self->idle[core->type][self->idle_count[core->type]++] = core;
}

/* Clusters go round the threads; cluster c is AIC c and the AIVs behind all AICs that belong to it. */
static void take_cores(Scheduler *self)
{
    const Runtime *runtime = self->runtime;
    int blocks = runtime->block_dim;
    int aivs = runtime->worker_count / blocks - 1;
    for (int block = self->index; block < blocks; block += runtime->sche_cpu_num) {
        self->cores[self->core_count++].handshake = &self->runtime->workers[block];
        for (int i = 0; i < aivs; i++)
            self->cores[self->core_count++].handshake = &self->runtime->workers[blocks + block * aivs + i];
    }
}

/* Drop this thread's share of the tasks and of the queues from the AICPU's caches; dirty lines are written back. */
static void drop_share(const Scheduler *self)
{
    const Runtime *runtime = self->runtime;
    size_t threads = (size_t)runtime->sche_cpu_num, index = (size_t)self->index;
    size_t first = (size_t)runtime->task_count * index / threads;
    size_t end = (size_t)runtime->task_count * (index + 1) / threads;
    if (end > first)
        cache_invalidate_range(runtime->tasks + first, (end - first) * sizeof(Task));
    if (index == 0 && runtime->edge_count > 0)
        cache_invalidate_range(runtime->more, (size_t)runtime->edge_count * sizeof *runtime->more);
    for (size_t type = index; type < RUNTIME_CORE_TYPES; type += threads)
        if (runtime->ready[type].capacity > 0)
            cache_invalidate_range(runtime->ready[type].slots, (size_t)runtime->ready[type].capacity * sizeof(int));
}

static void drop_handshakes(const Scheduler *self)
{
    for (int i = 0; i < self->core_count; i++)
        cache_invalidate_range(self->cores[i].handshake, sizeof(Handshake));
}

/* Greet the cores, prepare the shared state while they answer, meet the other threads. */
static void start_run(Scheduler *self)
{
    take_cores(self);
    drop_handshakes(self);
    for (int i = 0; i < self->core_count; i++)
        self->cores[i].handshake->aicpu_ready = 1;
    drop_share(self);
    if (self->index == 0)
        for (int type = 0; type < RUNTIME_CORE_TYPES; type++)
            atomic_store_explicit(&shared.queues[type].tail, self->runtime->ready[type].initial, memory_order_relaxed);
    atomic_fetch_add_explicit(&shared.prepared, 1, memory_order_acq_rel);

    for (int i = 0; i < self->core_count; i++) {
        Core *core = &self->cores[i];
        while (core->handshake->aicore_done == 0)
            SPIN_WAIT_HINT();
        core->type = core->handshake->core_type == RUNTIME_AIC ? RUNTIME_AIC : RUNTIME_AIV;
        make_idle(self, core);
    }
    while (atomic_load_explicit(&shared.prepared, memory_order_acquire) < self->runtime->sche_cpu_num)
        SPIN_WAIT_HINT();
}

/* All tasks have ended: the cores quit, the caches hold nothing of this run, the last thread resets what is shared. */
static void end_run(Scheduler *self)
{
    for (int i = 0; i < self->core_count; i++)
        self->cores[i].handshake->control = 1;
    drop_handshakes(self);
    drop_share(self);
    int threads = self->runtime->sche_cpu_num;
    if (atomic_fetch_add_explicit(&shared.left, 1, memory_order_acq_rel) + 1 < threads)
        return;
    for (int type = 0; type < RUNTIME_CORE_TYPES; type++) {
        atomic_store_explicit(&shared.queues[type].head, 0, memory_order_relaxed);
        atomic_store_explicit(&shared.queues[type].tail, 0, memory_order_relaxed);
    }
    for (int i = 0; i < threads; i++)
        atomic_store_explicit(&shared.progress[i].ended, 0, memory_order_relaxed);
    atomic_store_explicit(&shared.left, 0, memory_order_relaxed);
    atomic_store_explicit(&shared.prepared, 0, memory_order_relaxed);
    atomic_store_explicit(&shared.entered, 0, memory_order_release);
}

/* ---- ready queues ---- */

static void push(const Scheduler *self, const Task *task)
{
    int slot = atomic_fetch_add_explicit(&shared.queues[task->core_type].tail, 1, memory_order_relaxed);
    atomic_store_explicit(&self->runtime->ready[task->core_type].slots[slot], task->task_id, memory_order_release);
}

/* Claim up to @most entries; how many, and the first slot in @first. */
static int claim(int type, int most, int *first)
{
    Queue *queue = &shared.queues[type];
    int head = atomic_load_explicit(&queue->head, memory_order_relaxed);
    for (;;) {
        int count = atomic_load_explicit(&queue->tail, memory_order_relaxed) - head;
        if (count <= 0)
            return 0;
        if (count > most)
            count = most;
        if (atomic_compare_exchange_weak_explicit(&queue->head, &head, head + count, memory_order_relaxed,
                                                  memory_order_relaxed)) {
            *first = head;
            return count;
        }
    }
}

/* The task in a claimed slot. Its pusher may have taken the slot and not filled it yet; then it is about to. The slots
 * that the host did not fill are left empty for the next run. */
static Task *fetch(const Scheduler *self, int type, int slot)
{
    const ReadyList *list = &self->runtime->ready[type];
    int id;
    while ((id = atomic_load_explicit(&list->slots[slot], memory_order_acquire)) < 0)
        SPIN_WAIT_HINT();
    if (slot >= list->initial)
        atomic_store_explicit(&list->slots[slot], -1, memory_order_relaxed);
    return &self->runtime->tasks[id];
}

/* ---- dispatch and completion ---- */

/* Put a task into an idle core's mailbox. It starts with task_status = 1, behind a store barrier. */
static void offer(Scheduler *self, Task *task)
{
    Core *core = self->idle[task->core_type][--self->idle_count[task->core_type]];
    core->task = task;
    core->handshake->task = task;
    self->busy[self->busy_count++] = core;
}

/* Let the cores start that were offered a task since there were @from busy ones. */
static void start_offered(Scheduler *self, int from)
{
    wmb();
    for (int i = from; i < self->busy_count; i++)
        self->busy[i]->handshake->task_status = 1;
}

static void fill_idle_cores(Scheduler *self, int type)
{
    int slot, from = self->busy_count;
    if (self->idle_count[type] == 0)
        return;
    int count = claim(type, self->idle_count[type], &slot);
    if (count == 0)
        return;
    for (int i = 0; i < count; i++)
        offer(self, fetch(self, type, slot + i));
    start_offered(self, from);
}

/* One predecessor of @task has ended: was it the last? A task with a single one needs no counting. */
static bool becomes_ready(Task *task)
{
    if (task->fanin_total == 1)
        return true;
    if (atomic_fetch_sub_explicit(&task->fanin, 1, memory_order_acq_rel) != 1)
        return false;
    atomic_store_explicit(&task->fanin, task->fanin_total, memory_order_relaxed);
    return true;
}

static void release(Scheduler *self, Task *successor)
{
    if (!becomes_ready(successor))
        return;
    if (self->idle_count[successor->core_type] > 0)
        offer(self, successor);
    else
        push(self, successor);
}

static void release_successors(Scheduler *self, const Task *task)
{
    int from = self->busy_count, count = task->fanout_count;
    for (int i = 0; i < count; i++)
        release(self, &self->runtime->tasks[task->fanout[i]]);
    if (count == RUNTIME_TASK_FANOUT)
        for (int i = 0; i < task->more_count; i++)
            release(self, &self->runtime->tasks[self->runtime->more[task->more_first + i]]);
    if (self->busy_count > from)
        start_offered(self, from);
}

/* Look once at each busy core. Downwards: what takes an ended core's place has been looked at, or is new. */
static void collect_ended(Scheduler *self)
{
    int before = self->ended;
    for (int i = self->busy_count - 1; i >= 0; i--) {
        Core *core = self->busy[i];
        if (core->handshake->task_status != 0)
            continue;
        core->handshake->task = NULL;
        self->busy[i] = self->busy[--self->busy_count];
        make_idle(self, core);
        release_successors(self, core->task);
        self->ended++;
    }
    if (self->ended != before)
        atomic_store_explicit(&shared.progress[self->index].ended, self->ended, memory_order_release);
}

static bool all_ended(const Runtime *runtime)
{
    int ended = 0;
    for (int i = 0; i < runtime->sche_cpu_num; i++)
        ended += atomic_load_explicit(&shared.progress[i].ended, memory_order_acquire);
    return ended == runtime->task_count;
}

/** aicpu_execute - one thread of the scheduler; called once on each AICPU thread of a launch.
 *  Return: 0 when all tasks have ended, -1 when the runtime makes no sense: then every AICore is told to quit. */
int aicpu_execute(Runtime *runtime)
{
    if (!runtime) {
        DEV_ERROR("no runtime was given to this launch");
        return -1;
    }
    cache_invalidate_range(runtime, offsetof(Runtime, workers));
    const char *fault = find_fault(runtime);
    if (fault) {
        DEV_ERROR("cannot run this graph: %s (threads %d, workers %d, blocks %d, tasks %d)", fault,
                  runtime->sche_cpu_num, runtime->worker_count, runtime->block_dim, runtime->task_count);
        dismiss_all(runtime);
        return -1;
    }
    Scheduler self = {.runtime = runtime, .index = atomic_fetch_add_explicit(&shared.entered, 1, memory_order_acq_rel)};
    if (self.index >= runtime->sche_cpu_num) {
        DEV_ERROR("thread %d is one too many: the runtime was set up for %d", self.index, runtime->sche_cpu_num);
        return -1;
    }
    start_run(&self);
    do {
        collect_ended(&self);
        fill_idle_cores(&self, RUNTIME_AIC);
        fill_idle_cores(&self, RUNTIME_AIV);
    } while (self.busy_count > 0 || !all_ended(runtime));
    end_run(&self);
    return 0;
}
