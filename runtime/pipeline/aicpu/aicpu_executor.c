/* aicpu_executor.c - the AICPU threads fill the queues of the cores ahead of time, and are in nobody's way.
 *
 * A thread fills the queues of its own cores, whole clusters. The cores of a stage may belong to several threads; these
 * share a cursor over the stage's items. Whoever has room takes the item under the cursor, provided that all its
 * predecessors have got a ticket, and no more of them are on their way than a ticket can name. Such a ticket says for
 * whom it has to wait: for the predecessors that have not ended so far, but for those that stand before it in the same
 * queue.
 *
 * Which queue: that at whose end a predecessor stands, for there its end needs no telling; else the shortest one.
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

enum { MAX_LINES = 2 * RUNTIME_MAX_WORKER, BATCH = 16 };

/* The next item of a stage. */
typedef struct Cursor {
    _Alignas(RUNTIME_LINE) _Atomic int next;
} Cursor;

/* What the threads of a run share; all zero between runs, but for the cursors. */
static struct {
    _Alignas(RUNTIME_LINE) _Atomic int entered;
    _Atomic int prepared;
    _Atomic int done;
    _Atomic int left;
    Cursor cursors[MAX_LINES];
} shared;

/* An AICore as its thread knows it. */
typedef struct Core {
    Handshake *handshake;
    int number;
    uint32_t written; /* tickets */
    uint32_t ended;   /* of them, when the thread last looked */
} Core;

/* A stage, or all stages of a core type, and the thread's cores that work on it. */
typedef struct Line {
    _Atomic int *cursor;
    int end; /* of its items */
    int core_count;
    Core *cores;
} Line;

/* Whom a ticket has to wait for. */
typedef struct Waits {
    int count;
    Mark marks[RUNTIME_MAX_WAITS];
} Waits;

/* A thread's own state. */
typedef struct Feeder {
    Runtime *runtime;
    int index;
    int core_count;
    int line_count;
    int written_count;
    Core cores[RUNTIME_MAX_WORKER]; /* in the order of their numbers */
    Line lines[MAX_LINES];
    Core *written[BATCH]; /* tickets without their numbers */
} Feeder;

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
    if (runtime->task_count > 0 && (!runtime->tasks || !runtime->items))
        return "there are tasks, but not their address";
    if (runtime->stages[RUNTIME_AIV].count > 0 && runtime->worker_count == runtime->block_dim)
        return "there are AIV tasks, but no AIVs";
    return NULL;
}

/* Every AICore quits before it has greeted: no ticket has been written yet. */
static void dismiss_all(Runtime *runtime)
{
    for (int i = 0; i < RUNTIME_MAX_WORKER; i++)
        runtime->workers[i].control = 1;
    wmb();
    for (int i = 0; i < RUNTIME_MAX_WORKER; i++)
        runtime->workers[i].aicpu_ready = 1;
}

static void take_core(Feeder *self, int number)
{
    self->cores[self->core_count++] = (Core){.handshake = &self->runtime->workers[number], .number = number};
}

/* Clusters go round the threads; cluster c is AIC c and the AIVs behind all AICs that belong to it. */
static void take_cores(Feeder *self)
{
    const Runtime *runtime = self->runtime;
    int blocks = runtime->block_dim, step = runtime->sche_cpu_num;
    int aivs = runtime->worker_count / blocks - 1;
    for (int block = self->index; block < blocks; block += step)
        take_core(self, block);
    for (int block = self->index; block < blocks; block += step)
        for (int i = 0; i < aivs; i++)
            take_core(self, blocks + block * aivs + i);
}

/* The thread's cores among those from @first to before @end, for the items from @item to before @item_end. */
static void add_line(Feeder *self, int line, int first, int end, int item, int item_end)
{
    if (self->index == 0)
        atomic_store_explicit(&shared.cursors[line].next, item, memory_order_relaxed);
    int own = 0;
    while (own < self->core_count && self->cores[own].number < first)
        own++;
    Line *added = &self->lines[self->line_count];
    *added = (Line){.cursor = &shared.cursors[line].next, .end = item_end, .cores = &self->cores[own]};
    while (own < self->core_count && self->cores[own].number < end) {
        added->core_count++;
        own++;
    }
    if (added->core_count > 0)
        self->line_count++;
}

/* Cores for the stages of a core type: one each, and the others in proportion to the tasks. Return: lines so far. */
static int divide_cores(Feeder *self, const StageList *list, int line, int first_core, int core_count)
{
    if (list->count == 0)
        return line;
    int stages = list->count <= core_count ? list->count : 1;
    int begin = list->first[0], end = list->first[list->count];
    int64_t spare = core_count - stages;
    for (int s = 0; s < stages; s++) {
        int item = list->first[s], item_end = stages == 1 ? end : list->first[s + 1];
        int from = s + (int)(spare * (item - begin) / (end - begin));
        int to = s + 1 + (int)(spare * (item_end - begin) / (end - begin));
        add_line(self, line++, first_core + from, first_core + to, item, item_end);
    }
    return line;
}

