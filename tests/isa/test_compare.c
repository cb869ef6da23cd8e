/* test_compare.c - comparisons and selection against a reference that looks at one lane at a time. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/isa/reference.h"

enum { SRC1 = 64 << 10, DST = 128 << 10, BITS = 144 << 10, CMP = 160 << 10 };

static uint8_t before[192 << 10];

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

struct layout {
    uint32_t dst, src0, src1, repeat, dst_blk, src0_blk, src1_blk, dst_rpt, src0_rpt, src1_rpt, mode;
    uint64_t scalar; /* bits */
};

/* ---- the instructions ---- */

enum form { TENSOR, SCALAR, MASK };

struct comparison {
    const char *name;
    void (*call)(const struct layout *at);
    enum isa_type type;
    enum form form;
};

#define SOURCE(ctype, address) ((const __ubuf__ ctype *)(uintptr_t)at->address)
#define STRIDES                                                                                                        \
    (uint8_t) at->repeat, (uint16_t)at->dst_blk, (uint16_t)at->src0_blk, (uint16_t)at->src1_blk,                       \
        (uint16_t)at->dst_rpt, (uint16_t)at->src0_rpt, (uint16_t)at->src1_rpt

#define COMPARE(name, type, ctype, op)                                                                                 \
    static void call_##name##_##type(const struct layout *at)                                                          \
    {                                                                                                                  \
        name((__ubuf__ uint8_t *)(uintptr_t)at->dst, SOURCE(ctype, src0), SOURCE(ctype, src1), STRIDES);               \
    }
#define COMPARE_SCALAR(name, type, ctype, op)                                                                          \
    static void call_##name##_##type(const struct layout *at)                                                          \
    {                                                                                                                  \
        ctype scalar;                                                                                                  \
                                                                                                                       \
        memcpy(&scalar, &at->scalar, sizeof(scalar));                                                                  \
        name((__ubuf__ uint8_t *)(uintptr_t)at->dst, SOURCE(ctype, src0), scalar, (uint8_t)at->repeat,                 \
             (uint16_t)at->dst_blk, (uint16_t)at->src0_blk, (uint16_t)at->dst_rpt, (uint16_t)at->src0_rpt);            \
    }
#define COMPARE_MASK(name, type, ctype, op)                                                                            \
    static void call_##name##_##type(const struct layout *at)                                                          \
    {                                                                                                                  \
        name(SOURCE(ctype, src0), SOURCE(ctype, src1), STRIDES);                                                       \
    }
#define SELECT(name, type, ctype)                                                                                      \
    static void call_##name##_##type(const struct layout *at)                                                          \
    {                                                                                                                  \
        name((__ubuf__ ctype *)(uintptr_t)at->dst, SOURCE(ctype, src0), SOURCE(void, src1), STRIDES,                   \
             (uint8_t)at->mode);                                                                                       \
    }
#define CMPMASK(name, type, qualifier)
#include "isa/compare.def"

static const struct comparison comparisons[] = {
#define COMPARE(name, type, ctype, op)        {#name, call_##name##_##type, ISA_##type, TENSOR},
#define COMPARE_SCALAR(name, type, ctype, op) {#name, call_##name##_##type, ISA_##type, SCALAR},
#define COMPARE_MASK(name, type, ctype, op)   {#name, call_##name##_##type, ISA_##type, MASK},
#define SELECT(name, type, ctype)
#define CMPMASK(name, type, qualifier)
#include "isa/compare.def"
};
enum { COMPARISONS = sizeof(comparisons) / sizeof(comparisons[0]) };

static const struct comparison selections[] = {
#define COMPARE(name, type, ctype, op)
#define COMPARE_SCALAR(name, type, ctype, op)
#define COMPARE_MASK(name, type, ctype, op)
#define SELECT(name, type, ctype) {#name, call_##name##_##type, ISA_##type, TENSOR},
#define CMPMASK(name, type, qualifier)
#include "isa/compare.def"
};
enum { SELECTIONS = sizeof(selections) / sizeof(selections[0]) };

