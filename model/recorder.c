/* recorder.c - see recorder.h.
 *
 * A task's dependencies stand in it as a list of successors: at its end an arrow leaves for each, and waits under the
 * successor's id until that begins. Both happen in this order on every chip; if the successor never begins, the arrow
 * leads nowhere.
 *
 * A launch that was given up leaves slices open, on cores whose own clocks may be past the end of the launch. A core's
 * row never goes back: whatever follows on it begins at the earliest where the row ends.
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
#include "model/recorder_pipes.h"
#include "traces/trace.h"

/* One core. */
struct row {
    trace_track_id track; /* TRACE_NO_TRACK until the core runs */
    bool open;            /* it has a slice that has not ended */
    bool has_info;        /* of the task that is open */
    uint64_t latest_ps;   /* nothing on it begins earlier */
    struct task_info info;
};

struct recorder {
    struct event_sink sink; /* first, so that the sink is its recorder */
    struct chip_state *chip;
    const struct kernels *kernels;
    struct recorder *first, *joined; /* of several devices: a list that begins with the first */
    struct trace *trace;             /* one for all */
    trace_track_id host, groups[CORE_AICPU + 1];
    struct row *rows; /* a core each, as chip->cores */
    uint64_t modules; /* what the layout was looked for in */
    struct task_layout layout;
    struct task_memory memory;
    uint64_t ordinal; /* tasks begun in this launch */
    struct arrows arrows;
    struct recorder_pipes *pipes;
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

/* ---- rows ---- */

/* Its place among the cores of its kind. */
static int order_of(const struct recorder *recorder, const struct core *core)
{
    return core->number - (core->kind == CORE_AIV ? (int)recorder->chip->file.chip.clusters : 0);
}

static struct row *row_of(struct recorder *recorder, const struct core *core)
{
    struct row *row = &recorder->rows[core - recorder->chip->cores];

