/* recorder.c - see recorder.h.
 *
 * A task's dependencies stand in it as a list of successors: at its end an arrow leaves for each, and waits under the
 * successor's id until that begins. Both happen in this order on every chip; if the successor never begins, the arrow
 * leads nowhere.
 */
#include "model/recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "model/arrows.h"
#include "model/chip_state.h"
#include "model/embed/task_layout.h"
#include "model/kernels.h"
#include "model/recorder_counters.h"
#include "model/recorder_detail.h"
#include "model/recorder_marks.h"
#include "model/recorder_memory.h"
#include "model/recorder_names.h"
#include "model/recorder_pipes.h"
#include "model/recorder_ready.h"
#include "model/recorder_rows.h"
#include "model/recorder_threads.h"
#include "traces/trace.h"

struct recorder {
    struct event_sink sink; /* first, so that the sink is its recorder */
    struct chip_state *chip;
    const struct kernels *kernels;
    struct recorder *first, *joined; /* of several devices: a list that begins with the first */
    struct trace *trace;             /* one for all */
    trace_track_id host;
    struct recorder_rows *rows;
    uint64_t modules; /* what the layout was looked for in */
    struct task_layout layout;
    struct task_memory memory;
    uint64_t ordinal; /* tasks begun in this launch */
    struct arrows arrows;
    struct recorder_pipes *pipes;
    struct recorder_detail *detail;
    struct recorder_marks marks;
    struct recorder_threads *threads;
    struct recorder_counters counters;
    struct recorder_names names;
    struct recorder_ready ready;
    struct recorder_memory *memory_curves;
    uint64_t *flows; /* of the event that is being told */
    size_t flow_count, flow_capacity;
};

static void add_flow(struct recorder *recorder, uint64_t flow)
{
    if (recorder->flow_count == recorder->flow_capacity) {
        size_t capacity = recorder->flow_capacity ? 2 * recorder->flow_capacity : 64;
        uint64_t *grown = realloc(recorder->flows, capacity * sizeof(*grown));

        if (!grown)
            return;
        recorder->flows = grown;
        recorder->flow_capacity = capacity;
    }
    recorder->flows[recorder->flow_count++] = flow;
}

/* ---- tasks ---- */

/* An image's number is its func_id + 1 (kernels_image). */
static int64_t func_of(const struct event *event)
{
    return (int64_t)event->image - 1;
}

/* The task that the kernel belongs to. One that claims to be of another kernel is none: the kernel was called with
 * something else that happens to look like a task's arguments. */
static void find_task(struct recorder *recorder, struct recorder_row *row, const struct event *event)
{
    row->has_info = task_layout_read(&recorder->layout, &recorder->memory, event->args, &row->info) &&
                    row->info.func_id == func_of(event);
}

