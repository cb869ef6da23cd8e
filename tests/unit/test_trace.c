/* test_trace.c - traces are written, then read back through the schema; what was told must be what is read.
 *
 * trace_reading.h resolves interned strings the way any Perfetto reader does, so a wrong table entry shows as a wrong
 * name. `protoc --decode` is the second, independent reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/trace_fixture.h"
#include "tests/unit/trace_reading.h"
#include "traces/intern.h"
#include "traces/reader.h"

/* ---- what is told is what is read ---- */

static void tracks_form_a_tree(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("run.pftrace"));
    tell_run(trace);
    close_trace(trace);
    read_trace(in_folder("run.pftrace"));
    assert_int_equal(reading.track_count, 7);

    const Perfetto__Protos__TrackDescriptor *cluster = reading.tracks[2]->track_descriptor;
    assert_string_equal(cluster->process->process_name, "Cluster 0");
    assert_int_equal(cluster->process->legacy_sort_index, 1);
    assert_false(cluster->has_parent_uuid);

    const Perfetto__Protos__TrackDescriptor *aiv = reading.tracks[4]->track_descriptor;
    assert_string_equal(aiv->thread->thread_name, "AIV_0");
    assert_int_equal(aiv->thread->pid, cluster->process->pid);
    assert_true(aiv->thread->tid > reading.tracks[3]->track_descriptor->thread->tid); /* viewers sort by tid */
    assert_int_equal(aiv->parent_uuid, cluster->uuid);

    const Perfetto__Protos__TrackDescriptor *pipe = reading.tracks[5]->track_descriptor;
    assert_string_equal(pipe->name, "MTE2");
    assert_null(pipe->thread);
    assert_int_equal(pipe->parent_uuid, aiv->uuid);

    const Perfetto__Protos__TrackDescriptor *ready = reading.tracks[6]->track_descriptor;
    assert_int_equal(ready->counter->unit, PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_COUNT);
    forget();
}

static void events_keep_names_times_and_nesting(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("run.pftrace.gz"));
    tell_run(trace);
    close_trace(trace);
    read_trace(in_folder("run.pftrace.gz"));

    assert_int_equal(reading.first->trace_packet_defaults->timestamp_clock_id, 6);

    enum { THREAD = 2, AIC = 4, AIV = 5, PIPE = 6, READY = 7 };
    expect(0, BEGIN, THREAD, 1, "dispatch"); /* 1999 ps: rounded down */
    expect(1, INSTANT, THREAD, 2, "log");
    expect(2, END, THREAD, 3, NULL);
    expect(3, COUNTER, READY, 3, NULL);
    assert_int_equal(reading.events[3]->track_event->counter_value, 2);
    expect(4, COUNTER, READY, 4, NULL);
    assert_float_equal(reading.events[4]->track_event->double_counter_value, 0.5, 0);
    expect(5, BEGIN, AIC, 4, "add");
    expect(6, END, AIC, 9, NULL);
    expect(7, BEGIN, AIC, 4, "load");
    expect(8, END, AIC, 6, NULL);
    expect(9, BEGIN, AIC, 6, "compute");
    expect(10, END, AIC, 9, NULL);
    expect(11, BEGIN, AIV, 10, "add");
    expect(12, BEGIN, PIPE, 10, "load");
    expect(13, END, PIPE, 12, NULL);
    expect(14, END, AIV, 12, NULL); /* was open when the trace closed */
    assert_int_equal(reading.event_count, 15);
    assert_string_equal(reading.categories[reading.events[5]->track_event->category_iids[0]], "task");
    const event_t *last = reading.events[14]->track_event;
    assert_int_equal(last->n_debug_annotations, 1);
    assert_string_equal(arg_name_of(last->debug_annotations[0]), "unfinished");
    forget();
}