    if (row->track == TRACE_NO_TRACK)
        row->track = trace_track(recorder->trace, recorder->groups[core->kind], core->name, order_of(recorder, core));
    return row;
}

static trace_track_id track_of(struct recorder *recorder, const struct core *core)
{
    return core ? row_of(recorder, core)->track : recorder->host;
}

static uint64_t not_before(const struct row *row, uint64_t time_ps)
{
    return time_ps < row->latest_ps ? row->latest_ps : time_ps;
}

static void open_slice(struct recorder *recorder, struct row *row, uint64_t time_ps, const struct trace_event *what)
{
    row->latest_ps = not_before(row, time_ps);
    row->open = true;
    trace_begin(recorder->trace, row->track, row->latest_ps, what);
}

static void close_slice(struct recorder *recorder, struct row *row, uint64_t time_ps, const struct trace_event *what)
{
    row->latest_ps = not_before(row, time_ps);
    row->open = false;
    trace_end(recorder->trace, row->track, row->latest_ps, what);
}

/* ---- tasks ---- */

/* An image's number is its func_id + 1 (kernels_image). */
static int64_t func_of(const struct event *event)
{
    return (int64_t)event->image - 1;
}

/* The task that the kernel belongs to. One that claims to be of another kernel is none: the kernel was called with
 * something else that happens to look like a task's arguments. */
static void find_task(struct recorder *recorder, struct row *row, const struct event *event)
{
    row->has_info = task_layout_read(&recorder->layout, &recorder->memory, event->args, &row->info) &&
                    row->info.func_id == func_of(event);
}

static void name_task(const struct recorder *recorder, const struct event *event, char *name, size_t size)
{
    const struct kernel *kernel = kernels_of_image(recorder->kernels, event->image);

    if (kernel)
        snprintf(name, size, "%s", kernel->name);
    else
        snprintf(name, size, "kernel func %" PRId64, func_of(event));
}

static void begin_task(struct recorder *recorder, const struct event *event)
{
    struct row *row = row_of(recorder, event->core);
    struct trace_arg args[4];
    struct trace_event slice = {.category = "task", .args = args};
    char name[256];
    uint64_t flow;

    find_task(recorder, row, event);
    name_task(recorder, event, name, sizeof(name));
    slice.name = name;
    recorder->flow_count = 0;
    if (row->has_info)
        args[slice.arg_count++] = trace_arg_int("task", row->info.task_id);
    else
        args[slice.arg_count++] = trace_arg_uint("ordinal", recorder->ordinal);
    recorder->ordinal++;
    args[slice.arg_count++] = trace_arg_int("func", func_of(event));
    args[slice.arg_count++] = trace_arg_pointer("args", event->args);
    if (event->dispatched_ps && event->dispatched_ps <= event->time_ps)
        args[slice.arg_count++] =
            trace_arg_uint("dispatch to start, ns", (event->time_ps - event->dispatched_ps) / 1000);
    while (row->has_info && (flow = arrows_take(&recorder->arrows, (uint64_t)row->info.task_id)) != 0)
        add_flow(recorder, flow);
    slice.flows_in = recorder->flows;
    slice.flow_in_count = recorder->flow_count;
    open_slice(recorder, row, event->time_ps, &slice);
}

static void find_successors(struct recorder *recorder, const struct task_info *task)
{
    int64_t successor;

    recorder->flow_count = 0;
    for (uint32_t i = 0; i < task->fanout_count; i++) {
        uint64_t flow;

        if (!task_layout_successor(&recorder->layout, &recorder->memory, task, i, &successor))
            continue;
        flow = trace_new_flow(recorder->trace);
        if (arrows_add(&recorder->arrows, (uint64_t)successor, flow))
            add_flow(recorder, flow);
    }
}

static void end_task(struct recorder *recorder, const struct event *event)
{
    struct row *row = row_of(recorder, event->core);
    struct trace_arg cycles = trace_arg_uint("cycles", core_cycles(event->core, event->time_ps - event->begin_ps));
    struct trace_event end = {.args = &cycles, .arg_count = 1};

    if (!row->open)
        return;
    if (row->has_info) {
        find_successors(recorder, &row->info);
        end.flows_out = recorder->flows;
        end.flow_out_count = recorder->flow_count;
    }
    close_slice(recorder, row, event->time_ps, &end);
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
    struct trace_arg args[2] = {trace_arg_uint("launch", chip->launch), trace_arg_int("device", chip->device_id)};
    struct trace_event launch = {.name = "launch", .category = "host", .args = args};
    struct trace_event program = {.name = "program", .category = "program", .args = args, .arg_count = 1};

    launch.arg_count = is_one_of_many(recorder) ? 2 : 1;
    recorder->ordinal = 0;
    arrows_clear(&recorder->arrows);
    trace_begin(recorder->trace, recorder->host, event->time_ps, &launch);
    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        const struct core *core = &chip->cores[i];

        if (core->has_program && core->kind == CORE_AICPU)
            open_slice(recorder, row_of(recorder, core), core->launched_ps, &program);
        else if (core->has_program)
            row_of(recorder, core);
    }
}

static void end_launch(struct recorder *recorder, const struct event *event)
{
    struct trace_arg unfinished = trace_arg_bool("unfinished", true);
    struct trace_event end = {.args = &unfinished, .arg_count = 1};

    for (uint32_t i = 0; i < recorder->chip->aicores + recorder->chip->aicpus; i++)
        if (recorder->rows[i].open)
            close_slice(recorder, &recorder->rows[i], event->time_ps, &end);
    recorder_pipes_end_launch(recorder->pipes, event->time_ps);
    trace_end(recorder->trace, recorder->host, event->time_ps, NULL);
}

/* An AICPU thread's program has ended; one that device code created is heard of only now. */
static void end_program(struct recorder *recorder, const struct event *event)
{
    struct trace_event program = {.name = "thread", .category = "program"};
    struct row *row;

    if (event->core->kind != CORE_AICPU)
        return;
    row = row_of(recorder, event->core);
    if (!row->open)
        open_slice(recorder, row, event->begin_ps, &program);
    close_slice(recorder, row, event->time_ps, NULL);
}

