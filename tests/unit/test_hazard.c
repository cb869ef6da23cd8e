/* test_hazard.c - what orders two accesses inside a core, and what does not. A test says what the scalar unit issues,
 * and when each pipe comes to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tools/check/hazard.h"

enum { DEPTH = 32, A = 0, B = 0x1000, C = 0x2000, SIZE = 256 };

static struct hazard *hazard;
static uint64_t serial;
static int met;
static struct hazard_meeting last;

static int start(void **state)
{
    (void)state;
    hazard = hazard_new(DEPTH);
    serial = 0;
    met = 0;
    return hazard ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    hazard_free(hazard);
    return 0;
}

static void meet(void *ctx, const struct hazard_meeting *meeting)
{
    (void)ctx;
    met++;
    last = *meeting;
}

static struct act *issue(enum isa_pipe pipe)
{
    struct act *act = calloc(1, sizeof(*act));

    act->references = 1;
    act->name = "it";
    act->pipe = pipe;
    act->serial = ++serial;
    act->number = hazard_enter(hazard, pipe, true);
    return act;
}

static void access_at(struct act *act, enum isa_access access, enum isa_space space, uint64_t low)
{
    struct spans spans = {0};

    spans_add(&spans, low, low + SIZE);
    hazard_access(hazard, act, access, space, &spans, meet, NULL);
}

/* The instruction begins, and reads and writes. Lower than 0: nothing. */
static void begin(struct act *act, int64_t reads, int64_t writes)
{
    hazard_head(hazard, act->pipe, true);
    if (reads >= 0)
        access_at(act, ISA_READ, ISA_UB, (uint64_t)reads);
    if (writes >= 0)
        access_at(act, ISA_WRITE, ISA_UB, (uint64_t)writes);
    act_drop(act);
}

static void run(enum isa_pipe pipe, int64_t reads, int64_t writes)
{
    begin(issue(pipe), reads, writes);
}

static uint64_t set(enum isa_pipe pipe)
{
    if (pipe != ISA_S) {
        hazard_enter(hazard, pipe, false);
        hazard_head(hazard, pipe, false);
    }
    hazard_set(hazard, pipe, ++serial);
    return serial;
}

static void wait_for(enum isa_pipe pipe, uint64_t token)
{
    if (pipe != ISA_S) {
        hazard_enter(hazard, pipe, false);
        hazard_head(hazard, pipe, false);
    }
    hazard_wait(hazard, pipe, token);
}

static void pass(enum isa_pipe from, enum isa_pipe to)
{
    wait_for(to, set(from));
}

static void barrier(enum isa_pipe pipe)
{
    if (pipe != ISA_ALL) {
        hazard_enter(hazard, pipe, false);
        hazard_head(hazard, pipe, false);
    }
    hazard_barrier(hazard, pipe);
}

static void scalar(enum isa_access access, uint64_t at)
{
    struct act *act = calloc(1, sizeof(*act));

    act->references = 1;
    act->pipe = ISA_S;
    act->serial = serial;
    act->number = hazard_number(hazard);
    access_at(act, access, ISA_UB, at);
    act_drop(act);
}

/* ---- between pipes ---- */

static void test_two_pipes_at_the_same_bytes_are_a_hazard(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    run(ISA_V, A, B);
    assert_int_equal(met, 1);
    assert_int_equal(last.act[0]->pipe, ISA_MTE2);
    assert_int_equal(last.access[1], ISA_READ);
    assert_int_equal(last.where.low, A);
    assert_int_equal(last.where.high, A + SIZE);
}

static void test_two_reads_are_none(void **state)
{
    (void)state;
    run(ISA_V, A, -1);
    run(ISA_MTE3, A, -1);
    assert_int_equal(met, 0);
}

static void test_a_flag_orders(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    pass(ISA_MTE2, ISA_V);
    run(ISA_V, A, B);
    pass(ISA_V, ISA_MTE3);
    run(ISA_MTE3, B, -1);
    assert_int_equal(met, 0);
}

static void test_a_flag_says_nothing_of_what_comes_behind_it(void **state)
{
    uint64_t token;

    (void)state;
    token = set(ISA_MTE2);
    run(ISA_MTE2, -1, A);
    wait_for(ISA_V, token);
    run(ISA_V, A, B);
    assert_int_equal(met, 1);
}

static void test_flags_carry_what_their_pipe_knew(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    pass(ISA_MTE2, ISA_V);
    pass(ISA_V, ISA_MTE3);
    run(ISA_MTE3, A, -1);
    assert_int_equal(met, 0);
}

static void test_the_wait_counts_for_its_own_pipe_only(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    pass(ISA_MTE2, ISA_MTE3);
    run(ISA_V, A, B);
    assert_int_equal(met, 1);
}

