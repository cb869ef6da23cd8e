/* test_happens.c - what an agent knows of another's stores: what is meant, what is ordered, and by which access. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/check/happens.h"

enum { A, B, C, AGENTS, MOVER = AGENTS, MOVERS = 1 };

static struct happens *happens;

static int start(void **state)
{
    (void)state;
    happens = happens_new(AGENTS, MOVERS);
    return happens ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    happens_free(happens);
    return 0;
}

/* A plain store and one that tells of it: what @reader then knows of the plain one. */
static struct origin *data_then(uint32_t agent, enum store_order order, struct origin **flag)
{
    struct origin *data = happens_store(happens, agent, STORE_PLAIN);

    *flag = happens_store(happens, agent, order);
    return data;
}

static void assert_knows(uint32_t agent, const struct origin *origin, bool intended, bool ordered)
{
    assert_int_equal(happens_intended(happens, agent, origin), intended);
    assert_int_equal(happens_ordered(happens, agent, origin), ordered);
}

/* ---- release and acquire ---- */

static void test_nobody_knows_of_a_store_that_nobody_told_of(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag);

    (void)state;
    assert_knows(A, data, true, true);
    assert_knows(B, data, false, false);
    origin_drop(data);
    origin_drop(flag);
}

static void test_an_ordered_store_tells_of_all_before_it_and_of_nothing_behind_it(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag), *later = happens_store(happens, A, STORE_PLAIN);

    (void)state;
    happens_load(happens, B, flag, LOAD_ORDERED);
    assert_knows(B, data, true, true);
    assert_knows(B, later, false, false);
    assert_true(agent_set_has(&flag->seen, B));
    assert_false(agent_set_has(&flag->seen, C));
    origin_drop(data);
    origin_drop(later);
    origin_drop(flag);
}

static void test_what_is_known_is_passed_on(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag), *next;

    (void)state;
    happens_load(happens, B, flag, LOAD_ORDERED);
    next = happens_store(happens, B, STORE_ORDERED);
    assert_knows(C, data, false, false);
    happens_load(happens, C, next, LOAD_ORDERED);
    assert_knows(C, data, true, true);
    assert_true(happens_directly(happens, B, data));
    assert_false(happens_directly(happens, C, data));
    origin_drop(data);
    origin_drop(flag);
    origin_drop(next);
}

/* ---- the order of the text, and fences ---- */

static void test_the_text_means_it_and_orders_nothing(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_TEXT, &flag);

    (void)state;
    happens_load(happens, B, flag, LOAD_ORDERED);
    assert_knows(B, data, true, false);
    assert_false(happens_needs_load_fence(happens, B, data));
    origin_drop(data);
    origin_drop(flag);
}

static void test_a_store_fence_between_orders_what_was_before_it(void **state)
{
    struct origin *before = happens_store(happens, A, STORE_PLAIN), *between, *flag;

    (void)state;
    happens_store_fence(happens, A);
    between = happens_store(happens, A, STORE_PLAIN);
    flag = happens_store(happens, A, STORE_TEXT);
    happens_store_fence(happens, A); /* too late */
    happens_load(happens, B, flag, LOAD_ORDERED);
    assert_knows(B, before, true, true);
    assert_knows(B, between, true, false);
    origin_drop(before);
    origin_drop(between);
    origin_drop(flag);
}

static void test_a_load_fence_of_the_writer_is_none(void **state)
{
    struct origin *data = happens_store(happens, A, STORE_PLAIN), *flag;

    (void)state;
    happens_load_fence(happens, A);
    flag = happens_store(happens, A, STORE_TEXT);
    happens_load(happens, B, flag, LOAD_ORDERED);
    assert_knows(B, data, true, false);
    origin_drop(data);
    origin_drop(flag);
}

/* ---- the reader's side ---- */

static void test_behind_a_register_order_waits_for_a_load_fence(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag);

    (void)state;
    happens_load(happens, B, flag, LOAD_DEVICE);
    assert_knows(B, data, true, false);
    assert_true(happens_needs_load_fence(happens, B, data));
    happens_store_fence(happens, B);
    assert_knows(B, data, true, false);
    happens_load_fence(happens, B);
    assert_knows(B, data, true, true);
    assert_false(happens_needs_load_fence(happens, B, data));
    origin_drop(data);
    origin_drop(flag);
}

