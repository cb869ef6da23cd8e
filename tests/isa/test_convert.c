/* test_convert.c - conversions against a reference that works in long double on one element at a time. Which types and
 * which rounding an instruction has is read from its name. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "isa/rounding.h"
#include "tests/isa/reference.h"

/* ---- the instructions ---- */

struct layout {
    uint32_t dst, src, repeat, dst_blk, src_blk, dst_rpt, src_rpt;
};

struct conversion {
    const char *name;
    void (*call)(const struct layout *at);
    enum isa_type type, from;
    char how;
};

#define CONVERT(name, type, ctype, from, cfrom, how)                                                                   \
    static void call_##name(const struct layout *at)                                                                   \
    {                                                                                                                  \
        name((__ubuf__ ctype *)(uintptr_t)at->dst, (const __ubuf__ cfrom *)(uintptr_t)at->src, (uint8_t)at->repeat,    \
             (uint16_t)at->dst_blk, (uint16_t)at->src_blk, (uint16_t)at->dst_rpt, (uint16_t)at->src_rpt);              \
    }
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign)
#include "isa/convert.def"

static struct conversion conversions[] = {
#define CONVERT(name, type, ctype, from, cfrom, how) {#name, call_##name, ISA_F16, ISA_F16, 0},
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign)
#include "isa/convert.def"
};
enum { CONVERSIONS = sizeof(conversions) / sizeof(conversions[0]) };

static const char *type_named(const char *text, enum isa_type *type)
{
    static const struct {
        const char *text;
        enum isa_type type;
    } names[] = {{"f16", ISA_F16}, {"bf16", ISA_BF16}, {"f32", ISA_F32}, {"s16", ISA_S16}, {"s32", ISA_S32},
                 {"s64", ISA_S64}, {"s4", ISA_S4},     {"s8", ISA_S8},   {"u8", ISA_U8}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strncmp(text, names[i].text, strlen(names[i].text)) == 0) {
            *type = names[i].type;
            return text + strlen(names[i].text);
        }
    fail_msg("no type is named %s", text);
    return NULL;
}

static void read_names(void)
{
    for (int i = 0; i < CONVERSIONS; i++) {
        struct conversion *c = &conversions[i];
        const char *rest = c->name + strlen("vconv_");

        if (strcmp(rest, "deq") == 0) {
            c->from = ISA_S32;
            c->type = ISA_F16;
            c->how = 'r';
            continue;
        }
        rest = type_named(rest, &c->from);
        assert_int_equal(*rest, '2');
        rest = type_named(rest + 1, &c->type);
        c->how = *rest ? *rest : 'r';
    }
}

static uint32_t lanes_of(const struct conversion *c)
{
    uint32_t to = isa_bytes(c->type), from = isa_bytes(c->from);

    return 256 / (to > from ? to : from);
}

static int reset(void **state)
{
    (void)state;
    machine_reset();
    read_names();
    return 0;
}

/* ---- what they should give ---- */

static bool is_deq(const struct conversion *c)
{
    return strcmp(c->name, "vconv_deq") == 0;
}

/* The element that @bits become must be what stands as @got. */
static bool is_right(const struct conversion *c, uint64_t bits, uint64_t got)
{
    bool wraps = machine.state.spr[ISA_SPR_CTRL] >> 59 & 1;
    long double value = ref_value(c->from, bits);

    if (is_deq(c))
        value *= ref_value(ISA_F16, machine.state.spr[ISA_SPR_DEQSCALE]);
    if (c->type == ISA_F32 && c->from == ISA_F32)
        return ref_same(isnan(value) ? value : copysignl(ref_round(value, c->how), value), ref_value(c->type, got));
    if (ref_is_float(c->type))
        return ref_same(ref_to_float(c->type, value, c->how), ref_value(c->type, got));
    return ref_to_integer(c->type, value, c->how, wraps) == got;
}

/* Execute, and look at every lane; @before is UB as it was, or NULL where no source is overwritten before it is read.
 */
