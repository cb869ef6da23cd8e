/* test_recorder.c - what is announced is what the trace shows: rows, tasks, dependencies, and launches cut short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "model/kernels.h"
#include "model/recorder.h"
#include "tests/unit/chip_fixture.h"
#define COUNTERS_APART
#include "tests/unit/task_fixture.h"
#include "tests/unit/trace_reading.h"

/* As the fixture's runtime has it. */
struct task {
    int32_t task_id, func_id;
    uint64_t args[4];
    int32_t fanout_count, fanout[3];
};

static const char runtime_source[] =
    "typedef struct { int task_id, func_id; unsigned long args[4]; int fanout_count, fanout[3]; } Task;\n"
    "long use(Task *task);\nlong use(Task *task) { return (long)task->args[0]; }\n";

/* Tracks in the order of their creation. */
enum { HOST_GROUP = 1, HOST, SCHEDULER, CLUSTER, AIC_0, AIV_0, AIV_1, SCHED_0, TRACKS = SCHED_0 };
enum { FIRST_EVENT = 5 }; /* after the launch's and the programs' begins */

static char path[] = "/tmp/davsim-test-recorder.pftrace";
static struct kernels kernels;
static struct recorder *recorder;
static struct task *tasks; /* in GM */
static struct task_elf runtime;

static int open_chip(void **state)
{
    char error[512];
    (void)state;
    make_chip();
    if (gm_init(&chip.gm, 1 << 20, 0, false) != 0 || view_init(&chip.view, &chip.gm, 1024, false) != 0)
        return -1;
    tasks = gm_alloc(&chip.gm, 4096);
    kernels_init(&kernels);
    kernels_register(&kernels, 3, "mul", 0x3000);
    kernels_register(&kernels, 0, "add", 0x1000);
    snprintf(path, sizeof(path), "/tmp/davsim-test-%d.trace", (int)getpid() % 100000);
    recorder = recorder_open(&chip, &kernels, path, TRACE_PERFETTO, error, sizeof(error));
    runtime = task_compile("c", "-g", runtime_source);
    return recorder ? 0 : -1;
}

static int close_chip(void **state)
{
    (void)state;
    forget();
    unlink(path);
    free(runtime.bytes);
    kernels_fini(&kernels);
    view_fini(&chip.view);
    gm_fini(&chip.gm);
    drop_chip();
    return 0;
}

