/* test_reduce.c - reductions inside a repeat against a reference that looks at one lane at a time. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/isa/reference.h"

enum { DST = 128 << 10 };

static uint8_t before[192 << 10];

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

/* ---- the instructions ---- */

struct layout {
    uint32_t dst, src, repeat, dst_rpt, src_blk, src_rpt, order;
};

struct reduction {
    const char *name;
    void (*call)(const struct layout *at);
    enum isa_type type;
};

#define REDUCE_AT(name, type, ctype, ...)                                                                              \
    static void call_##name##_##type(const struct layout *at)                                                          \
    {                                                                                                                  \
        name((__ubuf__ ctype *)(uintptr_t)at->dst, (const __ubuf__ ctype *)(uintptr_t)at->src, (uint8_t)at->repeat,    \
             (uint16_t)at->dst_rpt, (uint16_t)at->src_blk, (uint16_t)at->src_rpt __VA_OPT__(, ) __VA_ARGS__);          \
    }
#define REDUCE_ADD(name, type, ctype, cost)     REDUCE_AT(name, type, ctype, false)
#define REDUCE_EXTREME(name, type, ctype, cost) REDUCE_AT(name, type, ctype, (Order_t)at->order)
#define REDUCE_GROUP(name, type, ctype, cost)   REDUCE_AT(name, type, ctype)
#define REDUCE_PAIR(name, type, ctype, cost)    REDUCE_AT(name, type, ctype)
#include "isa/reduce.def"

static const struct reduction reductions[] = {
#define REDUCE_ROW(name, type, ctype, cost)     {#name, call_##name##_##type, ISA_##type},
#define REDUCE_ADD(name, type, ctype, cost)     REDUCE_ROW(name, type, ctype, cost)
#define REDUCE_EXTREME(name, type, ctype, cost) REDUCE_ROW(name, type, ctype, cost)
#define REDUCE_GROUP(name, type, ctype, cost)   REDUCE_ROW(name, type, ctype, cost)
#define REDUCE_PAIR(name, type, ctype, cost)    REDUCE_ROW(name, type, ctype, cost)
#include "isa/reduce.def"
};
enum { REDUCTIONS = sizeof(reductions) / sizeof(reductions[0]) };

static const struct reduction *reduction_named(const char *name, enum isa_type type)
{
    for (int i = 0; i < REDUCTIONS; i++)
        if (strcmp(reductions[i].name, name) == 0 && reductions[i].type == type)
            return &reductions[i];
    fail_msg("no %s", name);
    return NULL;
}

static bool is_sum(const struct reduction *c)
{
    return strstr(c->name, "add") != NULL;
}

static bool has_order(const struct reduction *c)
{
    return strcmp(c->name, "vcmax") == 0 || strcmp(c->name, "vcmin") == 0;
}

static uint32_t lanes_of(const struct reduction *c)
{
    return 256 / isa_bytes(c->type);
}

/* Lanes for one result. */
static uint32_t group_of(const struct reduction *c)
{
    return c->name[2] == 'p' ? 2 : c->name[2] == 'g' ? 32 / isa_bytes(c->type) : lanes_of(c);
}

static uint32_t result_bytes(const struct reduction *c, uint32_t order)
{
    if (!has_order(c) || order == ONLY_VALUE)
        return isa_bytes(c->type);
    return order == ONLY_INDEX ? 4 : 2 * isa_bytes(c->type);
}

/* Bytes from the results of a repeat to the next one's, for a destination stride of 1. */
static uint32_t stride_of(const struct reduction *c, uint32_t order)
{
    return c->name[2] == 'p' ? 32 : c->name[2] == 'g' ? 8 * isa_bytes(c->type) : result_bytes(c, order);
}

/* ---- what they should give ---- */

static long double lane_value(const struct reduction *c, const struct layout *at, uint64_t r, uint32_t lane)
{
    return ref_value(c->type,
                     ref_get(before, c->type, ref_address(c->type, at->src, at->src_blk, at->src_rpt, r, lane), false));
}