static void arguments_keep_their_types(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("run.pftrace"));
    tell_run(trace);
    close_trace(trace);
    read_trace(in_folder("run.pftrace"));
    const event_t *task = reading.events[5]->track_event;
    arg_t **args = task->debug_annotations;
    assert_int_equal(task->n_debug_annotations, 6);
    assert_string_equal(arg_name_of(args[0]), "task");
    assert_int_equal(args[0]->uint_value, 7);
    assert_int_equal(args[1]->int_value, -3);
    assert_float_equal(args[2]->double_value, 1.5, 0);
    assert_string_equal(arg_name_of(args[3]), "kernel");
    assert_string_equal(reading.strings[args[3]->string_value_iid], "add");
    assert_int_equal(args[4]->pointer_value, 0x7f001000);
    assert_true(args[5]->bool_value);

    /* The second task says the same strings by number alone. */
    const packet_t *second = reading.events[11];
    assert_null(second->interned_data);
    assert_int_equal(second->track_event->debug_annotations[1]->string_value_iid, args[3]->string_value_iid);
    forget();
}

static void arrows_have_both_ends(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("run.pftrace"));
    tell_run(trace);
    close_trace(trace);
    read_trace(in_folder("run.pftrace"));
    const event_t *log = reading.events[1]->track_event, *producer = reading.events[5]->track_event,
                  *consumer = reading.events[11]->track_event;
    assert_int_equal(log->n_flow_ids, 1);
    assert_int_equal(producer->n_terminating_flow_ids, 1);
    assert_int_equal(producer->terminating_flow_ids[0], log->flow_ids[0]);
    assert_int_equal(producer->n_flow_ids, 1);
    assert_int_equal(consumer->terminating_flow_ids[0], producer->flow_ids[0]);
    assert_int_not_equal(producer->flow_ids[0], log->flow_ids[0]);
    assert_int_equal(consumer->n_flow_ids, 0);
    forget();
}

static void counters_have_units(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("units"));
    trace_counter_track(trace, TRACE_NO_TRACK, "read", "bytes", 0);
    trace_counter_track(trace, TRACE_NO_TRACK, "wait", "ns", 1);
    trace_counter_track(trace, TRACE_NO_TRACK, "bandwidth", "GB/s", 2);
    close_trace(trace);
    read_trace(in_folder("units"));
    assert_int_equal(reading.tracks[0]->track_descriptor->counter->unit, 3);
    assert_int_equal(reading.tracks[1]->track_descriptor->counter->unit, 1);
    assert_string_equal(reading.tracks[2]->track_descriptor->counter->unit_name, "GB/s");
    assert_int_equal(reading.tracks[2]->track_descriptor->sibling_order_rank, 2);
    forget();
}

static void equal_order_gives_distinct_threads(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("ties"));
    trace_track_id group = trace_process(trace, "group", 0);
    for (int i = 0; i < 3; i++)
        trace_track(trace, group, "row", i / 2);
    close_trace(trace);
    read_trace(in_folder("ties"));
    int32_t base = reading.tracks[1]->track_descriptor->thread->tid;
    assert_int_equal(reading.tracks[2]->track_descriptor->thread->tid, base + 1);
    assert_int_equal(reading.tracks[3]->track_descriptor->thread->tid, base + 2);
    forget();
}

