/* test_recorder_queue.c - an end that waits to be seen holds up what is behind it, and nothing gets lost or changes
 * places: not when there is too much of it, nor when it is never seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>

#include "model/recorder_queue.h"
#include "tests/unit/trace_reading.h"

static char path[64];
static struct trace *trace;
static trace_track_id track;
static struct recorder_queue queue;

static int open_queue(void **state)
{
    char error[512];
    (void)state;
    snprintf(path, sizeof path, "/tmp/davsim-test-queue-%d.trace", (int)getpid());
    trace = trace_open(path, TRACE_PERFETTO, error, sizeof error);
    track = trace ? trace_process(trace, "row", 0) : 0;
    return trace ? 0 : -1;
}

static int close_queue(void **state)
{
    (void)state;
    queue_free(&queue);
    forget();
    unlink(path);
    return 0;
}

static void begin(uint64_t time_ns, const char *name)
{
    queue_tell(&queue, trace, track, true, time_ns * 1000, &(struct trace_event){.name = name, .category = "task"}, 0);
}

/* @waits_for: 0, or the number of a kernel whose end is to be seen. @flows: to others. */
static void end(uint64_t time_ns, uint64_t waits_for, const uint64_t *flows, size_t flow_count)
{
    const struct trace_arg cycles = trace_arg_uint("cycles", time_ns);
    queue_tell(&queue, trace, track, false, time_ns * 1000,
               &(struct trace_event){.args = &cycles, .arg_count = 1, .flows_out = flows, .flow_out_count = flow_count},
               waits_for);
}

static void seen(uint64_t kernel, uint64_t flow)
{
    queue_seen(&queue, trace, track, kernel, flow);
}

static void close_and_read(void)
{
    char error[512];
    if (trace_close(trace, error, sizeof error) != 0)
        fail_msg("%s", error);
    read_trace(path);
}

/* End @index has these arrows, the last one @seen if that is not 0. */
static void expect_end(size_t index, uint64_t time_ns, size_t flow_count, uint64_t flow)
{
    expect(index, END, track, time_ns, NULL);
    const event_t *event = reading.events[index]->track_event;
    assert_int_equal(event->debug_annotations[0]->uint_value, time_ns);
    assert_int_equal(event->n_flow_ids, flow_count + (flow != 0));
    for (size_t i = 0; i < flow_count; i++)
        assert_int_equal(event->flow_ids[i], i + 1);
    if (flow)
        assert_int_equal(event->flow_ids[flow_count], flow);
}

static void what_need_not_wait_does_not(void **state)
{
    (void)state;
    begin(1, "a");
    end(2, 0, NULL, 0);
    assert_null(queue.events);
    begin(3, "b");
    end(4, 1, NULL, 0);
    assert_true(queue_waits(&queue, 1));
    seen(1, 77);
    assert_false(queue_waits(&queue, 1));
    assert_int_equal(queue.count, 0);
    close_and_read();
    assert_int_equal(reading.event_count, 4);
    expect(2, BEGIN, track, 3, "b");
    expect_end(3, 4, 0, 77);
}

/* Three kernels that are seen in another order than theirs; the file has theirs. */
static void order_is_kept_and_arrows_find_their_ends(void **state)
{
    (void)state;
    for (uint64_t kernel = 1; kernel <= 3; kernel++) {
        begin(kernel * 10, "k");
        end(kernel * 10 + 5, kernel, NULL, 0);
    }
    seen(2, 200);
    seen(9, 900); /* there is none */
    seen(2, 201); /* it is seen once */
    assert_true(queue_waits(&queue, 1));
    assert_false(queue_waits(&queue, 2));
    seen(1, 100);
    assert_int_equal(queue.count, 1); /* the end of the third */
    seen(3, 0);
    close_and_read();
    assert_int_equal(reading.event_count, 6);
    expect_end(1, 15, 0, 100);
    expect(2, BEGIN, track, 20, "k");
    expect_end(3, 25, 0, 200);
    expect_end(5, 35, 0, 0);
}

/* As many arrows as an event itself has room for, one less, and more. */
static void arrows_are_kept_however_many(void **state)
{
    (void)state;
    uint64_t flows[40];
    static const size_t counts[] = {0, 1, QUEUE_FLOWS - 1, QUEUE_FLOWS, QUEUE_FLOWS + 1, 40};
    enum { COUNTS = sizeof counts / sizeof *counts };
    for (uint64_t i = 0; i < 40; i++)
        flows[i] = i + 1;
    for (uint64_t i = 0; i < COUNTS; i++) {
        begin(10 * i, "k");
        end(10 * i + 5, i + 1, flows, counts[i]);
    }
    memset(flows, 0xff, sizeof flows); /* they were copied */
    for (uint64_t i = COUNTS; i > 0; i--)
        seen(i, 1000 + i);
    close_and_read();
    for (uint64_t i = 0; i < COUNTS; i++)
        expect_end(2 * i + 1, 10 * i + 5, counts[i], 1001 + i);
}

/* More behind an end than is held: it leaves without its arrow, and the order stays. */
static void who_waits_too_long_leaves(void **state)
{
    (void)state;
    enum { SLICES = 100 };
    begin(0, "k");
    end(1, 1, NULL, 0);
    for (uint64_t i = 1; i <= SLICES; i++) {
        begin(10 * i, "s");
        end(10 * i + 5, i == SLICES ? 2 : 0, NULL, 0);
    }
    assert_false(queue_waits(&queue, 1));
    assert_true(queue_waits(&queue, 2)); /* what was told was only as much as had to be */
    seen(1, 7);
    seen(2, 8);
    close_and_read();
    assert_int_equal(reading.event_count, 2 * (SLICES + 1));
    expect_end(1, 1, 0, 0);
    for (size_t i = 1; i < 32; i++) {
        expect(2 * i, BEGIN, track, 10 * i, "s");
        expect_end(2 * i + 1, 10 * i + 5, 0, 0);
    }
    const event_t *last = reading.trace->packet[reading.trace->n_packet - 1]->track_event;
    assert_int_equal(last->n_flow_ids, 1);
    assert_int_equal(last->flow_ids[0], 8);
}

static void a_flush_tells_all(void **state)
{
    uint64_t flows[QUEUE_FLOWS + 1] = {1, 2, 3, 4, 5};
    (void)state;
    begin(1, "k");
    end(2, 1, flows, QUEUE_FLOWS + 1);
    begin(3, "l");
    queue_flush(&queue, trace, track);
    assert_int_equal(queue.count, 0);
    end(4, 2, flows, QUEUE_FLOWS + 1); /* queue_free has something to free */
    queue_free(&queue);
    end(5, 0, NULL, 0);
    close_and_read();
    assert_int_equal(reading.event_count, 4);
    expect_end(1, 2, QUEUE_FLOWS + 1, 0);
    expect(2, BEGIN, track, 3, "l");
    expect_end(3, 5, 0, 0);
}

int main(void)
{
#define WITH_QUEUE(test) cmocka_unit_test_setup_teardown(test, open_queue, close_queue)
    const struct CMUnitTest tests[] = {
        WITH_QUEUE(what_need_not_wait_does_not),
        WITH_QUEUE(order_is_kept_and_arrows_find_their_ends),
        WITH_QUEUE(arrows_are_kept_however_many),
        WITH_QUEUE(who_waits_too_long_leaves),
        WITH_QUEUE(a_flush_tells_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