static void close_and_read(void)
{
    char error[512];
    if (recorder_close(recorder, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    assert_null(chip.announcer.sinks);
    read_trace(path);
}

static uint64_t args_of(int task)
{
    return (uintptr_t)tasks[task].args;
}

/* The argument @name of event @index. */
static const arg_t *arg_of(size_t index, const char *name)
{
    const event_t *event = reading.events[index]->track_event;
    for (size_t i = 0; i < event->n_debug_annotations; i++)
        if (strcmp(arg_name_of(event->debug_annotations[i]), name) == 0)
            return event->debug_annotations[i];
    return NULL;
}

static void expect_row(size_t id, size_t group, const char *name)
{
    const Perfetto__Protos__TrackDescriptor *row = reading.tracks[id - 1]->track_descriptor;
    assert_int_equal(row->uuid, id);
    assert_int_equal(row->parent_uuid, group);
    assert_string_equal(row->thread->thread_name, name);
}

static void launch(void)
{
    start_cores(0, 1, 20000);
    start_cores(FIRST_AIV, FIRST_AIV + 2, 20000);
    start_cores(FIRST_AICPU, FIRST_AICPU + 1, 20000);
    chip.launch++;
    say(EVENT_LAUNCH_BEGIN, NULL, 10000, 10000);
}

static void finish_launch(void)
{
    stop_core(0, 400000);
    stop_core(FIRST_AIV, 400000);
    stop_core(FIRST_AIV + 1, 400000);
    stop_core(FIRST_AICPU, 410000);
    say(EVENT_LAUNCH_END, NULL, 10000, 420000);
}

static uint64_t number_of(size_t index, const char *name)
{
    const arg_t *arg = arg_of(index, name);
    if (!arg)
        fail_msg("event %zu has no argument %s", index, name);
    return arg->value_case == PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_INT_VALUE ? (uint64_t)arg->int_value
                                                                                  : arg->uint_value;
}

static void rows_stand_by_cluster(void **state)
{
    (void)state;
    launch();
    finish_launch();
    close_and_read();
    assert_int_equal(reading.track_count, TRACKS);
    assert_string_equal(reading.tracks[SCHEDULER - 1]->track_descriptor->process->process_name, "AICPU Scheduler");
    assert_string_equal(reading.tracks[CLUSTER - 1]->track_descriptor->process->process_name, "Cluster 0");
    expect_row(HOST, HOST_GROUP, "host");
    expect_row(AIC_0, CLUSTER, "AIC_0");
    expect_row(AIV_0, CLUSTER, "AIV_0");
    expect_row(AIV_1, CLUSTER, "AIV_1");
    expect_row(SCHED_0, SCHEDULER, "Sched_0");
    expect(0, BEGIN, HOST, 10, "launch");
    expect(1, BEGIN, AIC_0, 20, "aicore_execute");
    expect(4, BEGIN, SCHED_0, 20, "aicpu_execute");
    expect(5, END, AIC_0, 400, NULL);
    expect(8, END, SCHED_0, 410, NULL); /* no phases: it schedules nothing */
    expect(9, END, HOST, 420, NULL);
    assert_int_equal(reading.event_count, 10);
}

/* What the ns of the file leave out stands in arguments. */
static void remainders_are_kept(void **state)
{
    (void)state;
    launch();
    begin_task(0, 4, 64, 0, 50123);
    end_task(0, 4, 64, 50123, 60456);
    finish_launch();
    close_and_read();
    expect(FIRST_EVENT, BEGIN, AIC_0, 50, "mul");
    assert_int_equal(number_of(FIRST_EVENT, "begin ps"), 123);
    assert_int_equal(number_of(FIRST_EVENT, "cycle"), 50);
    assert_string_equal(reading.strings[arg_of(FIRST_EVENT, "core")->string_value_iid], "AIC_0");
    assert_int_equal(number_of(FIRST_EVENT + 1, "end ps"), 456);
}

static void copies_have_sizes_and_rates(void **state)
{
    (void)state;
    tell(&chip, &(struct event){.kind = EVENT_COPY, .begin_ps = 1000, .time_ps = 5000, .bytes = 80, .to_device = 1});
    close_and_read();
    expect(0, BEGIN, HOST, 1, "copy to device");
    assert_int_equal(arg_of(0, "bytes")->uint_value, 80);
    assert_true(arg_of(0, "GB/s")->double_value == 20.0);
    expect(1, END, HOST, 5, NULL);
}

static void tasks_have_names_ids_and_arrows(void **state)
{
    (void)state;
    tasks[0] = (struct task){.task_id = 0, .func_id = 3, .fanout_count = 2, .fanout = {1, 2}};
    tasks[1] = (struct task){.task_id = 1, .func_id = 0, .fanout_count = 1, .fanout = {2}};
    tasks[2] = (struct task){.task_id = 2, .func_id = 0};
    recorder_modules(recorder, runtime.bytes, runtime.size, NULL, 0);
    launch();
    begin_task(0, 4, args_of(0), 30000, 50000);
    end_task(0, 4, args_of(0), 50000, 150000);
    begin_task(FIRST_AIV, 1, args_of(1), 0, 160000);
    end_task(FIRST_AIV, 1, args_of(1), 160000, 200000);
    begin_task(FIRST_AIV + 1, 1, args_of(2), 0, 210000);
    end_task(FIRST_AIV + 1, 1, args_of(2), 210000, 230000);
    finish_launch();
    close_and_read();
    expect(5, BEGIN, AIC_0, 50, "mul");
    assert_int_equal(number_of(5, "task"), 0);
    assert_int_equal(number_of(5, "func"), 3);
    assert_int_equal(arg_of(5, "args")->pointer_value, args_of(0));
    assert_null(arg_of(5, "ready to start, ps"));
    expect(6, END, AIC_0, 150, NULL);
    assert_int_equal(number_of(6, "cycles"), 100);
    expect(7, BEGIN, AIV_0, 160, "add");
    assert_int_equal(number_of(7, "ready to start, ps"), 10000);
    expect(9, BEGIN, AIV_1, 210, "add");
    assert_int_equal(number_of(9, "ready to start, ps"), 10000); /* after the later one of two */

    const event_t *first = reading.events[6]->track_event, *second = reading.events[8]->track_event;
    const event_t *one = reading.events[7]->track_event, *two = reading.events[9]->track_event;
    assert_int_equal(first->n_flow_ids, 2); /* nobody notices its end */
    assert_int_equal(one->n_terminating_flow_ids, 1);
    assert_int_equal(one->terminating_flow_ids[0], first->flow_ids[0]);
    assert_int_equal(second->n_flow_ids, 1);
    assert_int_equal(two->n_terminating_flow_ids, 2);
    assert_true(two->terminating_flow_ids[0] == second->flow_ids[0] ||
                two->terminating_flow_ids[1] == second->flow_ids[0]);
    assert_int_equal(reading.events[10]->track_event->n_flow_ids, 0);
}

static void see_end(uint32_t core, uint64_t kernel, uint64_t end_ps, uint64_t seen_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_SEEN,
                                .core = &chip.cores[core],
                                .by = &chip.cores[FIRST_AICPU],
                                .serial = kernel,
                                .begin_ps = end_ps,
                                .issued_ps = end_ps,
                                .time_ps = seen_ps});
}

