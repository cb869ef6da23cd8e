/* test_flow.c - transfers that share ports, L2 and HBM: who gets how much, and when each of them ends. All rates here
 * were worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/memory/flow.h"

enum { FLOWS = 8, PORTS = 8 };

#define GB 1000000000ull /* bytes a second: 1 GB/s moves a byte a ns */
#define NS 1000ull

static struct flows flows;
static uint32_t ended[FLOWS];

/* L2 carries 100 GB/s, HBM 20, the ports what they are asked to. */
static int start(void **state)
{
    (void)state;
    return flows_init(&flows, 100 * GB, 20 * GB, PORTS, FLOWS);
}

static int stop(void **state)
{
    (void)state;
    flows_fini(&flows);
    return 0;
}

static uint32_t begin(uint64_t now, uint64_t bytes, uint64_t hbm_bytes, uint64_t cap, uint32_t port)
{
    return flow_start(&flows, now, &(struct flow_request){bytes, hbm_bytes, cap, port});
}

static void ends(uint32_t flow, uint64_t at)
{
    assert_int_equal(flows_next(&flows), at);
    assert_int_equal(flows_finish(&flows, at, ended), 1);
    assert_int_equal(ended[0], flow);
}

static void test_nothing_ends_where_nothing_flows(void **state)
{
    (void)state;
    assert_int_equal(flows_next(&flows), FLOW_NEVER);
    assert_int_equal(flows_finish(&flows, 5 * NS, ended), 0);
    assert_int_equal(flows_next(&flows), FLOW_NEVER);
}

/* What moves more than 65,535 times its bytes over HBM counts as if it moved that. */
static void test_a_byte_may_move_large_sectors(void **state)
{
    uint32_t flow = begin(0, 1, 1 + (1 << 16), 100 * GB, 0);

    (void)state;
    assert_int_equal(flow_rate(&flows, flow), 20 * GB >> 16);
}

static void test_alone_a_flow_is_as_fast_as_its_cap(void **state)
{
    uint32_t flow = begin(7 * NS, 1000, 0, 50 * GB, 0);

    (void)state;
    assert_int_equal(flow_rate(&flows, flow), 50 * GB);
    ends(flow, 27 * NS);
}

static void test_alone_a_flow_is_as_fast_as_its_port(void **state)
{
    uint32_t flow;

    (void)state;
    flows_set_port(&flows, 3, 10 * GB);
    flow = begin(0, 1000, 0, 50 * GB, 3);
    assert_int_equal(flow_rate(&flows, flow), 10 * GB);
    ends(flow, 100 * NS);
}

static void test_alone_a_flow_is_as_fast_as_l2(void **state)
{
    uint32_t flow = begin(0, 1000, 0, 5000 * GB, 0);

    (void)state;
    assert_int_equal(flow_rate(&flows, flow), 100 * GB);
    ends(flow, 10 * NS);
}

static void test_alone_a_flow_that_misses_is_as_fast_as_hbm(void **state)
{
    uint32_t flow = begin(0, 1000, 1000, 50 * GB, 0);

    (void)state;
    assert_int_equal(flow_rate(&flows, flow), 20 * GB);
    ends(flow, 50 * NS);
    flow = begin(50 * NS, 1000, 500, 50 * GB, 0); /* every second byte crosses HBM */
    assert_int_equal(flow_rate(&flows, flow), 40 * GB);
    ends(flow, 75 * NS);
    flow = begin(75 * NS, 100, 400, 50 * GB, 0); /* whole sectors for a few bytes */
    assert_int_equal(flow_rate(&flows, flow), 5 * GB);
    ends(flow, 95 * NS);
}

static void test_the_end_is_rounded_up(void **state)
{
    (void)state;
    ends(begin(0, 10, 0, 3 * GB, 0), 3334);
    ends(begin(3334, 1, 0, 100 * GB, 0), 3344);
    ends(begin(3344, 1, 0, 64 * GB, 0), 3360); /* 15.6 ps */
}

static void test_equal_flows_share_l2_equally(void **state)
{
    uint32_t flow[5];

    (void)state;
    for (uint32_t i = 0; i < 5; i++)
        flow[i] = begin(0, 1000, 0, 50 * GB, i);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(flow_rate(&flows, flow[i]), 20 * GB);
    assert_int_equal(flows_next(&flows), 50 * NS);
    assert_int_equal(flows_finish(&flows, 50 * NS - 1, ended), 0);
    assert_int_equal(flows_finish(&flows, 50 * NS, ended), 5);
    assert_memory_equal(ended, flow, sizeof(flow));
}

