/* test_written.c - which blocks of a buffer were written: against one flag a block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tools/check/written.h"

enum { BLOCKS = 300, BYTES = BLOCKS * BLOCK_BYTES, ROUNDS = 3000 };

static struct written written;
static bool wrote[BLOCKS];
static uint64_t noise = 88172645463325252ull;

static uint64_t draw(uint64_t below)
{
    noise ^= noise << 13;
    noise ^= noise >> 7;
    noise ^= noise << 17;
    return noise % below;
}

static int start(void **state)
{
    (void)state;
    memset(wrote, 0, sizeof(wrote));
    return written_make(&written, BYTES);
}

static int stop(void **state)
{
    (void)state;
    written_free(&written);
    return 0;
}

static struct spans one(uint64_t low, uint64_t high)
{
    struct spans spans = {0};

    spans_add(&spans, low, high);
    return spans;
}

static void test_one_byte_is_its_block(void **state)
{
    struct spans byte = one(100, 101), around = one(64, 160);
    struct span gap;

    (void)state;
    written_add(&written, &byte);
    assert_true(written_any(&written, &around));
    assert_true(written_gap(&written, &around, &gap));
    assert_int_equal(gap.low, 64);
    assert_int_equal(gap.high, 96);
    around = one(96, 128);
    assert_false(written_gap(&written, &around, &gap));
}

static void test_a_gap_is_cut_to_what_was_asked_for(void **state)
{
    struct spans asked = one(70, 90);
    struct span gap;

    (void)state;
    assert_true(written_gap(&written, &asked, &gap));
    assert_int_equal(gap.low, 70);
    assert_int_equal(gap.high, 90);
}

static void test_nothing_is_left_when_it_is_forgotten(void **state)
{
    struct spans all = one(0, BYTES);

    (void)state;
    written_add(&written, &all);
    written_forget(&written);
    assert_false(written_any(&written, &all));
}

static void test_random_ranges(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t first = draw(BLOCKS), count = 1 + draw(BLOCKS - first), any = 0, gap_at = BLOCKS, gap_end;
        struct spans spans = one(first * BLOCK_BYTES + draw(16), (first + count) * BLOCK_BYTES - draw(16));
        struct span gap;

        for (uint64_t i = first; i < first + count; i++) {
            any += wrote[i];
            gap_at = !wrote[i] && gap_at == BLOCKS ? i : gap_at;
        }
        assert_int_equal(written_any(&written, &spans), any != 0);
        assert_int_equal(written_gap(&written, &spans, &gap), gap_at < BLOCKS);
        if (gap_at < BLOCKS) {
            for (gap_end = gap_at; gap_end < first + count && !wrote[gap_end]; gap_end++)
                ;
            assert_int_equal(gap.low / BLOCK_BYTES, gap_at);
            assert_int_equal((gap.high + BLOCK_BYTES - 1) / BLOCK_BYTES, gap_end);
        }
        if (count > 40)
            continue; /* small pieces, so that gaps last */
        written_add(&written, &spans);
        for (uint64_t i = first; i < first + count; i++)
            wrote[i] = true;
        if (round % 50 == 0) {
            written_forget(&written);
            memset(wrote, 0, sizeof(wrote));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_byte_is_its_block, start, stop),
        cmocka_unit_test_setup_teardown(test_a_gap_is_cut_to_what_was_asked_for, start, stop),
        cmocka_unit_test_setup_teardown(test_nothing_is_left_when_it_is_forgotten, start, stop),
        cmocka_unit_test_setup_teardown(test_random_ranges, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