static uint32_t lanes_of(const struct comparison *c)
{
    return 256 / isa_bytes(c->type);
}

/* ---- comparisons ---- */

/* What the last two letters of a name say. */
static bool holds(const char *name, long double a, long double b)
{
    const char *op = name + strlen(name) - 2;
    bool less = a<b, greater = a> b, equal = a == b;

    return strcmp(op, "lt") == 0   ? less
           : strcmp(op, "gt") == 0 ? greater
           : strcmp(op, "le") == 0 ? less || equal
           : strcmp(op, "ge") == 0 ? greater || equal
           : strcmp(op, "eq") == 0 ? equal
                                   : !equal;
}

static bool expected(const struct comparison *c, const struct layout *at, uint64_t r, uint32_t lane)
{
    uint64_t a = ref_get(before, c->type, ref_address(c->type, at->src0, at->src0_blk, at->src0_rpt, r, lane), false);
    uint64_t b = ref_get(before, c->type, ref_address(c->type, at->src1, at->src1_blk, at->src1_rpt, r, lane), false);

    if (c->form == SCALAR)
        b = at->scalar & (isa_bytes(c->type) == 2 ? 0xffff : 0xffffffff);
    return holds(c->name, ref_value(c->type, a), ref_value(c->type, b));
}

static void check_comparison(const struct comparison *c, const struct layout *at)
{
    const uint8_t *ub = machine.buffer[ISA_UB];
    uint32_t lanes = lanes_of(c);
    uint64_t repeats = ref_repeats(at->repeat, lanes);

    memcpy(before, ub, sizeof(before));
    c->call(at);
    assert_string_equal(machine.refused, "");
    assert_string_equal(machine.entry->name, c->name);
    assert_int_equal(machine.units, repeats);
    assert_int_equal(machine.written_bytes, c->form == MASK ? 0 : repeats * lanes / 8);
    for (uint64_t r = c->form == MASK && repeats ? repeats - 1 : 0; r < repeats; r++)
        for (uint32_t lane = 0; lane < lanes; lane++) {
            uint64_t bit = r * lanes + lane;
            bool got = ub[at->dst + bit / 8] >> bit % 8 & 1, want = expected(c, at, r, lane);

            if (c->form == MASK) {
                got = machine.v.cmpmask[lane / 64] >> lane % 64 & 1;
                want = want && ref_acts(r, lane, lanes);
            }
            if (got != want)
                fail_msg("%s %s: repeat %u lane %u is %d", c->name, machine.entry->types, (unsigned)r, lane, got);
        }
    if (c->form == MASK && lanes == 64 && repeats)
        assert_true(machine.v.cmpmask[1] == 0);
}

/* Few different values, so that they are often equal; NaN, zeros of both signs and infinities among the floats. */
static void few_values(enum isa_type type, uint32_t first, uint32_t bytes)
{
    static const float floats[] = {0, -0.0f, 1, -1, NAN, INFINITY, -INFINITY, 2};
    static const uint32_t integers[] = {0, 1, 0xffff, 0x8000, 0x7fff, 0xffffffff, 0x80000000, 0x7fffffff};

    for (uint32_t k = 0; k < bytes; k += isa_bytes(type)) {
        uint32_t which = machine_noise() & 7, bits = integers[which];
        half narrow = (half)floats[which];

        if (type == ISA_F16)
            memcpy(&bits, &narrow, 2);
        if (type == ISA_F32)
            memcpy(&bits, &floats[which], 4);
        memcpy(machine.buffer[ISA_UB] + first + k, &bits, isa_bytes(type));
    }
}

static struct layout flat(uint32_t repeat)
{
    return (struct layout){DST, 0, SRC1, repeat, 1, 1, 1, 8, 8, 8, 0, 0};
}

static uint64_t some_scalar(enum isa_type type)
{
    uint64_t bits = 0;

    memcpy(&bits, machine.buffer[ISA_UB] + SRC1 + isa_bytes(type) * (machine_noise() & 31), isa_bytes(type));
    return bits;
}