static void test_what_a_slow_flow_leaves_goes_to_the_others(void **state)
{
    uint32_t slow = begin(0, 1000, 0, 10 * GB, 0), middle = begin(0, 1000, 0, 26 * GB, 1);
    uint32_t fast = begin(0, 1000, 0, 60 * GB, 2), faster = begin(0, 1000, 0, 80 * GB, 3);

    (void)state;
    assert_int_equal(flow_rate(&flows, slow), 10 * GB);
    assert_int_equal(flow_rate(&flows, middle), 26 * GB);
    assert_int_equal(flow_rate(&flows, fast), 32 * GB);
    assert_int_equal(flow_rate(&flows, faster), 32 * GB);
}

static void test_a_flow_is_slower_while_others_are_there(void **state)
{
    uint32_t first = begin(0, 4000, 0, 80 * GB, 0), second;

    (void)state;
    assert_int_equal(flows_next(&flows), 50 * NS);
    second = begin(20 * NS, 1000, 0, 80 * GB, 1); /* 2400 bytes of the first are left */
    assert_int_equal(flow_rate(&flows, first), 50 * GB);
    ends(second, 40 * NS); /* 1400 left */
    assert_int_equal(flow_rate(&flows, first), 80 * GB);
    ends(first, 57 * NS + 500);
}

static void test_flows_of_one_port_share_it(void **state)
{
    uint32_t first, second, other;

    (void)state;
    flows_set_port(&flows, 0, 30 * GB);
    first = begin(0, 1000, 0, 30 * GB, 0);
    other = begin(0, 10000, 0, 40 * GB, 1);
    assert_int_equal(flow_rate(&flows, first), 30 * GB);
    second = begin(10 * NS, 7000, 0, 30 * GB, 0); /* 700 bytes of the first are left */
    assert_int_equal(flow_rate(&flows, first), 15 * GB);
    assert_int_equal(flow_rate(&flows, second), 15 * GB);
    assert_int_equal(flow_rate(&flows, other), 40 * GB);
    ends(first, 56667); /* 46.67 ns more */
    assert_int_equal(flow_rate(&flows, second), 30 * GB);
}

static void test_a_slow_flow_leaves_more_of_its_port_to_another(void **state)
{
    uint32_t slow, fast;

    (void)state;
    flows_set_port(&flows, 0, 30 * GB);
    fast = begin(0, 1000, 0, 30 * GB, 0);
    slow = begin(0, 1000, 0, 4 * GB, 0);
    assert_int_equal(flow_rate(&flows, slow), 4 * GB);
    assert_int_equal(flow_rate(&flows, fast), 26 * GB);
}

static void test_hbm_holds_misses_back_and_hits_take_the_rest_of_l2(void **state)
{
    uint32_t miss[2], hit[3];

    (void)state;
    for (uint32_t i = 0; i < 2; i++)
        miss[i] = begin(0, 1000, 1000, 60 * GB, i);
    for (uint32_t i = 0; i < 2; i++)
        hit[i] = begin(0, 1000, 0, 36 * GB, 2 + i);
    assert_int_equal(flow_rate(&flows, miss[0]), 10 * GB);
    assert_int_equal(flow_rate(&flows, miss[1]), 10 * GB);
    assert_int_equal(flow_rate(&flows, hit[0]), 36 * GB); /* L2 has 8 GB/s left */
    assert_true(flows.hbm.limits && !flows.l2.limits);
    hit[2] = begin(0, 1000, 0, 12 * GB, 4);
    assert_int_equal(flow_rate(&flows, hit[2]), 12 * GB);
    assert_int_equal(flow_rate(&flows, hit[0]), 34 * GB);
    assert_int_equal(flow_rate(&flows, hit[1]), 34 * GB);
    assert_int_equal(flow_rate(&flows, miss[0]), 10 * GB);
    assert_true(flows.hbm.limits && flows.l2.limits);
}

static void test_flows_that_miss_less_load_hbm_less(void **state)
{
    uint32_t all = begin(0, 1000, 1000, 60 * GB, 0), quarter = begin(0, 1000, 250, 60 * GB, 1);

    (void)state; /* 16 + 16 / 4 = 20: the same rate, not the same load */
    assert_int_equal(flow_rate(&flows, all), 16 * GB);
    assert_int_equal(flow_rate(&flows, quarter), 16 * GB);
}

