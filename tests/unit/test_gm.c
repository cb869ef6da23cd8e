/* test_gm.c - the device's memory: where it stands, and an allocator whose addresses come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "model/memory/gm.h"

#define GM_BYTES (1u << 20)

static struct gm gm;

static int start(void **state)
{
    (void)state;
    return gm_init(&gm, GM_BYTES, 0, false);
}

static int stop(void **state)
{
    (void)state;
    gm_fini(&gm);
    return 0;
}

/* Whether all of GM but its first, unused piece is one free block again. */
static void expect_whole(void)
{
    void *all = gm_alloc(&gm, GM_BYTES - GM_ALIGN_BYTES);

    assert_non_null(all);
    assert_ptr_equal(all, gm.base + GM_ALIGN_BYTES);
    assert_int_equal(gm_free(&gm, all), 0);
    assert_int_equal(gm.used_bytes, 0);
}

/* ---- allocation ---- */

static void test_allocations_are_aligned_and_apart(void **state)
{
    static const uint64_t sizes[] = {1, 63, 64, 511, 512, 513, 4096, 5};
    uint8_t *end = gm.base;

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        uint8_t *block = gm_alloc(&gm, sizes[i]);

        assert_non_null(block);
        assert_int_equal((uintptr_t)block % GM_ALIGN_BYTES, 0);
        assert_true(block >= end);
        assert_true(gm_contains(&gm, block, sizes[i]));
        end = block + sizes[i];
    }
}

static void test_no_allocation_has_offset_0(void **state)
{
    (void)state;
    assert_ptr_not_equal(gm_alloc(&gm, 1), gm.base);
}

static void test_nothing_for_0_bytes(void **state)
{
    (void)state;
    assert_null(gm_alloc(&gm, 0));
    assert_int_equal(gm.used_bytes, 0);
}

static void test_nothing_when_no_hole_is_large_enough(void **state)
{
    (void)state;
    assert_null(gm_alloc(&gm, GM_BYTES));
    assert_null(gm_alloc(&gm, GM_BYTES + 1));
    assert_null(gm_alloc(&gm, UINT64_MAX));
    assert_null(gm_alloc(&gm, UINT64_MAX - GM_ALIGN_BYTES));
    assert_non_null(gm_alloc(&gm, GM_BYTES - GM_ALIGN_BYTES));
    assert_null(gm_alloc(&gm, 1));
}

static void test_used_bytes_count_whole_pieces(void **state)
{
    void *block = gm_alloc(&gm, 1);

    (void)state;
    assert_int_equal(gm.used_bytes, GM_ALIGN_BYTES);
    gm_free(&gm, block);
    assert_int_equal(gm.used_bytes, 0);
}

/* ---- what comes back ---- */

static void test_a_freed_address_comes_back_at_once(void **state)
{
    void *first = gm_alloc(&gm, 2000), *second = gm_alloc(&gm, 2000);

    (void)state;
    assert_ptr_not_equal(first, second);
    assert_int_equal(gm_free(&gm, first), 0);
    assert_ptr_equal(gm_alloc(&gm, 2000), first);
}

static void test_the_first_hole_that_fits_is_taken(void **state)
{
    void *small = gm_alloc(&gm, 512), *keep1 = gm_alloc(&gm, 512);
    uint8_t *large = gm_alloc(&gm, 2048);
    void *keep2 = gm_alloc(&gm, 512);

    (void)state;
    (void)keep1;
    (void)keep2;
    gm_free(&gm, small);
    gm_free(&gm, large);
    assert_ptr_equal(gm_alloc(&gm, 1024), large); /* `small` is too small */
    assert_ptr_equal(gm_alloc(&gm, 512), small);
    assert_ptr_equal(gm_alloc(&gm, 1024), large + 1024); /* the rest of the hole */
}

static void test_neighbours_merge_whatever_the_order_of_frees(void **state)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    (void)state;
    for (int order = 0; order < 6; order++) {
        void *blocks[3];

        for (int i = 0; i < 3; i++)
            blocks[i] = gm_alloc(&gm, 4096);
        for (int i = 0; i < 3; i++)
            assert_int_equal(gm_free(&gm, blocks[orders[order][i]]), 0);
        expect_whole();
    }
}

