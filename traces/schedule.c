/* schedule.c - see schedule.h. */
#include "traces/schedule.h"

#include <stdlib.h>
#include <string.h>

/* While a schedule is made. */
struct maker {
    struct schedule *schedule;
    const struct timeline *timeline;
    uint32_t launch, program, task, dispatch, completion; /* the categories */
    uint32_t *core_of_row, *task_of_slice;
};

static bool is_span_of(const struct trace_slice *slice, uint32_t category)
{
    return category != TRACE_NONE && slice->category == category && !slice->instant;
}

static uint64_t end_of(const struct timeline *timeline, const struct trace_slice *slice)
{
    uint64_t begin_ps = timeline_begin_ps(timeline, slice), end_ps = timeline_end_ps(timeline, slice);

    return end_ps < begin_ps ? begin_ps : end_ps;
}

/* An argument that is a whole number and not negative. */
static bool read_count(const struct timeline *timeline, const struct trace_slice *slice, const char *name,
                       uint64_t *count)
{
    const struct trace_value *value = timeline_arg(timeline, slice, name);

    if (!value || (value->kind != TRACE_UINT && (value->kind != TRACE_INT || value->value.i < 0)))
        return false;
    *count = value->kind == TRACE_UINT ? value->value.u : (uint64_t)value->value.i;
    return true;
}

static bool read_integer(const struct timeline *timeline, const struct trace_slice *slice, const char *name,
                         int64_t *integer)
{
    const struct trace_value *value = timeline_arg(timeline, slice, name);

    if (!value || (value->kind != TRACE_INT && value->kind != TRACE_UINT))
        return false;
    *integer = value->kind == TRACE_INT ? value->value.i : (int64_t)value->value.u;
    return true;
}

/* ---- launches ---- */

static int by_begin(const void *a, const void *b)
{
    const struct schedule_launch *left = a, *right = b;

    if (left->begin_ps != right->begin_ps)
        return left->begin_ps < right->begin_ps ? -1 : 1;
    return (left->end_ps > right->end_ps) - (left->end_ps < right->end_ps);
}

static bool find_launches(struct maker *maker)
{
    struct schedule *schedule = maker->schedule;
    size_t count = 0;

    for (size_t i = 0; i < maker->timeline->slice_count; i++)
        count += is_span_of(&maker->timeline->slices[i], maker->launch);
    schedule->launches = calloc(count + 1, sizeof(*schedule->launches));
    if (!schedule->launches)
        return false;
    for (size_t i = 0; i < maker->timeline->slice_count; i++) {
        const struct trace_slice *slice = &maker->timeline->slices[i];
        struct schedule_launch *launch = &schedule->launches[schedule->launch_count];

        if (!is_span_of(slice, maker->launch))
            continue;
        launch->begin_ps = timeline_begin_ps(maker->timeline, slice);
        launch->end_ps = end_of(maker->timeline, slice);
        launch->start_ps = launch->end_ps;
        launch->device = -1;
        launch->clipped = timeline_arg(maker->timeline, slice, "clipped") != NULL;
        read_integer(maker->timeline, slice, "device", &launch->device);
        schedule->launch_count++;
    }
    qsort(schedule->launches, schedule->launch_count, sizeof(*schedule->launches), by_begin);
    return true;
}

/* The last launch that had begun at @time_ps, if it was not over and is of @device. */
static uint32_t launch_at(const struct schedule *schedule, uint64_t time_ps, int64_t device)
{
    size_t low = 0, high = schedule->launch_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (schedule->launches[middle].begin_ps <= time_ps)
            low = middle + 1;
        else
            high = middle;
    }
    while (low-- > 0) {
        const struct schedule_launch *launch = &schedule->launches[low];

        if (launch->end_ps < time_ps)
            return TRACE_NONE;
        if (device < 0 || launch->device < 0 || launch->device == device)
            return (uint32_t)low;
    }
    return TRACE_NONE;
}

/* ---- cores ---- */

static uint32_t type_of(struct schedule *schedule, const char *name)
{
    char type[CORE_TYPE_LENGTH];

    core_type(name, type);
    for (size_t i = 0; i < schedule->type_count; i++)
        if (strcmp(schedule->types[i], type) == 0)
            return (uint32_t)i;
    memcpy(schedule->types[schedule->type_count], type, sizeof(type));
    return (uint32_t)schedule->type_count++;
}

