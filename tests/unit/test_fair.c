/* test_fair.c - the level at which a link is full, against a search through all levels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/memory/fair.h"

enum { MOST = 12, HIGHEST = 60 };

static uint64_t demands[MOST], weights[MOST];
static uint64_t lot = 88172645463325252ull;

static uint64_t draw(uint64_t below)
{
    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return (lot >> 11) % below;
}

static uint64_t load(uint32_t count, uint64_t level)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += (demands[i] < level ? demands[i] : level) * weights[i];
    return sum;
}

/* The largest level that @capacity, in the units of the weights, allows. */
static uint64_t search(uint32_t count, uint64_t capacity)
{
    uint64_t level = 0;

    while (load(count, level + 1) <= capacity)
        level++;
    return level;
}

static void test_the_level_is_the_largest_that_fits(void **state)
{
    (void)state;
    for (int round = 0; round < 5000; round++) {
        uint32_t count = 1 + (uint32_t)draw(MOST);
        uint64_t capacity, level;

        for (uint32_t i = 0; i < count; i++) {
            demands[i] = draw(4) ? draw(HIGHEST) : 30;
            weights[i] = 1;
        }
        demands[draw(count)] = HIGHEST - 1;
        capacity = draw(load(count, HIGHEST));
        level = search(count, capacity);
        for (uint64_t guess = 0; guess <= HIGHEST; guess++)
            assert_int_equal(fair_level(demands, count, capacity, guess), level);
        assert_int_equal(fair_level(demands, count, capacity, UINT64_MAX), level);
    }
}

static void test_the_weighted_level_is_the_largest_that_fits(void **state)
{
    uint64_t one = 1ull << FAIR_WEIGHT_SHIFT;

    (void)state;
    for (int round = 0; round < 5000; round++) {
        uint32_t count = 1 + (uint32_t)draw(MOST);
        uint64_t capacity, level;

        for (uint32_t i = 0; i < count; i++) {
            demands[i] = draw(4) ? draw(HIGHEST) : 30;
            weights[i] = draw(3) ? draw(4 * one) : draw(3) * one;
        }
        demands[0] = HIGHEST - 1;
        weights[0] = one;
        capacity = draw(load(count, HIGHEST) / one);
        level = search(count, capacity * one);
        for (uint64_t guess = 0; guess <= HIGHEST; guess++)
            assert_int_equal(fair_weighted_level(demands, weights, count, capacity, guess), level);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_level_is_the_largest_that_fits),
        cmocka_unit_test(test_the_weighted_level_is_the_largest_that_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