/* The sum of @count lanes from @first on: of the sums of both halves. Returns false if none of them acts. */
static bool tree_sum(const struct reduction *c, const struct layout *at, uint64_t r, uint32_t first, uint32_t count,
                     long double *sum)
{
    long double left, right;
    bool has_left, has_right;

    if (count == 1) {
        *sum = lane_value(c, at, r, first);
        return ref_acts(r, first, lanes_of(c));
    }
    has_left = tree_sum(c, at, r, first, count / 2, &left);
    has_right = tree_sum(c, at, r, first + count / 2, count / 2, &right);
    *sum = has_left && has_right ? ref_to_float(c->type, left + right, 'r') : has_left ? left : right;
    return has_left || has_right;
}

/* The first lane that no other one beats; a NaN beats every number. Returns -1 if none acts. */
static int best_lane(const struct reduction *c, const struct layout *at, uint64_t r, uint32_t first, uint32_t count)
{
    bool least = strstr(c->name, "min") != NULL;
    int best = -1;

    for (uint32_t lane = first; lane < first + count; lane++) {
        long double value = lane_value(c, at, r, lane), champion;

        if (!ref_acts(r, lane, lanes_of(c)))
            continue;
        champion = best < 0 ? 0 : lane_value(c, at, r, (uint32_t)best);
        if (best < 0 || (!isnan(champion) && (isnan(value) || (least ? value < champion : value > champion))))
            best = (int)lane;
    }
    return best;
}

static void check_extreme(const struct reduction *c, const struct layout *at, uint64_t r, uint32_t first,
                          const uint8_t *result, bool acts)
{
    int best = best_lane(c, at, r, first, group_of(c));
    uint32_t bytes = isa_bytes(c->type), order = has_order(c) ? at->order : (uint32_t)ONLY_VALUE, index = 0;
    uint64_t value;

    assert_int_equal(best >= 0, acts);
    if (best < 0)
        return;
    value = ref_get(before, c->type, ref_address(c->type, at->src, at->src_blk, at->src_rpt, r, (uint32_t)best), false);
    if (order != ONLY_INDEX)
        assert_memory_equal(result + (order == INDEX_VALUE ? bytes : 0), &value, bytes);
    if (order == ONLY_VALUE)
        return;
    memcpy(&index, result + (order == VALUE_INDEX ? bytes : 0), order == ONLY_INDEX ? 4 : bytes);
    assert_int_equal(index, (uint32_t)best - first);
}

/* Execute, and look at every result. That nothing else is written, the machine sees. */
static void check(const struct reduction *c, const struct layout *at)
{
    const uint8_t *ub = machine.buffer[ISA_UB];
    uint32_t group = group_of(c), bytes = result_bytes(c, at->order), results = 0;
    uint64_t repeats = ref_repeats(at->repeat, lanes_of(c));

    memcpy(before, ub, sizeof(before));
    c->call(at);
    assert_string_equal(machine.refused, "");
    assert_string_equal(machine.entry->name, c->name);
    assert_int_equal(machine.units, repeats);
    for (uint64_t r = 0; r < repeats; r++)
        for (uint32_t k = 0; k < lanes_of(c) / group; k++) {
            uint64_t to = at->dst + r * at->dst_rpt * stride_of(c, at->order) + (uint64_t)k * bytes;
            long double sum;
            bool acts = tree_sum(c, at, r, k * group, group, &sum);

            if (!is_sum(c))
                check_extreme(c, at, r, k * group, ub + to, acts);
            else if (acts && !ref_same(sum, ref_value(c->type, ref_get(ub, c->type, to, false))))
                fail_msg("%s: repeat %u result %u is %Lg, not %Lg", c->name, (unsigned)r, k,
                         ref_value(c->type, ref_get(ub, c->type, to, false)), sum);
            results += acts;
        }
    if (at->dst_rpt * stride_of(c, at->order) >= lanes_of(c) / group * bytes)
        assert_int_equal(machine.written_bytes, results * bytes);
}

/* ---- values ---- */

static void random_numbers(enum isa_type type)
{
    for (uint32_t k = 0; k < DST / isa_bytes(type); k++) {
        uint64_t noise = machine_noise();
        float value = ldexpf((float)(int32_t)noise, -31 - (int)(noise >> 40) % 6);
        half narrow = (half)value;

        memcpy(machine.buffer[ISA_UB] + k * isa_bytes(type), type == ISA_F16 ? (void *)&narrow : &value,
               isa_bytes(type));
    }
}