static void test_the_reverse_flag_is_needed(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    pass(ISA_MTE2, ISA_V);
    run(ISA_V, A, B);
    run(ISA_MTE2, -1, A);
    assert_int_equal(met, 1);
    assert_int_equal(last.access[0], ISA_READ);
    assert_int_equal(last.access[1], ISA_WRITE);
}

static void test_whichever_begins_first(void **state)
{
    struct act *load = issue(ISA_MTE2), *add = issue(ISA_V);

    (void)state;
    begin(add, A, B);
    begin(load, -1, A);
    assert_int_equal(met, 1);
    assert_true(act_before(last.act[1], last.act[0]));
}

/* ---- one pipe ---- */

static void test_pipes_but_v_work_one_after_the_other(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    run(ISA_MTE2, -1, A);
    run(ISA_MTE3, B, -1);
    run(ISA_MTE3, B, -1);
    assert_int_equal(met, 0);
}

static void test_v_needs_a_barrier(void **state)
{
    (void)state;
    run(ISA_V, A, B);
    run(ISA_V, B, C); /* read after write */
    assert_int_equal(met, 1);
    barrier(ISA_V);
    run(ISA_V, C, A);
    assert_int_equal(met, 1);
    run(ISA_V, -1, C); /* write after read */
    assert_int_equal(met, 2);
    run(ISA_V, -1, C); /* write after write */
    assert_int_equal(met, 3);
}

static void test_an_instruction_in_place_is_no_hazard(void **state)
{
    (void)state;
    run(ISA_V, A, A);
    assert_int_equal(met, 0);
    run(ISA_V, A, A);
    assert_true(met > 0);
}

static void test_a_chain_through_another_pipe_is_as_good_as_a_barrier(void **state)
{
    (void)state;
    run(ISA_V, A, B);
    pass(ISA_V, ISA_MTE3);
    pass(ISA_MTE3, ISA_V);
    run(ISA_V, B, C);
    assert_int_equal(met, 0);
}

/* ---- the scalar unit ---- */

static void test_issue_tells_what_the_scalar_unit_has_waited_for(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    pass(ISA_MTE2, ISA_S);
    run(ISA_V, A, B);
    assert_int_equal(met, 0);
}

static void test_but_not_to_what_is_in_a_queue_already(void **state)
{
    struct act *add;

    (void)state;
    run(ISA_MTE2, -1, A);
    add = issue(ISA_V);
    pass(ISA_MTE2, ISA_S);
    begin(add, A, B);
    assert_int_equal(met, 1);
}

static void test_issue_does_not_tell_of_its_own_accesses(void **state)
{
    (void)state;
    scalar(ISA_WRITE, A);
    run(ISA_V, A, B);
    assert_int_equal(met, 1);
    scalar(ISA_WRITE, C);
    pass(ISA_S, ISA_V);
    run(ISA_V, C, C);
    assert_int_equal(met, 1);
}

static void test_the_scalar_units_flag_covers_what_stands_before_it(void **state)
{
    uint64_t token = set(ISA_S);

    (void)state;
    scalar(ISA_WRITE, A);
    wait_for(ISA_V, token);
    run(ISA_V, A, B);
    assert_int_equal(met, 1);
}

static void test_barrier_all_orders_everything(void **state)
{
    (void)state;
    scalar(ISA_WRITE, C);
    run(ISA_MTE2, -1, A);
    run(ISA_V, B, B);
    barrier(ISA_ALL);
    run(ISA_V, A, C);
    run(ISA_MTE3, B, -1);
    assert_int_equal(met, 0);
    scalar(ISA_READ, C);
    assert_int_equal(met, 1);
}

static void test_many_scalar_accesses_are_one(void **state)
{
    struct act act = {.references = 1, .pipe = ISA_S, .number = hazard_number(hazard)};

    (void)state;
    for (uint64_t i = 0; i < 40; i++)
        access_at(&act, ISA_READ, ISA_UB, i % 2 ? 0x8000 - i * SIZE : i * SIZE);
    assert_int_equal(hazard_live(hazard, ISA_UB), 1);
    run(ISA_V, -1, 0x8000 - 7 * SIZE);
    assert_int_equal(met, 1);
    run(ISA_V, -1, 0x5000);
    assert_int_equal(met, 1);
}

/* ---- what is remembered ---- */

static void test_double_buffers_stay_few(void **state)
{
    uint64_t read[2], loaded[2];

    (void)state;
    read[0] = set(ISA_V);
    read[1] = set(ISA_V);
    for (int i = 0; i < 1000; i++) {
        int id = i % 2;

        wait_for(ISA_MTE2, read[id]);
        run(ISA_MTE2, -1, A + id * SIZE);
        loaded[id] = set(ISA_MTE2);
        wait_for(ISA_V, loaded[id]);
        run(ISA_V, A + id * SIZE, -1);
        read[id] = set(ISA_V);
        assert_true(hazard_live(hazard, ISA_UB) <= 4);
    }
    assert_int_equal(met, 0);
    run(ISA_MTE2, -1, A + SIZE); /* without waiting */
    assert_int_equal(met, 1);
}