static const char *name_of(struct recorder *recorder, const struct event *event)
{
    const struct kernel *kernel = kernels_of_image(recorder->kernels, event->image);
    char name[48];

    if (kernel)
        return kernel->name;
    snprintf(name, sizeof(name), "kernel func %" PRId64, func_of(event));
    return names_keep(&recorder->names, name);
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
static uint64_t dispatch(struct recorder *recorder, const struct recorder_row *row, const struct event *event)
{
    struct thread_task task = task_of(row, event, event->time_ps - event->dispatched_ps);

    if (!event->by || event->dispatched_ps / 1000 >= event->time_ps / 1000)
        return 0;
    task.flow = trace_new_flow(recorder->trace);
    return threads_dispatch(recorder->threads, event->by, event->dispatched_ps, event->visible_ps, &task) ? task.flow
                                                                                                          : 0;
}

static void begin_task(struct recorder *recorder, const struct event *event)
{
    struct recorder_row *row = rows_of(recorder->rows, event->core);
    struct trace_arg args[8];
    struct trace_event slice = {.name = name_of(recorder, event), .category = "task", .args = args};
    uint64_t flow, ready_ps, latest_ps = 0;

    find_task(recorder, row, event);
    row->ordinal = recorder->ordinal;
    recorder->flow_count = 0;
    if (row->has_info)
        args[slice.arg_count++] = trace_arg_int("task", row->info.task_id);
    else
        args[slice.arg_count++] = trace_arg_uint("ordinal", recorder->ordinal);
    recorder->ordinal++;
    args[slice.arg_count++] = trace_arg_int("func", func_of(event));
    args[slice.arg_count++] = trace_arg_pointer("args", event->args);
    args[slice.arg_count++] = trace_arg_string("core", event->core->name);
    args[slice.arg_count++] = trace_arg_uint("cycle", core_cycles(event->core, event->time_ps));
    flow = dispatch(recorder, row, event);
    if (flow)
        add_flow(recorder, flow);
    while (row->has_info && (flow = arrows_take(&recorder->arrows, (uint64_t)row->info.task_id, &ready_ps)) != 0) {
        add_flow(recorder, flow);
        latest_ps = ready_ps > latest_ps ? ready_ps : latest_ps;
    }
    if (latest_ps) {
        args[slice.arg_count++] = trace_arg_uint("ready to start, ps", event->time_ps - latest_ps);
        ready_task(&recorder->ready, recorder->trace, recorder->rows, latest_ps, event->time_ps);
    }
    slice.flows_in = recorder->flows;
    slice.flow_in_count = recorder->flow_count;
    rows_open(recorder->rows, row, event->time_ps, &slice);
    row->task = true;
    counters_task(&recorder->counters, recorder->trace, recorder->rows, event->core, 1, event->time_ps);
}

static void find_successors(struct recorder *recorder, const struct task_info *task, uint64_t at_ps)
{
    int64_t successor;

    for (uint32_t i = 0; i < task->fanout_count; i++) {
        uint64_t flow;

        if (!task_layout_successor(&recorder->layout, &recorder->memory, task, i, &successor))
            continue;
        flow = trace_new_flow(recorder->trace);
        if (arrows_add(&recorder->arrows, (uint64_t)successor, flow, at_ps))
            add_flow(recorder, flow);
    }
}

static void end_task(struct recorder *recorder, const struct event *event)
{
    struct recorder_row *row = rows_of(recorder->rows, event->core);
    struct trace_arg args[] = {trace_arg_uint("cycles", core_cycles(event->core, event->time_ps - event->begin_ps)),
                               trace_arg_bool("more successors", true)};
    struct trace_event end = {.args = args, .arg_count = 1};
    uint32_t kernel = event->serial % CORE_ENDS;

    if (!row->task)
        return;
    rows_close_phases(recorder->rows, row, event->time_ps);
    recorder->flow_count = 0;
    row->ended[kernel] = row->has_info ? row->info.task_id : (int64_t)row->ordinal;
    row->ended_has_id[kernel] = row->has_info;
    if (row->has_info) {
        find_successors(recorder, &row->info, event->time_ps);
        end.arg_count += row->info.fanout_count > 0 && row->info.fanout_count == recorder->layout.fanout.count;
    }
    end.flows_out = recorder->flows;
    end.flow_out_count = recorder->flow_count;
    rows_close_task(recorder->rows, row, event->time_ps, &end, event->serial);
    row->task = false;
    counters_task(&recorder->counters, recorder->trace, recorder->rows, event->core, -1, event->time_ps);
}

/* An AICPU thread knows that the task has ended. */
static void see_task(struct recorder *recorder, const struct event *event)
{
    struct recorder_row *row = rows_of(recorder->rows, event->core);
    uint32_t kernel = event->serial % CORE_ENDS;
    struct thread_task task = {.core = event->core,
                               .id = row->ended[kernel],
                               .has_id = row->ended_has_id[kernel],
                               .delay_ps = event->time_ps - event->begin_ps};
    uint64_t begin_ps = event->issued_ps < event->begin_ps ? event->begin_ps : event->issued_ps;

    if (rows_waits(row, event->serial))
        task.flow = trace_new_flow(recorder->trace);
    if (!threads_completion(recorder->threads, event->by, begin_ps, event->time_ps, &task))
        task.flow = 0;
    rows_seen(recorder->rows, row, event->serial, task.flow);
}

/* ---- launches ---- */

/* What the host does is on one row, whichever the device. */
static bool is_one_of_many(const struct recorder *recorder)
{
    return recorder->first->joined != NULL;
}

static void begin_launch(struct recorder *recorder, const struct event *event)
{
    const struct chip_state *chip = recorder->chip;
    struct trace_arg args[3] = {trace_arg_uint("launch", chip->launch),
                                trace_arg_uint("begin ps", event->time_ps % 1000),
                                trace_arg_int("device", chip->device_id)};
    struct trace_event launch = {.name = "launch", .category = "launch", .args = args};

    launch.arg_count = is_one_of_many(recorder) ? 3 : 2;
    recorder->ordinal = 0;
    trace_begin(recorder->trace, recorder->host, event->time_ps, &launch);
    memory_begin_launch(recorder->memory_curves, event->time_ps);
    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        const struct core *core = &chip->cores[i];
        struct trace_event program = {.name = "aicore_execute", .category = "program"};

        if (core->has_program && core->kind == CORE_AICPU)
            threads_begin(recorder->threads, core, core->launched_ps, "aicpu_execute");
        else if (core->has_program) {
            rows_open(recorder->rows, rows_of(recorder->rows, core), core->launched_ps, &program);
            rows_of(recorder->rows, core)->program = true;
        }
    }
}

