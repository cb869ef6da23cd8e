/* recorder.c - see recorder.h. Here is who hears of which event, and what is told of launches, copies and phases. */
#include "model/recorder.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/chip_state.h"
#include "model/recorder_detail.h"
#include "model/recorder_marks.h"
#include "model/recorder_memory.h"
#include "model/recorder_names.h"
#include "model/recorder_pipes.h"
#include "model/recorder_rows.h"
#include "model/recorder_tasks.h"
#include "model/recorder_threads.h"
#include "traces/trace.h"

struct recorder {
    struct event_sink sink; /* first, so that the sink is its recorder */
    struct chip_state *chip;
    struct recorder *first, *joined; /* of several devices: a list that begins with the first */
    struct trace *trace;             /* one for all */
    trace_track_id host;
    struct recorder_rows *rows;
    struct recorder_tasks *tasks;
    struct recorder_pipes *pipes;
    struct recorder_detail *detail;
    struct recorder_marks marks;
    struct recorder_threads *threads;
    struct recorder_names names; /* of device code's phases in this launch */
    struct recorder_memory *memory_curves;
};

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
    tasks_begin_launch(recorder->tasks);
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

static void end_launch(struct recorder *recorder, const struct event *event)
{
    struct trace_arg unfinished = trace_arg_bool("unfinished", true);
    struct trace_arg rest = trace_arg_uint("end ps", event->time_ps % 1000);
    struct trace_event end = {.args = &unfinished, .arg_count = 1}, over = {.args = &rest, .arg_count = 1};

    tasks_end_launch(recorder->tasks, event->time_ps);
    memory_end_launch(recorder->memory_curves, event->time_ps);
    threads_end_launch(recorder->threads, event->time_ps);
    rows_close_all(recorder->rows, event->time_ps, &end);
    recorder_pipes_end_launch(recorder->pipes, event->time_ps);
    tasks_flush(recorder->tasks, recorder->host, event->time_ps);
    names_free(&recorder->names); /* nothing is held back that has one */
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
        tasks_begin(recorder->tasks, event);
        break;
    case EVENT_TASK_END:
        tasks_end(recorder->tasks, event);
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
        tasks_seen(recorder->tasks, event);
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
    tasks_modules(recorder->tasks, aicore, aicore_size, aicpu, aicpu_size);
}

static void recorder_free(struct recorder *recorder)
{
    recorder_pipes_free(recorder->pipes);
    recorder_detail_free(recorder->detail);
    marks_fini(&recorder->marks);
    tasks_free(recorder->tasks);
    threads_free(recorder->threads);
    memory_free(recorder->memory_curves);
    rows_free(recorder->rows);
    names_free(&recorder->names);
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
    recorder->tasks = recorder->threads ? tasks_new(trace, chip, kernels, recorder->rows, recorder->threads) : NULL;
    if (!recorder->pipes || !recorder->detail || !recorder->tasks || !recorder->memory_curves) {
        recorder_free(recorder);
        return NULL;
    }
    recorder->first = first ? first : recorder;
    recorder->trace = trace;
    recorder->chip = chip;
    recorder->sink.event = on_event;
    chip_listen(chip, &recorder->sink);
    return recorder;
}

struct recorder *recorder_open(struct chip_state *chip, const struct kernels *kernels, const char *path,
                               enum trace_format format, char *error, size_t error_size)
{
    struct trace *trace = trace_open(path, format, error, error_size);
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

/* The process may end in the middle of one. */
static void leave_launch(struct recorder *recorder, uint64_t time_ps)
{
    threads_end_launch(recorder->threads, time_ps);
    recorder_pipes_end_launch(recorder->pipes, UINT64_MAX);
    rows_flush(recorder->rows);
    tasks_flush(recorder->tasks, recorder->host, time_ps);
    memory_end_launch(recorder->memory_curves, time_ps);
}

int recorder_close(struct recorder *recorder, char *error, size_t error_size)
{
    struct trace *trace = recorder->trace;

    while (recorder) {
        struct recorder *next = recorder->joined;

        announcer_forget(&recorder->chip->announcer, &recorder->sink);
        leave_launch(recorder, recorder->chip->clock.time);
        recorder_free(recorder);
        recorder = next;
    }
    return trace_close(trace, error, error_size);
}