static void check(const struct conversion *c, const struct layout *at, const uint8_t *before)
{
    const uint8_t *ub = machine.buffer[ISA_UB], *source = before ? before : ub;
    uint32_t lanes = lanes_of(c);
    uint64_t repeats = ref_repeats(at->repeat, lanes);

    c->call(at);
    assert_string_equal(machine.refused, "");
    assert_string_equal(machine.entry->name, c->name);
    assert_int_equal(machine.units, repeats);
    for (uint64_t r = 0; r < repeats; r++)
        for (uint32_t lane = 0; lane < lanes; lane++) {
            uint64_t to = ref_address(c->type, at->dst, at->dst_blk, at->dst_rpt, r, lane);
            uint64_t got = ref_get(ub, c->type, to, lane & 1), bits;

            if (!ref_acts(r, lane, lanes)) {
                if (before)
                    assert_int_equal(got, ref_get(before, c->type, to, lane & 1));
                continue;
            }
            bits = ref_get(source, c->from, ref_address(c->from, at->src, at->src_blk, at->src_rpt, r, lane), lane & 1);
            if (!is_right(c, bits, got))
                fail_msg("%s ctrl %llx: %llx (%Lg) became %llx (%Lg)", c->name,
                         (unsigned long long)machine.state.spr[ISA_SPR_CTRL], (unsigned long long)bits,
                         ref_value(c->from, bits), (unsigned long long)got, ref_value(c->type, got));
        }
}

static struct layout flat(const struct conversion *c, uint32_t repeat)
{
    uint32_t lanes = lanes_of(c);

    return (struct layout){.dst = 96 << 10,
                           .src = 0,
                           .repeat = repeat,
                           .dst_blk = 1,
                           .src_blk = 1,
                           .dst_rpt = lanes * (uint32_t)ref_bits(c->type) / 256,
                           .src_rpt = lanes * (uint32_t)ref_bits(c->from) / 256};
}

/* ---- values ---- */

static void both_ctrl(const struct conversion *c, const struct layout *at)
{
    for (int wraps = 0; wraps < (ref_is_float(c->type) ? 1 : 2); wraps++) {
        machine.state.spr[ISA_SPR_CTRL] = (uint64_t)wraps << 59;
        check(c, at, NULL);
    }
}

/* Sources of up to 16 bits: every value. */
static void every_narrow_value(void **state)
{
    (void)state;
    for (int i = 0; i < CONVERSIONS; i++) {
        const struct conversion *c = &conversions[i];
        uint32_t bits = (uint32_t)ref_bits(c->from), per_call = 255 * lanes_of(c);
        uint16_t *ub = (uint16_t *)(void *)machine.buffer[ISA_UB];
        struct layout at = flat(c, 255);

        if (bits > 16)
            continue;
        for (uint32_t first = 0; first < (bits == 16 ? 65536 : 1); first += per_call) {
            for (uint32_t k = 0; k < per_call; k++)
                ub[k] = bits == 16 ? (uint16_t)(first + k) : (uint16_t)(2 * k | (2 * k + 1) << 8);
            both_ctrl(c, &at);
        }
    }
}

/* Where roundings and limits lie: the neighbours of such numbers, with both signs. */
static uint64_t edge(const struct conversion *c, uint32_t k)
{
    static const double edges[] = {
        0,           0.5,         1.5,      2.5,        7.5,        127.5,    128,     255.5,     256,
        32767.5,     32768,       65503,    65504,      65519,      65520,    65536,   8388607.5, 16777216,
        0x1p31,      0x1p32,      0x1p55,   0x1p63,     0x1p64,     0x1p-14,  0x1p-24, 0x1p-25,   0x1.8p-24,
        0x1p-126,    0x1p-133,    0x1p-149, 0x1.fep127, 0x1.ffp127, INFINITY, NAN,     0x1.004p3, 0x1.006p3,
        0x1.002p-14, 0x1.008p-16, 0x1.01p5, 0x1.03p5,   2047.5,     2049,     4097,    33554433};
    uint32_t count = sizeof(edges) / sizeof(edges[0]), which = k / 6 % count;
    uint64_t noise = machine_noise(), step = k % 3;
    float value = (float)edges[which];
    uint32_t bits;

    if (k >= 6 * count) /* any number, of any size */
        return ref_is_float(c->from) ? noise : (uint64_t)((int64_t)noise >> (noise & 63));
    if (!ref_is_float(c->from)) {
        int64_t whole = isnan(value) || fabsf(value) >= 0x1p63f ? INT64_MAX : (int64_t)value;

        whole = step == 0 ? whole : step == 1 && whole < INT64_MAX ? whole + 1 : whole - 1;
        return (uint64_t)(k % 6 < 3 ? whole : -whole);
    }
    memcpy(&bits, &value, 4);
    bits = step == 0 ? bits : step == 1 || bits == 0 ? bits + 1 : bits - 1;
    return bits | (k % 6 < 3 ? 0 : 0x80000000);
}

