/* aicpu_executor.c - the scheduler: every AICPU thread drives its own AICores; ready tasks are shared.
 *
 * A thread owns whole clusters. In each round it first reads COND of all its cores that have something to do, then
 * counts down the successors of what has ended, then makes its offers. Not one after the other for each core: a load of
 * a register waits for the stores to registers that are under way, and this way there is one such wait a round.
 *
 * A task that becomes ready goes to an idle core of the thread or, if there is none, to the ready queue of its core
 * type. From the queues idle cores are served first; when there is no idle core of that type any more, of any thread,
 * busy ones are offered a second task. Each thread counts its ended tasks and its idle cores in a line of its own, and
 * whoever needs to know adds them up: there is no lock.
 *
 * A ready queue is written from one end to the other once a run, because a task becomes ready once: the host lays the
 * first entries out, a push takes the next free slot, a pop takes as many as can be offered. No slot is used twice, so
 * nothing can be mistaken for its successor.
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

/* What a thread tells the others. */
typedef struct Progress {
    _Alignas(RUNTIME_LINE) _Atomic int ended; /* tasks */
    _Atomic int idle[RUNTIME_CORE_TYPES];     /* cores */
} Progress;

/* What the threads of a run share; all zero between runs. */
static struct {
    _Alignas(RUNTIME_LINE) _Atomic int entered;
    _Atomic int prepared;
    _Atomic int left;
    Queue queues[RUNTIME_CORE_TYPES];
    Progress progress[RUNTIME_MAX_SCHEDULERS];
} shared;

/* An AICore as its thread knows it. What is offered and what runs are numbers + 1, as in the registers; 0 is none. */
typedef struct Core {
    Handshake *handshake;
    volatile uint32_t *data_main_base, *cond;
    uint64_t window;
    uint32_t offered, running;
    int type;
} Core;

/* A thread's own state. */
typedef struct Scheduler {
    Runtime *runtime;
    int index;
    int ended;
    int core_count;
    int busy_count;
    int offer_count;
    int new_count;
    int idle_count[RUNTIME_CORE_TYPES];
    Core cores[RUNTIME_MAX_WORKER];
    Core *busy[RUNTIME_MAX_WORKER];
    Core *idle[RUNTIME_CORE_TYPES][RUNTIME_MAX_WORKER];
    Core *offers[RUNTIME_MAX_WORKER]; /* made in this round, not yet in the registers */
    int new[2 * RUNTIME_MAX_WORKER];  /* tasks that have ended since the last round */
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
    if (runtime->task_count > 0 && (!runtime->tasks || !runtime->nodes))
        return "there are tasks, but not their address";
    const ReadyList *aic = &runtime->ready[RUNTIME_AIC], *aiv = &runtime->ready[RUNTIME_AIV];
    if (aic->capacity + aiv->capacity != runtime->task_count)
        return "the ready queues have not a slot for each task";
    if (aiv->capacity > 0 && runtime->worker_count == runtime->block_dim)
        return "there are AIV tasks, but no AIVs";
    return NULL;
}

/* Every AICore quits before it has greeted: nothing has been offered yet. */
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

/* Drop this thread's share of an array from the AICPU's caches; dirty lines are written back. */
static void drop_part(const Scheduler *self, const volatile void *array, size_t size)
{
    size_t threads = (size_t)self->runtime->sche_cpu_num, lines = (size + RUNTIME_LINE - 1) / RUNTIME_LINE;
    size_t first = lines * (size_t)self->index / threads * RUNTIME_LINE;
    size_t end = lines * ((size_t)self->index + 1) / threads * RUNTIME_LINE;
    if (end > first)
        cache_invalidate_range((const volatile char *)array + first, (end < size ? end : size) - first);
}

static void drop_share(const Scheduler *self)
{
    const Runtime *runtime = self->runtime;
    if (runtime->task_count == 0)
        return;
    drop_part(self, runtime->nodes, ((size_t)runtime->task_count + 1) * sizeof(Node));
    drop_part(self, runtime->successors, (size_t)runtime->edge_count * sizeof(int));
    for (int type = 0; type < RUNTIME_CORE_TYPES; type++)
        drop_part(self, runtime->ready[type].slots, (size_t)runtime->ready[type].capacity * sizeof(int));
}

static void drop_handshakes(const Scheduler *self)
{
    for (int i = 0; i < self->core_count; i++)
        cache_invalidate_range(self->cores[i].handshake, sizeof(Handshake));
}