/* Few different ones, so that equals, zeros of both signs, infinities and NaN meet. */
static void special_numbers(enum isa_type type)
{
    static const float special[] = {0, -0.0f, 1, -1, INFINITY, -INFINITY, NAN, -NAN, 65504, -65504};

    for (uint32_t k = 0; k < DST / isa_bytes(type); k++) {
        float value = special[machine_noise() % (k / 256 % 2 ? 10 : 6)];
        half narrow = (half)value;

        memcpy(machine.buffer[ISA_UB] + k * isa_bytes(type), type == ISA_F16 ? (void *)&narrow : &value,
               isa_bytes(type));
    }
}

static void for_orders(const struct reduction *c, struct layout at)
{
    for (at.order = 0; at.order < (has_order(c) ? 4 : 1); at.order++)
        check(c, &at);
}

static void full_repeats(void **state)
{
    (void)state;
    for (int i = 0; i < REDUCTIONS; i++) {
        const struct reduction *c = &reductions[i];
        struct layout at = {DST, 0, 255, c->name[2] == 'p' ? 4 : 1, 1, 8, 0};

        random_numbers(c->type);
        for_orders(c, at);
        special_numbers(c->type);
        for_orders(c, at);
    }
}

static void masks_counts_and_strides(void **state)
{
    (void)state;
    for (int i = 0; i < REDUCTIONS; i++)
        for (int round = 0; round < 10; round++) {
            const struct reduction *c = &reductions[i];
            uint64_t noise = machine_noise();
            struct layout at = {.dst = DST + 16 * (noise & 7), .src = 32 * (noise >> 3 & 7), .repeat = noise >> 6 & 7};

            (round & 1 ? special_numbers : random_numbers)(c->type);
            machine.state.count_mode = round & 2;
            machine.state.mask[0] = round & 2 ? noise >> 10 & 1023 : machine_noise() & machine_noise();
            machine.state.mask[1] = round & 2 ? 0 : machine_noise() & machine_noise();
            if (round == 8) /* a few lanes */
                machine.state.mask[0] &= machine_noise() & 0xff00ff, machine.state.mask[1] = 0;
            at.dst_rpt = (c->name[2] == 'p' ? 4 : 1) + (noise >> 20 & 3);
            at.src_blk = noise >> 22 & 3;
            at.src_rpt = noise >> 24 & 15;
            for_orders(c, at);
        }
}

static void the_result_may_replace_its_sources(void **state)
{
    (void)state;
    for (int i = 0; i < REDUCTIONS; i++) {
        struct layout at = {4096, 4096, 9, 1, 1, 8, 0};

        random_numbers(reductions[i].type);
        if (reductions[i].name[2] == 'p')
            at.dst_rpt = 4;
        for_orders(&reductions[i], at);
    }
}

static void repeats_of_zero_and_no_lanes(void **state)
{
    (void)state;
    for (int i = 0; i < REDUCTIONS; i++) {
        struct layout at = {DST, 0, 0, 4, 1, 8, 0};

        machine.state.count_mode = false;
        machine.state.mask[0] = machine.state.mask[1] = ~0ull;
        check(&reductions[i], &at);
        assert_int_equal(machine.read_bytes + machine.written_bytes, 0);
        machine.state.mask[0] = machine.state.mask[1] = 0;
        at.repeat = 3;
        check(&reductions[i], &at);
        assert_int_equal(machine.read_bytes + machine.written_bytes, 0);
        machine.state.count_mode = true; /* the count decides */
        machine.state.mask[0] = 300;
        at.repeat = 0;
        check(&reductions[i], &at);
        assert_int_equal(machine.read_bytes, 300 * isa_bytes(reductions[i].type));
    }
}

/* The vendor's own example of the tree: a sum that passes the greatest half on the way. */
static void a_sum_of_halves_is_rounded_at_every_level(void **state)
{
    half *ub = (half *)(void *)machine.buffer[ISA_UB];

    (void)state;
    ub[0] = 2048;
    ub[1] = 1; /* 2049 is no half: 2048 */
    ub[2] = 1;
    ub[3] = 1; /* 2 */
    machine.state.mask[0] = 15;
    machine.state.mask[1] = 0;
    vcadd((__ubuf__ half *)DST, (__ubuf__ half *)0, 1, 1, 1, 8, false);
    assert_true(ub[DST / 2] == 2050);
    ub[0] = ub[1] = 60000;
    ub[2] = -30000;
    vcadd((__ubuf__ half *)DST, (__ubuf__ half *)0, 1, 1, 1, 8, false);
    assert_true(ub[DST / 2] == (half)INFINITY);
}