/* Tasks that did not begin after their producers had ended, in a launch that is over. */
static void end_arrows(struct recorder *recorder, uint64_t time_ps)
{
    uint64_t task = 0, ready_ps, flow;

    while (arrows_any(&recorder->arrows, &task)) {
        struct trace_arg arg = trace_arg_uint("task", task);
        struct trace_event text = {.name = "did not follow", .category = "edge", .args = &arg, .arg_count = 1};

        recorder->flow_count = 0;
        while ((flow = arrows_take(&recorder->arrows, task, &ready_ps)) != 0)
            add_flow(recorder, flow);
        text.flows_in = recorder->flows;
        text.flow_in_count = recorder->flow_count;
        trace_instant(recorder->trace, recorder->host, time_ps, &text);
    }
}

static void end_launch(struct recorder *recorder, const struct event *event)
{
    struct trace_arg unfinished = trace_arg_bool("unfinished", true);
    struct trace_arg rest = trace_arg_uint("end ps", event->time_ps % 1000);
    struct trace_event end = {.args = &unfinished, .arg_count = 1}, over = {.args = &rest, .arg_count = 1};

    counters_end_launch(&recorder->counters, recorder->trace, event->time_ps);
    ready_end_launch(&recorder->ready, recorder->trace);
    memory_end_launch(recorder->memory_curves, event->time_ps);
    threads_end_launch(recorder->threads, event->time_ps);
    rows_close_all(recorder->rows, event->time_ps, &end);
    recorder_pipes_end_launch(recorder->pipes, event->time_ps);
    end_arrows(recorder, event->time_ps);
    trace_end(recorder->trace, recorder->host, event->time_ps, &over);
}

/* An AICPU thread that device code created may be heard of only now. */
static void end_program(struct recorder *recorder, const struct event *event)
{
    struct recorder_row *row = rows_of(recorder->rows, event->core);

    if (event->core->kind == CORE_AICPU) {
        threads_end(recorder->threads, event->core, event->begin_ps, event->time_ps);
    } else if (row->program) {
        rows_close_phases(recorder->rows, row, event->time_ps);
        rows_close(recorder->rows, row, event->time_ps, &(struct trace_event){0});
        row->program = false;
    }
}

static void tell_wait(struct recorder *recorder, const struct event *event)
{
    static const char *const what[] = {
        [SYNC_NOTHING] = "sleep",    [SYNC_LOCK] = "lock",           [SYNC_CONDITION] = "condition",
        [SYNC_ONCE] = "once",        [SYNC_JOIN] = "join",           [SYNC_READ] = "read lock",
        [SYNC_WRITE] = "write lock", [SYNC_SEMAPHORE] = "semaphore", [SYNC_BARRIER] = "barrier"};

    threads_wait(recorder->threads, event->core, event->begin_ps, event->time_ps, "waiting", what[event->level]);
}