static volatile uint32_t *fast_path(const Core *core)
{
    return get_reg_ptr(core->window, REG_FAST_PATH_ENABLE);
}

/* The registers of the cores that have greeted: all stores first, they need not be waited for one by one. They can be
 * used when COND has nothing of an earlier launch. */
static void open_windows(Scheduler *self)
{
    const uint64_t *windows = (const uint64_t *)(uintptr_t)get_platform_regs();
    for (int i = 0; i < self->core_count; i++) {
        Core *core = &self->cores[i];
        core->window = windows[core->handshake->physical_id];
        core->data_main_base = get_reg_ptr(core->window, REG_DATA_MAIN_BASE);
        core->cond = get_reg_ptr(core->window, REG_COND);
        *fast_path(core) = REG_SPR_FAST_PATH_OPEN;
        *core->data_main_base = AICPU_IDLE_TASK_ID;
    }
    for (int i = 0; i < self->core_count; i++)
        while (*self->cores[i].cond != AICORE_IDLE_VALUE)
            SPIN_WAIT_HINT();
}

static void close_windows(const Scheduler *self)
{
    for (int i = 0; i < self->core_count; i++)
        *self->cores[i].data_main_base = AICORE_EXIT_SIGNAL;
    for (int i = 0; i < self->core_count; i++)
        while (*self->cores[i].cond != AICORE_EXITED_VALUE)
            SPIN_WAIT_HINT();
    for (int i = 0; i < self->core_count; i++) {
        *self->cores[i].data_main_base = AICPU_IDLE_TASK_ID;
        *fast_path(&self->cores[i]) = REG_SPR_FAST_PATH_CLOSE;
    }
}

static void tell_idle(const Scheduler *self, int type)
{
    atomic_store_explicit(&shared.progress[self->index].idle[type], self->idle_count[type], memory_order_relaxed);
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

    for (int i = 0; i < self->core_count; i++) {
        Core *core = &self->cores[i];
        while (core->handshake->aicore_done == 0)
            SPIN_WAIT_HINT();
        core->type = core->handshake->core_type == RUNTIME_AIC ? RUNTIME_AIC : RUNTIME_AIV;
        make_idle(self, core);
    }
    rmb();
    open_windows(self);
    for (int type = 0; type < RUNTIME_CORE_TYPES; type++)
        tell_idle(self, type);
    atomic_fetch_add_explicit(&shared.prepared, 1, memory_order_acq_rel);
    while (atomic_load_explicit(&shared.prepared, memory_order_acquire) < self->runtime->sche_cpu_num)
        SPIN_WAIT_HINT();
}