static void test_a_relaxed_load_counts_from_the_next_load_fence(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag);

    (void)state;
    happens_load(happens, B, flag, LOAD_RELAXED);
    assert_knows(B, data, false, false);
    happens_load_fence(happens, B);
    assert_knows(B, data, true, true);
    origin_drop(data);
    origin_drop(flag);
}

static void test_what_waits_for_a_fence_does_not_come_back_with_the_next(void **state)
{
    struct origin *first, *second, *data = data_then(A, STORE_ORDERED, &first);
    struct origin *more = data_then(C, STORE_TEXT, &second);

    (void)state;
    happens_load(happens, B, first, LOAD_DEVICE);
    happens_load_fence(happens, B);
    happens_load(happens, B, second, LOAD_DEVICE);
    assert_false(happens_needs_load_fence(happens, B, data));
    happens_load_fence(happens, B);
    assert_knows(B, data, true, true);
    assert_knows(B, more, true, false);
    origin_drop(data);
    origin_drop(more);
    origin_drop(first);
    origin_drop(second);
}

static void test_a_store_is_not_made_before_the_load_that_it_depends_on(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag), *next;

    (void)state;
    happens_load(happens, B, flag, LOAD_DEVICE); /* and no fence */
    next = happens_store(happens, B, STORE_ORDERED);
    happens_load(happens, C, next, LOAD_ORDERED);
    assert_knows(C, data, true, true);
    origin_drop(data);
    origin_drop(flag);
    origin_drop(next);
}

/* ---- read-modify-writes ---- */

static void test_a_chain_carries_what_it_replaces(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag), *exchange = happens_store(happens, B, STORE_TEXT);

    (void)state;
    happens_chain(happens, exchange, flag);
    happens_load(happens, C, exchange, LOAD_ORDERED);
    assert_knows(C, data, true, true);
    origin_drop(data);
    origin_drop(flag);
    origin_drop(exchange);
}

static void test_its_own_store_tells_nothing_unless_it_replaced_another(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_ORDERED, &flag), *own = happens_store(happens, B, STORE_ORDERED);

    (void)state;
    happens_chain(happens, own, flag);
    happens_load(happens, B, own, LOAD_ORDERED);
    assert_knows(B, data, false, false);
    own->is_rmw = true;
    happens_load(happens, B, own, LOAD_ORDERED);
    assert_knows(B, data, true, true);
    origin_drop(data);
    origin_drop(flag);
    origin_drop(own);
}

/* ---- joins and epochs ---- */

static void test_a_join_orders_all_of_it_and_nothing_that_follows(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_TEXT, &flag), *later;

    (void)state;
    happens_join(happens, B, A);
    later = happens_store(happens, A, STORE_PLAIN);
    assert_knows(B, data, true, true);
    assert_knows(B, later, false, false);
    origin_drop(data);
    origin_drop(flag);
    origin_drop(later);
}

static void test_a_join_brings_what_the_other_was_told(void **state)
{
    struct origin *flag, *data = data_then(A, STORE_TEXT, &flag);

    (void)state;
    happens_load(happens, B, flag, LOAD_ORDERED);
    happens_join(happens, C, B);
    assert_knows(C, data, true, true); /* nothing is on its way any more */
    origin_drop(data);
    origin_drop(flag);
}

static void test_plain_stores_share_an_epoch_and_all_else_begins_one(void **state)
{
    uint32_t first = happens_epoch(happens, A);

    (void)state;
    origin_drop(happens_store(happens, A, STORE_PLAIN));
    assert_int_equal(happens_epoch(happens, A), first);
    origin_drop(happens_store(happens, A, STORE_TEXT));
    assert_int_equal(happens_epoch(happens, A), first + 1);
    happens_store_fence(happens, A);
    assert_int_equal(happens_epoch(happens, A), first + 2);
    happens_step(happens, A);
    assert_int_equal(happens_epoch(happens, A), first + 3);
    assert_int_equal(happens_epoch(happens, B), first);
}