static void test_where_l2_is_fuller_hbm_holds_nobody_back(void **state)
{
    uint32_t miss = begin(0, 1000, 1000, 60 * GB, 0);

    (void)state;
    for (uint32_t i = 1; i < 8; i++)
        begin(0, 1000, 0, 60 * GB, i);
    assert_int_equal(flow_rate(&flows, miss), 12500000000);
    assert_true(flows.l2.limits && !flows.hbm.limits);
}

static void test_a_miss_that_hbm_holds_back_leaves_its_port_to_a_hit(void **state)
{
    uint32_t miss, hit;

    (void)state;
    flows_set_port(&flows, 0, 60 * GB);
    miss = begin(0, 1000, 1000, 50 * GB, 0);
    hit = begin(0, 1000, 0, 50 * GB, 0);
    assert_int_equal(flow_rate(&flows, miss), 20 * GB);
    assert_int_equal(flow_rate(&flows, hit), 40 * GB);
}

static void test_a_flow_of_nothing_ends_at_once(void **state)
{
    uint32_t other = begin(0, 1000, 0, 100 * GB, 0), empty = begin(2 * NS, 0, 0, 100 * GB, 0);

    (void)state;
    assert_int_equal(flow_rate(&flows, other), 100 * GB);
    ends(empty, 2 * NS);
    ends(other, 10 * NS);
}

static void test_flows_end_by_time_and_then_by_start(void **state)
{
    uint32_t first = begin(0, 100, 0, 1 * GB, 0), second = begin(0, 2000, 0, 10 * GB, 1), third, fourth;

    (void)state;
    assert_int_equal(flows_finish(&flows, 100 * NS, ended), 1); /* its handle is free again, and the lowest */
    third = begin(150 * NS, 50, 0, 1 * GB, 2);
    fourth = begin(150 * NS, 10, 0, 1 * GB, 3);
    assert_int_equal(third, first);
    assert_int_equal(flows_finish(&flows, 1000 * NS, ended), 3);
    assert_int_equal(ended[0], fourth); /* at 160 ns */
    assert_int_equal(ended[1], second); /* at 200 ns, as the third, but it has started before */
    assert_int_equal(ended[2], third);
}

static void test_asked_late_the_others_have_been_faster_since(void **state)
{
    uint32_t first = begin(0, 500, 0, 100 * GB, 0), second = begin(0, 1500, 0, 100 * GB, 1);

    (void)state;
    assert_int_equal(flows_finish(&flows, 500 * NS, ended), 2);
    assert_int_equal(ended[0], first);
    assert_int_equal(ended[1], second);
    assert_int_equal(flows.l2.busy_ps, 20 * NS); /* 10 ns at 50 GB/s, 10 ns at 100 */
}

static void test_more_flows_than_there_is_room_for(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < FLOWS; i++)
        assert_int_equal(begin(0, 1000 + i, 0, 10 * GB, 0), i);
    assert_int_equal(begin(0, 1000, 0, 10 * GB, 0), FLOW_NONE);
    assert_int_equal(flow_rate(&flows, 0), 10 * GB);
    assert_int_equal(flows_finish(&flows, 100 * NS, ended), 1);
    assert_int_equal(begin(100 * NS, 1000, 0, 10 * GB, 0), 0);
}

static void test_a_flow_that_keeps_its_rate_ends_as_if_alone(void **state)
{
    uint32_t steady = begin(0, 1000003, 0, 7 * GB, 0); /* ends at 142857571.43 ps */
    uint32_t other = begin(0, 13, 0, 11 * GB, 1);

    (void)state;
    for (int i = 0; i < 10000; i++) {
        uint64_t next = flows_next(&flows);

        ends(other, next);
        other = begin(next + 1, 13, 0, 11 * GB, 1);
    }
    assert_int_equal(flows_finish(&flows, 142857572 - 1, ended), 1);
    ends(steady, 142857572);
}

