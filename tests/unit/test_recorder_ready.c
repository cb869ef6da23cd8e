/* test_recorder_ready.c - the curve of ready tasks is, at each microsecond, how many are ready then; it is told late,
 * and what was ready for too long counts for the latest of its time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <unistd.h>

#include "model/recorder_ready.h"
#include "tests/unit/chip_fixture.h"
#include "traces/reader.h"

enum { US = 1000000 };

static char path[64], error[512];
static struct trace *trace;
static struct recorder_rows *rows;
static struct recorder_ready ready;
static struct timeline *timeline;

static int open_curve(void **state)
{
    (void)state;
    make_chip();
    snprintf(path, sizeof path, "/tmp/davsim-test-ready-%d.trace", (int)getpid());
    trace = trace_open(path, TRACE_PERFETTO, error, sizeof error);
    rows = trace ? rows_new(trace, &chip, false) : NULL;
    ready = (struct recorder_ready){0};
    return rows ? 0 : -1;
}

static int close_curve(void **state)
{
    (void)state;
    timeline_free(timeline);
    timeline = NULL;
    ready_fini(&ready);
    rows_free(rows);
    drop_chip();
    unlink(path);
    return 0;
}

static void task(uint64_t ready_ps, uint64_t begin_ps)
{
    ready_task(&ready, trace, rows, ready_ps, begin_ps);
}

static void close_and_read(void)
{
    ready_end_launch(&ready, trace);
    if (trace_close(trace, error, sizeof error) != 0)
        fail_msg("%s", error);
    timeline = timeline_read(path, error, sizeof error);
    if (!timeline)
        fail_msg("%s", error);
}

static void expect_point(size_t index, int64_t time_us, double value)
{
    assert_true(index < timeline->sample_count);
    assert_int_equal(timeline->samples[index].time_ns, time_us * 1000);
    assert_float_equal(timeline->samples[index].value, value, 0);
}

static void a_task_counts_from_its_readiness_to_its_begin(void **state)
{
    (void)state;
    task(1 * US + 1, 3 * US); /* at 2 us, and not at 3 */
    task(1 * US, 5 * US + 1); /* at 1 to 5 */
    task(6 * US + 1, 7 * US); /* at none */
    close_and_read();
    assert_int_equal(timeline->sample_count, 4);
    expect_point(0, 1, 1);
    expect_point(1, 2, 2);
    expect_point(2, 3, 1);
    expect_point(3, 6, 0);
}

static void who_was_ready_for_too_long_counts_late(void **state)
{
    (void)state;
    const uint64_t last = 2 * READY_WINDOWS;
    task(1 * US, 2 * US);
    task(3 * US, last * US);
    task(4 * US, 5 * US); /* what was then has been told */
    close_and_read();
    assert_int_equal(timeline->sample_count, 4);
    expect_point(0, 1, 1);
    expect_point(1, 2, 0);
    expect_point(2, (int64_t)last - READY_WINDOWS + 1, 1);
    expect_point(3, (int64_t)last, 0);
}

/* Many tasks, in the order of their begins, against a count one by one. */
static void the_curve_is_the_count(void **state)
{
    enum { TASKS = 3000, LAST = 20000 };
    static int expected[LAST];
    uint64_t random = 1, begin_ps = 0;
    int value = 0;
    size_t point = 0;
    (void)state;
    for (int i = 0; i < TASKS; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        begin_ps += random >> 41;
        uint64_t ready_ps = begin_ps - begin_ps * ((random >> 20) % 100) / 1000;
        task(ready_ps, begin_ps);
        for (uint64_t us = (ready_ps + US - 1) / US; us * US < begin_ps; us++)
            expected[us]++;
    }
    assert_true(begin_ps / US < LAST);
    close_and_read();
    for (int us = 0; us < LAST; us++) {
        if (expected[us] != value)
            expect_point(point++, us, value = expected[us]);
    }
    assert_int_equal(point, timeline->sample_count);
    assert_true(point > 1000);
}

int main(void)
{
#define WITH_CURVE(test) cmocka_unit_test_setup_teardown(test, open_curve, close_curve)
    const struct CMUnitTest tests[] = {
        WITH_CURVE(a_task_counts_from_its_readiness_to_its_begin),
        WITH_CURVE(who_was_ready_for_too_long_counts_late),
        WITH_CURVE(the_curve_is_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