/* A row with programs or tasks is a core. */
static bool find_cores(struct maker *maker)
{
    const struct timeline *timeline = maker->timeline;
    struct schedule *schedule = maker->schedule;

    maker->core_of_row = malloc((timeline->row_count + 1) * sizeof(*maker->core_of_row));
    schedule->cores = calloc(timeline->row_count + 1, sizeof(*schedule->cores));
    schedule->types = calloc(timeline->row_count + 1, sizeof(*schedule->types));
    if (!maker->core_of_row || !schedule->cores || !schedule->types)
        return false;
    for (size_t row = 0; row < timeline->row_count; row++)
        maker->core_of_row[row] = TRACE_NONE;
    for (size_t i = 0; i < timeline->slice_count; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        struct schedule_core *core = &schedule->cores[schedule->core_count];

        if ((!is_span_of(slice, maker->program) && !is_span_of(slice, maker->task)) ||
            maker->core_of_row[slice->row] != TRACE_NONE)
            continue;
        maker->core_of_row[slice->row] = (uint32_t)schedule->core_count++;
        core->row = slice->row;
        core->device = core_device(timeline, slice->row);
        core->type = type_of(schedule, timeline->rows[slice->row].name);
    }
    schedule->took_part = calloc(schedule->launch_count * schedule->core_count + 1, 1);
    return schedule->took_part != NULL;
}

static void take_part(struct schedule *schedule, uint32_t launch, uint32_t core)
{
    if (launch != TRACE_NONE)
        schedule->took_part[launch * schedule->core_count + core] = 1;
}

static void add_programs(struct maker *maker)
{
    struct schedule *schedule = maker->schedule;

    for (size_t i = 0; i < maker->timeline->slice_count; i++) {
        const struct trace_slice *slice = &maker->timeline->slices[i];
        uint64_t begin_ps;
        uint32_t core;

        if (!is_span_of(slice, maker->program))
            continue;
        core = maker->core_of_row[slice->row];
        begin_ps = timeline_begin_ps(maker->timeline, slice);
        schedule->cores[core].program_ps += end_of(maker->timeline, slice) - begin_ps;
        take_part(schedule, launch_at(schedule, begin_ps, schedule->cores[core].device), core);
    }
}

/* ---- tasks ---- */

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
    task->has_id = read_integer(maker->timeline, slice, "task", &task->id);
    if (!task->has_id)
        read_integer(maker->timeline, slice, "ordinal", &task->id);
    task->unfinished = timeline_arg(maker->timeline, slice, "unfinished") != NULL;
    task->begin_ps = timeline_begin_ps(maker->timeline, slice);
    task->end_ps = end_of(maker->timeline, slice);
    task->dispatched_ps = task->seen_ps = task->head_ps = task->tail_ps = SCHEDULE_UNKNOWN;
    task->launch = launch_at(schedule, task->begin_ps, schedule->cores[core].device);
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

static bool find_tasks(struct maker *maker)
{
    const struct timeline *timeline = maker->timeline;
    struct schedule *schedule = maker->schedule;
    size_t count = 0;

    for (size_t i = 0; i < timeline->slice_count; i++)
        count += is_span_of(&timeline->slices[i], maker->task);
    schedule->tasks = malloc((count + 1) * sizeof(*schedule->tasks));
    maker->task_of_slice = malloc((timeline->slice_count + 1) * sizeof(*maker->task_of_slice));
    if (!schedule->tasks || !maker->task_of_slice)
        return false;
    for (size_t i = 0; i < timeline->slice_count; i++) {
        maker->task_of_slice[i] = TRACE_NONE;
        if (is_span_of(&timeline->slices[i], maker->task) && !is_inside_task(maker, &timeline->slices[i]))
            add_task(maker, (uint32_t)i);
    }
    qsort(schedule->tasks, schedule->task_count, sizeof(*schedule->tasks), in_order);
    for (size_t i = 0; i < schedule->task_count; i++)
        maker->task_of_slice[schedule->tasks[i].slice] = (uint32_t)i;
    return true;
}

/* The exact time stands in an argument; its slice may have been cut to fit between others, and tells if there is none.
 */