static void wide_values(void **state)
{
    static const uint16_t scales[] = {0x3c00, 0x0001, 0xb555, 0x7bff, 0x7c00, 0x7e00};

    (void)state;
    for (int i = 0; i < CONVERSIONS; i++) {
        const struct conversion *c = &conversions[i];
        struct layout at = flat(c, 255);

        if (ref_bits(c->from) <= 16)
            continue;
        for (uint32_t k = 0; k < 255 * lanes_of(c); k++) {
            uint64_t bits = edge(c, k);

            memcpy(machine.buffer[ISA_UB] + k * isa_bytes(c->from), &bits, isa_bytes(c->from));
        }
        for (int s = 0; s < (is_deq(c) ? 6 : 1); s++) {
            machine.state.spr[ISA_SPR_DEQSCALE] = scales[s];
            both_ctrl(c, &at);
        }
    }
}

static void conversions_of_small_integers_say_what_they_are(void **state)
{
    half *h = (half *)(void *)machine.buffer[ISA_UB];
    int8_t *s8 = (int8_t *)machine.buffer[ISA_UB] + 512;
    uint8_t *s4 = machine.buffer[ISA_UB] + 1024;

    (void)state;
    h[0] = 300;
    h[1] = (half)-2.5f;
    vconv_f162s8((__ubuf__ int8_t *)512, (__ubuf__ half *)0, 1, 1, 1, 4, 8);
    assert_int_equal(s8[0], 127);
    assert_int_equal(s8[1], -2);
    machine.state.spr[ISA_SPR_CTRL] = 1ull << 59;
    vconv_f162s8z((__ubuf__ int8_t *)512, (__ubuf__ half *)0, 1, 1, 1, 4, 8);
    assert_int_equal(s8[0], 300 - 256);
    vconv_f162s4((__ubuf__ void *)1024, (__ubuf__ half *)0, 1, 1, 1, 2, 8);
    assert_int_equal(s4[0], 12 | 14 << 4); /* the first lane in the low half; 300 is 12 modulo 16 */
}

/* 1024.5 and a little: single precision would lose the little, and the tie would go down. */
static void a_scaled_integer_is_rounded_once(void **state)
{
    int32_t *s32 = (int32_t *)(void *)machine.buffer[ISA_UB];
    half *h = (half *)(void *)(machine.buffer[ISA_UB] + 512);

    (void)state;
    machine.state.spr[ISA_SPR_DEQSCALE] = 0x0200; /* 2^-15 */
    s32[0] = (1 << 25) + (1 << 14) + 1;
    s32[1] = -s32[0];
    s32[2] = (1 << 25) + (3 << 14) - 1;
    vconv_deq((__ubuf__ half *)512, (__ubuf__ int32_t *)0, 1, 1, 1, 4, 8);
    assert_true(h[0] == 1025);
    assert_true(h[1] == -1025);
    assert_true(h[2] == 1025);
}

/* The array functions of format.h do what rounding to nearest does here; instructions use the former. */
static void roundings_to_nearest_agree(void **state)
{
    (void)state;
    for (int k = 0; k < 300000; k++) {
        uint32_t bits = (uint32_t)machine_noise() & (k & 1 ? 0xffffffff : 0xfffff000);
        float value = isa_f32_of(k % 3 ? bits : (bits & 0x8fffffff) | 0x30000000);

        assert_int_equal(isa_f32_to_f16_as(value, ISA_ROUND_R), isa_f32_to_f16(value));
        assert_int_equal(isa_f32_to_bf16_as(value, ISA_ROUND_R), isa_f32_to_bf16(value));
    }
}

/* ---- layouts ---- */

static void random_masks(uint32_t lanes)
{
    uint64_t noise = machine_noise();

    machine.state.count_mode = noise & 1;
    machine.state.mask[0] = noise & 1 ? noise >> 8 & 1023 : machine_noise();
    machine.state.mask[1] = noise & 1 ? 0 : machine_noise();
    if (!(noise & 1) && noise & 2) { /* a tail */
        machine.state.mask[0] = lanes > 64 ? ~0ull : (1ull << (noise >> 8) % 63) - 1;
        machine.state.mask[1] = (1ull << (noise >> 8) % 63) - 1;
    }
}

