/* schedule_tasks.c - the tasks of a schedule, and what arrows tell of them: when each was dispatched and seen, and what
 * comes before it in the graph. */
#include "traces/schedule_maker.h"

#include <stdlib.h>

/* An argument that is a whole number and not negative. */
static bool read_count(const struct maker *maker, const struct trace_slice *slice, uint32_t name, uint64_t *count)
{
    int64_t integer;

    if (!maker_integer(maker, slice, name, &integer) || integer < 0)
        return false;
    *count = (uint64_t)integer;
    return true;
}

static bool is_inside_task(const struct maker *maker, const struct trace_slice *slice)
{
    for (uint32_t parent = slice->parent; parent != TRACE_NONE; parent = maker->timeline->slices[parent].parent)
        if (maker->timeline->slices[parent].category == maker->task)
            return true;
    return false;
}

static void add_task(struct maker *maker, uint32_t index)
{
    struct schedule *schedule = maker->schedule;
    const struct trace_slice *slice = &maker->timeline->slices[index];
    struct schedule_task *task = &schedule->tasks[schedule->task_count++];
    uint32_t core = maker->core_of_row[slice->row];

    *task = (struct schedule_task){.slice = index, .core = core, .kernel = slice->name, .previous = TRACE_NONE};
    task->has_id = maker_integer(maker, slice, maker->id, &task->id);
    if (!task->has_id)
        maker_integer(maker, slice, maker->ordinal, &task->id);
    task->unfinished = timeline_value(maker->timeline, slice, maker->unfinished) != NULL;
    task->begin_ps = timeline_begin_ps(maker->timeline, slice);
    task->end_ps = maker_end(maker, slice);
    task->more_after = timeline_value(maker->timeline, slice, maker->more) != NULL;
    task->dispatched_ps = task->seen_ps = SCHEDULE_UNKNOWN;
    task->launch = maker_launch_at(schedule, task->begin_ps, schedule->cores[core].device);
}

static int in_order(const void *a, const void *b)
{
    const struct schedule_task *left = a, *right = b;

    if (left->launch != right->launch)
        return left->launch < right->launch ? -1 : 1;
    if (left->begin_ps != right->begin_ps)
        return left->begin_ps < right->begin_ps ? -1 : 1;
    return left->slice < right->slice ? -1 : left->slice > right->slice;
}

bool maker_tasks(struct maker *maker)
{
    const struct timeline *timeline = maker->timeline;
    struct schedule *schedule = maker->schedule;
    size_t count = 0;

    for (size_t i = 0; i < timeline->slice_count; i++)
        count += maker_is_span(&timeline->slices[i], maker->task);
    schedule->tasks = malloc((count + 1) * sizeof(*schedule->tasks));
    maker->task_of_slice = malloc((timeline->slice_count + 1) * sizeof(*maker->task_of_slice));
    if (!schedule->tasks || !maker->task_of_slice)
        return false;
    for (size_t i = 0; i < timeline->slice_count; i++) {
        maker->task_of_slice[i] = TRACE_NONE;
        if (maker_is_span(&timeline->slices[i], maker->task) && !is_inside_task(maker, &timeline->slices[i]))
            add_task(maker, (uint32_t)i);
    }
    qsort(schedule->tasks, schedule->task_count, sizeof(*schedule->tasks), in_order);
    for (size_t i = 0; i < schedule->task_count; i++)
        maker->task_of_slice[schedule->tasks[i].slice] = (uint32_t)i;
    return true;
}

/* The exact time stands in an argument; its slice may have been cut to fit between others, and tells if there is none.
 */
static void set_dispatch(const struct maker *maker, struct schedule_task *task, const struct trace_slice *slice)
{
    uint64_t begin_ps = timeline_begin_ps(maker->timeline, slice), head_ps;

    if (!read_count(maker, slice, maker->head, &head_ps)) {
        if (begin_ps > task->begin_ps)
            return;
        head_ps = task->begin_ps - begin_ps;
    }
    if (head_ps <= task->begin_ps)
        task->dispatched_ps = task->begin_ps - head_ps;
}

static void set_completion(const struct maker *maker, struct schedule_task *task, const struct trace_slice *slice)
{
    uint64_t end_ps = maker_end(maker, slice), tail_ps;

    if (!read_count(maker, slice, maker->tail, &tail_ps)) {
        if (end_ps < task->end_ps)
            return;
        tail_ps = end_ps - task->end_ps;
    }
    if (tail_ps < SCHEDULE_UNKNOWN - task->end_ps)
        task->seen_ps = task->end_ps + tail_ps;
}

/* What an arrow says; an edge of the graph is counted, and stored once there is room. */
static void follow(struct maker *maker, const struct trace_flow *flow, bool store)
{
    struct schedule *schedule = maker->schedule;
    const struct trace_slice *from, *to;
    uint32_t producer, consumer;

    if (flow->from == TRACE_NONE || flow->to == TRACE_NONE)
        return;
    from = &maker->timeline->slices[flow->from];
    to = &maker->timeline->slices[flow->to];
    producer = maker->task_of_slice[flow->from];
    consumer = maker->task_of_slice[flow->to];
    if (producer != TRACE_NONE && consumer != TRACE_NONE) {
        struct schedule_task *task = &schedule->tasks[consumer];

        if (store)
            schedule->before[task->first_before + task->before_count] = producer;
        task->before_count++;
    } else if (!store && consumer != TRACE_NONE && maker_is_span(from, maker->dispatch)) {
        set_dispatch(maker, &schedule->tasks[consumer], from);
    } else if (!store && producer != TRACE_NONE && maker_is_span(to, maker->completion)) {
        set_completion(maker, &schedule->tasks[producer], to);
    }
}

bool maker_arrows(struct maker *maker)
{
    const struct timeline *timeline = maker->timeline;
    struct schedule *schedule = maker->schedule;

    for (size_t i = 0; i < timeline->flow_count; i++)
        follow(maker, &timeline->flows[i], false);
    for (size_t i = 0; i < schedule->task_count; i++) {
        struct schedule_task *task = &schedule->tasks[i];

        task->first_before = (uint32_t)schedule->edge_count;
        schedule->edge_count += task->before_count;
        task->before_count = 0;
    }
    schedule->before = malloc((schedule->edge_count + 1) * sizeof(*schedule->before));
    if (!schedule->before)
        return false;
    for (size_t i = 0; i < timeline->flow_count; i++)
        follow(maker, &timeline->flows[i], true);
    return true;
}
