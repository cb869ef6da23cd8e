/* recorder_threads.c - see recorder_threads.h.
 *
 * A thread's items stand in an array in the order in which they begin: slices with both ends, and the begins and ends
 * of phases. What is told first leaves at the front.
 */
#include "model/recorder_threads.h"

#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/recorder_rows.h"

/* RESERVE: room for the borders of phases. */
enum { HELD = 8192, RESERVE = 64, MAX_PHASES = 1000 };

enum item_kind { ITEM_OPEN, ITEM_CLOSE, ITEM_DISPATCH, ITEM_COMPLETION, ITEM_WAIT };

struct item {
    enum item_kind kind;
    bool user;                 /* a phase of device code's own */
    uint64_t begin_ps, end_ps; /* of a begin or an end the same */
    const char *name, *on;     /* a phase's, a wait's */
    struct thread_task task;
};

struct thread {
    struct item *items; /* HELD of them, `count` from `first` on */
    uint32_t first, count;
    bool open, ended, unfinished; /* there is a program, it is over */
    uint64_t begin_ps, ended_ps;
    bool settled;                  /* where `schedule` begins: until then nothing is told */
    uint64_t handed_ps;            /* first store that an AICore has read, 0: none */
    uint64_t told_ps, told_end_ps; /* nothing before it is told any more; where what is told ends */
    uint64_t busy_ps;              /* begin of the first dispatch or completion, 0: there is none */
    uint64_t last_ps, last_end_ps; /* of the last one */
    uint32_t phases;               /* of device code that are open, */
    uint32_t told_phases;          /* the same for what has been told */
    bool phase_open;               /* one of ours is */
};

struct recorder_threads {
    struct trace *trace;
    const struct chip_state *chip;
    struct recorder_rows *rows;
    struct thread *threads; /* as the chip's AICPU threads */
};

static struct thread *thread_of(const struct recorder_threads *threads, const struct core *core)
{
    return &threads->threads[core - threads->chip->cores - threads->chip->aicores];
}

/* ---- what is held back ---- */

static struct item *item_at(const struct thread *thread, uint32_t index)
{
    return &thread->items[thread->first + index];
}

/* Put @item before the item with number @index. Nothing is lost: there is room. */
static void insert(struct thread *thread, uint32_t index, const struct item *item)
{
    if (thread->first + thread->count == HELD) {
        memmove(thread->items, item_at(thread, 0), thread->count * sizeof(*thread->items));
        thread->first = 0;
    }
    memmove(item_at(thread, index + 1), item_at(thread, index), (thread->count - index) * sizeof(*thread->items));
    *item_at(thread, index) = *item;
    thread->count++;
}

/* The number of the first item that begins after @time_ps. */
static uint32_t after(const struct thread *thread, uint64_t time_ps)
{
    uint32_t index = thread->count;

    while (index && item_at(thread, index - 1)->begin_ps > time_ps)
        index--;
    return index;
}

/* ---- telling ---- */

/* A slice goes no further than the next begin or end of a phase, or a slice that it would overlap. */
static uint64_t end_of(const struct thread *thread, const struct item *item)
{
    uint64_t end_ps = thread->ended && item->end_ps > thread->ended_ps ? thread->ended_ps : item->end_ps;
    uint32_t i = 0;

    while (i < thread->count && item_at(thread, i)->begin_ps < end_ps) {
        const struct item *next = item_at(thread, i++);

        if (next->kind != ITEM_OPEN && next->kind != ITEM_CLOSE && next->end_ps <= end_ps)
            continue;
        end_ps = next->begin_ps;
        i = 0; /* what was within it may go further now */
    }
    return end_ps;
}