/* A packet larger than the writer's buffer, and more names than its table holds. */
static void nothing_is_too_large(void **state)
{
    (void)state;
    enum { FLOWS = 20000, NAMES = INTERN_MAX_ENTRIES + 100 };
    struct trace *trace = open_trace(in_folder("large.gz"));
    trace_track_id track = trace_process(trace, "p", 0);
    uint64_t *flows = malloc(FLOWS * sizeof *flows);
    for (int i = 0; i < FLOWS; i++)
        flows[i] = trace_new_flow(trace);
    trace_instant(trace, track, 0, &(struct trace_event){.name = "fan", .flows_out = flows, .flow_out_count = FLOWS});
    char name[64], longest[INTERN_MAX_LENGTH + 2];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    trace_instant(trace, track, 0, &(struct trace_event){.name = longest});
    for (int i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "task %d", i);
        const struct trace_arg args[] = {trace_arg_string("name", name), trace_arg_string(name, "x")};
        trace_instant(trace, track, 0, &(struct trace_event){name, name, args, 2, NULL, 0, NULL, 0});
    }
    close_trace(trace);
    read_trace(in_folder("large.gz"));
    assert_int_equal(reading.event_count, NAMES + 2);
    assert_int_equal(reading.events[0]->track_event->n_flow_ids, FLOWS);
    assert_memory_equal(reading.events[0]->track_event->flow_ids, flows, FLOWS * sizeof *flows);
    assert_string_equal(name_of(reading.events[1]), longest);
    const packet_t *last = reading.trace->packet[reading.trace->n_packet - 1];
    assert_string_equal(last->track_event->name, name);
    assert_string_equal(last->track_event->categories[0], name);
    assert_string_equal(last->track_event->debug_annotations[0]->string_value, name);
    assert_string_equal(last->track_event->debug_annotations[1]->name, name);
    free(flows);
    forget();
}

/* ---- other readers, sizes, bytes ---- */

static void protoc_decodes_it(void **state)
{
    (void)state;
    char schema[512], command[1024];
    snprintf(schema, sizeof schema, "%s", __FILE__);
    char *slash = strrchr(schema, '/');
    strcpy(slash ? slash : schema, slash ? "/../../traces" : "../../traces");

    struct trace *trace = open_trace(in_folder("run.gz"));
    tell_run(trace);
    close_trace(trace);
    snprintf(command, sizeof command,
             "gzip -dc '%s' | protoc --proto_path='%s' --decode=perfetto.protos.Trace perfetto.proto",
             in_folder("run.gz"), schema);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    int packets = 0, unknown = 0, tasks = 0;
    for (char line[1024]; fgets(line, sizeof line, output);) {
        packets += strcmp(line, "packet {\n") == 0;
        unknown += strspn(line, " ") < strlen(line) && line[strspn(line, " ")] >= '0' && line[strspn(line, " ")] <= '9';
        tasks += strstr(line, "name: \"add\"") != NULL; /* said once: interned */
    }
    assert_int_equal(pclose(output), 0);
    assert_int_equal(packets, 1 + 7 + 15);
    assert_int_equal(unknown, 0); /* protoc prints a field that the schema lacks by its number */
    assert_int_equal(tasks, 1);
}