/* A core that polled in vain. */
static void tell_park(struct recorder *recorder, const struct event *event)
{
    struct trace_event slice = {.name = "parked", .category = "wait"};
    struct recorder_row *row = rows_of(recorder->rows, event->core);

    if (event->core->kind == CORE_AICPU) {
        threads_wait(recorder->threads, event->core, event->begin_ps, event->time_ps, slice.name, NULL);
    } else if (event->begin_ps >= row->latest_ps) {
        rows_open(recorder->rows, row, event->begin_ps, &slice);
        rows_close(recorder->rows, row, event->time_ps, &(struct trace_event){0});
    }
}

/* Phases that device code tells of. */
static void tell_phase(struct recorder *recorder, const struct event *event)
{
    const char *name = event->text ? names_keep(&recorder->names, event->text) : NULL;
    struct trace_event slice = {.name = name, .category = "user"};
    struct recorder_row *row = rows_of(recorder->rows, event->core);

    if (event->text && !name)
        return;
    if (event->core->kind == CORE_AICPU) {
        threads_phase(recorder->threads, event->core, event->time_ps, name);
    } else if (name) {
        rows_open(recorder->rows, row, event->time_ps, &slice);
        row->phases++;
    } else if (row->phases) {
        rows_close(recorder->rows, row, event->time_ps, &(struct trace_event){0});
        row->phases--;
    }
}

static void tell_copy(struct recorder *recorder, const struct event *event)
{
    uint64_t took_ps = event->time_ps - event->begin_ps;
    struct trace_arg args[5] = {trace_arg_uint("bytes", event->bytes),
                                trace_arg_double("GB/s", took_ps ? (double)event->bytes * 1000 / (double)took_ps : 0),
                                trace_arg_uint("begin ps", event->begin_ps % 1000),
                                trace_arg_uint("end ps", event->time_ps % 1000),
                                trace_arg_int("device", recorder->chip->device_id)};
    struct trace_event copy = {.name = event->to_device ? "copy to device" : "copy from device",
                               .category = "copy",
                               .args = args,
                               .arg_count = is_one_of_many(recorder) ? 5 : 4};

    trace_slice(recorder->trace, recorder->host, event->begin_ps, event->time_ps, &copy);
}

static trace_track_id track_of(struct recorder *recorder, const struct core *core)
{
    return core ? rows_of(recorder->rows, core)->track : recorder->host;
}

static void tell_pipes(struct recorder *recorder, const struct event *event)
{
    trace_track_id by = event->by ? rows_of(recorder->rows, event->by)->track : TRACE_NO_TRACK;

    recorder_pipes_event(recorder->pipes, event, rows_of(recorder->rows, event->core)->track, by);
}

static void on_event(struct event_sink *sink, const struct event *event)
{
    struct recorder *recorder = (struct recorder *)sink;

    memory_write(recorder->memory_curves, event->time_ps);
    switch (event->kind) {
    case EVENT_LAUNCH_BEGIN:
        begin_launch(recorder, event);
        break;
    case EVENT_LAUNCH_END:
        end_launch(recorder, event);
        break;
    case EVENT_PROGRAM:
        end_program(recorder, event);
        break;
    case EVENT_TASK_BEGIN:
        begin_task(recorder, event);
        break;
    case EVENT_TASK_END:
        end_task(recorder, event);
        break;
    case EVENT_COPY:
        tell_copy(recorder, event);
        break;
    case EVENT_STOP:
        memory_end_launch(recorder->memory_curves, event->time_ps);
        marks_tell(&recorder->marks, recorder->trace, recorder->host, event);
        break;
    case EVENT_LOG:
    case EVENT_FAULT:
    case EVENT_FINDING:
        marks_tell(&recorder->marks, recorder->trace, track_of(recorder, event->core), event);
        break;
    case EVENT_INSTR:
    case EVENT_SET:
    case EVENT_FLAG:
    case EVENT_CROSS:
    case EVENT_BARRIER:
        tell_pipes(recorder, event);
        break;
    case EVENT_SCALAR:
    case EVENT_CACHE:
        recorder_detail_event(recorder->detail, event, track_of(recorder, event->core));
        break;
    case EVENT_TASK_SEEN:
        see_task(recorder, event);
        break;
    case EVENT_HANDED:
        threads_handed(recorder->threads, event->by, event->begin_ps);
        break;
    case EVENT_WAIT:
        tell_wait(recorder, event);
        break;
    case EVENT_PARK:
        tell_park(recorder, event);
        break;
    case EVENT_PHASE:
        tell_phase(recorder, event);
        break;
    }
}