/* All tasks have ended: the cores quit, the caches hold nothing of this run, the last thread resets what is shared. */
static void end_run(Scheduler *self)
{
    close_windows(self);
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

static void push(const Scheduler *self, int type, int task)
{
    int slot = atomic_fetch_add_explicit(&shared.queues[type].tail, 1, memory_order_relaxed);
    atomic_store_explicit(&self->runtime->ready[type].slots[slot], task, memory_order_release);
}

/* Claim up to @most entries; how many, and the first slot in @first. */
static int claim(int type, int most, int *first)
{
    Queue *queue = &shared.queues[type];
    int head = atomic_load_explicit(&queue->head, memory_order_relaxed);
    for (;;) {
        int count = atomic_load_explicit(&queue->tail, memory_order_relaxed) - head;
        if (count > most)
            count = most;
        if (count <= 0)
            return 0;
        if (atomic_compare_exchange_weak_explicit(&queue->head, &head, head + count, memory_order_relaxed,
                                                  memory_order_relaxed)) {
            *first = head;
            return count;
        }
    }
}

/* The task in a claimed slot. Its pusher may have taken the slot and not filled it yet; then it is about to. The slots
 * that the host did not fill are left empty for the next run. */
static int fetch(const Scheduler *self, int type, int slot)
{
    const ReadyList *list = &self->runtime->ready[type];
    int task;
    while ((task = atomic_load_explicit(&list->slots[slot], memory_order_acquire)) < 0)
        SPIN_WAIT_HINT();
    if (slot >= list->initial)
        atomic_store_explicit(&list->slots[slot], -1, memory_order_relaxed);
    return task;
}

/* ---- offers ---- */

static void offer(Scheduler *self, Core *core, int task)
{
    core->offered = (uint32_t)task + 1;
    self->offers[self->offer_count++] = core;
}

static void offer_to_idle(Scheduler *self, int type, int task)
{
    Core *core = self->idle[type][--self->idle_count[type]];
    self->busy[self->busy_count++] = core;
    offer(self, core, task);
}

/* The offers of this round into the registers, behind all that the cores shall see. */
static void make_offers(Scheduler *self)
{
    if (self->offer_count == 0)
        return;
    wmb();
    for (int i = 0; i < self->offer_count; i++)
        *self->offers[i]->data_main_base = self->offers[i]->offered;
    self->offer_count = 0;
}

static void fill_idle_cores(Scheduler *self, int type)
{
    int slot, count = claim(type, self->idle_count[type], &slot);
    for (int i = 0; i < count; i++)
        offer_to_idle(self, type, fetch(self, type, slot + i));
}

static bool any_idle(const Scheduler *self, int type)
{
    int idle = self->idle_count[type];
    for (int i = 0; idle == 0 && i < self->runtime->sche_cpu_num; i++)
        idle += atomic_load_explicit(&shared.progress[i].idle[type], memory_order_relaxed);
    return idle > 0;
}

static bool takes_second(const Core *core, int type)
{
    return core->type == type && core->running && !core->offered;
}

/* A second task for the cores that run one. */
static void fill_busy_cores(Scheduler *self, int type)
{
    int slot, open = 0;
    for (int i = 0; i < self->busy_count; i++)
        open += takes_second(self->busy[i], type);
    int count = claim(type, open, &slot);
    for (int i = 0; count > 0; i++)
        if (takes_second(self->busy[i], type)) {
            offer(self, self->busy[i], fetch(self, type, slot++));
            count--;
        }
}

static void fill_cores(Scheduler *self, int type)
{
    int idle = self->idle_count[type];
    if (idle > 0)
        fill_idle_cores(self, type);
    else if (!any_idle(self, type))
        fill_busy_cores(self, type);
    if (atomic_load_explicit(&shared.progress[self->index].idle[type], memory_order_relaxed) != self->idle_count[type])
        tell_idle(self, type);
}

/* ---- completion ---- */

/* One predecessor of @node has ended: was it the last? A task with a single one needs no counting. */
static bool becomes_ready(Node *node)
{
    if (node->fanin_total == 1)
        return true;
    if (atomic_fetch_sub_explicit(&node->fanin, 1, memory_order_acq_rel) != 1)
        return false;
    atomic_store_explicit(&node->fanin, node->fanin_total, memory_order_relaxed);
    return true;
}

static void release_successors(Scheduler *self, int task)
{
    Node *nodes = self->runtime->nodes;
    int end = nodes[task + 1].first;
    for (int i = nodes[task].first; i < end; i++) {
        int successor = self->runtime->successors[i];
        Node *node = &nodes[successor];
        if (!becomes_ready(node))
            continue;
        if (self->idle_count[node->core_type] > 0)
            offer_to_idle(self, node->core_type, successor);
        else
            push(self, node->core_type, successor);
    }
}

static void note_end(Scheduler *self, Core *core)
{
    self->new[self->new_count++] = (int)core->running - 1;
    core->running = 0;
}

/* What COND says of a core. Who has begun the task that was offered has ended the one before. */
static void look_at(Scheduler *self, Core *core)
{
    uint32_t cond = *core->cond;
    if (core->offered && (uint32_t)EXTRACT_TASK_ID(cond) == core->offered) {
        if (core->running)
            note_end(self, core);
        core->running = core->offered;
        core->offered = 0;
    }
    if (core->running && cond == MAKE_FIN_VALUE(core->running))
        note_end(self, core);
}

/* Look once at each busy core. Downwards: what takes an idle core's place has been looked at. */
static void collect_ended(Scheduler *self)
{
    for (int i = self->busy_count - 1; i >= 0; i--) {
        Core *core = self->busy[i];
        look_at(self, core);
        if (core->running || core->offered)
            continue;
        self->busy[i] = self->busy[--self->busy_count];
        make_idle(self, core);
    }
    if (self->new_count == 0)
        return;
    rmb();
    for (int i = 0; i < self->new_count; i++)
        release_successors(self, self->new[i]);
    self->ended += self->new_count;
    self->new_count = 0;
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
        fill_cores(&self, RUNTIME_AIC);
        fill_cores(&self, RUNTIME_AIV);
        make_offers(&self);
    } while (self.busy_count > 0 || !all_ended(runtime));
    end_run(&self);
    return 0;
}
