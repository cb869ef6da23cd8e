/* schedule.c - see schedule.h: launches, cores, and what follows from all of it; tasks are found in schedule_tasks.c.
 */
#include "traces/schedule_maker.h"

#include <stdlib.h>
#include <string.h>

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
        count += maker_is_span(&maker->timeline->slices[i], maker->launch);
    schedule->launches = calloc(count + 1, sizeof(*schedule->launches));
    if (!schedule->launches)
        return false;
    for (size_t i = 0; i < maker->timeline->slice_count; i++) {
        const struct trace_slice *slice = &maker->timeline->slices[i];
        struct schedule_launch *launch = &schedule->launches[schedule->launch_count];

        if (!maker_is_span(slice, maker->launch))
            continue;
        launch->begin_ps = timeline_begin_ps(maker->timeline, slice);
        launch->end_ps = maker_end(maker, slice);
        launch->start_ps = launch->end_ps;
        launch->device = -1;
        launch->clipped = timeline_arg(maker->timeline, slice, "clipped") != NULL;
        maker_integer(maker, slice, timeline_string(maker->timeline, "device"), &launch->device);
        schedule->launch_count++;
    }
    qsort(schedule->launches, schedule->launch_count, sizeof(*schedule->launches), by_begin);
    return true;
}

uint32_t maker_launch_at(const struct schedule *schedule, uint64_t time_ps, int64_t device)
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

        if (device < 0 || launch->device < 0 || launch->device == device)
            return launch->end_ps < time_ps ? TRACE_NONE : (uint32_t)low;
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

        if ((!maker_is_span(slice, maker->program) && !maker_is_span(slice, maker->task)) ||
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

        if (!maker_is_span(slice, maker->program))
            continue;
        core = maker->core_of_row[slice->row];
        begin_ps = timeline_begin_ps(maker->timeline, slice);
        schedule->cores[core].program_ps += maker_end(maker, slice) - begin_ps;
        take_part(schedule, maker_launch_at(schedule, begin_ps, schedule->cores[core].device), core);
    }
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
    launch->edges_cut |= task->more_after;
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
    maker.id = timeline_string(timeline, "task");
    maker.ordinal = timeline_string(timeline, "ordinal");
    maker.unfinished = timeline_string(timeline, "unfinished");
    maker.more = timeline_string(timeline, "more successors");
    maker.head = timeline_string(timeline, "dispatch to start, ps");
    maker.tail = timeline_string(timeline, "end to seen, ps");
    made = find_launches(&maker) && find_cores(&maker) && maker_tasks(&maker) && maker_arrows(&maker);
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