static void test_bytes_survive_free_and_alloc(void **state)
{
    uint8_t *block = gm_alloc(&gm, 4096);

    (void)state;
    memset(block, 0x5a, 4096);
    gm_free(&gm, block);
    assert_ptr_equal(gm_alloc(&gm, 4096), block);
    for (int i = 0; i < 4096; i++)
        assert_int_equal(block[i], 0x5a);
}

static void test_a_zeroed_gm_clears_allocations(void **state)
{
    uint8_t *block;

    (void)state;
    gm.zeroed = true;
    block = gm_alloc(&gm, 1000);
    memset(block, 0x5a, 1000);
    gm_free(&gm, block);
    assert_ptr_equal(gm_alloc(&gm, 1000), block);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(block[i], 0);
}

/* ---- bad frees ---- */

static void test_only_the_start_of_a_live_allocation_can_be_freed(void **state)
{
    uint8_t *block = gm_alloc(&gm, 4096);
    int host = 0;

    (void)state;
    assert_int_equal(gm_free(&gm, block + GM_ALIGN_BYTES), -1); /* inside */
    assert_int_equal(gm_free(&gm, block + 4096), -1);           /* behind it, free */
    assert_int_equal(gm_free(&gm, gm.base), -1);                /* the unused piece */
    assert_int_equal(gm_free(&gm, NULL), -1);
    assert_int_equal(gm_free(&gm, &host), -1);
    assert_int_equal(gm.used_bytes, 4096);
    assert_int_equal(gm_free(&gm, block), 0);
    assert_int_equal(gm_free(&gm, block), -1); /* twice */
    expect_whole();
}

/* ---- questions ---- */

static void test_find_names_the_allocation_around_an_address(void **state)
{
    uint8_t *one = gm_alloc(&gm, 600), *two = gm_alloc(&gm, 512);
    uint64_t start_addr = 0, size = 0;

    (void)state;
    assert_true(gm_find(&gm, one + 599, &start_addr, &size));
    assert_int_equal(start_addr, (uintptr_t)one);
    assert_int_equal(size, 1024); /* whole pieces */
    assert_true(gm_find(&gm, two, &start_addr, &size));
    assert_int_equal(start_addr, (uintptr_t)two);
    assert_false(gm_find(&gm, two + 512, &start_addr, &size));
    assert_false(gm_find(&gm, gm.base, &start_addr, &size));
    assert_false(gm_find(&gm, gm.base - 1, &start_addr, &size));
    assert_false(gm_find(&gm, gm.base + GM_BYTES, &start_addr, &size));
    gm_free(&gm, one);
    assert_false(gm_find(&gm, one, &start_addr, &size));
}

static void test_contains_takes_ranges_that_end_with_gm(void **state)
{
    (void)state;
    assert_true(gm_contains(&gm, gm.base, GM_BYTES));
    assert_true(gm_contains(&gm, gm.base + GM_BYTES - 1, 1));
    assert_false(gm_contains(&gm, gm.base + GM_BYTES - 1, 2));
    assert_false(gm_contains(&gm, gm.base + GM_BYTES, 0));
    assert_false(gm_contains(&gm, gm.base - 1, 1));
    assert_false(gm_contains(&gm, gm.base + 64, UINT64_MAX));
    assert_false(gm_contains(&gm, NULL, 1));
}

static void test_lines_are_64_bytes_from_the_base(void **state)
{
    (void)state;
    assert_int_equal(gm_line_of(&gm, (uintptr_t)gm.base), 0);
    assert_int_equal(gm_line_of(&gm, (uintptr_t)gm.base + 63), 0);
    assert_int_equal(gm_line_of(&gm, (uintptr_t)gm.base + 64), 1);
    assert_ptr_equal(gm_line_ptr(&gm, 3), gm.base + 192);
}

/* ---- the mapping ---- */

static void test_a_gm_stands_at_the_same_place_again(void **state)
{
    const uint8_t *base = gm.base;

    (void)state;
    gm_fini(&gm);
    assert_int_equal(gm_init(&gm, GM_BYTES / 2, 0, false), 0);
    assert_ptr_equal(gm.base, base);
}

static void test_device_slots_do_not_overlap(void **state)
{
    struct gm other;

    (void)state;
    assert_int_equal(gm_init(&other, GM_BYTES, 1, false), 0);
    assert_false(gm_contains(&gm, other.base, 1));
    assert_false(gm_contains(&other, gm.base, 1));
    gm_fini(&other);
}