static void same_calls_give_same_bytes(void **state)
{
    (void)state;
    const char *names[] = {"a.gz", "b.gz"};
    char *bytes[2];
    long sizes[2];
    for (int i = 0; i < 2; i++) {
        struct trace *trace = open_trace(in_folder(names[i]));
        tell_run(trace);
        close_trace(trace);
        FILE *file = fopen(in_folder(names[i]), "rb");
        assert_non_null(file);
        bytes[i] = malloc(65536);
        sizes[i] = (long)fread(bytes[i], 1, 65536, file);
        fclose(file);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(bytes[0], bytes[1], (size_t)sizes[0]);
    assert_memory_equal(bytes[0] + 4, "\0\0\0\0", 4); /* no time in the gzip header */
    free(bytes[0]);
    free(bytes[1]);
}

/* Tasks as a run at task level writes them: on 72 cores, with five arguments and an arrow; times vary. */
static void an_event_is_small(void **state)
{
    (void)state;
    enum { TASKS = 20000, CORES = 72 };
    static const char *const kernels[] = {"add", "add_scalar", "mul"};
    struct trace *trace = open_trace(in_folder("many.gz"));
    trace_track_id group = trace_process(trace, "AICore", 0), cores[CORES];
    uint64_t free_ps[CORES] = {0}, flow = 0;
    for (int i = 0; i < CORES; i++) {
        char name[16];
        snprintf(name, sizeof name, "AIV_%d", i);
        cores[i] = trace_track(trace, group, name, i);
    }
    uint32_t random = 1;
    for (uint32_t task = 0; task < TASKS; task++) {
        random = random * 1664525u + 1013904223u;
        uint32_t core = (random >> 8) % CORES;
        uint64_t begin = free_ps[core] + 300000 + random % 77777, end = begin + 1000000 + (random >> 7) % 200000;
        free_ps[core] = end;
        const struct trace_arg args[] = {trace_arg_uint("task", task), trace_arg_uint("func", task % 3),
                                         trace_arg_string("kernel", kernels[task % 3]),
                                         trace_arg_uint("cycles", (end - begin) / 541),
                                         trace_arg_uint("wait", begin / 3)};
        uint64_t next = trace_new_flow(trace);
        trace_slice(trace, cores[core], begin, end,
                    &(struct trace_event){kernels[task % 3], "task", args, 5, &next, 1, &flow, task > 0});
        flow = next;
    }
    close_trace(trace);
    struct stat status;
    assert_int_equal(stat(in_folder("many.gz"), &status), 0);
    assert_true(status.st_size < 24 * 2 * TASKS);
}

/* ---- errors ---- */

static void a_bad_path_is_one_clear_line(void **state)
{
    (void)state;
    assert_null(trace_open(in_folder("absent/run.pftrace"), TRACE_PERFETTO, error, sizeof error));
    assert_non_null(strstr(error, "absent/run.pftrace"));
    assert_non_null(strstr(error, strerror(ENOENT)));
    assert_null(strchr(error, '\n'));
    assert_null(trace_open(folder, TRACE_PERFETTO, error, sizeof error));
    assert_non_null(strstr(error, "not a regular file"));
    assert_null(trace_open("/dev/null", TRACE_PERFETTO, error, sizeof error)); /* would be renamed over */
    assert_int_equal(files_in_folder(), 0);
}

static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    FILE *old = fopen(in_folder("full"), "w");
    assert_non_null(old);
    fputs("old", old);
    fclose(old);
    struct rlimit before, small = {100000, 0};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);

    struct trace *trace = open_trace(in_folder("full"));
    trace_track_id track = trace_process(trace, "p", 0);
    for (uint64_t i = 0; i < 100000; i++)
        trace_slice(trace, track, i * 1000, i * 1000 + 500, &(struct trace_event){.name = "s"});
    bool seen_early = trace_failed(trace);
    int result = trace_close(trace, error, sizeof error);
    setrlimit(RLIMIT_FSIZE, &before);

    assert_true(seen_early);
    assert_int_equal(result, -1);
    assert_non_null(strstr(error, strerror(EFBIG)));
    assert_int_equal(files_in_folder(), 1);
    struct stat status;
    assert_int_equal(stat(in_folder("full"), &status), 0);
    assert_int_equal(status.st_size, 3); /* the older file is as it was */
}

static void a_late_failure_is_not_lost(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("gone"));
    assert_int_equal(mkdir(in_folder("gone"), 0777), 0);
    assert_int_equal(trace_close(trace, error, sizeof error), -1);
    assert_non_null(strstr(error, "gone"));
    assert_int_equal(files_in_folder(), 1);
}

static void abandoning_leaves_nothing(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("run.gz"));
    tell_run(trace);
    assert_int_equal(files_in_folder(), 1); /* the temporary */
    trace_abandon(trace);
    assert_int_equal(files_in_folder(), 0);
    trace_abandon(NULL);
}

/* What a fork's child goes on to write, and that it ends the trace, is nothing to the file. */
static void a_child_has_no_part_in_it(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("run.gz"));
    trace_track_id track = trace_process(trace, "p", 0);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        for (uint64_t i = 0; !trace_failed(trace); i++)
            trace_instant(trace, track, i * 1000, &(struct trace_event){.name = "child"});
        _exit(trace_close(trace, error, sizeof error) == -1 && strstr(error, "began it") ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    trace_instant(trace, track, 0, &(struct trace_event){.name = "parent"});
    close_trace(trace);
    assert_int_equal(files_in_folder(), 1);
    read_trace(in_folder("run.gz"));
    assert_int_equal(reading.event_count, 1);
    expect(0, INSTANT, track, 0, "parent");
    forget();
}

