/* recorder_tasks.c - see recorder_tasks.h. What an event's arrows are is put together in one list, which is used again
 * and again.
 *
 * A task's dependencies stand in it as a list of successors: at its end an arrow leaves for each, and waits under the
 * successor's id until that begins. Both happen in this order on every chip; if the successor never begins, the arrow
 * leads nowhere.
 */
#include "model/recorder_tasks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "model/arrows.h"
#include "model/chip_state.h"
#include "model/embed/task_layout.h"
#include "model/kernels.h"
#include "model/recorder_counters.h"
#include "model/recorder_names.h"
#include "model/recorder_ready.h"
#include "traces/array.h"

struct recorder_tasks {
    struct trace *trace;
    const struct kernels *kernels;
    struct recorder_rows *rows;
    struct recorder_threads *threads;
    uint64_t modules; /* what the layout was looked for in */
    struct task_layout layout;
    struct task_memory memory;
    uint64_t ordinal; /* tasks begun in this launch */
    struct arrows arrows;
    struct recorder_counters counters;
    struct recorder_ready ready;
    struct recorder_names names; /* of kernels that nobody has registered */
    uint64_t *flows;             /* of the event that is being told */
    size_t flow_count, flow_capacity;
};

static void add_flow(struct recorder_tasks *tasks, uint64_t flow)
{
    if (ARRAY_ROOM(tasks->flows, tasks->flow_capacity, tasks->flow_count, 1))
        tasks->flows[tasks->flow_count++] = flow;
}

/* ---- a task begins ---- */

/* An image's number is its func_id + 1 (kernels_image). */
static int64_t func_of(const struct event *event)
{
    return (int64_t)event->image - 1;
}

/* The task that the kernel belongs to. One that claims to be of another kernel is none: the kernel was called with
 * something else that happens to look like a task's arguments. */
static void find_task(struct recorder_tasks *tasks, struct recorder_row *row, const struct event *event)
{
    row->has_info = task_layout_read(&tasks->layout, &tasks->memory, event->args, &row->info) &&
                    row->info.func_id == func_of(event);
}

static const char *name_of(struct recorder_tasks *tasks, const struct event *event)
{
    const struct kernel *kernel = kernels_of_image(tasks->kernels, event->image);
    char name[48];

    if (kernel)
        return kernel->name;
    snprintf(name, sizeof(name), "kernel func %" PRId64, func_of(event));
    return names_keep(&tasks->names, name);
}

static struct thread_task task_of(const struct recorder_row *row, const struct event *event, uint64_t delay_ps)
{
    return (struct thread_task){.core = event->core,
                                .id = row->has_info ? row->info.task_id : (int64_t)row->ordinal,
                                .func = func_of(event),
                                .has_id = row->has_info,
                                .delay_ps = delay_ps};
}

/* The arrow from the AICPU's store to the kernel; 0 if there is none. Below a nanosecond no arrow can be drawn. */
static uint64_t dispatch(struct recorder_tasks *tasks, const struct recorder_row *row, const struct event *event)
{
    struct thread_task task = task_of(row, event, event->time_ps - event->dispatched_ps);

    if (!event->by || event->dispatched_ps / 1000 >= event->time_ps / 1000)
        return 0;
    task.flow = trace_new_flow(tasks->trace);
    return threads_dispatch(tasks->threads, event->by, event->dispatched_ps, event->visible_ps, &task) ? task.flow : 0;
}

void tasks_begin(struct recorder_tasks *tasks, const struct event *event)
{
    struct recorder_row *row = rows_of(tasks->rows, event->core);
    struct trace_arg args[8];
    struct trace_event slice = {.name = name_of(tasks, event), .category = "task", .args = args};
    uint64_t flow, ready_ps, latest_ps = 0;

    find_task(tasks, row, event);
    row->ordinal = tasks->ordinal;
    tasks->flow_count = 0;
    if (row->has_info)
        args[slice.arg_count++] = trace_arg_int("task", row->info.task_id);
    else
        args[slice.arg_count++] = trace_arg_uint("ordinal", tasks->ordinal);
    tasks->ordinal++;
    args[slice.arg_count++] = trace_arg_int("func", func_of(event));
    args[slice.arg_count++] = trace_arg_pointer("args", event->args);
    args[slice.arg_count++] = trace_arg_string("core", event->core->name);
    args[slice.arg_count++] = trace_arg_uint("cycle", core_cycles(event->core, event->time_ps));
    flow = dispatch(tasks, row, event);
    if (flow)
        add_flow(tasks, flow);
    while (row->has_info && (flow = arrows_take(&tasks->arrows, (uint64_t)row->info.task_id, &ready_ps)) != 0) {
        add_flow(tasks, flow);
        latest_ps = ready_ps > latest_ps ? ready_ps : latest_ps;
    }
    if (latest_ps) {
        args[slice.arg_count++] = trace_arg_uint("ready to start, ps", event->time_ps - latest_ps);
        ready_task(&tasks->ready, tasks->trace, tasks->rows, latest_ps, event->time_ps);
    }
    slice.flows_in = tasks->flows;
    slice.flow_in_count = tasks->flow_count;
    rows_open(tasks->rows, row, event->time_ps, &slice);
    row->task = true;
    counters_task(&tasks->counters, tasks->trace, tasks->rows, event->core, 1, event->time_ps);
}

/* ---- it ends, and its end is seen ---- */