static void end_kernel(uint32_t core, uint64_t kernel, uint64_t begin_ps, uint64_t end_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_END,
                                .core = &chip.cores[core],
                                .image = 1,
                                .args = 64,
                                .serial = kernel,
                                .begin_ps = begin_ps,
                                .time_ps = end_ps});
}

/* Kernels follow one another before anybody looks; the end of the last one is never seen. */
static void arrows_leave_ends_that_are_seen(void **state)
{
    (void)state;
    launch();
    for (uint64_t kernel = 1; kernel <= 4; kernel++) {
        begin_task(0, 1, 64, 0, kernel * 50000);
        end_kernel(0, kernel, kernel * 50000, kernel * 50000 + 40000);
    }
    see_end(0, 2, 140000, 260000); /* not in their order */
    see_end(0, 1, 90000, 270000);
    see_end(0, 3, 190000, 280000);
    finish_launch();
    close_and_read();
    uint64_t flows[4] = {0};
    size_t kernel = 0, arrived = 0;
    for (size_t i = 0; i < reading.event_count; i++) {
        const event_t *event = reading.events[i]->track_event;
        if (event->track_uuid == AIC_0 && event->type == END && kernel < 4) {
            assert_int_equal(event->n_flow_ids, kernel < 3);
            flows[kernel++] = event->n_flow_ids ? event->flow_ids[0] : 0;
        }
        arrived += event->n_terminating_flow_ids;
    }
    assert_int_equal(kernel, 4);
    assert_int_equal(arrived, 3);
    for (size_t i = 0; i < reading.event_count; i++) {
        const event_t *event = reading.events[i]->track_event;
        if (event->n_terminating_flow_ids)
            assert_int_equal(event->terminating_flow_ids[0], flows[number_of(i, "ordinal")]);
    }
}

static void expect_point(size_t index, uint64_t time_ns, int64_t value)
{
    assert_true(index < reading.counter_count);
    assert_int_equal(reading.counters[index]->timestamp, time_ns);
    assert_int_equal(reading.counters[index]->track_event->counter_value, value);
}