static void every_operator_and_type(void **state)
{
    (void)state;
    for (int i = 0; i < COMPARISONS; i++) {
        const struct comparison *c = &comparisons[i];
        struct layout at = flat(c->form == MASK ? 1 : 3);

        few_values(c->type, 0, 1024);
        few_values(c->type, SRC1, 1024);
        at.scalar = some_scalar(c->type);
        check_comparison(c, &at);
    }
}

static void comparisons_of_255_and_of_no_repeats(void **state)
{
    (void)state;
    for (int i = 0; i < COMPARISONS; i += 7) {
        const struct comparison *c = &comparisons[i];
        struct layout at = flat(255);

        few_values(c->type, 0, 65280);
        few_values(c->type, SRC1, 65280);
        at.scalar = some_scalar(c->type);
        check_comparison(c, &at);
        at.repeat = 0;
        machine.v.cmpmask[0] = 77;
        check_comparison(c, &at);
        assert_int_equal(machine.read_bytes, 0);
        assert_int_equal(machine.v.cmpmask[0], 77);
    }
}

/* Masks are of no account to vcmpv and vcmpvs; a count only says how many repeats there are. */
static void masks_counts_and_strides(void **state)
{
    (void)state;
    for (int i = 0; i < COMPARISONS; i += 2)
        for (int round = 0; round < 3; round++) {
            const struct comparison *c = &comparisons[(i + round) % COMPARISONS];
            uint64_t noise = machine_noise();
            struct layout at = flat(noise & 3);

            few_values(c->type, 0, 8192);
            few_values(c->type, SRC1, 8192);
            at.scalar = some_scalar(c->type);
            machine.state.count_mode = noise & 4;
            machine.state.mask[0] = noise & 4 ? noise >> 8 & 511 : machine_noise();
            machine.state.mask[1] = noise & 4 ? 0 : machine_noise();
            at.src0_blk = noise >> 20 & 3;
            at.src1_blk = noise >> 22 & 3;
            at.src0_rpt = noise >> 24 & 15;
            at.src1_rpt = noise >> 28 & 15;
            check_comparison(c, &at);
        }
}

static void bits_may_replace_their_source(void **state)
{
    struct layout at = flat(5);

    (void)state;
    at.dst = 0;
    for (int i = 0; i < COMPARISONS; i += 11) {
        few_values(comparisons[i].type, 0, 2048);
        few_values(comparisons[i].type, SRC1, 2048);
        if (comparisons[i].form != MASK)
            check_comparison(&comparisons[i], &at);
    }
}

static void negative_scalars(void **state)
{
    int32_t *s32 = (int32_t *)(void *)machine.buffer[ISA_UB];
    int16_t *s16 = (int16_t *)(void *)(machine.buffer[ISA_UB] + SRC1);

    (void)state;
    s32[0] = -7;
    s32[1] = 65529;
    s16[0] = -7;
    vcmpvs_eq((__ubuf__ uint8_t *)DST, (__ubuf__ int32_t *)0, -7, 1, 1, 1, 8, 8);
    assert_int_equal(machine.buffer[ISA_UB][DST] & 3, 1);
    vcmpvs_eq((__ubuf__ uint8_t *)DST, (__ubuf__ int16_t *)SRC1, (int16_t)-7, 1, 1, 1, 8, 8);
    assert_int_equal(machine.buffer[ISA_UB][DST] & 1, 1);
    vcmpvs_ge((__ubuf__ uint8_t *)DST, (__ubuf__ uint16_t *)SRC1, (uint16_t)65529, 1, 1, 1, 8, 8);
    assert_int_equal(machine.buffer[ISA_UB][DST] & 1, 1);
}

/* ---- selection ---- */

static bool chosen(const struct layout *at, uint64_t r, uint32_t lane, uint32_t lanes)
{
    uint64_t bit = r * lanes + lane, array = at->mode == 1 ? at->src1 : (uint32_t)machine.v.cmpmask[0];

    if (at->mode == 0)
        return machine.v.cmpmask[lane / 64] >> lane % 64 & 1;
    return before[array + bit / 8] >> bit % 8 & 1;
}

