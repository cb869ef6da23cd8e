/* recorder_threads.c - see recorder_threads.h. */
#include "model/recorder_threads.h"

#include <stdlib.h>

#include "model/chip_state.h"
#include "model/recorder_held.h"
#include "model/recorder_rows.h"

enum { MAX_PHASES = 1000 }; /* of device code, one within the other */

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

/* ---- telling ---- */

/* A slice goes no further than the next begin or end of a phase, or a slice that it would overlap. */
static uint64_t end_of(const struct thread *thread, const struct item *item)
{
    uint64_t end_ps = thread->ended && item->end_ps > thread->ended_ps ? thread->ended_ps : item->end_ps;
    uint32_t i = 0;

    while (i < thread->count && held_at(thread, i)->begin_ps < end_ps) {
        const struct item *next = held_at(thread, i++);

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
    struct item item = *held_at(thread, 0);
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

/* ---- one program ---- */

static void finish(struct recorder_threads *threads, struct thread *thread, struct recorder_row *row, uint64_t time_ps)
{
    struct trace_arg unfinished = trace_arg_bool("unfinished", true);
    struct trace_event end = {.args = &unfinished, .arg_count = !thread->ended};
    const struct item close = {.kind = ITEM_CLOSE, .user = true, .begin_ps = time_ps, .end_ps = time_ps};
    uint64_t last_ps = thread->last_end_ps < time_ps ? thread->last_end_ps : time_ps;
    uint32_t next = held_after(thread, thread->last_ps);

    if (next < thread->count && held_at(thread, next)->begin_ps < last_ps) /* where its slice is cut */
        last_ps = held_at(thread, next)->begin_ps;
    if (!thread->settled)
        held_settle(thread);
    while (thread->count && thread->count + thread->phases + RESERVE > HELD)
        tell_first(threads, thread, row);
    for (; thread->phases; thread->phases--)
        held_insert(thread, thread->count, &close);
    if (thread->busy_ps && thread->ended) {
        uint32_t index = held_border(thread, &last_ps, true);

        held_change_phase(thread, index, last_ps, "shutdown");
    }
    if (thread->phase_open)
        held_change_phase(thread, thread->count, time_ps, NULL);
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
    held_insert(thread, held_after(thread, item->begin_ps), item);
    if (item->kind == ITEM_DISPATCH || item->kind == ITEM_COMPLETION)
        held_busy(thread, item);
    if (thread->count < HELD - RESERVE)
        return true;
    if (!thread->settled)
        held_settle(thread);
    while (thread->count > HELD / 2)
        tell_first(threads, thread, row);
    thread->told_ps = held_at(thread, 0)->begin_ps;
    return true;
}

void threads_handed(struct recorder_threads *threads, const struct core *core, uint64_t time_ps)
{
    struct thread *thread = running(threads, core);

    if (thread && !thread->settled && (!thread->handed_ps || time_ps < thread->handed_ps))
        thread->handed_ps = time_ps;
}

bool threads_dispatch(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, uint64_t end_ps,
                      const struct thread_task *task)
{
    const struct item item = {ITEM_DISPATCH, false, begin_ps, end_ps, NULL, NULL, *task};
    struct thread *thread = running(threads, core);

    return thread && hold(threads, core, thread, &item);
}

bool threads_completion(struct recorder_threads *threads, const struct core *core, uint64_t begin_ps, uint64_t end_ps,
                        const struct thread_task *task)
{
    const struct item item = {ITEM_COMPLETION, false, begin_ps, end_ps, NULL, NULL, *task};
    struct thread *thread = running(threads, core);

    return thread && hold(threads, core, thread, &item);
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