/* A point where a curve changes, but one a microsecond. */
static void curves_tell_how_many_cores_run(void **state)
{
    (void)state;
    launch();
    begin_task(FIRST_AIV, 1, 64, 0, 30000);
    begin_task(FIRST_AIV + 1, 1, 64, 0, 50000);
    end_task(FIRST_AIV, 1, 64, 30000, 60000);
    begin_task(FIRST_AIV, 1, 64, 0, 70000);
    end_task(FIRST_AIV, 1, 64, 70000, 2500000);
    end_task(FIRST_AIV + 1, 1, 64, 50000, 2600000);
    say(EVENT_LAUNCH_END, NULL, 10000, 9000000);
    close_and_read();
    assert_int_equal(reading.counter_count, 4);
    expect_point(0, 30, 1);
    expect_point(1, 1030, 2);
    expect_point(2, 2500, 1);
    expect_point(3, 3500, 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(reading.counters[i]->track_event->track_uuid, TRACKS + 2);
    assert_string_equal(reading.tracks[TRACKS]->track_descriptor->process->process_name, "Memory");
    assert_string_equal(reading.tracks[TRACKS + 1]->track_descriptor->name, "running AIV");
}

/* Without debug information, or where the arguments are not in a task. */
static void unknown_tasks_are_numbered(void **state)
{
    (void)state;
    tasks[0] = (struct task){.task_id = 5, .func_id = 3};
    launch();
    begin_task(0, 4, args_of(0), 0, 50000); /* no layout yet */
    end_task(0, 4, args_of(0), 50000, 60000);
    recorder_modules(recorder, NULL, 0, runtime.bytes, runtime.size);
    begin_task(0, 1, args_of(0), 0, 70000); /* a task of another kernel */
    end_task(0, 1, args_of(0), 70000, 80000);
    begin_task(0, 8, 64, 0, 90000); /* not in GM, and not registered */
    end_task(0, 8, 64, 90000, 100000);
    finish_launch();
    close_and_read();
    expect(5, BEGIN, AIC_0, 50, "mul");
    assert_null(arg_of(5, "task"));
    assert_int_equal(number_of(5, "ordinal"), 0);
    expect(7, BEGIN, AIC_0, 70, "add");
    assert_int_equal(number_of(7, "ordinal"), 1);
    expect(9, BEGIN, AIC_0, 90, "kernel func 7");
    assert_int_equal(number_of(9, "ordinal"), 2);
}

static void a_launch_cut_short_leaves_a_trace(void **state)
{
    (void)state;
    launch();
    begin_task(0, 1, 64, 0, 500000); /* its own clock is past the end of the launch */
    tell(&chip, &(struct event){.kind = EVENT_LOG,
                                .core = &chip.cores[FIRST_AICPU],
                                .time_ps = 480000,
                                .level = 1,
                                .text = "it looks bad"});
    tell(&chip, &(struct event){.kind = EVENT_STOP, .time_ps = 490000, .text = "deadlock"});
    say(EVENT_LAUNCH_END, NULL, 10000, 490000);
    say(EVENT_LAUNCH_BEGIN, NULL, 490000, 490000);
    begin_task(0, 1, 64, 0, 495000); /* drawn where the row goes on */
    end_task(0, 1, 64, 495000, 510000);
    say(EVENT_LAUNCH_END, NULL, 490000, 600000);
    close_and_read();
    expect(5, BEGIN, AIC_0, 500, "add");
    expect(6, INSTANT, SCHED_0, 480, "it looks bad");
    assert_int_equal(arg_of(6, "level")->int_value, 1);
    expect(7, INSTANT, HOST, 490, "deadlock");
    expect(8, END, SCHED_0, 490, NULL);
    assert_int_equal(arg_of(8, "unfinished")->bool_value, 1);
    expect(9, END, AIC_0, 500, NULL); /* the task */
    assert_int_equal(arg_of(9, "unfinished")->bool_value, 1);
    expect(10, END, AIC_0, 500, NULL); /* the program */
    expect(19, BEGIN, AIC_0, 500, "add");
    expect(20, END, AIC_0, 510, NULL);
}

static void threads_of_device_code_get_a_row(void **state)
{
    (void)state;
    launch();
    chip.cores[FIRST_AICPU + 2].launched_ps = 50000;
    stop_core(FIRST_AICPU + 2, 90000);
    finish_launch();
    close_and_read();
    expect_row(TRACKS + 1, SCHEDULER, "Sched_2");
    expect(5, BEGIN, TRACKS + 1, 50, "thread");
    expect(10, END, TRACKS + 1, 90, NULL);
}

/* Ids of one launch mean nothing in the next. */
static void arrows_stay_within_a_launch(void **state)
{
    (void)state;
    tasks[0] = (struct task){.task_id = 0, .func_id = 0, .fanout_count = 1, .fanout = {1}};
    tasks[1] = (struct task){.task_id = 1, .func_id = 0};
    recorder_modules(recorder, runtime.bytes, runtime.size, NULL, 0);
    say(EVENT_LAUNCH_BEGIN, NULL, 0, 0);
    begin_task(0, 1, args_of(0), 0, 1000);
    end_task(0, 1, args_of(0), 1000, 2000);
    say(EVENT_LAUNCH_END, NULL, 0, 3000);
    say(EVENT_LAUNCH_BEGIN, NULL, 3000, 3000);
    begin_task(0, 1, args_of(1), 0, 4000);
    close_and_read();
    assert_int_equal(reading.events[2]->track_event->n_flow_ids, 1);
    expect(3, INSTANT, HOST, 3, "did not follow");
    assert_int_equal(number_of(3, "task"), 1);
    assert_int_equal(reading.events[3]->track_event->terminating_flow_ids[0],
                     reading.events[2]->track_event->flow_ids[0]);
    expect(6, BEGIN, AIC_0, 4, "add");
    assert_int_equal(reading.events[6]->track_event->n_terminating_flow_ids, 0);
}

/* Two devices take turns; their cores are called after them, and the host has one row. */
static void devices_share_a_trace(void **state)
{
    struct chip_state other;
    enum { OTHERS = SCHEDULER + 1 };
    (void)state;

    say(EVENT_COPY, NULL, 1000, 2000);
    other = chip;
    other.device_id = 2;
    other.announcer = (struct announcer){0};
    other.cores = calloc(CORES, sizeof(*other.cores));
    memcpy(other.cores, chip.cores, CORES * sizeof(*other.cores));
    for (int i = 0; i < CORES; i++)
        other.cores[i].chip = &other;
    snprintf(other.cores[0].name, sizeof(other.cores[0].name), "dev2.AIC_0");
    assert_non_null(recorder_join(recorder, &other, &kernels));
    other.cores[0].has_program = true;
    tell(&other, &(struct event){.kind = EVENT_LAUNCH_BEGIN, .time_ps = 3000});
    tell(&other, &(struct event){.kind = EVENT_TASK_BEGIN, .core = &other.cores[0], .time_ps = 4000, .image = 4});
    tell(&other, &(struct event){.kind = EVENT_TASK_END, .core = &other.cores[0], .time_ps = 5000, .image = 4});
    tell(&other, &(struct event){.kind = EVENT_LAUNCH_END, .time_ps = 6000});
    say(EVENT_COPY, NULL, 7000, 8000);
    close_and_read();
    assert_null(other.announcer.sinks);
    assert_int_equal(reading.track_count, OTHERS + 2 + 2); /* and the memory's group with a curve */
    assert_string_equal(reading.tracks[OTHERS - 1]->track_descriptor->process->process_name, "dev2 AICPU Scheduler");
    assert_string_equal(reading.tracks[OTHERS]->track_descriptor->process->process_name, "dev2 Cluster 0");
    expect_row(OTHERS + 2, OTHERS + 1, "dev2.AIC_0");
    expect(0, BEGIN, HOST, 1, "copy from device");
    assert_null(arg_of(0, "device")); /* when there was but one */
    expect(2, BEGIN, HOST, 3, "launch");
    assert_int_equal(arg_of(2, "device")->int_value, 2);
    expect(3, BEGIN, OTHERS + 2, 0, "aicore_execute");
    expect(4, BEGIN, OTHERS + 2, 4, "mul");
    expect(8, BEGIN, HOST, 7, "copy from device");
    assert_int_equal(arg_of(8, "device")->int_value, 0);
    announcer_fini(&other.announcer);
    free(other.cores);
}

static void find_with(uint32_t core, uint64_t time_ps, uint64_t arrives, uint64_t leaves, uint64_t count)
{
    tell(&chip, &(struct event){.kind = EVENT_FINDING,
                                .core = &chip.cores[core],
                                .time_ps = time_ps,
                                .set_serial = arrives,
                                .serial = leaves,
                                .bytes = count,
                                .text = "race"});
}

/* Two findings whose marks are heard of in turns; an arrow may be heard of at either end first. */
static void arrows_join_the_marks_of_a_finding(void **state)
{
    (void)state;
    launch();
    find_with(0, 30000, 0, 1, 2);
    find_with(FIRST_AIV, 40000, 9, 0, 0);
    find_with(FIRST_AIV, 50000, 2, 0, 0);
    find_with(FIRST_AIV + 1, 60000, 1, 0, 0);
    find_with(0, 70000, 0, 9, 1);
    finish_launch();
    close_and_read();
    const event_t *marks[5];
    for (size_t i = 0; i < 5; i++) {
        marks[i] = reading.events[FIRST_EVENT + i]->track_event;
        expect(FIRST_EVENT + i, INSTANT, marks[i]->track_uuid, 30 + 10 * i, "race");
        assert_string_equal(reading.categories[marks[i]->category_iids[0]], "finding");
    }
    assert_int_equal(marks[0]->n_flow_ids, 2);
    assert_int_equal(marks[0]->n_terminating_flow_ids, 0);
    assert_int_equal(marks[3]->terminating_flow_ids[0], marks[0]->flow_ids[0]);
    assert_int_equal(marks[2]->terminating_flow_ids[0], marks[0]->flow_ids[1]);
    assert_int_equal(marks[4]->n_flow_ids, 1);
    assert_int_equal(marks[1]->terminating_flow_ids[0], marks[4]->flow_ids[0]);
    assert_int_not_equal(marks[4]->flow_ids[0], marks[0]->flow_ids[0]);
}

static void phase(const char *name, uint64_t at_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_PHASE, .core = &chip.cores[0], .time_ps = at_ps, .text = name});
}