static void masks_counts_and_strides(void **state)
{
    static uint8_t before[192 << 10];

    (void)state;
    for (int i = 0; i < CONVERSIONS; i++)
        for (int round = 0; round < 2; round++) {
            const struct conversion *c = &conversions[i];
            struct layout at = flat(c, (uint32_t)(machine_noise() % 5));
            uint32_t dst_blocks = at.dst_rpt;

            random_masks(lanes_of(c));
            at.dst_blk = 1 + (uint32_t)(machine_noise() % 3);
            at.src_blk = (uint32_t)(machine_noise() % 4);
            at.dst_rpt = at.dst_blk * dst_blocks + (uint32_t)(machine_noise() % 3);
            at.src_rpt = (uint32_t)(machine_noise() % 12);
            memcpy(before, machine.buffer[ISA_UB], sizeof(before));
            check(c, &at, before);
        }
}

/* A repeat's sources are read before its result is written. */
static void in_place(void **state)
{
    static uint8_t before[192 << 10];

    (void)state;
    for (int i = 0; i < CONVERSIONS; i++) {
        const struct conversion *c = &conversions[i];
        bool widens = isa_bytes(c->type) > isa_bytes(c->from);
        struct layout at = flat(c, widens ? 1 : 9);

        if (c->how != 'r') /* one of a pair of types is enough */
            continue;
        at.dst = at.src = 4096;
        memcpy(before, machine.buffer[ISA_UB], sizeof(before));
        check(c, &at, before);
    }
}

static void repeats_of_zero_and_255(void **state)
{
    (void)state;
    for (int i = 0; i < CONVERSIONS; i++) {
        const struct conversion *c = &conversions[i];
        struct layout at = flat(c, 0);

        if (c->how != 'r')
            continue;
        machine.state.count_mode = false;
        machine.state.mask[0] = machine.state.mask[1] = ~0ull;
        check(c, &at, NULL);
        assert_int_equal(machine.read_bytes + machine.written_bytes, 0);
        machine.state.count_mode = true; /* the count decides */
        machine.state.mask[0] = 1000;
        check(c, &at, NULL);
        assert_int_equal(machine.written_bytes, 1000 * (uint32_t)ref_bits(c->type) / 8);
        assert_int_equal(machine.read_bytes, 1000 * (uint32_t)ref_bits(c->from) / 8);
    }
}

/* Half a byte stays as it is, so the byte counts as read. */
static void a_lane_of_s4_alone_keeps_its_neighbour(void **state)
{
    uint8_t *ub = machine.buffer[ISA_UB];

    (void)state;
    ub[1024] = 0x5a;
    *(half *)(void *)ub = 3;
    machine.state.mask[0] = 1;
    machine.state.mask[1] = 0;
    vconv_f162s4((__ubuf__ void *)1024, (__ubuf__ half *)0, 1, 1, 1, 2, 8);
    assert_int_equal(ub[1024], 0x53);
    assert_int_equal(machine.read_bytes, 3);
    assert_int_equal(machine.written_bytes, 1);
}

/* ---- sums and differences ---- */

struct relu {
    const char *name;
    void (*call)(uint32_t dst, uint32_t src0, uint32_t src1, uint8_t repeat, bool upper);
    enum isa_type type, from;
    int sign;
};
#define CONVERT(name, type, ctype, from, cfrom, how)
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign)                                                             \
    static void call_##name(uint32_t dst, uint32_t src0, uint32_t src1, uint8_t repeat, bool upper)                    \
    {                                                                                                                  \
        name((__ubuf__ ctype *)(uintptr_t)dst, (const __ubuf__ cfrom *)(uintptr_t)src0,                                \
             (const __ubuf__ cfrom *)(uintptr_t)src1, repeat, 1, 1, 1, 4, 8, 8, upper);                                \
    }
#include "isa/convert.def"
static const struct relu relus[] = {
#define CONVERT(name, type, ctype, from, cfrom, how)
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign) {#name, call_##name, ISA_##type, ISA_##from, sign 1},
#include "isa/convert.def"
};

static void relu_is_right(const struct relu *c, uint32_t k, uint32_t width)
{
    const uint8_t *ub = machine.buffer[ISA_UB];
    bool wraps = machine.state.spr[ISA_SPR_CTRL] >> 59 & 1;
    long double a = ref_value(c->from, ref_get(ub, c->from, (uint64_t)k * width, 0)),
                b = ref_value(c->from, ref_get(ub, c->from, 65536 + (uint64_t)k * width, 0)), sum = a + c->sign * b;
    uint64_t got = ref_get(ub, c->type, 131072 + (uint64_t)k * isa_bytes(c->type), 0);

    if (c->from != ISA_S16)
        sum = ref_to_float(ISA_F32, sum, 'r');
    if (!(sum > 0) && !isnan(sum))
        sum = 0;
    if (c->type == ISA_F16 && !ref_same(ref_to_float(ISA_F16, sum, 'r'), ref_value(ISA_F16, got)))
        fail_msg("%s: %Lg and %Lg became %Lg", c->name, a, b, ref_value(ISA_F16, got));
    if (c->type != ISA_F16)
        assert_int_equal(got, ref_to_integer(c->type, sum, 'r', wraps));
}

