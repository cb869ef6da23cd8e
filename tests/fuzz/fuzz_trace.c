/* fuzz_trace.c - libFuzzer's way into traces/reader.h: any bytes are refused with a line, or are a timeline whose
 * indices are in bounds, which can be reported and can be written. What is read comes from good traces that are
 * changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/report_holds.h"
#include "traces/reader.h"
#include "traces/timeline_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room); /* libFuzzer's own */

static void need(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void look_at(const struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->slice_count; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        need(slice->row < timeline->row_count, "a slice is on a row");
        need(slice->begin_ns <= slice->end_ns, "a slice ends behind its begin");
        need(slice->parent == TRACE_NONE || slice->parent < i, "a slice comes after the one around it");
        need((size_t)slice->first_arg + slice->arg_count <= timeline->arg_count, "arguments are there");
        timeline_begin_ps(timeline, slice);
    }
    for (size_t i = 0; i < timeline->row_count; i++)
        need(timeline->rows[i].parent == TRACE_NONE || timeline->rows[i].parent < i, "a row comes after its parent");
    for (size_t i = 0; i < timeline->flow_count; i++)
        need(timeline->flows[i].from < timeline->slice_count || timeline->flows[i].to < timeline->slice_count,
             "an arrow has an end");
}

/* In the other formats' ways of telling it. */
static void write_again(const struct timeline *timeline, enum trace_format format)
{
    char path[64], error[512];
    snprintf(path, sizeof path, "/tmp/fuzz_trace-%ld", (long)getpid());
    struct trace *trace = trace_open(path, format, error, sizeof error);
    struct timeline_part part = TIMELINE_ALL;
    part.from_ns = format == TRACE_JSON ? 5 : 0;
    need(trace && timeline_write(timeline, &part, trace) >= 0, "a timeline can be written");
    trace_abandon(trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64], error[512] = "";
    static struct timeline_faults faults;
    int fd = memfd_create("trace", MFD_CLOEXEC);
    need(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "there is memory");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct timeline *timeline = timeline_inspect(path, &faults, error, sizeof error);
    need(timeline || *error, "what is refused has a line");
    if (timeline) {
        look_at(timeline);
        const char *wrong = report_holds(timeline);
        need(!wrong, wrong);
        write_again(timeline, bytes[0] == '{' ? TRACE_PERFETTO : TRACE_JSON);
    }
    timeline_free(timeline);
    close(fd);
    return 0;
}

/* A launch with two tasks, as the recorder tells it. */
static void add_run(struct trace *trace)
{
    trace_track_id group = trace_process(trace, "AICPU Scheduler", 1), host = trace_track(trace, group, "host", 0);
    trace_track_id thread = trace_track(trace, group, "Sched_0", 1);
    uint64_t edge = trace_new_flow(trace);
    trace_slice(trace, host, 0, 90000, &(struct trace_event){.name = "launch", .category = "launch"});
    for (int i = 0; i < 2; i++) {
        uint64_t begin_ps = 20000 + 30000 * (uint64_t)i, given = trace_new_flow(trace), seen = trace_new_flow(trace);
        struct trace_arg id = trace_arg_int("task", i);
        trace_track_id core = trace_track(trace, group, i ? "AIV_1" : "AIC_0", 2 + i);
        trace_slice(trace, thread, begin_ps - 5000, begin_ps - 4000,
                    &(struct trace_event){
                        .name = "dispatch", .category = "dispatch", .flows_out = &given, .flow_out_count = 1});
        uint64_t in[] = {given, edge}, out[] = {seen, edge};
        trace_slice(trace, core, begin_ps, begin_ps + 10000,
                    &(struct trace_event){"kernel", "task", &id, 1, out, 2u - (size_t)i, in, 1u + (size_t)i});
        trace_slice(trace, thread, begin_ps + 11000, begin_ps + 12000,
                    &(struct trace_event){
                        .name = "completion", .category = "completion", .flows_in = &seen, .flow_in_count = 1});
    }
}

/* A trace with something of everything. */
static size_t good_trace(uint8_t *bytes, size_t room, enum trace_format format)
{
    char path[64], error[512];
    snprintf(path, sizeof path, "/tmp/fuzz_trace-%ld", (long)getpid());
    struct trace *trace = trace_open(path, format, error, sizeof error);
    need(trace != NULL, "a trace can be written");
    trace_track_id group = trace_process(trace, "Cluster 0", 0), row = trace_track(trace, group, "AIC_0", 0);
    trace_track_id below = trace_track(trace, row, "M", 0), curve = trace_counter_track(trace, group, "c", "bytes", 1);
    uint64_t flow = trace_new_flow(trace), other = trace_new_flow(trace);
    struct trace_arg args[] = {trace_arg_int("i", -1), trace_arg_double("d", 0.5), trace_arg_string("s", "text"),
                               trace_arg_pointer("p", 4096), trace_arg_uint("end ps", 7)};
    trace_begin(trace, row, 1000, &(struct trace_event){"task", "task", args, 5, &flow, 1, NULL, 0});
    trace_slice(trace, below, 2000, 3000,
                &(struct trace_event){.name = "inner", .flows_in = &flow, .flow_in_count = 1});
    trace_end(trace, row, 9000, &(struct trace_event){.args = args, .arg_count = 1});
    trace_instant(trace, row, 4000, &(struct trace_event){.name = "log", .flows_out = &other, .flow_out_count = 1});
    trace_instant(trace, below, 5000, &(struct trace_event){.name = "log", .flows_in = &other, .flow_in_count = 1});
    add_run(trace);
    trace_counter(trace, curve, 4000, 2);
    trace_counter(trace, curve, 6000, 0.25);
    need(trace_close(trace, error, sizeof error) == 0, "a trace can be closed");
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(bytes, 1, room, file) : 0;
    if (file)
        fclose(file);
    unlink(path);
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    if (size < 8 || seed % 512 == 0)
        size = good_trace(bytes, room, seed / 512 % 2 ? TRACE_JSON : TRACE_PERFETTO);
    return LLVMFuzzerMutate(bytes, size, room);
}