static void set_dispatch(const struct timeline *timeline, struct schedule_task *task, const struct trace_slice *slice)
{
    uint64_t begin_ps = timeline_begin_ps(timeline, slice), head_ps;

    if (!read_count(timeline, slice, "dispatch to start, ps", &head_ps)) {
        if (begin_ps > task->begin_ps)
            return;
        head_ps = task->begin_ps - begin_ps;
    }
    if (head_ps > task->begin_ps)
        return;
    task->head_ps = head_ps;
    task->dispatched_ps = task->begin_ps - head_ps;
}

static void set_completion(const struct timeline *timeline, struct schedule_task *task, const struct trace_slice *slice)
{
    uint64_t end_ps = end_of(timeline, slice), tail_ps;

    if (!read_count(timeline, slice, "end to seen, ps", &tail_ps)) {
        if (end_ps < task->end_ps)
            return;
        tail_ps = end_ps - task->end_ps;
    }
    task->tail_ps = tail_ps;
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
    } else if (!store && consumer != TRACE_NONE && is_span_of(from, maker->dispatch)) {
        set_dispatch(maker->timeline, &schedule->tasks[consumer], from);
    } else if (!store && producer != TRACE_NONE && is_span_of(to, maker->completion)) {
        set_completion(maker->timeline, &schedule->tasks[producer], to);
    }
}

static bool follow_arrows(struct maker *maker)
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

/* ---- what follows from all of it ---- */

static void add_to_launch(struct schedule *schedule, uint32_t index)
{
    struct schedule_task *task = &schedule->tasks[index];
    struct schedule_launch *launch;
    uint64_t first_ps = task->dispatched_ps != SCHEDULE_UNKNOWN ? task->dispatched_ps : task->begin_ps;

    if (task->launch == TRACE_NONE)
        return;
    launch = &schedule->launches[task->launch];
    if (launch->task_count++ == 0)
        launch->first_task = index;
    launch->edge_count += task->before_count;
    if (first_ps < launch->begin_ps)
        first_ps = launch->begin_ps;
    if (first_ps < launch->start_ps)
        launch->start_ps = first_ps;
    take_part(schedule, task->launch, task->core);
}

static bool sum_up(struct schedule *schedule)
{
    uint32_t *last = malloc((schedule->core_count + 1) * sizeof(*last));

    if (!last)
        return false;
    for (size_t i = 0; i < schedule->core_count; i++)
        last[i] = TRACE_NONE;
    for (uint32_t i = 0; i < schedule->task_count; i++) {
        struct schedule_task *task = &schedule->tasks[i];
        struct schedule_core *core = &schedule->cores[task->core];
        uint64_t length_ps = task->end_ps - task->begin_ps;

        core->busy_ps += length_ps;
        core->task_count++;
        if (length_ps > core->longest_ps)
            core->longest_ps = length_ps;
        if (last[task->core] != TRACE_NONE && schedule->tasks[last[task->core]].launch == task->launch)
            task->previous = last[task->core];
        last[task->core] = i;
        add_to_launch(schedule, i);
    }
    free(last);
    return true;
}

struct schedule *schedule_new(const struct timeline *timeline)
{
    struct schedule *schedule = calloc(1, sizeof(*schedule));
    struct maker maker = {.schedule = schedule, .timeline = timeline};
    bool made;

    if (!schedule)
        return NULL;
    schedule->timeline = timeline;
    maker.launch = timeline_string(timeline, "launch");
    maker.program = timeline_string(timeline, "program");
    maker.task = timeline_string(timeline, "task");
    maker.dispatch = timeline_string(timeline, "dispatch");
    maker.completion = timeline_string(timeline, "completion");
    made = find_launches(&maker) && find_cores(&maker) && find_tasks(&maker) && follow_arrows(&maker);
    if (made)
        add_programs(&maker);
    made = made && sum_up(schedule);
    free(maker.core_of_row);
    free(maker.task_of_slice);
    if (made)
        return schedule;
    schedule_free(schedule);
    return NULL;
}

void schedule_free(struct schedule *schedule)
{
    if (!schedule)
        return;
    free(schedule->launches);
    free(schedule->tasks);
    free(schedule->before);
    free(schedule->cores);
    free(schedule->types);
    free(schedule->took_part);
    free(schedule);
}