static void tell_slice(struct recorder_threads *threads, struct thread *thread, struct recorder_row *row,
                       const struct item *item)
{
    static const char *const names[] = {[ITEM_DISPATCH] = "dispatch", [ITEM_COMPLETION] = "completion"};
    const struct thread_task *task = &item->task;
    uint64_t begin_ps = item->begin_ps < row->latest_ps ? row->latest_ps : item->begin_ps;
    uint64_t end_ps = end_of(thread, item);
    struct trace_arg args[6];
    struct trace_event slice = {.args = args};

    if (end_ps < begin_ps)
        end_ps = begin_ps;
    if (item->kind == ITEM_WAIT) {
        slice.name = item->name;
        slice.category = "wait";
        if (item->on)
            args[slice.arg_count++] = trace_arg_string("on", item->on);
    } else {
        slice.name = slice.category = names[item->kind];
        args[slice.arg_count++] = trace_arg_int(task->has_id ? "task" : "ordinal", task->id);
        if (item->kind == ITEM_DISPATCH)
            args[slice.arg_count++] = trace_arg_int("func", task->func);
        args[slice.arg_count++] = trace_arg_string("core", task->core->name);
        args[slice.arg_count++] =
            trace_arg_uint(item->kind == ITEM_DISPATCH ? "dispatch to start, ps" : "end to seen, ps", task->delay_ps);
        slice.flows_out = slice.flows_in = &task->flow;
        slice.flow_out_count = item->kind == ITEM_DISPATCH && task->flow;
        slice.flow_in_count = item->kind == ITEM_COMPLETION && task->flow;
    }
    args[slice.arg_count++] = trace_arg_uint("begin ps", begin_ps % 1000);
    args[slice.arg_count++] = trace_arg_uint("end ps", end_ps % 1000);
    trace_slice(threads->trace, row->track, begin_ps, end_ps, &slice);
    row->latest_ps = begin_ps;
    if (end_ps > thread->told_end_ps)
        thread->told_end_ps = end_ps;
}

static void tell_first(struct recorder_threads *threads, struct thread *thread, struct recorder_row *row)
{
    struct item item = *item_at(thread, 0);
    struct trace_event phase = {.name = item.name, .category = item.user ? "user" : "phase"};

    thread->first++;
    thread->count--;
    if ((item.kind == ITEM_OPEN || item.kind == ITEM_CLOSE) && item.begin_ps < thread->told_end_ps)
        item.begin_ps = thread->told_end_ps;
    if (item.kind == ITEM_OPEN) {
        rows_open(threads->rows, row, item.begin_ps, &phase);
        thread->told_phases += item.user;
    } else if (item.kind == ITEM_CLOSE) {
        rows_close(threads->rows, row, item.begin_ps, &(struct trace_event){0});
        thread->told_phases -= item.user;
    } else {
        tell_slice(threads, thread, row, &item);
    }
}

/* ---- our phases ---- */

/* Where a border at @time_ps has its place in the items: not within a phase of device code, so at that one's begin or,
 * with @late, at its end. *@time_ps becomes that. */
static uint32_t border(const struct thread *thread, uint64_t *time_ps, bool late)
{
    uint32_t depth = thread->told_phases, outside = 0, i;
    uint64_t outside_ps = 0;

    for (i = 0; i < thread->count; i++) {
        const struct item *item = item_at(thread, i);

        bool past = item->begin_ps > *time_ps || (item->begin_ps == *time_ps && !(late && item->kind == ITEM_CLOSE));

        if (past && !(late && depth))
            break;
        if (item->user && item->kind == ITEM_OPEN && !depth++) {
            outside = i;
            outside_ps = item->begin_ps;
        } else if (item->user && item->kind == ITEM_CLOSE && depth && !--depth && late && item->begin_ps > *time_ps) {
            *time_ps = item->begin_ps;
            return i + 1;
        }
    }
    if (late || !depth)
        return i;
    *time_ps = outside_ps;
    return outside;
}

