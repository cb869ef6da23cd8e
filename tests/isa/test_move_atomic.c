/* test_move_atomic.c - stores that add to GM: each element type, rounding, special values, what is refused. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

#define UB(offset) ((__ubuf__ void *)(uint64_t)(offset))

enum { GM_AT = 4096, UB_AT = 256 };

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

/* ---- a reference that adds f16 and bf16 exactly, in integers, and rounds once ---- */

struct format {
    int fraction, exponents; /* bits */
};
static const struct format f16 = {10, 5}, bf16 = {7, 8};

/* A finite value is the return * 2^(*scale). */
static int64_t significand(struct format f, uint16_t bits, int *scale)
{
    int exponent = bits >> f.fraction & ((1 << f.exponents) - 1), bias = (1 << (f.exponents - 1)) - 1;
    int64_t m = bits & ((1 << f.fraction) - 1);

    if (exponent)
        m |= 1 << f.fraction;
    else
        exponent = 1;
    *scale = exponent - bias - f.fraction;
    return bits >> 15 ? -m : m;
}

/* Both exponents at most 30 apart, so that the sum fits 64 bits. */
static uint16_t add_exactly(struct format f, uint16_t a, uint16_t b)
{
    int scale_a, scale_b, top = (1 << f.exponents) - 1, bias = (1 << (f.exponents - 1)) - 1;
    int64_t ma = significand(f, a, &scale_a), mb = significand(f, b, &scale_b), sum;
    int scale = scale_a < scale_b ? scale_a : scale_b, exponent;
    uint16_t sign;
    uint64_t m, dropped = 0;

    sum = ma * (INT64_C(1) << (scale_a - scale)) + mb * (INT64_C(1) << (scale_b - scale));
    if (sum == 0)
        return a & b & 0x8000;
    sign = sum < 0 ? 0x8000 : 0;
    m = (uint64_t)(sum < 0 ? -sum : sum);
    int shift = 0;
    while (m >> shift >= 2ull << f.fraction)
        shift++;
    if (shift) {
        dropped = m & ((1ull << shift) - 1);
        m >>= shift;
        if (dropped > 1ull << (shift - 1) || (dropped == 1ull << (shift - 1) && m & 1))
            m++;
        if (m == 2ull << f.fraction) {
            m >>= 1;
            shift++;
        }
    }
    exponent = scale + shift + bias + f.fraction;
    while (m < 1ull << f.fraction && exponent > 1) {
        m <<= 1;
        exponent--;
    }
    if (m < 1ull << f.fraction)
        return (uint16_t)(sign | m);
    if (exponent >= top)
        return (uint16_t)(sign | top << f.fraction);
    return (uint16_t)(sign | exponent << f.fraction | (m & ((1u << f.fraction) - 1)));
}

static void set_and_store(enum isa_atomic op, uint32_t bytes)
{
    dav_spr_write(ISA_SPR_ATOMIC, op);
    copy_ubuf_to_gm_align_b8(machine.gm + GM_AT, UB(UB_AT), 0, 1, bytes, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "");
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_NONE);
}

static void check_16(enum isa_atomic op, struct format f)
{
    enum { N = 20000 };
    uint16_t *gm = (uint16_t *)(machine.gm + GM_AT), *ub = (uint16_t *)(machine.buffer[ISA_UB] + UB_AT);
    static uint16_t want[N];
    uint16_t exponents = (uint16_t)((1 << f.exponents) - 1);

    for (int i = 0; i < N; i++) { /* exponents close enough to each other, and never infinity or NaN */
        uint16_t exponent = gm[i] >> f.fraction & exponents, base = exponent > 24 ? (uint16_t)(exponent - 24) : 0;

        if (exponent == exponents)
            gm[i] ^= (uint16_t)(1 << f.fraction);
        exponent = (uint16_t)(base + ub[i] % 30);
        if (exponent >= exponents)
            exponent = exponents - 1;
        ub[i] = (uint16_t)((ub[i] & ~(exponents << f.fraction)) | exponent << f.fraction);
        want[i] = add_exactly(f, gm[i], ub[i]);
    }
    set_and_store(op, sizeof(want));
    for (int i = 0; i < N; i++)
        if (gm[i] != want[i])
            fail_msg("element %d is 0x%04x, should be 0x%04x", i, gm[i], want[i]);
}

static void f16_sums_are_rounded_once(void **state)
{
    (void)state;
    check_16(ISA_ATOMIC_F16, f16);
}

static void bf16_sums_are_rounded_once(void **state)
{
    (void)state;
    check_16(ISA_ATOMIC_BF16, bf16);
}

static void f32_sums_are_those_of_c(void **state)
{
    float *gm = (float *)(machine.gm + GM_AT), *ub = (float *)(machine.buffer[ISA_UB] + UB_AT);
    float want[64];

    (void)state;
    for (int i = 0; i < 64; i++) {
        gm[i] = (float)(int32_t)machine_noise() * 0.001f;
        ub[i] = (float)(int32_t)machine_noise() * 0.5f;
        want[i] = gm[i] + ub[i];
    }
    set_and_store(ISA_ATOMIC_F32, sizeof(want));
    assert_memory_equal(gm, want, sizeof(want));
}

