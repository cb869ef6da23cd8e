/* Delta debugging: whatever makes a set fail, what is left fails, and no item of it can be spared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tools/explore/ddmin.h"

/* A set fails if it holds all of @needed; with @or_else also if it holds that one. */
struct rule {
    const size_t *needed;
    size_t count;
    size_t or_else; /* SIZE_MAX: no such item */
    size_t asked;   /* how many candidates were offered */
    size_t stop_at; /* give up in the batch with this number, from 1; 0: never */
    size_t batches;
};

static bool holds(const struct subset *set, size_t item)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i] == item)
            return true;
    return false;
}

static bool fails(const struct rule *rule, const struct subset *set)
{
    for (size_t i = 1; i < set->count; i++)
        assert_true(set->items[i - 1] < set->items[i]);
    if (rule->or_else != SIZE_MAX && holds(set, rule->or_else))
        return true;
    for (size_t i = 0; i < rule->count; i++)
        if (!holds(set, rule->needed[i]))
            return false;
    return true;
}

static size_t first_failing(void *ctx, const struct subset *candidates, size_t count)
{
    struct rule *rule = ctx;
    rule->asked += count;
    if (++rule->batches == rule->stop_at)
        return DDMIN_STOP;
    for (size_t i = 0; i < count; i++)
        if (fails(rule, &candidates[i]))
            return i;
    return count;
}

static struct subset reduce(struct rule *rule, size_t items, size_t limit, struct ddmin *ddmin)
{
    *ddmin = (struct ddmin){.first_failing = first_failing, .ctx = rule, .limit = limit};
    return ddmin_reduce(ddmin, items);
}

static void finds(const size_t *needed, size_t count, size_t items, size_t most_tests)
{
    struct rule rule = {.needed = needed, .count = count, .or_else = SIZE_MAX};
    struct ddmin ddmin;
    struct subset set = reduce(&rule, items, 100000, &ddmin);
    assert_true(ddmin.minimal);
    assert_int_equal(set.count, count);
    assert_memory_equal(set.items, needed, count * sizeof(*needed));
    assert_true(ddmin.tests <= most_tests);
    assert_true(ddmin.tests <= rule.asked);
    subset_free(&set);
}

static void one_item_is_found_by_halving(void **state)
{
    (void)state;
    for (size_t item = 0; item < 400; item++)
        finds(&item, 1, 400, 1 + 2 * 9); /* the empty set, then two halves nine times */
}

static void items_far_apart_are_found(void **state)
{
    (void)state;
    finds((size_t[]){0, 399}, 2, 400, 200);
    finds((size_t[]){3, 200, 201}, 3, 400, 300);
    finds((size_t[]){0, 1, 2, 3, 4}, 5, 5, 30);
    finds((size_t[]){0, 1}, 2, 2, 3);
    finds((size_t[]){0}, 1, 1, 1);
    finds((size_t[]){0}, 0, 7, 1); /* fails with nothing at all */
    finds((size_t[]){0}, 0, 0, 1);
}

/* Of two ways to fail, either may be left, but never both. */
static void the_result_is_minimal_for_any_rule(void **state)
{
    (void)state;
    srand(1);
    for (int round = 0; round < 300; round++) {
        size_t needed[6], count = 1 + (size_t)(rand() % 6), items = 20 + (size_t)(rand() % 60);
        for (size_t i = 0; i < count; i++)
            needed[i] = i * 3 + (size_t)(rand() % 3);
        struct rule rule = {.needed = needed, .count = count, .or_else = (size_t)rand() % items};
        struct ddmin ddmin;
        struct subset set = reduce(&rule, items, 100000, &ddmin);
        assert_true(ddmin.minimal);
        assert_true(fails(&rule, &set));
        for (size_t i = 0; i < set.count; i++) {
            size_t kept[80];
            struct subset less = {kept, 0};
            for (size_t j = 0; j < set.count; j++)
                if (j != i)
                    kept[less.count++] = set.items[j];
            assert_false(fails(&rule, &less));
        }
        subset_free(&set);
    }
}

static void a_limit_leaves_a_set_that_fails(void **state)
{
    const size_t needed[] = {3, 200, 201};
    (void)state;
    for (size_t limit = 0; limit < 60; limit++) {
        struct rule rule = {.needed = needed, .count = 3, .or_else = SIZE_MAX};
        struct ddmin ddmin;
        struct subset set = reduce(&rule, 400, limit, &ddmin);
        assert_true(fails(&rule, &set));
        assert_true(ddmin.tests <= limit);
        assert_true(ddmin.minimal == (set.count == 3 && ddmin.tests < limit) || ddmin.tests == limit);
        subset_free(&set);
    }
}

static void giving_up_leaves_a_set_that_fails(void **state)
{
    const size_t needed[] = {3, 200, 201};
    (void)state;
    for (size_t stop = 1; stop < 12; stop++) {
        struct rule rule = {.needed = needed, .count = 3, .or_else = SIZE_MAX, .stop_at = stop};
        struct ddmin ddmin;
        struct subset set = reduce(&rule, 400, 1000, &ddmin);
        assert_true(fails(&rule, &set));
        assert_false(ddmin.minimal);
        assert_int_equal(rule.batches, stop);
        subset_free(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_item_is_found_by_halving),       cmocka_unit_test(items_far_apart_are_found),
        cmocka_unit_test(the_result_is_minimal_for_any_rule), cmocka_unit_test(a_limit_leaves_a_set_that_fails),
        cmocka_unit_test(giving_up_leaves_a_set_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