/* One of our phases ends, the next one begins (@name NULL: none does). */
static void change_phase(struct thread *thread, uint32_t index, uint64_t time_ps, const char *name)
{
    const struct item close = {.kind = ITEM_CLOSE, .begin_ps = time_ps, .end_ps = time_ps};
    const struct item open = {.kind = ITEM_OPEN, .begin_ps = time_ps, .end_ps = time_ps, .name = name};

    if (thread->phase_open)
        insert(thread, index++, &close);
    if (name)
        insert(thread, index, &open);
    thread->phase_open = name != NULL;
}

/* The thread's first dispatch is known, or there is none. (The first one that is heard of need not be it: its kernel
 * may begin later than another one's.) */
static void settle(struct thread *thread)
{
    uint64_t handed_ps = thread->handed_ps, busy_ps = thread->busy_ps;

    thread->settled = true;
    if (!handed_ps && !busy_ps)
        return;
    change_phase(thread, 0, thread->begin_ps, "init");
    if (busy_ps)
        border(thread, &busy_ps, false);
    if (handed_ps) {
        uint32_t index = border(thread, &handed_ps, false);

        if (!busy_ps || handed_ps < busy_ps)
            change_phase(thread, index, handed_ps, "handshake");
    }
    if (busy_ps) {
        uint32_t index = border(thread, &busy_ps, false);

        change_phase(thread, index, busy_ps, "schedule");
    }
}

/* ---- one program ---- */

static void finish(struct recorder_threads *threads, struct thread *thread, struct recorder_row *row, uint64_t time_ps)
{
    struct trace_arg unfinished = trace_arg_bool("unfinished", true);
    struct trace_event end = {.args = &unfinished, .arg_count = !thread->ended};
    const struct item close = {.kind = ITEM_CLOSE, .user = true, .begin_ps = time_ps, .end_ps = time_ps};
    uint64_t last_ps = thread->last_end_ps < time_ps ? thread->last_end_ps : time_ps;
    uint32_t next = after(thread, thread->last_ps);

    if (next < thread->count && item_at(thread, next)->begin_ps < last_ps) /* where its slice is cut */
        last_ps = item_at(thread, next)->begin_ps;
    if (!thread->settled)
        settle(thread);
    while (thread->count && thread->count + thread->phases + RESERVE > HELD)
        tell_first(threads, thread, row);
    for (; thread->phases; thread->phases--)
        insert(thread, thread->count, &close);
    if (thread->busy_ps && thread->ended) {
        uint32_t index = border(thread, &last_ps, true);

        change_phase(thread, index, last_ps, "shutdown");
    }
    if (thread->phase_open)
        change_phase(thread, thread->count, time_ps, NULL);
    while (thread->count)
        tell_first(threads, thread, row);
    rows_close(threads->rows, row, time_ps > thread->told_end_ps ? time_ps : thread->told_end_ps, &end);
    *thread = (struct thread){.items = thread->items};
}

void threads_begin(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, const char *name)
{
    struct thread *thread = thread_of(threads, core);
    struct recorder_row *row = rows_of(threads->rows, core);
    struct trace_event program = {.name = name, .category = "program"};

    if (thread->open)
        finish(threads, thread, row, thread->ended ? thread->ended_ps : begin_ps);
    if (!thread->items)
        thread->items = malloc(HELD * sizeof(*thread->items));
    if (!thread->items)
        return;
    thread->open = true;
    thread->begin_ps = thread->told_ps = rows_open(threads->rows, row, begin_ps, &program);
}

/* A thread that something is heard of; NULL without memory. */
static struct thread *running(struct recorder_threads *threads, const struct core *core)
{
    struct thread *thread = thread_of(threads, core);

    if (!thread->open)
        threads_begin(threads, core, core->launched_ps, "thread");
    return thread->open ? thread : NULL;
}

void threads_end(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, uint64_t time_ps)
{
    struct thread *thread = thread_of(threads, core);

    if (!thread->open || thread->ended)
        threads_begin(threads, core, begin_ps, "thread");
    thread->ended = true;
    thread->ended_ps = time_ps;
}

