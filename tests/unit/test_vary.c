/* test_vary.c - what a run may perturb: lists of items, and the numbers that each draws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/vary.h"

enum { AICPUS = 3, SLOT_AIC1 = 1, SLOT_AIV0 = 2, SLOT_AICPU0 = 6 };

static const struct chip two_clusters = {.chip = {.clusters = 2, .aiv_per_cluster = 2}};
static char names[4096];
static uint32_t count;

static void add_name(void *ctx, const char *name)
{
    (void)ctx;
    snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", names[0] ? "," : "", name);
    count++;
}

static const char *list(const struct vary *vary, enum vary_which which)
{
    names[0] = '\0';
    count = 0;
    vary_list(vary, which, add_name, NULL);
    return names;
}

static struct vary make(uint64_t seed, const char *items)
{
    struct vary vary;
    char error[256] = "";

    if (vary_init(&vary, &two_clusters, AICPUS, seed, items, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    return vary;
}

static void expect_active(const char *items, const char *wanted)
{
    struct vary vary = make(1, items);

    assert_string_equal(list(&vary, VARY_ACTIVE), wanted);
}

/* ---- lists ---- */

static void test_lists(void **state)
{
    (void)state;
    expect_active(NULL, "");
    expect_active("", "");
    expect_active("drain", "drain:AICPU_0,drain:AICPU_1,drain:AICPU_2");
    expect_active("evict", "evict:AIC_0,evict:AIC_1,evict:AIV_0,evict:AIV_1,evict:AIV_2,evict:AIV_3");
    expect_active("noc:AIV_3,noc:AIC_1,noc:AICPU_2", "noc:AIC_1,noc:AIV_3,noc:AICPU_2"); /* in an order of its own */
    expect_active("dma,arbitration,dma", "dma,arbitration");
    expect_active("start:AICPU_0,start:AICPU_0", "start:AICPU_0");
}

static void test_all_is_what_is_possible(void **state)
{
    struct vary all = make(1, "all"), none = make(1, NULL), again;
    char active[sizeof(names)];

    (void)state;
    strcpy(active, list(&all, VARY_ACTIVE));
    assert_int_equal(count, 3 + 3 + 9 + 1 + 1 + 6 + 9);
    assert_string_equal(list(&none, VARY_POSSIBLE), active);
    again = make(1, active); /* the names are what the list takes */
    assert_string_equal(list(&again, VARY_ACTIVE), active);
}

static void test_wrong_items(void **state)
{
    static const struct {
        const char *items, *error;
    } wrong[] = {
        {"drian", "vary: \"drian\" is nothing that can be perturbed; allowed: all, drain, load, noc, dma, arbitration, "
                  "evict, start (most also as kind:AGENT, such as drain:AICPU_0)"},
        {"dma:AIC_0", "vary: \"dma:AIC_0\": dma is for the chip, not for an agent"},
        {"load,evict:AICPU_0", "vary: \"evict:AICPU_0\": evict is for AIC_0 to AIC_1, AIV_0 to AIV_3"},
        {"drain:AICPU_3", "vary: \"drain:AICPU_3\": drain is for AICPU_0 to AICPU_2"},
        {"drain:AICPU_00", "vary: \"drain:AICPU_00\": drain is for AICPU_0 to AICPU_2"},
        {"noc:", "vary: \"noc:\": noc is for AIC_0 to AIC_1, AIV_0 to AIV_3, AICPU_0 to AICPU_2"},
    };
    struct vary vary;
    char error[256];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(vary_init(&vary, &two_clusters, AICPUS, 1, wrong[i].items, error, sizeof(error)), -1);
        assert_string_equal(error, wrong[i].error);
    }
    for (const char *const *item = (const char *const[]){"all:AIC_0", "drain,,load", " drain", NULL}; *item; item++)
        assert_int_equal(vary_init(&vary, &two_clusters, AICPUS, 1, *item, error, sizeof(error)), -1);
}

/* ---- numbers ---- */