static void integers_wrap(void **state)
{
    uint8_t *ub = machine.buffer[ISA_UB] + UB_AT, *gm = machine.gm + GM_AT;
    static const struct {
        enum isa_atomic op;
        uint32_t bytes;
    } types[] = {{ISA_ATOMIC_S32, 4}, {ISA_ATOMIC_S16, 2}, {ISA_ATOMIC_S8, 1}};

    (void)state;
    for (int t = 0; t < 3; t++) {
        uint8_t want[512];

        for (uint32_t i = 0; i < 512; i += types[t].bytes)
            for (uint32_t k = 0, carry = 0; k < types[t].bytes; k++) {
                carry += gm[i + k] + ub[i + k];
                want[i + k] = (uint8_t)carry;
                carry >>= 8;
            }
        set_and_store(types[t].op, 512);
        assert_memory_equal(gm, want, 512);
    }
}

static void sums_without_a_value_are_the_quiet_nan(void **state)
{
    uint32_t *gm = (uint32_t *)(machine.gm + GM_AT), *ub = (uint32_t *)(machine.buffer[ISA_UB] + UB_AT);
    uint16_t *gm16 = (uint16_t *)gm, *ub16 = (uint16_t *)ub;

    (void)state;
    gm[0] = 0x7f800000, ub[0] = 0xff800000; /* infinity - infinity */
    gm[1] = 0xffc12345, ub[1] = 0x3f800000; /* a NaN with a sign and a payload */
    gm[2] = 0x3f800000, ub[2] = 0x7f812345;
    gm[3] = 0xff800000, ub[3] = 0x3f800000;
    set_and_store(ISA_ATOMIC_F32, 16);
    assert_int_equal(gm[0], 0x7fc00000);
    assert_int_equal(gm[1], 0x7fc00000);
    assert_int_equal(gm[2], 0x7fc00000);
    assert_int_equal(gm[3], 0xff800000);
    gm16[0] = 0x7c00, ub16[0] = 0xfc00;
    gm16[1] = 0xfe42, ub16[1] = 0x3c00;
    set_and_store(ISA_ATOMIC_F16, 4);
    assert_int_equal(gm16[0], 0x7e00);
    assert_int_equal(gm16[1], 0x7e00);
    gm16[0] = 0xff80, ub16[0] = 0x7f80;
    set_and_store(ISA_ATOMIC_BF16, 2);
    assert_int_equal(gm16[0], 0x7fc0);
}

static void every_path_to_gm_adds(void **state)
{
    int32_t *gm = (int32_t *)(machine.gm + GM_AT);

    (void)state;
    for (int i = 0; i < 32; i++) {
        gm[i] = i;
        ((int32_t *)machine.buffer[ISA_UB])[i] = 100;
        ((int32_t *)machine.buffer[ISA_L1])[i] = 10;
    }
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_S32);
    copy_ubuf_to_gm(gm, UB(0), 0, 1, 2, 0, 0);
    copy_cbuf_to_gm(gm, (__cbuf__ void *)0, 0, 2, 1, 0, 0);
    copy_ubuf_to_gm_align_b32(gm + 8, UB(0), 0, 4, 4, 0, 0, 0, 4);
    for (int i = 0; i < 16; i++)
        assert_int_equal(gm[i], i + 110 + (i >= 8 && i % 2 == 0 ? 100 : 0));
}

static void elements_must_be_whole_and_aligned(void **state)
{
    (void)state;
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_F32);
    copy_ubuf_to_gm_align_b8(machine.gm, UB(0), 0, 1, 6, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "bursts of 6 bytes every 6; an atomic store of f32 needs multiples of 4");
    copy_ubuf_to_gm_align_b8(machine.gm, UB(0), 0, 2, 8, 0, 0, 0, 2);
    assert_string_equal(machine.refused, "bursts of 8 bytes every 10; an atomic store of f32 needs multiples of 4");
    copy_ubuf_to_gm_align_b8(machine.gm + 2, UB(0), 0, 1, 8, 0, 0, 0, 0);
    assert_non_null(strstr(machine.refused, "; an atomic store of f32 needs a multiple of 4 bytes"));
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_S8);
    copy_ubuf_to_gm_align_b8(machine.gm + 2, UB(0), 0, 1, 7, 0, 0, 0, 0);
    assert_string_equal(machine.refused, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(f16_sums_are_rounded_once, reset),
        cmocka_unit_test_setup(bf16_sums_are_rounded_once, reset),
        cmocka_unit_test_setup(f32_sums_are_those_of_c, reset),
        cmocka_unit_test_setup(integers_wrap, reset),
        cmocka_unit_test_setup(sums_without_a_value_are_the_quiet_nan, reset),
        cmocka_unit_test_setup(every_path_to_gm_adds, reset),
        cmocka_unit_test_setup(elements_must_be_whole_and_aligned, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