void threads_end_launch(struct recorder_threads *threads, uint64_t time_ps)
{
    for (uint32_t i = 0; i < threads->chip->aicpus; i++) {
        struct thread *thread = &threads->threads[i];

        if (thread->open)
            finish(threads, thread, rows_of(threads->rows, &threads->chip->cores[threads->chip->aicores + i]),
                   thread->ended ? thread->ended_ps : time_ps);
    }
}

/* ---- what it does ---- */

/* Hold @item. Return false if what comes after it has been told already. */
static bool hold(struct recorder_threads *threads, const struct core *core, struct thread *thread,
                 const struct item *item)
{
    struct recorder_row *row = rows_of(threads->rows, core);

    if (item->begin_ps < thread->told_ps)
        return false;
    insert(thread, after(thread, item->begin_ps), item);
    if (thread->count < HELD - RESERVE)
        return true;
    if (!thread->settled)
        settle(thread);
    while (thread->count > HELD / 2)
        tell_first(threads, thread, row);
    thread->told_ps = item_at(thread, 0)->begin_ps;
    return true;
}

void threads_handed(struct recorder_threads *threads, const struct core *core, uint64_t time_ps)
{
    struct thread *thread = running(threads, core);

    if (thread && !thread->settled && (!thread->handed_ps || time_ps < thread->handed_ps))
        thread->handed_ps = time_ps;
}

static void is_busy(struct thread *thread, const struct item *item)
{
    if (!thread->busy_ps || item->begin_ps < thread->busy_ps)
        thread->busy_ps = item->begin_ps;
    if (item->begin_ps < thread->last_ps)
        return;
    thread->last_ps = item->begin_ps;
    thread->last_end_ps = item->end_ps;
}

bool threads_dispatch(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, uint64_t end_ps,
                      const struct thread_task *task)
{
    const struct item item = {ITEM_DISPATCH, false, begin_ps, end_ps, NULL, NULL, *task};
    struct thread *thread = running(threads, core);

    if (!thread || !hold(threads, core, thread, &item))
        return false;
    is_busy(thread, &item);
    return true;
}

bool threads_completion(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, uint64_t end_ps,
                        const struct thread_task *task)
{
    const struct item item = {ITEM_COMPLETION, false, begin_ps, end_ps, NULL, NULL, *task};
    struct thread *thread = running(threads, core);

    if (!thread || !hold(threads, core, thread, &item))
        return false;
    is_busy(thread, &item);
    return true;
}

void threads_wait(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, uint64_t end_ps,
                  const char *name, const char *on)
{
    const struct item item = {ITEM_WAIT, false, begin_ps, end_ps, name, on, {0}};
    struct thread *thread = running(threads, core);

    if (thread)
        hold(threads, core, thread, &item);
}

void threads_phase(struct recorder_threads *threads, const struct core *core, uint64_t time_ps, const char *name)
{
    struct thread *thread = running(threads, core);
    struct item item = {ITEM_CLOSE, true, time_ps, time_ps, NULL, NULL, {0}};

    if (!thread || (!name && !thread->phases) || (name && thread->phases == MAX_PHASES))
        return;
    if (name) {
        item.kind = ITEM_OPEN;
        item.name = name;
    }
    if (!hold(threads, core, thread, &item))
        return;
    thread->phases += name ? 1 : -1;
}

/* ---- from beginning to end ---- */

struct recorder_threads *threads_new(struct trace *trace, const struct chip_state *chip, struct recorder_rows *rows)
{
    struct recorder_threads *threads = calloc(1, sizeof(*threads));

    if (threads)
        threads->threads = calloc(chip->aicpus, sizeof(*threads->threads));
    if (!threads || !threads->threads) {
        free(threads);
        return NULL;
    }
    threads->trace = trace;
    threads->chip = chip;
    threads->rows = rows;
    return threads;
}

void threads_free(struct recorder_threads *threads)
{
    if (!threads)
        return;
    for (uint32_t i = 0; i < threads->chip->aicpus; i++)
        free(threads->threads[i].items);
    free(threads->threads);
    free(threads);
}