/* Drop this thread's share of an array from the AICPU's caches; dirty lines are written back. */
static void drop_part(const Feeder *self, const volatile void *array, size_t size)
{
    size_t threads = (size_t)self->runtime->sche_cpu_num, lines = (size + RUNTIME_LINE - 1) / RUNTIME_LINE;
    size_t first = lines * (size_t)self->index / threads * RUNTIME_LINE;
    size_t end = lines * ((size_t)self->index + 1) / threads * RUNTIME_LINE;
    if (end > first)
        cache_invalidate_range((const volatile char *)array + first, (end < size ? end : size) - first);
}

static void drop_share(const Feeder *self)
{
    const Runtime *runtime = self->runtime;
    if (runtime->task_count > 0) {
        drop_part(self, runtime->items, ((size_t)runtime->task_count + 1) * sizeof(Item));
        drop_part(self, runtime->predecessors, (size_t)runtime->edge_count * sizeof(int));
    }
    for (int i = 0; i < self->core_count; i++)
        cache_invalidate_range(self->cores[i].handshake, sizeof(Handshake));
}

static void meet(const Feeder *self, _Atomic int *threads)
{
    atomic_fetch_add_explicit(threads, 1, memory_order_acq_rel);
    while (atomic_load_explicit(threads, memory_order_acquire) < self->runtime->sche_cpu_num)
        SPIN_WAIT_HINT();
}

/* Greet the cores, prepare while they answer, meet the other threads. */
static void start_run(Feeder *self)
{
    const Runtime *runtime = self->runtime;
    int blocks = runtime->block_dim;
    take_cores(self);
    drop_share(self);
    for (int i = 0; i < self->core_count; i++)
        self->cores[i].handshake->aicpu_ready = 1;
    int lines = divide_cores(self, &runtime->stages[RUNTIME_AIC], 0, 0, blocks);
    divide_cores(self, &runtime->stages[RUNTIME_AIV], lines, blocks, runtime->worker_count - blocks);
    for (int i = 0; i < self->core_count; i++)
        while (self->cores[i].handshake->aicore_done == 0)
            SPIN_WAIT_HINT();
    meet(self, &shared.prepared);
}

/* The places of this thread's share of the items are as the host left them. */
static void forget_places(const Feeder *self)
{
    const Runtime *runtime = self->runtime;
    int64_t count = runtime->task_count, threads = runtime->sche_cpu_num;
    int end = (int)(count * (self->index + 1) / threads);
    for (int i = (int)(count * self->index / threads); i < end; i++)
        atomic_store_explicit(&runtime->items[i].place, 0, memory_order_relaxed);
}

/* The cores have left: their queues are empty, the caches hold nothing of this run, the last thread resets what is
 * shared. All threads have to be here before a place is forgotten. */
static void end_run(Feeder *self)
{
    for (int i = 0; i < self->core_count; i++)
        for (int j = 0; j < RUNTIME_QUEUE; j++)
            self->cores[i].handshake->queue[j].number = 0;
    meet(self, &shared.done);
    forget_places(self);
    meet(self, &shared.left);
    drop_share(self);
    if (atomic_fetch_sub_explicit(&shared.entered, 1, memory_order_acq_rel) > 1)
        return;
    atomic_store_explicit(&shared.prepared, 0, memory_order_relaxed);
    atomic_store_explicit(&shared.done, 0, memory_order_relaxed);
    atomic_store_explicit(&shared.left, 0, memory_order_release);
}

/* ---- tickets ---- */

static int mark_core(Mark mark)
{
    return (int)(mark >> MARK_NUMBER_BITS) - 1;
}

static Mark make_mark(const Core *core, uint32_t number)
{
    return (Mark)(core->number + 1) << MARK_NUMBER_BITS | number;
}

static bool has_come(const Runtime *runtime, Mark mark)
{
    return runtime->workers[mark_core(mark)].ended >= (mark & MARK_NUMBER_MASK);
}

/* Of several marks of a core the latest is enough. */
static bool add_mark(Waits *waits, Mark mark)
{
    int i = 0;
    while (i < waits->count && mark_core(waits->marks[i]) != mark_core(mark))
        i++;
    if (i == RUNTIME_MAX_WAITS)
        return false;
    if (i == waits->count)
        waits->marks[waits->count++] = 0;
    if (waits->marks[i] < mark)
        waits->marks[i] = mark;
    return true;
}

