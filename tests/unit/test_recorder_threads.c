/* test_recorder_threads.c - the rows of AICPU threads: what is told late stands in order, in the phase it belongs to,
 * and an arrow has two ends. */
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
#include "tests/unit/trace_reading.h"

enum { HOST = 2, AIC_0 = 5, SCHED = 6, PROGRAM = 3 /* the first event of the thread */ };

static char path[64];
static struct kernels kernels;
static struct recorder *recorder;

static int open_chip(void **state)
{
    char error[512];
    (void)state;
    make_chip();
    kernels_init(&kernels);
    kernels_register(&kernels, 0, "add", 0x1000);
    snprintf(path, sizeof(path), "/tmp/davsim-test-%d.trace", (int)getpid() % 100000);
    recorder = recorder_open(&chip, &kernels, path, TRACE_PERFETTO, error, sizeof(error));
    if (!recorder)
        return -1;
    start_cores(0, 1, 1000);
    start_cores(FIRST_AICPU, FIRST_AICPU + 1, 1000);
    say(EVENT_LAUNCH_BEGIN, NULL, 0, 0);
    return 0;
}

static int close_chip(void **state)
{
    (void)state;
    forget();
    unlink(path);
    kernels_fini(&kernels);
    drop_chip();
    return 0;
}

static const struct core *thread(void)
{
    return &chip.cores[FIRST_AICPU];
}

static void handed(uint64_t stored_ps, uint64_t at_ps)
{
    tell(&chip,
         &(struct event){
             .kind = EVENT_HANDED, .core = &chip.cores[0], .by = thread(), .begin_ps = stored_ps, .time_ps = at_ps});
}

static void dispatched(uint64_t issued_ps, uint64_t begin_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_BEGIN,
                                .core = &chip.cores[0],
                                .by = thread(),
                                .time_ps = begin_ps,
                                .dispatched_ps = issued_ps,
                                .visible_ps = issued_ps + 40000,
                                .image = 1});
}

static void ended(uint32_t kernel, uint64_t begin_ps, uint64_t end_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_END,
                                .core = &chip.cores[0],
                                .begin_ps = begin_ps,
                                .time_ps = end_ps,
                                .serial = kernel,
                                .image = 1});
}

static void seen(uint32_t kernel, uint64_t end_ps, uint64_t issued_ps, uint64_t back_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_SEEN,
                                .core = &chip.cores[0],
                                .by = thread(),
                                .begin_ps = end_ps,
                                .issued_ps = issued_ps,
                                .time_ps = back_ps,
                                .serial = kernel,
                                .image = 1});
}

static void phase(const char *name, uint64_t at_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_PHASE, .core = thread(), .time_ps = at_ps, .text = name});
}