static void sums_and_differences_not_below_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(relus) / sizeof(relus[0]); i++) {
        const struct relu *c = &relus[i];
        uint32_t width = isa_bytes(c->from);

        for (uint32_t k = 0; k < 131072 / 4 && c->from == ISA_F32; k++) { /* numbers that meet */
            float value = ldexpf((float)(int32_t)machine_noise(), (int)(machine_noise() % 24) - 40);

            value = k % 100 ? value : k % 200 ? NAN : INFINITY;
            memcpy(machine.buffer[ISA_UB] + 4 * k, &value, 4);
        }
        for (int wraps = 0; wraps < 2; wraps++) {
            machine.state.spr[ISA_SPR_CTRL] = (uint64_t)wraps << 59;
            c->call(131072, 0, 65536, 255, false);
            assert_string_equal(machine.refused, "");
            for (uint32_t k = 0; k < 255 * 256 / width; k++)
                relu_is_right(c, k, width);
        }
        c->call(131072, 0, 65536, 1, true);
        assert_string_equal(machine.refused, "its last argument is true; allowed: false");
    }
}

/* ---- refusals ---- */

static void counts_beyond_ub_are_refused(void **state)
{
    const char *why = "count mode with more elements than UB holds";
    uint64_t most[] = {(192 << 10) / 4 + 1, 1ull << 62, ~0ull}; /* of the second, the bytes are 2^64 */

    (void)state;
    machine.state.count_mode = true;
    for (size_t i = 0; i < sizeof(most) / sizeof(*most); i++) {
        machine.state.mask[0] = most[i];
        vconv_f322s32r((__ubuf__ int32_t *)1024, (__ubuf__ float *)1024, 1, 1, 1, 8, 8);
        assert_string_equal(machine.refused, why);
        machine.state.mask[0] = most[i] << (i == 0);
        vaddreluconv_f322f16((__ubuf__ half *)1024, (__ubuf__ float *)1024, (__ubuf__ float *)1024, 1, 1, 1, 1, 8, 8, 8,
                             false);
        assert_string_equal(machine.refused, why);
    }
}

static void operands_that_are_refused(void **state)
{
    (void)state;
    vconv_f162f32((__ubuf__ float *)1028, (__ubuf__ half *)0, 1, 1, 1, 8, 4);
    assert_string_equal(machine.refused, "operand 0 is not aligned to 32 bytes");
    vconv_f162f32((__ubuf__ float *)1024, (__ubuf__ half *)2, 1, 1, 1, 8, 4);
    assert_string_equal(machine.refused, "operand 1 is not aligned to 32 bytes");
    vconv_f162f32((__ubuf__ float *)((192 << 10) - 224), (__ubuf__ half *)0, 1, 1, 1, 8, 4);
    assert_string_equal(machine.refused, "outside of a buffer");
    machine.state.mask[0] = (1ull << 56) - 1; /* which just fit */
    vconv_f162f32((__ubuf__ float *)((192 << 10) - 224), (__ubuf__ half *)0, 1, 1, 1, 8, 4);
    assert_string_equal(machine.refused, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_narrow_value, reset),
        cmocka_unit_test_setup(wide_values, reset),
        cmocka_unit_test_setup(conversions_of_small_integers_say_what_they_are, reset),
        cmocka_unit_test_setup(a_scaled_integer_is_rounded_once, reset),
        cmocka_unit_test_setup(roundings_to_nearest_agree, reset),
        cmocka_unit_test_setup(masks_counts_and_strides, reset),
        cmocka_unit_test_setup(in_place, reset),
        cmocka_unit_test_setup(repeats_of_zero_and_255, reset),
        cmocka_unit_test_setup(a_lane_of_s4_alone_keeps_its_neighbour, reset),
        cmocka_unit_test_setup(sums_and_differences_not_below_zero, reset),
        cmocka_unit_test_setup(counts_beyond_ub_are_refused, reset),
        cmocka_unit_test_setup(operands_that_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