static void test_an_access_stands_only_for_what_it_covers(void **state)
{
    struct act *act;

    (void)state;
    run(ISA_V, A, -1);
    act = issue(ISA_V);
    begin(act, A + SIZE / 2, -1); /* half of it, and more */
    pass(ISA_V, ISA_MTE3);
    run(ISA_MTE2, -1, A + SIZE); /* meets the second only */
    assert_int_equal(met, 1);
    run(ISA_MTE2, -1, A);
    assert_true(met >= 2);
}

static void test_more_than_can_be_remembered(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        run(ISA_V, (int64_t)(i * SIZE), -1);
    assert_true(hazard_live(hazard, ISA_UB) < 250);
    run(ISA_MTE2, -1, 999 * SIZE);
    assert_int_equal(met, 1);
}

static void test_a_launch_begins_anew(void **state)
{
    (void)state;
    run(ISA_MTE2, -1, A);
    act_drop(issue(ISA_V)); /* it never began */
    hazard_reset(hazard);
    run(ISA_V, A, B);
    assert_int_equal(met, 0);
}

/* ---- beyond UB ---- */

static void cube(struct act *act, enum isa_access access, bool unit_flag)
{
    act->unit_flag = unit_flag;
    hazard_head(hazard, act->pipe, true);
    access_at(act, access, ISA_L0C, 0);
    act_drop(act);
}

static void test_unit_flags_hand_l0c_over(void **state)
{
    (void)state;
    cube(issue(ISA_M), ISA_WRITE, true);
    cube(issue(ISA_FIX), ISA_READ, true);
    cube(issue(ISA_M), ISA_WRITE, true);
    assert_int_equal(met, 0);
    cube(issue(ISA_FIX), ISA_READ, false);
    assert_int_equal(met, 1);
}

static void test_sums_in_gm_need_no_order(void **state)
{
    struct act *add = issue(ISA_MTE3), *other = issue(ISA_FIX), *load = issue(ISA_MTE2);

    (void)state;
    add->adds = other->adds = true;
    hazard_head(hazard, ISA_MTE3, true);
    access_at(add, ISA_WRITE, ISA_GM, A);
    hazard_head(hazard, ISA_FIX, true);
    access_at(other, ISA_WRITE, ISA_GM, A);
    assert_int_equal(met, 0);
    hazard_head(hazard, ISA_MTE2, true);
    access_at(load, ISA_READ, ISA_GM, A);
    assert_true(met >= 1);
    act_drop(add);
    act_drop(other);
    act_drop(load);
}

static void test_a_clock_that_comes_back(void **state)
{
    struct hazard_clock clock;

    (void)state;
    run(ISA_MTE2, -1, A);
    clock = hazard_clock(hazard, ISA_MTE2); /* sent to another core, which answers the scalar unit */
    hazard_learn(hazard, ISA_S, &clock);
    run(ISA_V, A, B);
    assert_int_equal(met, 0);
    assert_int_equal(hazard_known(hazard, ISA_V, ISA_MTE2), 1);
    assert_int_equal(hazard_known(hazard, ISA_MTE3, ISA_MTE2), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_pipes_at_the_same_bytes_are_a_hazard),
        TEST(test_two_reads_are_none),
        TEST(test_a_flag_orders),
        TEST(test_a_flag_says_nothing_of_what_comes_behind_it),
        TEST(test_flags_carry_what_their_pipe_knew),
        TEST(test_the_wait_counts_for_its_own_pipe_only),
        TEST(test_the_reverse_flag_is_needed),
        TEST(test_whichever_begins_first),
        TEST(test_pipes_but_v_work_one_after_the_other),
        TEST(test_v_needs_a_barrier),
        TEST(test_an_instruction_in_place_is_no_hazard),
        TEST(test_a_chain_through_another_pipe_is_as_good_as_a_barrier),
        TEST(test_issue_tells_what_the_scalar_unit_has_waited_for),
        TEST(test_but_not_to_what_is_in_a_queue_already),
        TEST(test_issue_does_not_tell_of_its_own_accesses),
        TEST(test_the_scalar_units_flag_covers_what_stands_before_it),
        TEST(test_barrier_all_orders_everything),
        TEST(test_many_scalar_accesses_are_one),
        TEST(test_double_buffers_stay_few),
        TEST(test_an_access_stands_only_for_what_it_covers),
        TEST(test_more_than_can_be_remembered),
        TEST(test_a_launch_begins_anew),
        TEST(test_unit_flags_hand_l0c_over),
        TEST(test_sums_in_gm_need_no_order),
        TEST(test_a_clock_that_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
