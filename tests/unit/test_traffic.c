/* test_traffic.c - amounts by the microsecond: what is counted when, and the polls of parked cores, which must add up
 * to what they would have been one by one, however time is cut into windows and whenever the core goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/bus.h"
#include "model/traffic.h"
#include "tests/unit/chip_fixture.h"

enum { US = 1000000, START = 300000, PERIOD = 700001, FILL_AT = 500000, DCCI_AT = 20000 };

static struct traffic traffic;
static uint64_t amounts[TRAFFIC_KINDS];
static struct park_op ops[3];
static struct core *poller;

static int open_chip(void **state)
{
    (void)state;
    make_chip();
    poller = &chip.cores[FIRST_AIV];
    poller->slot = FIRST_AIV;
    poller->hit_ps = 1000;
    chip.file.aicore.dcci_clean_ps = 20000;
    assert_int_equal(traffic_init(&traffic, &chip), 0);
    traffic_begin(&chip, &traffic, 100000);
    return 0;
}

static int close_chip(void **state)
{
    (void)state;
    traffic_fini(&traffic);
    drop_chip();
    return 0;
}

/* A dcci at the round's begin + DCCI_AT - its cost, a fill that reaches GM at + FILL_AT, and a hit. */
static void park(uint64_t start_ps)
{
    uint64_t reply_ps = bus_reply_ps(&chip, false, GM_LINE_BYTES);

    ops[0] = (struct park_op){.offset_ps = DCCI_AT, .kind = PARK_DCCI};
    ops[1] = (struct park_op){.offset_ps = FILL_AT + reply_ps + poller->hit_ps, .kind = PARK_FILL};
    ops[2] = (struct park_op){.offset_ps = FILL_AT + reply_ps + 2 * poller->hit_ps, .kind = PARK_LOAD};
    poller->park.before = ops;
    poller->park.count_before = 3;
    poller->park.period_ps = PERIOD;
    poller->park.parked_ps = start_ps;
    traffic_park(poller);
}

/* Moments @at, @at + PERIOD, ... in [from, until). */
static uint64_t moments(uint64_t at, uint64_t from, uint64_t until)
{
    uint64_t count = 0;

    for (; at < until; at += PERIOD)
        count += at >= from;
    return count;
}

static void expect_polls(uint64_t from, uint64_t until)
{
    assert_int_equal(amounts[TRAFFIC_DCCI], moments(START, from, until));
    assert_int_equal(amounts[TRAFFIC_READ], GM_LINE_BYTES * moments(START + FILL_AT, from, until));
}

static void each_amount_is_in_the_window_of_its_moment(void **state)
{
    (void)state;
    traffic_count(&traffic, TRAFFIC_WRITE, 99999, 1); /* before the launch: relived */
    traffic_count(&traffic, TRAFFIC_WRITE, 100000, 2);
    traffic_count(&traffic, TRAFFIC_WRITE, 2 * US, 4); /* a core that is ahead */
    traffic_count(&traffic, TRAFFIC_WRITE, 999999, 8);
    traffic_take(&traffic, US, amounts);
    assert_int_equal(amounts[TRAFFIC_WRITE], 10);
    traffic_count(&traffic, TRAFFIC_WRITE, 999999, 16); /* taken */
    traffic_take(&traffic, 2 * US, amounts);
    assert_int_equal(amounts[TRAFFIC_WRITE], 0);
    traffic_take(&traffic, 3 * US, amounts);
    assert_int_equal(amounts[TRAFFIC_WRITE], 4);
}

static void what_is_far_ahead_is_not_lost(void **state)
{
    (void)state;
    traffic_count(&traffic, TRAFFIC_READ, 5000ull * US, 3);
    traffic_take(&traffic, 200ull * US, amounts);
    assert_int_equal(amounts[TRAFFIC_READ], 0);
    traffic_take_rest(&traffic, 200ull * US + 5, amounts);
    assert_int_equal(amounts[TRAFFIC_READ], 3);
}

static void a_parked_core_polls_on(void **state)
{
    (void)state;
    park(START);
    for (uint64_t from = 0, until = US; until <= 50ull * US; from = until, until += US) {
        traffic_take(&traffic, until, amounts);
        expect_polls(from, until);
    }
    traffic_take(&traffic, 5000ull * US, amounts); /* at one go */
    expect_polls(50ull * US, 5000ull * US);
    traffic_take_rest(&traffic, 5000ull * US + 123456, amounts);
    expect_polls(5000ull * US, 5000ull * US + 123456);
}

static void a_core_that_goes_on_has_polled_until_then(void **state)
{
    const uint64_t until = START + 9 * PERIOD; /* 6.6 us */
    (void)state;
    park(START);
    traffic_take(&traffic, 2 * US, amounts);
    traffic_wake(poller, until);
    traffic_count(&traffic, TRAFFIC_DCCI, until, 1000); /* what it relives */
    for (uint64_t from = 2 * US; from < 6 * US; from += US) {
        traffic_take(&traffic, from + US, amounts);
        expect_polls(from, from + US);
    }
    traffic_take(&traffic, 7 * US, amounts);
    assert_int_equal(amounts[TRAFFIC_DCCI], 1000 + moments(START, 6 * US, until));
    traffic_take(&traffic, 100 * US, amounts);
    assert_int_equal(amounts[TRAFFIC_DCCI], 0);
}

static void a_launch_that_was_given_up_leaves_nobody_parked(void **state)
{
    (void)state;
    park(START);
    traffic_begin(&chip, &traffic, 10 * US);
    traffic_take(&traffic, 20 * US, amounts);
    assert_int_equal(amounts[TRAFFIC_DCCI], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_amount_is_in_the_window_of_its_moment, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(what_is_far_ahead_is_not_lost, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_parked_core_polls_on, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_core_that_goes_on_has_polled_until_then, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_launch_that_was_given_up_leaves_nobody_parked, open_chip, close_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
