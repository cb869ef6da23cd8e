/* test_blocks.c - allocations by address, live and given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/memory/gm.h"
#include "tools/check/blocks.h"

enum { UNIT = GM_ALIGN_BYTES };

static struct happens *happens;
static struct blocks blocks;

static int start(void **state)
{
    (void)state;
    happens = happens_new(1, 0);
    blocks = (struct blocks){0};
    return happens ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    blocks_fini(&blocks);
    happens_free(happens);
    return 0;
}

static struct origin *somebody(void)
{
    return happens_store(happens, 0, STORE_PLAIN);
}

static void test_an_allocation_takes_whole_units(void **state)
{
    (void)state;
    assert_int_equal(blocks_add(&blocks, 4 * UNIT, 1), UNIT);
    assert_int_equal(blocks_add(&blocks, 8 * UNIT, UNIT), UNIT);
    assert_int_equal(blocks_add(&blocks, 12 * UNIT, UNIT + 1), 2 * UNIT);
}

static void test_an_address_belongs_to_the_block_whose_room_it_is_in(void **state)
{
    (void)state;
    blocks_add(&blocks, 12 * UNIT, 3 * UNIT);
    blocks_add(&blocks, 4 * UNIT, 10);
    assert_null(blocks_find(&blocks, 4 * UNIT - 1));
    assert_int_equal(blocks_find(&blocks, 4 * UNIT)->size, 10);
    assert_int_equal(blocks_find(&blocks, 5 * UNIT - 1)->start, 4 * UNIT); /* behind its bytes, within its room */
    assert_null(blocks_find(&blocks, 5 * UNIT));
    assert_int_equal(blocks_find(&blocks, 15 * UNIT - 1)->start, 12 * UNIT);
    assert_null(blocks_find(&blocks, 15 * UNIT));
}

static void test_a_block_is_given_back_once(void **state)
{
    struct origin *first = somebody();

    (void)state;
    blocks_add(&blocks, 4 * UNIT, UNIT);
    assert_null(blocks_free(&blocks, 4 * UNIT + 8, somebody())); /* not its start */
    assert_null(blocks_free(&blocks, 2 * UNIT, somebody()));
    assert_non_null(blocks_free(&blocks, 4 * UNIT, first));
    assert_null(blocks_free(&blocks, 4 * UNIT, somebody()));
    assert_ptr_equal(blocks_find(&blocks, 4 * UNIT)->freed, first);
}

static void test_memory_allocated_anew_is_a_new_block(void **state)
{
    struct origin *freed = origin_keep(somebody());

    (void)state;
    blocks_add(&blocks, 4 * UNIT, 2 * UNIT);
    blocks_free(&blocks, 4 * UNIT, freed);
    blocks_add(&blocks, 5 * UNIT, 2 * UNIT); /* over its second half */
    assert_int_equal(freed->references, 1);
    assert_null(blocks_find(&blocks, 4 * UNIT));
    assert_null(blocks_find(&blocks, 5 * UNIT)->freed);
    assert_int_equal(blocks.count, 1);
    origin_drop(freed);
}

static void test_one_allocation_may_replace_several(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        blocks_add(&blocks, (2 * i + 2) * UNIT, UNIT);
        blocks_free(&blocks, (2 * i + 2) * UNIT, somebody());
    }
    assert_int_equal(blocks.count, 100);
    blocks_add(&blocks, 3 * UNIT, 16 * UNIT); /* rooms 4, 6, ... 18 lie in it; 2 and 20 do not */
    assert_int_equal(blocks.count, 93);
    assert_non_null(blocks_find(&blocks, 2 * UNIT));
    assert_int_equal(blocks_find(&blocks, 18 * UNIT)->start, 3 * UNIT);
    assert_int_equal(blocks_find(&blocks, 20 * UNIT)->start, 20 * UNIT);
}

static void test_the_nearest_is_the_live_one_below(void **state)
{
    (void)state;
    blocks_add(&blocks, 4 * UNIT, UNIT);
    blocks_add(&blocks, 8 * UNIT, UNIT);
    assert_null(blocks_nearest(&blocks, 3 * UNIT));
    assert_int_equal(blocks_nearest(&blocks, 100 * UNIT)->start, 8 * UNIT);
    blocks_free(&blocks, 8 * UNIT, somebody());
    assert_int_equal(blocks_nearest(&blocks, 100 * UNIT)->start, 4 * UNIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_allocation_takes_whole_units),    TEST(test_an_address_belongs_to_the_block_whose_room_it_is_in),
        TEST(test_a_block_is_given_back_once),         TEST(test_memory_allocated_anew_is_a_new_block),
        TEST(test_one_allocation_may_replace_several), TEST(test_the_nearest_is_the_live_one_below),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