static void test_impossible_sizes_are_refused(void **state)
{
    struct gm other;

    (void)state;
    assert_int_equal(gm_init(&other, 0, 2, false), -1);
    gm_fini(&other);
    assert_int_equal(gm_init(&other, UINT64_MAX, 2, false), -1);
    gm_fini(&other);
    assert_int_equal(gm_init(&other, GM_BYTES, 0, false), -1); /* this place is taken */
    gm_fini(&other);
    assert_non_null(gm_alloc(&gm, 1));
}

static void test_code_can_be_run_from_gm(void **state)
{
    static const uint8_t answer[] = {0xb8, 42, 0, 0, 0, 0xc3}; /* mov $42, %eax; ret */
    uint8_t *code = (uint8_t *)gm_alloc(&gm, 8192) + 4000;
    int (*function)(void) = (int (*)(void))(uintptr_t)code;

    (void)state;
    memcpy(code, answer, sizeof(answer));
    assert_int_equal(gm_make_executable(&gm, code, 200), 0); /* crosses a page */
    assert_int_equal(function(), 42);
    code[1] = 43; /* and it can still be written */
    assert_int_equal(function(), 43);
    assert_int_equal(gm_make_executable(&gm, gm.base + GM_BYTES - 8, 16), -1);
}

/* Can the byte be written? The kernel says so, instead of a signal. */
static bool is_there(const uint8_t *byte)
{
    int pipe_ends[2];
    bool there;

    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(write(pipe_ends[1], "x", 1), 1);
    there = read(pipe_ends[0], (void *)(uintptr_t)byte, 1) == 1;
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    return there;
}

static void test_nobody_reaches_a_hidden_gm(void **state)
{
    static const uint8_t answer[] = {0xb8, 42, 0, 0, 0, 0xc3};
    uint8_t *data = gm_alloc(&gm, 8192), *code = gm_alloc(&gm, 200);
    int (*function)(void) = (int (*)(void))(uintptr_t)code;

    (void)state;
    memcpy(code, answer, sizeof(answer));
    data[8191] = 7;
    assert_int_equal(gm_make_executable(&gm, code, 200), 0);
    assert_int_equal(gm_hide(&gm), 0);
    assert_false(is_there(data));
    assert_false(is_there(gm.base + GM_BYTES - 1));
    assert_int_equal(gm_show(&gm), 0);
    assert_true(is_there(data));
    assert_int_equal(data[8191], 7);
    assert_int_equal(function(), 42); /* still code */
}

static void test_an_address_tells_its_slot(void **state)
{
    struct gm last;

    (void)state;
    assert_int_equal(gm_init(&last, GM_BYTES, GM_SLOTS - 1, false), 0);
    assert_int_equal(gm_slot_of((uintptr_t)gm.base), 0);
    assert_int_equal(gm_slot_of((uintptr_t)gm.base + GM_SLOT_BYTES - 1), 0);
    assert_int_equal(gm_slot_of((uintptr_t)gm.base - 1), -1);
    assert_int_equal(gm_slot_of((uintptr_t)last.base + GM_BYTES), GM_SLOTS - 1);
    assert_int_equal(gm_slot_of((uintptr_t)last.base + GM_SLOT_BYTES), -1);
    assert_int_equal(gm_slot_of((uintptr_t)&last), -1);
    gm_fini(&last);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_allocations_are_aligned_and_apart),
        TEST(test_no_allocation_has_offset_0),
        TEST(test_nothing_for_0_bytes),
        TEST(test_nothing_when_no_hole_is_large_enough),
        TEST(test_used_bytes_count_whole_pieces),
        TEST(test_a_freed_address_comes_back_at_once),
        TEST(test_the_first_hole_that_fits_is_taken),
        TEST(test_neighbours_merge_whatever_the_order_of_frees),
        TEST(test_bytes_survive_free_and_alloc),
        TEST(test_a_zeroed_gm_clears_allocations),
        TEST(test_only_the_start_of_a_live_allocation_can_be_freed),
        TEST(test_find_names_the_allocation_around_an_address),
        TEST(test_contains_takes_ranges_that_end_with_gm),
        TEST(test_lines_are_64_bytes_from_the_base),
        TEST(test_a_gm_stands_at_the_same_place_again),
        TEST(test_device_slots_do_not_overlap),
        TEST(test_impossible_sizes_are_refused),
        TEST(test_code_can_be_run_from_gm),
        TEST(test_nobody_reaches_a_hidden_gm),
        TEST(test_an_address_tells_its_slot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