/* As the library's row reductions expect them. */
static void indices_beside_values(void **state)
{
    half *h = (half *)(void *)machine.buffer[ISA_UB];
    uint16_t *pair = (uint16_t *)(void *)(machine.buffer[ISA_UB] + DST);
    uint32_t *index = (uint32_t *)(void *)(machine.buffer[ISA_UB] + DST);

    (void)state;
    for (int k = 0; k < 256; k++)
        h[k] = (half)(k == 90 || k == 128 + 17 || k == 128 + 40 ? 2 : 1);
    vcmax((__ubuf__ half *)DST, (__ubuf__ half *)0, 2, 1, 1, 8, VALUE_INDEX);
    assert_int_equal(pair[0], 0x4000);
    assert_int_equal(pair[1], 90);
    assert_int_equal(pair[3], 17);
    vcmax((__ubuf__ half *)DST, (__ubuf__ half *)0, 2, 3, 1, 8, ONLY_INDEX);
    assert_int_equal(index[0], 90);
    assert_int_equal(index[3], 17);
    vcmin((__ubuf__ half *)DST, (__ubuf__ half *)0, 2, 1, 1, 8); /* VALUE_INDEX */
    assert_int_equal(pair[0], 0x3c00);
    assert_int_equal(pair[1], 0);
}

static void operands_that_are_refused(void **state)
{
    struct layout at = {DST + 2, 0, 1, 1, 1, 8, VALUE_INDEX};

    (void)state;
    reduction_named("vcmax", ISA_F16)->call(&at);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 4 bytes");
    at.order = ONLY_VALUE;
    reduction_named("vcmax", ISA_F16)->call(&at);
    assert_string_equal(machine.refused, "");
    at.order = 4;
    reduction_named("vcmax", ISA_F16)->call(&at);
    assert_string_equal(machine.refused, "order is not a value of Order_t");
    at.dst = DST + 4;
    at.order = INDEX_VALUE;
    reduction_named("vcmin", ISA_F32)->call(&at);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 8 bytes");
    reduction_named("vcgadd", ISA_F32)->call(&at);
    assert_string_equal(machine.refused, "");
    at.src = 16;
    reduction_named("vcgadd", ISA_F32)->call(&at);
    assert_string_equal(machine.refused, "operand 1 is not aligned to 32 bytes");
    vcadd((__ubuf__ half *)DST, (__ubuf__ half *)0, 1, 1, 1, 8, true);
    assert_string_equal(machine.refused, "mode is 1 (into ACC_VAL); allowed: 0");
}

static void counts_beyond_ub_are_refused(void **state)
{
    uint64_t most[] = {(192 << 10) / 4 + 1, 1ull << 62, ~0ull}; /* of the second, the bytes are 2^64 */
    const char *const names[] = {"vcadd", "vcmax", "vcgadd", "vcpadd"};
    struct layout at = {DST, 0, 1, 1, 1, 8, VALUE_INDEX};

    (void)state;
    machine.state.count_mode = true;
    for (size_t i = 0; i < sizeof(most) / sizeof(*most); i++)
        for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
            machine.state.mask[0] = most[i];
            reduction_named(names[k], ISA_F32)->call(&at);
            assert_string_equal(machine.refused, "count mode with more elements than UB holds");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(full_repeats, reset),
        cmocka_unit_test_setup(masks_counts_and_strides, reset),
        cmocka_unit_test_setup(the_result_may_replace_its_sources, reset),
        cmocka_unit_test_setup(repeats_of_zero_and_no_lanes, reset),
        cmocka_unit_test_setup(a_sum_of_halves_is_rounded_at_every_level, reset),
        cmocka_unit_test_setup(indices_beside_values, reset),
        cmocka_unit_test_setup(operands_that_are_refused, reset),
        cmocka_unit_test_setup(counts_beyond_ub_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
