/* test_spans.c - sets of bytes as ranges: against one bit a byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/check/spans.h"

static struct spans of(const uint64_t *ranges, int count)
{
    struct spans spans = {0};

    for (int i = 0; i < count; i++)
        spans_add(&spans, ranges[2 * i], ranges[2 * i + 1]);
    spans_close(&spans);
    return spans;
}

static uint64_t bytes_of(const struct spans *spans)
{
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < spans->count; i++)
        bytes += spans_list(spans)[i].high - spans_list(spans)[i].low;
    return bytes;
}

#define SPANS(...) of((const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / (2 * sizeof(uint64_t)))

static void test_neighbours_are_one(void **state)
{
    struct spans spans = SPANS(0, 32, 32, 64, 64, 96);

    (void)state;
    assert_int_equal(spans.count, 1);
    assert_int_equal(spans.capacity, 0);
    assert_int_equal(spans.low, 0);
    assert_int_equal(spans.high, 96);
}

static void test_order_and_overlap_do_not_matter(void **state)
{
    struct spans spans = SPANS(96, 128, 0, 32, 16, 64, 100, 120, 64, 70);

    (void)state;
    assert_int_equal(spans.count, 2);
    assert_int_equal(bytes_of(&spans), 70 + 32);
    assert_int_equal(spans_list(&spans)[1].low, 96);
    spans_clear(&spans);
    assert_int_equal(spans.count, 0);
}

static void test_what_lies_between_ranges_is_not_met(void **state)
{
    struct spans even = SPANS(0, 32, 64, 96, 128, 160), odd = SPANS(32, 64, 96, 128);
    struct span where;

    (void)state;
    assert_false(spans_meet(&even, &odd, &where));
    spans_add(&odd, 159, 170);
    spans_close(&odd);
    assert_true(spans_meet(&even, &odd, &where));
    assert_int_equal(where.low, 159);
    assert_int_equal(where.high, 160);
    assert_false(spans_cover(&even, &odd));
    spans_clear(&even);
    spans_clear(&odd);
}

enum { BYTES = 64, ROUNDS = 20000 };

static uint64_t noise;

static uint64_t draw(uint64_t below)
{
    noise ^= noise << 13;
    noise ^= noise >> 7;
    noise ^= noise << 17;
    return noise % below;
}

static struct spans random_spans(uint64_t *mask)
{
    struct spans spans = {0};
    uint64_t count = draw(6);

    *mask = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t low = draw(BYTES), size = draw(BYTES - low < 16 ? BYTES - low : 16);

        spans_add(&spans, low, low + size);
        *mask |= ((1ull << size) - 1) << low;
    }
    spans_close(&spans);
    return spans;
}

static void test_random_sets(void **state)
{
    (void)state;
    noise = 88172645463325252ull;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a_bits, b_bits;
        struct spans a = random_spans(&a_bits), b = random_spans(&b_bits);
        struct span where;

        assert_int_equal(bytes_of(&a), __builtin_popcountll(a_bits));
        assert_int_equal(spans_cover(&a, &b), !(b_bits & ~a_bits));
        assert_int_equal(spans_meet(&a, &b, &where), (a_bits & b_bits) != 0);
        if (a_bits & b_bits) {
            assert_int_equal(where.low, __builtin_ctzll(a_bits & b_bits));
            for (uint64_t i = where.low; i < where.high; i++)
                assert_true(a_bits & b_bits & 1ull << i);
        }
        spans_clear(&a);
        spans_clear(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours_are_one),
        cmocka_unit_test(test_order_and_overlap_do_not_matter),
        cmocka_unit_test(test_what_lies_between_ranges_is_not_met),
        cmocka_unit_test(test_random_sets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