static void check_selection(const struct comparison *c, const struct layout *at)
{
    uint32_t lanes = lanes_of(c);
    uint64_t repeats = ref_repeats(at->repeat, lanes);

    memcpy(before, machine.buffer[ISA_UB], sizeof(before));
    c->call(at);
    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.units, repeats);
    for (uint64_t r = 0; r < repeats; r++)
        for (uint32_t lane = 0; lane < lanes; lane++) {
            uint64_t a = ref_get(before, c->type, ref_address(c->type, at->src0, at->src0_blk, at->src0_rpt, r, lane),
                                 0),
                     b = ref_get(before, c->type, ref_address(c->type, at->src1, at->src1_blk, at->src1_rpt, r, lane),
                                 0),
                     got = ref_get(machine.buffer[ISA_UB], c->type,
                                   ref_address(c->type, at->dst, at->dst_blk, at->dst_rpt, r, lane), 0);

            if (at->mode == 1)
                b = machine.v.cmpmask[0] & (isa_bytes(c->type) == 2 ? 0xffff : 0xffffffff);
            if (ref_acts(r, lane, lanes))
                assert_int_equal(got, chosen(at, r, lane, lanes) ? a : b);
        }
}

/* What CMPMASK has to hold for a mode. */
static void prepare(uint32_t mode)
{
    machine.v.cmpmask[0] = mode == 2 ? BITS | machine_noise() << 32 : machine_noise();
    machine.v.cmpmask[1] = machine_noise();
}

static void every_mode_and_type(void **state)
{
    (void)state;
    for (int i = 0; i < SELECTIONS; i++)
        for (uint32_t mode = 0; mode < 3; mode++)
            for (int round = 0; round < 10; round++) {
                uint64_t noise = machine_noise();
                struct layout at = flat(round == 0 ? 60 : noise & 7);

                at.mode = mode;
                machine.state.count_mode = round && noise & 8;
                machine.state.mask[0] = !round ? ~0ull : noise & 8 ? noise >> 8 & 1023 : machine_noise();
                machine.state.mask[1] = !round ? ~0ull : noise & 8 ? 0 : machine_noise();
                if (round > 5) {
                    at.dst_blk = 1 + (noise >> 20 & 1);
                    at.dst_rpt = 8 * at.dst_blk;
                    at.src0_blk = noise >> 22 & 3;
                    at.src1_blk = noise >> 24 & 3;
                    at.src0_rpt = noise >> 26 & 15;
                    at.src1_rpt = noise >> 30 & 15;
                }
                prepare(mode);
                check_selection(&selections[i], &at);
            }
}

static void a_selection_may_replace_a_source(void **state)
{
    struct layout at = flat(9);

    (void)state;
    at.dst = SRC1;
    prepare(0);
    check_selection(&selections[0], &at);
    at.dst = 0;
    check_selection(&selections[1], &at);
}

/* The bytes of bits that are read are those of lanes that act. */
static void bits_that_are_read(void **state)
{
    (void)state;
    prepare(2);
    machine.state.count_mode = true;
    machine.state.mask[0] = 70;
    vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ void *)SRC1, 1, 1, 1, 1, 8, 8, 8, 2);
    assert_int_equal(machine.read_bytes, 2 * 70 * 4 + 9);
    vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ void *)SRC1, 1, 1, 1, 1, 8, 8, 8, 1);
    assert_int_equal(machine.read_bytes, 70 * 4 + 9);
    vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ void *)SRC1, 1, 1, 1, 1, 8, 8, 8);
    assert_int_equal(machine.read_bytes, 2 * 70 * 4);
    machine.v.cmpmask[0] = (192 << 10) - 8;
    vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ void *)SRC1, 1, 1, 1, 1, 8, 8, 8, 2);
    assert_string_equal(machine.refused, "outside of a buffer");
}