/* On an AICore's row they nest in the task, and end with it; a name may be gone when it is told. */
static void phases_of_device_code_end_with_their_task(void **state)
{
    char name[16] = "load";
    (void)state;
    launch();
    phase(NULL, 25000); /* there is none */
    begin_task(0, 1, 64, 0, 30000);
    phase(name, 40000);
    strcpy(name, "tile");
    phase(name, 50000);
    phase(NULL, 60000);
    strcpy(name, "gone");
    end_task(0, 1, 64, 30000, 90000);
    finish_launch();
    close_and_read();
    expect(FIRST_EVENT + 1, BEGIN, AIC_0, 40, "load");
    expect(FIRST_EVENT + 2, BEGIN, AIC_0, 50, "tile");
    expect(FIRST_EVENT + 3, END, AIC_0, 60, NULL);
    expect(FIRST_EVENT + 4, END, AIC_0, 90, NULL); /* load */
    expect(FIRST_EVENT + 5, END, AIC_0, 90, NULL); /* the task */
    assert_int_equal(number_of(FIRST_EVENT + 5, "cycles"), 60);
}

static void a_file_that_cannot_be_made_is_told(void **state)
{
    char error[512];
    (void)state;
    make_chip();
    assert_null(recorder_open(&chip, &kernels, "/nowhere/run.pftrace", TRACE_PERFETTO, error, sizeof(error)));
    assert_non_null(strstr(error, "/nowhere/run.pftrace"));
    assert_null(chip.announcer.sinks);
    drop_chip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_stand_by_cluster, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(arrows_leave_ends_that_are_seen, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(remainders_are_kept, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(copies_have_sizes_and_rates, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(tasks_have_names_ids_and_arrows, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(curves_tell_how_many_cores_run, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(unknown_tasks_are_numbered, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_launch_cut_short_leaves_a_trace, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(threads_of_device_code_get_a_row, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(arrows_stay_within_a_launch, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(devices_share_a_trace, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(arrows_join_the_marks_of_a_finding, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(phases_of_device_code_end_with_their_task, open_chip, close_chip),
        cmocka_unit_test(a_file_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
