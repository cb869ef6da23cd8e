/* trace_fixture.h - a folder for one test's traces, and a small run to put into them. */
#ifndef DAV_TEST_TRACE_FIXTURE_H
#define DAV_TEST_TRACE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traces/trace.h"

static char folder[64];
static char error[512];

static const char *in_folder(const char *name)
{
    static char paths[4][128];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int files_in_folder(void)
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(entries));)
        count += entry->d_name[0] != '.';
    closedir(entries);
    return count;
}

static struct trace *open_trace(const char *path)
{
    struct trace *trace = trace_open(path, TRACE_PERFETTO, error, sizeof error);
    if (!trace)
        fail_msg("%s", error);
    return trace;
}

static void close_trace(struct trace *trace)
{
    if (trace_close(trace, error, sizeof error) != 0)
        fail_msg("%s", error);
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/test_trace-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* A run in small: two cores, a scheduler, a dependency, a counter. Ends with a task that never finishes. */
static void tell_run(struct trace *trace)
{
    trace_track_id scheduler = trace_process(trace, "AICPU", 0);
    trace_track_id thread = trace_track(trace, scheduler, "Sched_0", 0);
    trace_track_id cluster = trace_process(trace, "Cluster 0", 1);
    trace_track_id aic = trace_track(trace, cluster, "AIC_0", 0);
    trace_track_id aiv = trace_track(trace, cluster, "AIV_0", 1);
    trace_track_id pipe = trace_track(trace, aiv, "MTE2", 0);
    trace_track_id ready = trace_counter_track(trace, scheduler, "ready tasks", NULL, 2);

    uint64_t dispatch = trace_new_flow(trace), edge = trace_new_flow(trace);
    trace_begin(trace, thread, 1999, &(struct trace_event){.name = "dispatch", .category = "phase"});
    trace_instant(trace, thread, 2000,
                  &(struct trace_event){.name = "log", .flows_out = &dispatch, .flow_out_count = 1});
    trace_end(trace, thread, 3000, NULL);
    trace_counter(trace, ready, 3000, 2);
    trace_counter(trace, ready, 4000, 0.5);

    const struct trace_arg args[] = {trace_arg_uint("task", 7),           trace_arg_int("offset", -3),
                                     trace_arg_double("gbps", 1.5),       trace_arg_string("kernel", "add"),
                                     trace_arg_pointer("gm", 0x7f001000), trace_arg_bool("cold", true)};
    trace_slice(trace, aic, 4000, 9000, &(struct trace_event){"add", "task", args, 6, &edge, 1, &dispatch, 1});
    trace_slice(trace, aic, 4000, 6000, &(struct trace_event){.name = "load", .category = "pipe"});
    trace_slice(trace, aic, 6000, 9000, &(struct trace_event){.name = "compute", .category = "pipe"});

    const struct trace_arg again[] = {trace_arg_uint("task", 8), trace_arg_string("kernel", "add")};
    trace_begin(trace, aiv, 10000, &(struct trace_event){"add", "task", again, 2, NULL, 0, &edge, 1});
    trace_slice(trace, pipe, 10500, 12345, &(struct trace_event){.name = "load", .category = "pipe"});
}

#endif