static void test_what_is_not_active_draws_nothing(void **state)
{
    struct vary vary = make(1, "drain:AICPU_1,dma");

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(vary_draw(&vary, VARY_DRAIN, SLOT_AICPU0, 1000), 0);
    assert_string_equal(list(&vary, VARY_DREW), "");
    vary_draw(&vary, VARY_DRAIN, SLOT_AICPU0 + 1, 1000);
    assert_string_equal(list(&vary, VARY_DREW), "drain:AICPU_1");
}

static void test_numbers_cover_their_range(void **state)
{
    struct vary vary = make(1, "drain");
    uint32_t seen[7] = {0};

    (void)state;
    for (int i = 0; i < 7000; i++)
        seen[vary_draw(&vary, VARY_DRAIN, SLOT_AICPU0, 6)]++;
    for (int i = 0; i < 7; i++)
        assert_in_range(seen[i], 800, 1200);
    assert_int_equal(vary_draw(&vary, VARY_DRAIN, SLOT_AICPU0, 0), 0);
}

/* Leaving an item out, or drawing more from another, changes nothing about the rest. */
static void test_streams_are_independent(void **state)
{
    struct vary whole = make(7, "all"), part = make(7, "evict:AIC_1");

    (void)state;
    for (int i = 0; i < 100; i++) {
        uint64_t here = vary_draw(&whole, VARY_EVICT, SLOT_AIC1, UINT64_MAX);

        vary_draw(&whole, VARY_EVICT, SLOT_AIV0, 10);
        vary_draw(&whole, VARY_START, SLOT_AIC1, 10);
        assert_int_equal(here, vary_draw(&part, VARY_EVICT, SLOT_AIC1, UINT64_MAX));
    }
}

static void test_each_stream_is_another(void **state)
{
    struct vary one = make(1, "all"), two = make(2, "all");
    uint64_t numbers[VARY_KINDS * 9 * 2];
    uint32_t drawn = 0;

    (void)state;
    for (int kind = 0; kind < VARY_KINDS; kind++) {
        for (uint32_t slot = 0; slot < 9; slot++) {
            if (!vary_active(&one, (enum vary_kind)kind, slot))
                continue;
            numbers[drawn++] = vary_draw(&one, (enum vary_kind)kind, slot, UINT64_MAX);
            numbers[drawn++] = vary_draw(&two, (enum vary_kind)kind, slot, UINT64_MAX);
        }
    }
    for (uint32_t i = 0; i < drawn; i++)
        for (uint32_t j = 0; j < i; j++)
            assert_int_not_equal(numbers[i], numbers[j]);
}

/* An agent draws the same on a chip of another size. */
static void test_an_agent_is_known_by_its_name(void **state)
{
    const struct chip three_clusters = {.chip = {.clusters = 3, .aiv_per_cluster = 2}};
    struct vary small = make(1, "noc"), large;
    char error[256];

    (void)state;
    assert_int_equal(vary_init(&large, &three_clusters, 5, 1, "noc", error, sizeof(error)), 0);
    assert_int_equal(vary_draw(&small, VARY_NOC, SLOT_AIC1, UINT64_MAX), vary_draw(&large, VARY_NOC, 1, UINT64_MAX));
    assert_int_equal(vary_draw(&small, VARY_NOC, SLOT_AIV0, UINT64_MAX), vary_draw(&large, VARY_NOC, 3, UINT64_MAX));
    assert_int_equal(vary_draw(&small, VARY_NOC, SLOT_AICPU0, UINT64_MAX), vary_draw(&large, VARY_NOC, 9, UINT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_all_is_what_is_possible),
        cmocka_unit_test(test_wrong_items),
        cmocka_unit_test(test_what_is_not_active_draws_nothing),
        cmocka_unit_test(test_numbers_cover_their_range),
        cmocka_unit_test(test_streams_are_independent),
        cmocka_unit_test(test_each_stream_is_another),
        cmocka_unit_test(test_an_agent_is_known_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