static void finish(uint64_t thread_ps, uint64_t launch_ps)
{
    char error[512];
    if (thread_ps)
        stop_core(FIRST_AICPU, thread_ps);
    say(EVENT_LAUNCH_END, NULL, 0, launch_ps);
    if (recorder_close(recorder, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    read_trace(path);
}

/* The begins and ends on the thread's row, in the file's order: "+name@ns -@ns ...". */
static void expect_row_to_read(const char *expected)
{
    char text[4096];
    size_t used = 0;
    for (size_t i = 0; i < reading.event_count && i < 64; i++) {
        const packet_t *packet = reading.events[i];
        if (packet->track_event->track_uuid != SCHED)
            continue;
        bool begins = packet->track_event->type == BEGIN;
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s%s@%d", used ? " " : "", begins ? "+" : "-",
                                 begins ? name_of(packet) : "", (int)packet->timestamp);
    }
    assert_string_equal(text, expected);
}

static const event_t *find(const char *name, bool end)
{
    for (size_t i = 0; i < reading.event_count; i++)
        if (name_of(reading.events[i]) && strcmp(name_of(reading.events[i]), name) == 0)
            return reading.events[i + end]->track_event;
    fail_msg("no event is called %s", name);
    return NULL;
}

static uint64_t arg(const event_t *event, const char *name)
{
    for (size_t i = 0; i < event->n_debug_annotations; i++)
        if (strcmp(arg_name_of(event->debug_annotations[i]), name) == 0)
            return event->debug_annotations[i]->uint_value;
    fail_msg("an event has no %s", name);
    return 0;
}

static void a_thread_has_phases_with_dispatches_and_completions(void **state)
{
    (void)state;
    handed(20000, 90000);
    dispatched(100500, 200000);
    ended(1, 200000, 300000);
    seen(1, 300000, 290000, 350250);
    finish(500000, 510000);
    expect_row_to_read("+aicpu_execute@1 +init@1 -@20 +handshake@20 -@100 +schedule@100 +dispatch@100 -@140 "
                       "+completion@300 -@350 -@350 +shutdown@350 -@500 -@500");
    expect(0, BEGIN, HOST, 0, "launch");
    assert_int_equal(arg(find("dispatch", false), "begin ps"), 500);
    assert_int_equal(arg(find("dispatch", false), "dispatch to start, ps"), 99500);
    assert_int_equal(arg(find("completion", false), "end to seen, ps"), 50250);
    assert_int_equal(arg(find("completion", false), "end ps"), 250);
    assert_int_equal(find("dispatch", false)->flow_ids[0], find("add", false)->terminating_flow_ids[0]);
    assert_int_equal(find("add", true)->flow_ids[0], find("completion", false)->terminating_flow_ids[0]);
}

/* The kernel that was asked for first begins last, and a slice ends where the next one begins. */
static void dispatches_stand_in_order(void **state)
{
    (void)state;
    dispatched(110000, 300000);
    dispatched(100000, 310000);
    finish(500000, 510000);
    expect_row_to_read("+aicpu_execute@1 +init@1 -@100 +schedule@100 +dispatch@100 -@110 +dispatch@110 -@150 -@150 "
                       "+shutdown@150 -@500 -@500");
}

/* A thread may look for an end before anything has ended, and nobody may know who asked for the kernel. */
static void a_completion_alone_is_scheduling(void **state)
{
    (void)state;
    ended(1, 200000, 300000);
    seen(1, 300000, 320000, 350000);
    finish(500000, 510000);
    expect_row_to_read(
        "+aicpu_execute@1 +init@1 -@320 +schedule@320 +completion@320 -@350 -@350 +shutdown@350 -@500 -@500");
}

static void phases_of_device_code_are_whole(void **state)
{
    (void)state;
    phase("prepare", 10000);
    phase(NULL, 30000);
    phase("serve", 80000);
    phase("inner", 90000);
    phase(NULL, 110000);
    dispatched(100000, 200000);
    ended(1, 200000, 300000);
    seen(1, 300000, 290000, 350000);
    phase(NULL, 400000);
    phase(NULL, 410000); /* one too many */
    phase("open", 450000);
    finish(500000, 510000);
    expect_row_to_read("+aicpu_execute@1 +init@1 +prepare@10 -@30 -@80 +schedule@80 +serve@80 +inner@90 +dispatch@100 "
                       "-@110 -@110 +completion@300 -@350 -@400 -@400 +shutdown@400 +open@450 -@500 -@500 -@500");
}

static void waits_end_where_they_end(void **state)
{
    (void)state;
    dispatched(100000, 200000);
    tell(&chip,
         &(struct event){
             .kind = EVENT_WAIT, .core = thread(), .begin_ps = 120000, .time_ps = 260000, .level = SYNC_CONDITION});
    finish(500000, 510000);
    expect_row_to_read("+aicpu_execute@1 +init@1 -@100 +schedule@100 +dispatch@100 -@120 -@120 +shutdown@120 "
                       "+waiting@120 -@260 -@500 -@500");
}

static void a_launch_cut_short_has_no_shutdown(void **state)
{
    (void)state;
    dispatched(100000, 200000);
    finish(0, 400000);
    expect_row_to_read("+aicpu_execute@1 +init@1 -@100 +schedule@100 +dispatch@100 -@140 -@400 -@400");
}

/* What is held back has its bounds: a dispatch that is known too late is left out, with its arrow. */
static void what_comes_too_late_is_left_out(void **state)
{
    (void)state;
    dispatched(100000, 200000);
    for (uint64_t i = 0; i < 20000; i++)
        tell(&chip, &(struct event){.kind = EVENT_WAIT,
                                    .core = thread(),
                                    .begin_ps = 1000000 + 1000 * i,
                                    .time_ps = 1000500 + 1000 * i,
                                    .level = SYNC_LOCK});
    dispatched(900000, 30000000);
    dispatched(20999600, 31000000);
    finish(40000000, 41000000);
    size_t dispatches = 0, arrows = 0, ends = 0;
    for (size_t i = 0; i < reading.trace->n_packet; i++) {
        packet_t *packet = reading.trace->packet[i];
        if (packet->data_case != PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_EVENT)
            continue;
        dispatches += name_of(packet) && strcmp(name_of(packet), "dispatch") == 0;
        arrows += packet->track_event->n_flow_ids;
        ends += packet->track_event->n_terminating_flow_ids;
    }
    assert_int_equal(dispatches, 2);
    assert_int_equal(arrows, 2);
    assert_int_equal(ends, 2);
}

/* What a thread does before its first dispatch may be more than is held back: the phases are those that are told. */
static void scheduling_may_begin_late(void **state)
{
    (void)state;
    handed(20000, 90000);
    for (uint64_t i = 0; i < 20000; i++)
        tell(&chip, &(struct event){.kind = EVENT_WAIT,
                                    .core = thread(),
                                    .begin_ps = 1000000 + 1000 * i,
                                    .time_ps = 1000500 + 1000 * i,
                                    .level = SYNC_NOTHING});
    dispatched(30000000, 30200000);
    finish(40000000, 41000000);
    const char *expected[] = {"init", "handshake", "schedule", "shutdown"};
    const uint64_t begins_ns[] = {1, 20, 30000, 30040};
    size_t phases = 0;
    for (size_t i = 0; i < reading.trace->n_packet; i++) {
        const packet_t *packet = reading.trace->packet[i];
        if (packet->data_case != PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_EVENT ||
            !packet->track_event->n_category_iids ||
            strcmp(reading.categories[packet->track_event->category_iids[0]], "phase") != 0)
            continue;
        assert_true(phases < 4);
        assert_string_equal(name_of(packet), expected[phases]);
        assert_int_equal(packet->timestamp, begins_ns[phases++]);
    }
    assert_int_equal(phases, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_thread_has_phases_with_dispatches_and_completions, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(dispatches_stand_in_order, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_completion_alone_is_scheduling, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(phases_of_device_code_are_whole, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(waits_end_where_they_end, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_launch_cut_short_has_no_shutdown, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(scheduling_may_begin_late, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(what_comes_too_late_is_left_out, open_chip, close_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