static struct trace *interrupted;

static void close_and_exit(int number)
{
    (void)number;
    _exit(trace_close(interrupted, error, sizeof error) == 0 ? 0 : 1);
}

/* Writes slices, hard to compress, at 0, 2, 4 ... ns until a signal ends the process. */
static void write_until_the_end(enum trace_format format)
{
    struct trace_arg args[16];
    interrupted = trace_open(in_folder("run.gz"), format, error, sizeof error);
    trace_track_id track = trace_process(interrupted, "p", 0);
    signal(SIGALRM, close_and_exit);
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 300000}, NULL);
    for (uint64_t i = 0, x = 1;; i++) {
        for (int k = 0; k < 16; k++)
            args[k] = trace_arg_uint("x", x = x * 6364136223846793005u + 1442695040888963407u);
        trace_slice(interrupted, track, i * 2000, i * 2000 + 1000,
                    &(struct trace_event){.name = "i", .args = args, .arg_count = 16});
    }
}

/* A program's handler of a signal may end it in the middle of a call, mostly while that waits for the thread. */
static void an_exit_in_the_middle_keeps_what_was_told(void **state)
{
    (void)state;
    for (int format = TRACE_PERFETTO; format <= TRACE_JSON; format++) {
        pid_t child = fork();
        if (child == 0)
            write_until_the_end((enum trace_format)format);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(files_in_folder(), 1);
        struct timeline *timeline = timeline_read(in_folder("run.gz"), error, sizeof error);
        if (!timeline)
            fail_msg("%s", error);
        assert_true(timeline->slice_count > 0);
        for (size_t i = 0; i < timeline->slice_count; i++) { /* none is missing, none stands twice */
            assert_int_equal(timeline->slices[i].begin_ns, 2 * i);
            assert_true(timeline->slices[i].end_ns == timeline->slices[i].begin_ns + 1 ||
                        i + 1 == timeline->slice_count);
        }
        timeline_free(timeline);
    }
}

/* A stack of more than there is stands for what may be missing. */
static void a_thread_that_cannot_start_is_told(void **state)
{
    (void)state;
    pthread_attr_t before, huge;
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_getattr_default_np(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 47), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    struct trace *trace = trace_open(in_folder("run.gz"), TRACE_PERFETTO, error, sizeof error);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    assert_null(trace);
    assert_non_null(strstr(error, "no thread can be started"));
    assert_int_equal(files_in_folder(), 0);
    pthread_attr_destroy(&huge);
    pthread_attr_destroy(&before);
}