/* ---- from beginning to end ---- */

void recorder_modules(struct recorder *recorder, const void *aicore, size_t aicore_size, const void *aicpu,
                      size_t aicpu_size)
{
    uint64_t modules = (uint64_t)crc32_z(0, aicore, aicore_size) << 32 | crc32_z(0, aicpu, aicpu_size);

    if (modules == recorder->modules)
        return;
    recorder->modules = modules;
    if (!task_layout_find(aicore, aicore_size, &recorder->layout))
        task_layout_find(aicpu, aicpu_size, &recorder->layout);
}

static void recorder_free(struct recorder *recorder)
{
    recorder_pipes_free(recorder->pipes);
    recorder_detail_free(recorder->detail);
    marks_fini(&recorder->marks);
    threads_free(recorder->threads);
    memory_free(recorder->memory_curves);
    ready_fini(&recorder->ready);
    rows_free(recorder->rows);
    arrows_fini(&recorder->arrows);
    names_free(&recorder->names);
    free(recorder->flows);
    free(recorder);
}

/* Into @trace, whose first recorder is @first or, if NULL, this one. */
static struct recorder *recorder_new(struct chip_state *chip, const struct kernels *kernels, struct trace *trace,
                                     struct recorder *first)
{
    struct recorder *recorder = calloc(1, sizeof(*recorder));

    if (!recorder)
        return NULL;
    recorder->host = first ? first->host : trace_track(trace, trace_process(trace, "Host", 0), "host", 0);
    recorder->rows = rows_new(trace, chip, first != NULL);
    recorder->pipes = recorder_pipes_new(trace, chip);
    recorder->detail = recorder_detail_new(trace, chip);
    recorder->threads = recorder->rows ? threads_new(trace, chip, recorder->rows) : NULL;
    recorder->memory_curves = recorder->rows ? memory_new(trace, chip, recorder->rows) : NULL;
    if (!recorder->rows || !recorder->pipes || !recorder->detail || !recorder->threads || !recorder->memory_curves) {
        recorder_free(recorder);
        return NULL;
    }
    recorder->first = first ? first : recorder;
    recorder->trace = trace;
    recorder->chip = chip;
    recorder->kernels = kernels;
    recorder->memory = (struct task_memory){.read = chip_read, .ctx = chip};
    recorder->sink.event = on_event;
    chip_listen(chip, &recorder->sink);
    return recorder;
}

struct recorder *recorder_open(struct chip_state *chip, const struct kernels *kernels, const char *path,
                               enum trace_format format, char *error, size_t error_size)
{
    struct trace *trace = trace_open_as(path, format, error, error_size);
    struct recorder *recorder;

    if (!trace)
        return NULL;
    recorder = recorder_new(chip, kernels, trace, NULL);
    if (!recorder) {
        snprintf(error, error_size, "trace '%s': out of memory", path);
        trace_abandon(trace);
    }
    return recorder;
}

struct recorder *recorder_join(struct recorder *first, struct chip_state *chip, const struct kernels *kernels)
{
    struct recorder *recorder = recorder_new(chip, kernels, first->trace, first);

    if (recorder) {
        recorder->joined = first->joined;
        first->joined = recorder;
    }
    return recorder;
}

int recorder_close(struct recorder *recorder, char *error, size_t error_size)
{
    struct trace *trace = recorder->trace;

    while (recorder) {
        struct recorder *next = recorder->joined;

        announcer_forget(&recorder->chip->announcer, &recorder->sink);
        threads_end_launch(recorder->threads,
                           recorder->chip->clock.time); /* the process may end in the middle of one */
        recorder_pipes_end_launch(recorder->pipes, UINT64_MAX);
        rows_flush(recorder->rows);
        end_arrows(recorder, recorder->chip->clock.time);
        ready_end_launch(&recorder->ready, recorder->trace);
        memory_end_launch(recorder->memory_curves, recorder->chip->clock.time);
        recorder_free(recorder);
        recorder = next;
    }
    return trace_close(trace, error, error_size);
}