static void find_successors(struct recorder_tasks *tasks, const struct task_info *task, uint64_t at_ps)
{
    int64_t successor;

    for (uint32_t i = 0; i < task->fanout_count; i++) {
        uint64_t flow;

        if (!task_layout_successor(&tasks->layout, &tasks->memory, task, i, &successor))
            continue;
        flow = trace_new_flow(tasks->trace);
        if (arrows_add(&tasks->arrows, (uint64_t)successor, flow, at_ps))
            add_flow(tasks, flow);
    }
}

void tasks_end(struct recorder_tasks *tasks, const struct event *event)
{
    struct recorder_row *row = rows_of(tasks->rows, event->core);
    struct trace_arg args[] = {trace_arg_uint("cycles", core_cycles(event->core, event->time_ps - event->begin_ps)),
                               trace_arg_bool("more successors", true)};
    struct trace_event end = {.args = args, .arg_count = 1};
    uint32_t kernel = event->serial % CORE_ENDS;

    if (!row->task)
        return;
    rows_close_phases(tasks->rows, row, event->time_ps);
    tasks->flow_count = 0;
    row->ended[kernel] = row->has_info ? row->info.task_id : (int64_t)row->ordinal;
    row->ended_has_id[kernel] = row->has_info;
    if (row->has_info) {
        find_successors(tasks, &row->info, event->time_ps);
        end.arg_count += row->info.fanout_count > 0 && row->info.fanout_count == tasks->layout.fanout.count;
    }
    end.flows_out = tasks->flows;
    end.flow_out_count = tasks->flow_count;
    rows_close_task(tasks->rows, row, event->time_ps, &end, event->serial);
    row->task = false;
    counters_task(&tasks->counters, tasks->trace, tasks->rows, event->core, -1, event->time_ps);
}

/* An AICPU thread knows that the task has ended. */
void tasks_seen(struct recorder_tasks *tasks, const struct event *event)
{
    struct recorder_row *row = rows_of(tasks->rows, event->core);
    uint32_t kernel = event->serial % CORE_ENDS;
    struct thread_task task = {.core = event->core,
                               .id = row->ended[kernel],
                               .has_id = row->ended_has_id[kernel],
                               .delay_ps = event->time_ps - event->begin_ps};
    uint64_t begin_ps = event->issued_ps < event->begin_ps ? event->begin_ps : event->issued_ps;

    if (rows_waits(row, event->serial))
        task.flow = trace_new_flow(tasks->trace);
    if (!threads_completion(tasks->threads, event->by, begin_ps, event->time_ps, &task))
        task.flow = 0;
    rows_seen(tasks->rows, row, event->serial, task.flow);
}

/* ---- launches ---- */

void tasks_begin_launch(struct recorder_tasks *tasks)
{
    tasks->ordinal = 0;
}

void tasks_end_launch(struct recorder_tasks *tasks, uint64_t time_ps)
{
    counters_end_launch(&tasks->counters, tasks->trace, time_ps);
}

/* Tasks that did not begin after their producers had ended, in a launch that is over. */
static void end_arrows(struct recorder_tasks *tasks, trace_track_id host, uint64_t time_ps)
{
    uint64_t task = 0, ready_ps, flow;

    while (arrows_any(&tasks->arrows, &task)) {
        struct trace_arg arg = trace_arg_uint("task", task);
        struct trace_event text = {.name = "did not follow", .category = "edge", .args = &arg, .arg_count = 1};

        tasks->flow_count = 0;
        while ((flow = arrows_take(&tasks->arrows, task, &ready_ps)) != 0)
            add_flow(tasks, flow);
        text.flows_in = tasks->flows;
        text.flow_in_count = tasks->flow_count;
        trace_instant(tasks->trace, host, time_ps, &text);
    }
}

void tasks_flush(struct recorder_tasks *tasks, trace_track_id host, uint64_t time_ps)
{
    ready_end_launch(&tasks->ready, tasks->trace);
    end_arrows(tasks, host, time_ps);
    names_free(&tasks->names);
}

/* ---- from beginning to end ---- */

void tasks_modules(struct recorder_tasks *tasks, const void *aicore, size_t aicore_size, const void *aicpu,
                   size_t aicpu_size)
{
    uint64_t modules = (uint64_t)crc32_z(0, aicore, aicore_size) << 32 | crc32_z(0, aicpu, aicpu_size);

    if (modules == tasks->modules)
        return;
    tasks->modules = modules;
    if (!task_layout_find(aicore, aicore_size, &tasks->layout))
        task_layout_find(aicpu, aicpu_size, &tasks->layout);
}

struct recorder_tasks *tasks_new(struct trace *trace, struct chip_state *chip, const struct kernels *kernels,
                                 struct recorder_rows *rows, struct recorder_threads *threads)
{
    struct recorder_tasks *tasks = calloc(1, sizeof(*tasks));

    if (!tasks)
        return NULL;
    tasks->trace = trace;
    tasks->kernels = kernels;
    tasks->rows = rows;
    tasks->threads = threads;
    tasks->memory = (struct task_memory){.read = chip_read, .ctx = chip};
    return tasks;
}

void tasks_free(struct recorder_tasks *tasks)
{
    if (!tasks)
        return;
    ready_fini(&tasks->ready);
    arrows_fini(&tasks->arrows);
    names_free(&tasks->names);
    free(tasks->flows);
    free(tasks);
}