static void two_traces_of_one_name_do_not_meet(void **state)
{
    (void)state;
    struct trace *one = open_trace(in_folder("run")), *two = open_trace(in_folder("run"));
    tell_run(one);
    close_trace(two);
    close_trace(one);
    assert_int_equal(files_in_folder(), 1);
    read_trace(in_folder("run"));
    assert_int_equal(reading.event_count, 15);
    forget();
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    struct trace *trace = open_trace(in_folder("target"));
    close_trace(trace);
    assert_int_equal(symlink(in_folder("target"), in_folder("link")), 0);
    trace = open_trace(in_folder("link"));
    tell_run(trace);
    close_trace(trace);
    struct stat status;
    assert_int_equal(lstat(in_folder("link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    read_trace(in_folder("target"));
    assert_int_equal(reading.event_count, 15);
    forget();
}

/* Each breaks one rule of trace.h on a track with one slice of 1000 to 2000 ps. */
static void end_without_begin(struct trace *trace, trace_track_id track)
{
    trace_end(trace, track, 3000, NULL);
}
static void begin_in_the_past(struct trace *trace, trace_track_id track)
{
    trace_begin(trace, track, 999, NULL);
}
static void overlap(struct trace *trace, trace_track_id track)
{
    trace_slice(trace, track, 1500, 2001, NULL);
}
static void backwards(struct trace *trace, trace_track_id track)
{
    trace_slice(trace, track, 3000, 2999, NULL);
}
static void value_on_a_row(struct trace *trace, trace_track_id track)
{
    trace_counter(trace, track, 0, 1);
}
static void no_such_track(struct trace *trace, trace_track_id track)
{
    trace_instant(trace, track + 9, 0, NULL);
}
static void outer_ends_first(struct trace *trace, trace_track_id track)
{
    trace_begin(trace, track, 3000, NULL);
    trace_slice(trace, track, 4000, 5000, NULL);
    trace_end(trace, track, 4500, NULL);
}
static void slice_on_a_counter(struct trace *trace, trace_track_id track)
{
    trace_begin(trace, trace_counter_track(trace, track, "c", NULL, 0), 0, NULL);
}
static void too_many_arguments(struct trace *trace, trace_track_id track)
{
    struct trace_arg args[TRACE_MAX_ARGS + 1];
    for (int i = 0; i <= TRACE_MAX_ARGS; i++)
        args[i] = trace_arg_int("n", i);
    trace_instant(trace, track, 0, &(struct trace_event){.args = args, .arg_count = TRACE_MAX_ARGS + 1});
}
static void order_out_of_range(struct trace *trace, trace_track_id track)
{
    trace_track(trace, track, "t", -1);
}

static void broken_rules_fail_the_trace(void **state)
{
    (void)state;
    static const struct {
        void (*breaks)(struct trace *, trace_track_id);
        const char *says;
    } cases[] = {
        {end_without_begin, "none is open"},  {begin_in_the_past, "comes after one at 1000 ps"},
        {overlap, "ends at 2000 ps"},         {backwards, "3000 to 2999"},
        {value_on_a_row, "'core' is not"},    {no_such_track, "no track 10"},
        {outer_ends_first, "inside it"},      {slice_on_a_counter, "values only"},
        {too_many_arguments, "33 arguments"}, {order_out_of_range, "order -1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trace *trace = open_trace(in_folder("broken"));
        trace_track_id track = trace_process(trace, "core", 0);
        trace_slice(trace, track, 1000, 2000, &(struct trace_event){.name = "s"});
        assert_false(trace_failed(trace));
        cases[i].breaks(trace, track);
        assert_true(trace_failed(trace));
        trace_instant(trace, track, 0, NULL); /* does nothing, and harms nothing */
        assert_int_equal(trace_close(trace, error, sizeof error), -1);
        if (!strstr(error, cases[i].says))
            fail_msg("case %zu: %s", i, error);
        assert_int_equal(files_in_folder(), 0);
    }
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(tracks_form_a_tree),
        IN_FOLDER(events_keep_names_times_and_nesting),
        IN_FOLDER(arguments_keep_their_types),
        IN_FOLDER(arrows_have_both_ends),
        IN_FOLDER(counters_have_units),
        IN_FOLDER(equal_order_gives_distinct_threads),
        IN_FOLDER(nothing_is_too_large),
        IN_FOLDER(protoc_decodes_it),
        IN_FOLDER(same_calls_give_same_bytes),
        IN_FOLDER(an_event_is_small),
        IN_FOLDER(a_bad_path_is_one_clear_line),
        IN_FOLDER(a_full_disk_leaves_nothing),
        IN_FOLDER(a_late_failure_is_not_lost),
        IN_FOLDER(abandoning_leaves_nothing),
        IN_FOLDER(a_child_has_no_part_in_it),
        IN_FOLDER(an_exit_in_the_middle_keeps_what_was_told),
        IN_FOLDER(a_thread_that_cannot_start_is_told),
        IN_FOLDER(two_traces_of_one_name_do_not_meet),
        IN_FOLDER(a_link_stays_a_link),
        IN_FOLDER(broken_rules_fail_the_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