static void test_there_are_not_more_agents_than_a_set_has_room_for(void **state)
{
    struct agent_set set = {0};

    (void)state;
    assert_null(happens_new(HAPPENS_MAX_AGENTS, 1));
    agent_set_add(&set, HAPPENS_MAX_AGENTS - 1);
    assert_true(agent_set_has(&set, HAPPENS_MAX_AGENTS - 1));
    assert_false(agent_set_has(&set, 63));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

/* ---- movers ---- */

static void test_a_mover_is_known_as_far_as_it_was_told_of(void **state)
{
    struct origin *first = happens_move(happens, MOVER, 1), *second = happens_move(happens, MOVER, 2);

    (void)state;
    assert_knows(A, first, false, false);
    happens_tell(happens, A, MOVER, 2, false);
    assert_knows(A, first, true, false);
    happens_tell(happens, A, MOVER, 1, true);
    assert_knows(A, first, true, true);
    assert_knows(A, second, true, false);
    origin_drop(first);
    origin_drop(second);
}

static void test_who_is_told_by_an_agent_knows_of_its_movers_what_it_knew(void **state)
{
    struct origin *moved, *early, *late;

    (void)state;
    moved = happens_move(happens, MOVER, 1);
    happens_tell(happens, A, MOVER, 1, false);
    early = happens_store(happens, A, STORE_ORDERED);
    happens_tell(happens, A, MOVER, 1, true);
    late = happens_store(happens, A, STORE_ORDERED);
    happens_load(happens, B, early, LOAD_ORDERED);
    assert_knows(B, moved, true, false);
    happens_load(happens, C, late, LOAD_ORDERED);
    assert_knows(C, moved, true, true);
    origin_drop(moved);
    origin_drop(early);
    origin_drop(late);
}

static void test_a_snapshot_holds_until_something_changes(void **state)
{
    struct origin *one = happens_snapshot(happens, A), *same = happens_snapshot(happens, A), *data, *other;

    (void)state;
    assert_ptr_equal(one, same);
    data = happens_store(happens, A, STORE_PLAIN);
    other = happens_snapshot(happens, A);
    assert_ptr_not_equal(one, other);
    happens_assume(happens, C, one);
    assert_knows(C, data, false, false);
    happens_assume(happens, C, other);
    assert_knows(C, data, true, true);
    origin_drop(one);
    origin_drop(same);
    origin_drop(other);
    origin_drop(data);
}

static void test_what_is_assumed_is_forgotten_with_the_next_assumption(void **state)
{
    struct origin *nothing = happens_snapshot(happens, B), *moved = happens_move(happens, MOVER, 1), *sync;

    (void)state;
    sync = happens_store(happens, A, STORE_ORDERED);
    happens_add(sync, MOVER, 1);
    happens_assume(happens, C, sync);
    assert_knows(C, moved, true, true);
    assert_int_equal(happens_carries(sync, MOVER), 1);
    happens_assume(happens, C, nothing);
    assert_knows(C, moved, false, false);
    origin_drop(nothing);
    origin_drop(moved);
    origin_drop(sync);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nobody_knows_of_a_store_that_nobody_told_of),
        TEST(test_an_ordered_store_tells_of_all_before_it_and_of_nothing_behind_it),
        TEST(test_what_is_known_is_passed_on),
        TEST(test_the_text_means_it_and_orders_nothing),
        TEST(test_a_store_fence_between_orders_what_was_before_it),
        TEST(test_a_load_fence_of_the_writer_is_none),
        TEST(test_behind_a_register_order_waits_for_a_load_fence),
        TEST(test_a_relaxed_load_counts_from_the_next_load_fence),
        TEST(test_what_waits_for_a_fence_does_not_come_back_with_the_next),
        TEST(test_a_store_is_not_made_before_the_load_that_it_depends_on),
        TEST(test_a_chain_carries_what_it_replaces),
        TEST(test_its_own_store_tells_nothing_unless_it_replaced_another),
        TEST(test_a_join_orders_all_of_it_and_nothing_that_follows),
        TEST(test_a_join_brings_what_the_other_was_told),
        TEST(test_plain_stores_share_an_epoch_and_all_else_begins_one),
        TEST(test_there_are_not_more_agents_than_a_set_has_room_for),
        TEST(test_a_mover_is_known_as_far_as_it_was_told_of),
        TEST(test_who_is_told_by_an_agent_knows_of_its_movers_what_it_knew),
        TEST(test_a_snapshot_holds_until_something_changes),
        TEST(test_what_is_assumed_is_forgotten_with_the_next_assumption),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
