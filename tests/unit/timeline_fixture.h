/* timeline_fixture.h - traces of scheduling for tests, written through trace.h as the recorder does and read back.
 *
 * A test says what happens on whole launches, schedulers and cores in picoseconds, in order of time on each row; rows
 * and arrows follow from it.
 */
#ifndef DAV_TEST_TIMELINE_FIXTURE_H
#define DAV_TEST_TIMELINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "traces/reader.h"
#include "traces/trace.h"

enum { FIX_TASKS = 64, FIX_CORES = 8, FIX_EDGES = 256 };

/* A task; the moments that are 0 are not in the trace. */
struct fix_task {
    int id, core;
    const char *kernel;
    uint64_t dispatched_ps, begin_ps, end_ps, seen_ps;
};

static struct trace *fix_trace;
static trace_track_id fix_host, fix_scheduler, fix_cores[FIX_CORES];
static char fix_path[64];
static uint64_t fix_flows_in[FIX_TASKS][FIX_EDGES], fix_flows_out[FIX_TASKS][FIX_EDGES];
static size_t fix_in[FIX_TASKS], fix_out[FIX_TASKS];
static const char *fix_flags[FIX_TASKS]; /* an argument that is true, or NULL */
static int fix_second;                   /* cores from this one on are of device 1; 0: none */

static void fix_begin(void)
{
    char error[256];
    static int number;

    memset(fix_in, 0, sizeof(fix_in));
    memset(fix_out, 0, sizeof(fix_out));
    memset(fix_flags, 0, sizeof(fix_flags));
    snprintf(fix_path, sizeof(fix_path), "/tmp/davsim-test-timeline-%d-%d", (int)getpid(), number++);
    fix_trace = trace_open(fix_path, TRACE_PERFETTO, error, sizeof(error));
    if (!fix_trace)
        fail_msg("%s", error);
    fix_host = trace_track(fix_trace, trace_process(fix_trace, "Host", 0), "host", 0);
    fix_scheduler = trace_track(fix_trace, trace_process(fix_trace, "AICPU Scheduler", 1), "Sched_0", 0);
    for (int i = 0; i < FIX_CORES; i++) {
        bool second = fix_second && i >= fix_second;
        char name[32];

        snprintf(name, sizeof(name), "%sCluster %d", second ? "dev1 " : "", i);
        trace_track_id group = trace_process(fix_trace, name, 2 + i);
        snprintf(name, sizeof(name), "%sAIV_%d", second ? "dev1." : "", 2 * i);
        fix_cores[i] = trace_track(fix_trace, group, name, 0);
    }
}

static void fix_slice_with(trace_track_id row, const char *name, const char *category, uint64_t begin_ps,
                           uint64_t end_ps, struct trace_event event)
{
    struct trace_arg args[8];

    for (size_t i = 0; i < event.arg_count; i++)
        args[i] = event.args[i];
    args[event.arg_count++] = trace_arg_uint("begin ps", begin_ps % 1000);
    args[event.arg_count++] = trace_arg_uint("end ps", end_ps % 1000);
    event.args = args;
    event.name = name;
    event.category = category;
    trace_slice(fix_trace, row, begin_ps, end_ps, &event);
}

static void fix_slice(trace_track_id row, const char *name, const char *category, uint64_t begin_ps, uint64_t end_ps)
{
    fix_slice_with(row, name, category, begin_ps, end_ps, (struct trace_event){0});
}

static void fix_launch(uint64_t begin_ps, uint64_t end_ps)
{
    fix_slice(fix_host, "launch", "launch", begin_ps, end_ps);
}

static inline void fix_launch_of(int device, uint64_t begin_ps, uint64_t end_ps)
{
    struct trace_arg number = trace_arg_int("device", device);

    fix_slice_with(fix_host, "launch", "launch", begin_ps, end_ps,
                   (struct trace_event){.args = &number, .arg_count = 1});
}

/* Task @task has the argument @flag. To be said before the tasks. */
static inline void fix_flag(int task, const char *flag)
{
    fix_flags[task] = flag;
}

/* Task @from is before task @to; both are indices. To be said before the tasks. */
static void fix_edge(int from, int to)
{
    uint64_t flow = trace_new_flow(fix_trace);

    fix_flows_out[from][fix_out[from]++] = flow;
    fix_flows_in[to][fix_in[to]++] = flow;
}

/* A slice of 1 ps at a time on the scheduler's row: dispatches and completions come sorted by time. */
struct fix_moment {
    uint64_t time_ps, flow;
    int dispatch;
};

static int fix_by_time(const void *a, const void *b)
{
    const struct fix_moment *left = a, *right = b;

    if (left->time_ps != right->time_ps)
        return left->time_ps < right->time_ps ? -1 : 1;
    return (left->flow > right->flow) - (left->flow < right->flow);
}

/* All tasks of the trace. What the scheduler does takes no time: a dispatch is at its begin, a completion at its end.
 */
static void fix_tasks(const struct fix_task *tasks, int count)
{
    struct fix_moment moments[2 * FIX_TASKS];
    int moment_count = 0;

    for (int i = 0; i < count; i++) {
        if (tasks[i].dispatched_ps) {
            moments[moment_count] = (struct fix_moment){tasks[i].dispatched_ps, trace_new_flow(fix_trace), 1};
            fix_flows_in[i][fix_in[i]++] = moments[moment_count++].flow;
        }
        if (tasks[i].seen_ps) {
            moments[moment_count] = (struct fix_moment){tasks[i].seen_ps, trace_new_flow(fix_trace), 0};
            fix_flows_out[i][fix_out[i]++] = moments[moment_count++].flow;
        }
    }
    qsort(moments, (size_t)moment_count, sizeof(*moments), fix_by_time);
    for (int i = 0; i < moment_count; i++) {
        struct trace_event event = {0};

        *(moments[i].dispatch ? &event.flows_out : &event.flows_in) = &moments[i].flow;
        *(moments[i].dispatch ? &event.flow_out_count : &event.flow_in_count) = 1;
        fix_slice_with(fix_scheduler, moments[i].dispatch ? "dispatch" : "completion",
                       moments[i].dispatch ? "dispatch" : "completion", moments[i].time_ps, moments[i].time_ps, event);
    }
    for (int i = 0; i < count; i++) {
        struct trace_arg args[2] = {trace_arg_int("task", tasks[i].id)};
        size_t arg_count = tasks[i].id >= 0;

        if (fix_flags[i])
            args[arg_count++] = trace_arg_bool(fix_flags[i], true);
        struct trace_event event = {.args = args,
                                    .arg_count = arg_count,
                                    .flows_in = fix_flows_in[i],
                                    .flow_in_count = fix_in[i],
                                    .flows_out = fix_flows_out[i],
                                    .flow_out_count = fix_out[i]};

        fix_slice_with(fix_cores[tasks[i].core], tasks[i].kernel, "task", tasks[i].begin_ps, tasks[i].end_ps, event);
    }
}

static struct timeline *fix_read(void)
{
    char error[256];
    struct timeline *timeline;

    if (trace_close(fix_trace, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    timeline = timeline_read(fix_path, error, sizeof(error));
    unlink(fix_path);
    if (!timeline)
        fail_msg("%s", error);
    return timeline;
}

#endif
