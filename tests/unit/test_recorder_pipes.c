/* test_recorder_pipes.c - what the pipes announce is what the trace shows: rows, slices, arrows, and launches cut
 * short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "isa/isa.h"
#include "model/kernels.h"
#include "model/recorder.h"
#include "tests/unit/chip_fixture.h"
#include "tests/unit/trace_reading.h"

/* Tracks in the order of their creation: those of the groups, of the host, of AIV_0, then its pipes. */
enum { HOST = 2, CORE = 5, FIRST_PIPE };

static char path[64];
static struct kernels kernels;
static struct recorder *recorder;

static int open_chip(void **state)
{
    char error[512];
    (void)state;
    make_chip();
    kernels_init(&kernels);
    snprintf(path, sizeof(path), "/tmp/davsim-test-%d.trace", (int)getpid() % 100000);
    recorder = recorder_open(&chip, &kernels, path, TRACE_PERFETTO, error, sizeof(error));
    if (!recorder)
        return -1;
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

/* The launch's own slice is the first event and the last one. */
static void finish(uint64_t at_ns)
{
    char error[512];
    say(EVENT_LAUNCH_END, NULL, 0, at_ns * 1000);
    if (recorder_close(recorder, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    read_trace(path);
}

/* Instruction @serial of AIV_0. Times in ns. */
static void instr(int pipe, uint64_t serial, const char *name, uint64_t begin, uint64_t end, uint64_t done)
{
    tell(&chip, &(struct event){.kind = EVENT_INSTR,
                                .core = &chip.cores[FIRST_AIV],
                                .pipe = pipe,
                                .serial = serial,
                                .begin_ps = begin * 1000,
                                .time_ps = end * 1000,
                                .ended_ps = done * 1000,
                                .bytes = 256,
                                .text = name});
}

static void set(int from, int to, uint64_t serial, uint64_t told, uint64_t at)
{
    tell(&chip, &(struct event){.kind = EVENT_SET,
                                .core = &chip.cores[FIRST_AIV],
                                .pipe = from,
                                .to_pipe = to,
                                .level = 3,
                                .serial = serial,
                                .time_ps = told * 1000,
                                .ended_ps = at * 1000});
}

static void wait_for(int from, int to, uint64_t set_serial, uint64_t serial, uint64_t at)
{
    tell(&chip, &(struct event){.kind = EVENT_FLAG,
                                .core = &chip.cores[FIRST_AIV],
                                .pipe = from,
                                .to_pipe = to,
                                .level = 3,
                                .set_serial = set_serial,
                                .serial = serial,
                                .time_ps = at * 1000});
}

static const event_t *event_at(size_t index)
{
    return reading.events[index]->track_event;
}

static uint64_t arg_at(size_t index, const char *name)
{
    const event_t *event = event_at(index);
    for (size_t i = 0; i < event->n_debug_annotations; i++)
        if (strcmp(arg_name_of(event->debug_annotations[i]), name) == 0)
            return event->debug_annotations[i]->uint_value;
    fail_msg("event %zu has no %s", index, name);
    return 0;
}

/* An arrow, the only one at either end, from event @from to event @to. */
static void expect_arrow(size_t from, size_t to)
{
    assert_int_equal(event_at(from)->n_flow_ids, 1);
    assert_int_equal(event_at(to)->n_terminating_flow_ids, 1);
    assert_int_equal(event_at(from)->flow_ids[0], event_at(to)->terminating_flow_ids[0]);
}

static void expect_row(size_t id, const char *name, int order)
{
    const Perfetto__Protos__TrackDescriptor *row = reading.tracks[id - 1]->track_descriptor;
    assert_int_equal(row->uuid, id);
    assert_int_equal(row->parent_uuid, CORE);
    assert_string_equal(row->name, name);
    assert_int_equal(row->sibling_order_rank, order);
}

static void pipes_are_rows_below_their_core(void **state)
{
    (void)state;
    instr(ISA_MTE2, 1, "load", 10, 30, 50);
    instr(ISA_V, 2, "vadd", 60, 70, 75);
    instr(ISA_V, 3, "vsub", 70, 90, 95);
    finish(100);
    assert_int_equal(reading.track_count, FIRST_PIPE + 1);
    expect_row(FIRST_PIPE, "MTE2", 3);
    expect_row(FIRST_PIPE + 1, "V", 0);
    expect(1, BEGIN, FIRST_PIPE + 1, 60, "vadd");
    assert_int_equal(arg_at(1, "bytes"), 256);
    assert_int_equal(arg_at(1, "cycles"), 10);
    assert_int_equal(arg_at(1, "cycles until done"), 15);
    expect(2, END, FIRST_PIPE + 1, 70, NULL);
    expect(3, BEGIN, FIRST_PIPE + 1, 70, "vsub");
    expect(5, BEGIN, FIRST_PIPE, 10, "load");
    assert_int_equal(reading.event_count, 8);
}

static void an_arrow_leads_from_what_was_before_the_set_to_what_is_behind_the_wait(void **state)
{
    (void)state;
    instr(ISA_V, 1, "under way", 5, 100, 110); /* and not ended when its pipe takes the flag */
    instr(ISA_MTE2, 2, "load", 10, 30, 50);
    set(ISA_MTE2, ISA_V, 3, 30, 50);
    instr(ISA_MTE2, 4, "another", 30, 45, 65);
    wait_for(ISA_MTE2, ISA_V, 3, 5, 55);
    instr(ISA_V, 6, "vadd", 100, 120, 130);
    finish(200);
    expect(1, BEGIN, FIRST_PIPE + 1, 10, "load");
    expect(3, BEGIN, FIRST_PIPE, 5, "under way");
    expect(5, BEGIN, FIRST_PIPE, 100, "vadd");
    expect_arrow(2, 5);
    assert_int_equal(event_at(3)->n_terminating_flow_ids, 0);
}

/* The wait was issued behind the instruction that is heard of after it. */
static void an_instruction_before_the_wait_has_no_arrow(void **state)
{
    (void)state;
    instr(ISA_MTE2, 1, "load", 10, 30, 50);
    set(ISA_MTE2, ISA_V, 2, 30, 50);
    wait_for(ISA_MTE2, ISA_V, 2, 4, 55);
    instr(ISA_V, 3, "before", 50, 100, 110);
    instr(ISA_V, 5, "behind", 100, 120, 130);
    finish(200);
    expect(1, BEGIN, FIRST_PIPE + 1, 50, "before");
    expect(3, BEGIN, FIRST_PIPE + 1, 100, "behind");
    expect(6, END, FIRST_PIPE, 30, NULL);
    assert_int_equal(event_at(1)->n_terminating_flow_ids, 0);
    expect_arrow(6, 3);
}

static void where_no_instruction_is_there_is_an_instant(void **state)
{
    (void)state;
    set(ISA_S, ISA_MTE2, 1, 10, 10);
    set(ISA_V, ISA_MTE2, 2, 11, 12);
    wait_for(ISA_S, ISA_MTE2, 1, 3, 15);
    wait_for(ISA_V, ISA_MTE2, 2, 4, 17);
    set(ISA_MTE2, ISA_S, 5, 18, 18);
    wait_for(ISA_MTE2, ISA_S, 5, 0, 25);
    finish(100);
    expect(1, INSTANT, CORE, 10, "set_flag");
    expect(2, INSTANT, FIRST_PIPE, 12, "set_flag");
    expect(3, INSTANT, FIRST_PIPE + 1, 18, "set_flag");
    expect(4, INSTANT, CORE, 25, "wait_flag");
    expect_arrow(3, 4);
    expect(5, INSTANT, FIRST_PIPE + 1, 15, "wait_flag"); /* nothing came behind them */
    expect(6, INSTANT, FIRST_PIPE + 1, 17, "wait_flag");
    expect_arrow(1, 5);
    expect_arrow(2, 6);
}

/* A flag may arrive within the ns: then the arrow's start has to stand first in the file. */
static void an_arrow_that_takes_no_time_begins_first(void **state)
{
    (void)state;
    instr(ISA_MTE2, 1, "load", 10, 50, 50);
    set(ISA_MTE2, ISA_V, 2, 50, 50);
    wait_for(ISA_MTE2, ISA_V, 2, 3, 50);
    instr(ISA_V, 4, "vadd", 50, 60, 70);
    instr(ISA_V, 5, "vadd", 60, 70, 80);
    finish(100);
    expect(2, END, FIRST_PIPE, 50, NULL);
    expect(3, BEGIN, FIRST_PIPE + 1, 50, "vadd");
    expect_arrow(2, 3);
}

static void flags_between_cores_have_instants_on_both_sides(void **state)
{
    (void)state;
    tell(&chip, &(struct event){.kind = EVENT_CROSS,
                                .core = &chip.cores[FIRST_AIV],
                                .by = &chip.cores[0],
                                .pipe = ISA_FIX,
                                .level = 12,
                                .begin_ps = 30000,
                                .time_ps = 230000});
    finish(300);
    enum { AIC = CORE, AIV, PIPE }; /* whose rows are new */
    expect(1, INSTANT, PIPE, 30, "ffts_cross_core_sync");
    expect(2, INSTANT, AIV, 230, "wait_flag_dev");
    expect_arrow(1, 2);
}

static void a_launch_cut_short_cuts_slices(void **state)
{
    (void)state;
    instr(ISA_V, 1, "vadd", 10, 30, 50);
    instr(ISA_V, 2, "vexp", 30, 130, 150);
    say(EVENT_LAUNCH_END, NULL, 0, 40000);
    say(EVENT_LAUNCH_BEGIN, NULL, 40000, 40000);
    instr(ISA_V, 3, "vsub", 60, 80, 85);
    finish(100);
    expect(3, BEGIN, FIRST_PIPE, 30, "vexp");
    expect(4, END, FIRST_PIPE, 40, NULL);
    assert_string_equal(arg_name_of(event_at(4)->debug_annotations[0]), "unfinished");
    expect(7, BEGIN, FIRST_PIPE, 60, "vsub");
    expect(8, END, FIRST_PIPE, 80, NULL);
    assert_int_equal(event_at(8)->n_debug_annotations, 0);
}

/* A set that nobody waited for does not meet a wait of the next launch, and what waited for ever has its instant. */
static void arrows_end_with_the_launch(void **state)
{
    (void)state;
    instr(ISA_MTE2, 1, "load", 10, 20, 25);
    set(ISA_MTE2, ISA_V, 2, 20, 25);
    say(EVENT_LAUNCH_END, NULL, 0, 40000);
    say(EVENT_LAUNCH_BEGIN, NULL, 40000, 40000);
    wait_for(ISA_MTE2, ISA_V, 2, 3, 50);
    instr(ISA_V, 4, "vadd", 60, 80, 85);
    finish(100);
    expect(3, INSTANT, CORE, 40, "no wait_flag");
    expect_arrow(2, 3);
    expect(6, BEGIN, FIRST_PIPE + 1, 60, "vadd");
    assert_int_equal(event_at(6)->n_terminating_flow_ids, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pipes_are_rows_below_their_core, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(an_arrow_leads_from_what_was_before_the_set_to_what_is_behind_the_wait,
                                        open_chip, close_chip),
        cmocka_unit_test_setup_teardown(an_instruction_before_the_wait_has_no_arrow, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(where_no_instruction_is_there_is_an_instant, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(an_arrow_that_takes_no_time_begins_first, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(flags_between_cores_have_instants_on_both_sides, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_launch_cut_short_cuts_slices, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(arrows_end_with_the_launch, open_chip, close_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
