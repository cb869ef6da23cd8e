/* test_dcache.c - a set-associative cache: where a line may stand, and which line leaves first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/memory/dcache.h"

/* 4 sets of 2 ways: lines 0, 4, 8, ... compete. */
static const struct cache_geometry geometry = {.size_bytes = 512, .ways = 2};
static struct dcache cache;

static int start(void **state)
{
    (void)state;
    return dcache_init(&cache, &geometry);
}

static int stop(void **state)
{
    (void)state;
    dcache_fini(&cache);
    return 0;
}

/* What a core does on a miss; return the way. */
static uint32_t fill(uint64_t line)
{
    uint32_t index = dcache_victim(&cache, line);

    if (dcache_valid(&cache, index))
        dcache_clear(&cache, index);
    dcache_put(&cache, index, line, 1000 + line, 7);
    return index;
}

static bool holds(uint64_t line)
{
    return dcache_find(&cache, line) != DCACHE_NONE;
}

static void touch(uint64_t line)
{
    dcache_touch(&cache, dcache_find(&cache, line));
}

static void test_geometry(void **state)
{
    (void)state;
    assert_int_equal(cache.count, 8);
    assert_int_equal(cache.ways, 2);
    assert_int_equal(cache.set_mask, 3);
}

static void test_an_empty_cache_holds_nothing(void **state)
{
    (void)state;
    for (uint64_t line = 0; line < 20; line++)
        assert_false(holds(line));
    for (uint32_t index = 0; index < cache.count; index++)
        assert_false(dcache_valid(&cache, index));
}

static void test_a_line_stands_in_its_set(void **state)
{
    (void)state;
    for (uint64_t line = 0; line < 8; line++) {
        uint32_t index = fill(line);

        assert_int_equal(index / cache.ways, line % 4);
        assert_int_equal(dcache_find(&cache, line), index);
        assert_int_equal(dcache_line_no(&cache, index), line);
    }
    for (uint64_t line = 0; line < 8; line++)
        assert_true(holds(line)); /* all eight fit */
}

static void test_line_0_can_be_held(void **state)
{
    (void)state;
    fill(0);
    assert_true(holds(0));
    assert_false(holds(4));
}

static void test_large_line_numbers_are_told_apart(void **state)
{
    const uint64_t far = 1ull << 34; /* same set as line 0, other tag */

    (void)state;
    fill(far);
    assert_true(holds(far));
    assert_false(holds(0));
    assert_false(holds(far << 1));
}

static void test_an_empty_way_is_taken_first(void **state)
{
    uint32_t first, second;

    (void)state;
    first = fill(0);
    second = fill(4);
    assert_int_not_equal(first, second);
    dcache_clear(&cache, second); /* although `first` is older */
    assert_int_equal(dcache_victim(&cache, 8), second);
    assert_true(holds(0));
}

static void test_the_least_recently_used_line_leaves(void **state)
{
    (void)state;
    fill(0);
    fill(4);
    fill(8); /* 0 was the oldest */
    assert_false(holds(0));
    assert_true(holds(4));
    touch(4);
    fill(12); /* now 8 is */
    assert_true(holds(4));
    assert_false(holds(8));
}

static void test_finding_is_no_use(void **state)
{
    (void)state;
    fill(0);
    fill(4);
    for (int i = 0; i < 10; i++)
        assert_true(holds(0));
    fill(8);
    assert_false(holds(0));
}

static void test_order_of_use_decides_among_many_ways(void **state)
{
    static const struct cache_geometry full = {.size_bytes = 8 * 64, .ways = 8};
    static const uint64_t use[] = {5, 0, 7, 2, 6, 1, 4, 3};

    (void)state;
    dcache_fini(&cache);
    assert_int_equal(dcache_init(&cache, &full), 0);
    for (uint64_t line = 0; line < 8; line++)
        fill(line);
    for (int i = 0; i < 8; i++)
        touch(use[i]);
    for (int i = 0; i < 8; i++) {
        assert_true(holds(use[i]));
        fill(100 + (uint64_t)i);
        assert_false(holds(use[i]));
    }
}

static void test_other_sets_do_not_matter(void **state)
{
    (void)state;
    fill(0);
    for (uint64_t line = 1; line < 40; line++)
        if (line % 4)
            fill(line);
    assert_true(holds(0));
}

static void test_a_filled_line_is_clean_and_says_when(void **state)
{
    uint32_t index = fill(2);
    struct dcache_line *line = &cache.lines[index];

    (void)state;
    line->dirty = line->divergent = line->queued = true;
    line->written = 0xff;
    line->dirtied_ps = 5;
    dcache_clear(&cache, index);
    assert_int_equal(fill(6), index);
    assert_false(line->dirty);
    assert_false(line->divergent);
    assert_false(line->queued);
    assert_int_equal(line->written, 0);
    assert_int_equal(line->dirtied_ps, 0);
    assert_int_equal(line->filled_ps, 1006);
    assert_int_equal(line->launch, 7);
}

static void test_a_cleared_way_is_empty(void **state)
{
    uint32_t index = fill(3);

    (void)state;
    dcache_clear(&cache, index);
    assert_false(holds(3));
    assert_false(dcache_valid(&cache, index));
}

static void test_each_way_has_bytes_of_its_own(void **state)
{
    (void)state;
    for (uint32_t index = 0; index < cache.count; index++)
        for (int i = 0; i < 64; i++)
            dcache_copy(&cache, index)[i] = (uint8_t)(index + 1);
    for (uint32_t index = 0; index < cache.count; index++)
        for (int i = 0; i < 64; i++)
            assert_int_equal(dcache_copy(&cache, index)[i], index + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_geometry),
        TEST(test_an_empty_cache_holds_nothing),
        TEST(test_a_line_stands_in_its_set),
        TEST(test_line_0_can_be_held),
        TEST(test_large_line_numbers_are_told_apart),
        TEST(test_an_empty_way_is_taken_first),
        TEST(test_the_least_recently_used_line_leaves),
        TEST(test_finding_is_no_use),
        TEST(test_order_of_use_decides_among_many_ways),
        TEST(test_other_sets_do_not_matter),
        TEST(test_a_filled_line_is_clean_and_says_when),
        TEST(test_a_cleared_way_is_empty),
        TEST(test_each_way_has_bytes_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