/* A row as the library selects it: the address of the bits is written to UB, and CMPMASK read from there. */
static void cmpmask_goes_through_ub(void **state)
{
    uint32_t *words = (uint32_t *)(void *)(machine.buffer[ISA_UB] + CMP);
    float *f = (float *)(void *)machine.buffer[ISA_UB];

    (void)state;
    words[0] = BITS;
    words[1] = 0x11223344;
    words[3] = 0xaabbccdd;
    set_cmpmask((__ubuf__ uint32_t *)CMP);
    assert_true(machine.v.cmpmask[0] == (0x11223344ull << 32 | BITS));
    assert_int_equal(machine.v.cmpmask[1] >> 32, 0xaabbccdd);
    assert_int_equal(machine.read_bytes, 16);
    assert_int_equal(machine.units, 1);
    machine.buffer[ISA_UB][BITS] = 2;
    vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ float *)SRC1, 1, 1, 1, 1, 8, 8, 8, 2);
    assert_memory_equal(&f[DST / 4], &f[SRC1 / 4], 4);
    assert_memory_equal(&f[DST / 4 + 1], &f[1], 4);
    get_cmpmask((__ubuf__ uint8_t *)(CMP + 32));
    assert_memory_equal(words + 8, words, 16);
}

static void operands_that_are_refused(void **state)
{
    (void)state;
    set_cmpmask((__ubuf__ uint8_t *)(CMP + 8));
    assert_string_equal(machine.refused, "operand 0 is not aligned to 16 bytes");
    vcmpvs_lt((__ubuf__ uint8_t *)(DST + 8), (__ubuf__ float *)0, 0.0f, 1, 1, 1, 8, 8);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 32 bytes");
    vcmp_lt((__ubuf__ float *)0, (__ubuf__ float *)4, 1, 1, 1, 1, 8, 8, 8);
    assert_string_equal(machine.refused, "operand 2 is not aligned to 32 bytes");
    vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ void *)SRC1, 1, 1, 1, 1, 8, 8, 8, 3);
    assert_string_equal(machine.refused, "mode is above 2; allowed: 0 to 2");
}

static void counts_beyond_ub_are_refused(void **state)
{
    const char *why = "count mode with more elements than UB holds";
    uint64_t most[] = {(192 << 10) / 4 + 1, 1ull << 62, ~0ull}; /* of the second, the bytes are 2^64 */

    (void)state;
    machine.state.count_mode = true;
    for (size_t i = 0; i < sizeof(most) / sizeof(*most); i++) {
        machine.state.mask[0] = most[i];
        vcmpv_lt((__ubuf__ uint8_t *)DST, (__ubuf__ float *)0, (__ubuf__ float *)0, 1, 1, 1, 1, 8, 8, 8);
        assert_string_equal(machine.refused, why);
        vcmpvs_lt((__ubuf__ uint8_t *)DST, (__ubuf__ float *)0, 0.0f, 1, 1, 1, 8, 8);
        assert_string_equal(machine.refused, why);
        vcmp_lt((__ubuf__ float *)0, (__ubuf__ float *)0, 1, 1, 1, 1, 8, 8, 8);
        assert_string_equal(machine.refused, why);
        vsel((__ubuf__ float *)DST, (__ubuf__ float *)0, (__ubuf__ void *)SRC1, 1, 1, 1, 1, 8, 8, 8, 0);
        assert_string_equal(machine.refused, why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_operator_and_type, reset),
        cmocka_unit_test_setup(comparisons_of_255_and_of_no_repeats, reset),
        cmocka_unit_test_setup(masks_counts_and_strides, reset),
        cmocka_unit_test_setup(bits_may_replace_their_source, reset),
        cmocka_unit_test_setup(negative_scalars, reset),
        cmocka_unit_test_setup(every_mode_and_type, reset),
        cmocka_unit_test_setup(a_selection_may_replace_a_source, reset),
        cmocka_unit_test_setup(bits_that_are_read, reset),
        cmocka_unit_test_setup(cmpmask_goes_through_ub, reset),
        cmocka_unit_test_setup(operands_that_are_refused, reset),
        cmocka_unit_test_setup(counts_beyond_ub_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