/* Whom @item has to wait for. Return: whether it can be told by now. */
static bool find_waits(const Runtime *runtime, int item, Waits *waits)
{
    int end = runtime->items[item + 1].first;
    waits->count = 0;
    for (int i = runtime->items[item].first; i < end; i++) {
        const Item *predecessor = &runtime->items[runtime->predecessors[i]];
        Mark mark = atomic_load_explicit(&predecessor->place, memory_order_acquire);
        if (mark == 0 || (!has_come(runtime, mark) && !add_mark(waits, mark)))
            return false;
    }
    return true;
}

static bool has_room(const Core *core)
{
    return core->written - core->ended < RUNTIME_QUEUE;
}

/* The queue for a ticket that waits so, or NULL if there is no room. */
static Core *choose_core(const Line *line, const Waits *waits)
{
    Core *best = NULL;
    for (int i = 0; i < line->core_count; i++) {
        Core *core = &line->cores[i];
        if (!has_room(core))
            continue;
        for (int j = 0; j < waits->count; j++)
            if (waits->marks[j] == make_mark(core, core->written))
                return core;
        if (!best || core->written - core->ended < best->written - best->ended)
            best = core;
    }
    return best;
}

/* All but its number, which lets the core have it. */
static void write_ticket(Feeder *self, Core *core, Task *task, const Waits *waits)
{
    Ticket *ticket = &core->handshake->queue[core->written++ % RUNTIME_QUEUE];
    ticket->task = task;
    ticket->wait_count = 0;
    for (int i = 0; i < waits->count; i++)
        if (mark_core(waits->marks[i]) != core->number) /* who stands before it in its own queue has ended before it */
            ticket->waits[ticket->wait_count++] = waits->marks[i];
    self->written[self->written_count++] = core;
}

/* Let the cores have their tickets. One core may have got several: the first of them stands first. */
static void hand_out(Feeder *self)
{
    if (self->written_count == 0)
        return;
    wmb();
    for (int i = 0; i < self->written_count; i++) {
        const Core *core = self->written[i];
        uint32_t number = core->written;
        for (int j = i + 1; j < self->written_count; j++)
            number -= self->written[j] == core;
        core->handshake->queue[(number - 1) % RUNTIME_QUEUE].number = number;
    }
    self->written_count = 0;
}

/* Write tickets of a stage while there is room and something to write, up to BATCH of them. */
static void feed(Feeder *self, const Line *line)
{
    const Runtime *runtime = self->runtime;
    Waits waits;
    int item = atomic_load_explicit(line->cursor, memory_order_relaxed);
    while (item < line->end && self->written_count < BATCH && find_waits(runtime, item, &waits)) {
        Core *core = choose_core(line, &waits);
        if (!core)
            break;
        if (!atomic_compare_exchange_strong_explicit(line->cursor, &item, item + 1, memory_order_relaxed,
                                                     memory_order_relaxed))
            continue;
        write_ticket(self, core, &runtime->tasks[runtime->items[item].task], &waits);
        atomic_store_explicit(&runtime->items[item].place, make_mark(core, core->written), memory_order_release);
        item++;
    }
    hand_out(self);
}

/* ---- the run ---- */

/* How far the cores have got. Return: whether they have done with all their tickets. */
static bool look_at_cores(Feeder *self)
{
    bool all = true;
    for (int i = 0; i < self->core_count; i++) {
        Core *core = &self->cores[i];
        if (core->ended == core->written)
            continue;
        core->ended = core->handshake->ended;
        all = all && core->ended == core->written;
    }
    return all;
}

static bool all_written(const Feeder *self)
{
    for (int i = 0; i < self->line_count; i++)
        if (atomic_load_explicit(self->lines[i].cursor, memory_order_relaxed) < self->lines[i].end)
            return false;
    return true;
}

/* The last ticket of each core has no task. */
static void dismiss_cores(Feeder *self)
{
    static const Waits none;
    for (int i = 0; i < self->core_count; i++) {
        write_ticket(self, &self->cores[i], NULL, &none);
        if (self->written_count == BATCH)
            hand_out(self);
    }
    hand_out(self);
    while (!look_at_cores(self))
        SPIN_WAIT_HINT();
}

/** aicpu_execute - one of the threads that fill the queues; called once on each AICPU thread of a launch.
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
    Feeder self = {.runtime = runtime, .index = atomic_fetch_add_explicit(&shared.entered, 1, memory_order_acq_rel)};
    if (self.index >= runtime->sche_cpu_num) {
        DEV_ERROR("thread %d is one too many: the runtime was set up for %d", self.index, runtime->sche_cpu_num);
        return -1;
    }
    start_run(&self);
    while (!look_at_cores(&self) || !all_written(&self))
        for (int i = 0; i < self.line_count; i++)
            feed(&self, &self.lines[i]);
    dismiss_cores(&self);
    end_run(&self);
    return 0;
}