static void tell_copy(struct recorder *recorder, const struct event *event)
{
    uint64_t took_ps = event->time_ps - event->begin_ps;
    struct trace_arg args[3] = {trace_arg_uint("bytes", event->bytes),
                                trace_arg_double("GB/s", took_ps ? (double)event->bytes * 1000 / (double)took_ps : 0),
                                trace_arg_int("device", recorder->chip->device_id)};
    struct trace_event copy = {.name = event->to_device ? "copy to device" : "copy from device",
                               .category = "copy",
                               .args = args,
                               .arg_count = is_one_of_many(recorder) ? 3 : 2};

    trace_slice(recorder->trace, recorder->host, event->begin_ps, event->time_ps, &copy);
}

static void tell_text(struct recorder *recorder, const struct event *event, const char *category)
{
    struct trace_arg level = trace_arg_int("level", event->level);
    struct trace_event text = {.name = event->text ? event->text : category,
                               .category = category,
                               .args = &level,
                               .arg_count = event->kind == EVENT_LOG};

    trace_instant(recorder->trace, track_of(recorder, event->core), event->time_ps, &text);
}

static void tell_pipes(struct recorder *recorder, const struct event *event)
{
    trace_track_id by = event->by ? row_of(recorder, event->by)->track : TRACE_NO_TRACK;

    recorder_pipes_event(recorder->pipes, event, row_of(recorder, event->core)->track, by);
}

static void on_event(struct event_sink *sink, const struct event *event)
{
    struct recorder *recorder = (struct recorder *)sink;

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
    case EVENT_LOG:
        tell_text(recorder, event, "log");
        break;
    case EVENT_STOP:
        tell_text(recorder, event, "stop");
        break;
    case EVENT_FINDING:
        tell_text(recorder, event, "finding");
        break;
    case EVENT_INSTR:
    case EVENT_SET:
    case EVENT_FLAG:
    case EVENT_CROSS:
        tell_pipes(recorder, event);
        break;
    case EVENT_TASK_SEEN: /* for statistics: a mark a task would double what the AICPU's rows hold */
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

/* Groups of a device beside the first: "dev1 AIC". */
static void add_group(struct recorder *recorder, enum core_kind kind, const char *name, int order)
{
    int device = recorder->chip->device_id;
    char text[32];

    if (recorder != recorder->first) {
        snprintf(text, sizeof(text), "dev%d %s", device, name);
        name = text;
        order += 3 * (1 + device);
    }
    recorder->groups[kind] = trace_process(recorder->trace, name, order);
}

static void add_groups(struct recorder *recorder)
{
    if (recorder == recorder->first)
        recorder->host = trace_track(recorder->trace, trace_process(recorder->trace, "Host", 0), "host", 0);
    else
        recorder->host = recorder->first->host;
    add_group(recorder, CORE_AICPU, "AICPU", 1);
    add_group(recorder, CORE_AIC, "AIC", 2);
    add_group(recorder, CORE_AIV, "AIV", 3);
}

static void recorder_free(struct recorder *recorder)
{
    recorder_pipes_free(recorder->pipes);
    free(recorder->rows);
    arrows_fini(&recorder->arrows);
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
    recorder->rows = calloc(chip->aicores + chip->aicpus, sizeof(*recorder->rows));
    recorder->pipes = recorder_pipes_new(trace, chip);
    if (!recorder->rows || !recorder->pipes) {
        recorder_free(recorder);
        return NULL;
    }
    recorder->first = first ? first : recorder;
    recorder->trace = trace;
    recorder->chip = chip;
    recorder->kernels = kernels;
    recorder->memory = (struct task_memory){.read = chip_read, .ctx = chip};
    recorder->sink.event = on_event;
    add_groups(recorder);
    chip_listen(chip, &recorder->sink);
    return recorder;
}

struct recorder *recorder_open(struct chip_state *chip, const struct kernels *kernels, const char *path, char *error,
                               size_t error_size)
{
    struct trace *trace = trace_open(path, error, error_size);
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
        recorder_pipes_end_launch(recorder->pipes, UINT64_MAX); /* the process may end in the middle of one */
        recorder_free(recorder);
        recorder = next;
    }
    return trace_close(trace, error, error_size);
}