static void test_a_flow_that_is_due_stays_due(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++)
        begin(0, 3000000, 0, 50 * GB, i); /* 33333333333 bytes a second: 90 us and 0.0009 ps */
    assert_int_equal(flows_next(&flows), 90000 * NS);
    for (uint32_t i = 3; i < 8; i++)
        begin(90000 * NS, 1000, 0, 50 * GB, i); /* now it would take more than 0.001 ps */
    assert_int_equal(flow_rate(&flows, 0), 12500000000);
    assert_int_equal(flows_finish(&flows, 90000 * NS, ended), 3);
}

static void test_no_flow_stands_still(void **state)
{
    struct flows slow;

    (void)state;
    assert_int_equal(flows_init(&slow, 4, 4, 1, 4), 0);
    assert_int_equal(flow_start(&slow, 0, &(struct flow_request){1, 100, 10, 0}), 0);
    assert_int_equal(flow_rate(&slow, 0), 1);
    assert_int_equal(flows_next(&slow), 1000000000 * NS);
    flows_fini(&slow);
}

static void test_what_the_links_did(void **state)
{
    (void)state;
    begin(10 * NS, 1000, 250, 50 * GB, 0); /* till 30 ns: 12.5 of HBM's 20 GB/s */
    flows_finish(&flows, 15 * NS, ended);
    assert_int_equal(flows.l2.busy_ps, 5 * NS);
    flows_finish(&flows, 60 * NS, ended);
    begin(60 * NS, 2000, 2000, 50 * GB, 0); /* till 160 ns, at 20 GB/s */
    assert_int_equal(flows.l2.bytes, 1000);
    begin(60 * NS, 4000, 0, 100 * GB, 1); /* till 110 ns, at 80 GB/s */
    flows_finish(&flows, 200 * NS, ended);
    assert_int_equal(flows.l2.bytes, 7000);
    assert_int_equal(flows.hbm.bytes, 2250);
    assert_int_equal(flows.l2.busy_ps, 120 * NS);
    assert_int_equal(flows.hbm.busy_ps, 120 * NS);
    assert_int_equal(flows.l2.limits_ps, 50 * NS);
    assert_int_equal(flows.hbm.limits_ps, 100 * NS);
    assert_int_equal(flows.l2.flows, 0);
}

static void test_after_a_reset_nothing_flows(void **state)
{
    (void)state;
    begin(10 * NS, 1000, 250, 50 * GB, 0);
    begin(10 * NS, 1000, 0, 50 * GB, 0);
    flows_reset(&flows, 0);
    assert_int_equal(flows_next(&flows), FLOW_NEVER);
    assert_int_equal(flows_finish(&flows, 100 * NS, ended), 0);
    assert_int_equal(flows.l2.bytes, 0);
    assert_int_equal(begin(100 * NS, 1000, 0, 1000 * GB, 0), 0);
    assert_int_equal(flow_rate(&flows, 0), 100 * GB);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_ends_where_nothing_flows),
        TEST(test_alone_a_flow_is_as_fast_as_its_cap),
        TEST(test_a_byte_may_move_large_sectors),
        TEST(test_alone_a_flow_is_as_fast_as_its_port),
        TEST(test_alone_a_flow_is_as_fast_as_l2),
        TEST(test_alone_a_flow_that_misses_is_as_fast_as_hbm),
        TEST(test_the_end_is_rounded_up),
        TEST(test_equal_flows_share_l2_equally),
        TEST(test_what_a_slow_flow_leaves_goes_to_the_others),
        TEST(test_a_flow_is_slower_while_others_are_there),
        TEST(test_flows_of_one_port_share_it),
        TEST(test_a_slow_flow_leaves_more_of_its_port_to_another),
        TEST(test_hbm_holds_misses_back_and_hits_take_the_rest_of_l2),
        TEST(test_flows_that_miss_less_load_hbm_less),
        TEST(test_where_l2_is_fuller_hbm_holds_nobody_back),
        TEST(test_a_miss_that_hbm_holds_back_leaves_its_port_to_a_hit),
        TEST(test_a_flow_of_nothing_ends_at_once),
        TEST(test_flows_end_by_time_and_then_by_start),
        TEST(test_asked_late_the_others_have_been_faster_since),
        TEST(test_more_flows_than_there_is_room_for),
        TEST(test_a_flow_that_keeps_its_rate_ends_as_if_alone),
        TEST(test_a_flow_that_is_due_stays_due),
        TEST(test_no_flow_stands_still),
        TEST(test_what_the_links_did),
        TEST(test_after_a_reset_nothing_flows),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
