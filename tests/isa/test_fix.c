/* test_fix.c - the way out of L0C, element by element: layouts, quantisation modes, relu. */
#include "cce.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

enum { SRC = 1024, DST = 4096, FB_AT = 256 };

/* What is asked for, and how the test wants it. */
struct move {
    QuantMode_t quant;
    uint32_t m, n, src_stride, dst_stride;
    uint32_t relu, split, nd, unit_flag;
    uint32_t matrices, src_matrix, dst_matrix; /* ND_PARA */
};

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static uint64_t scale_bits(float scale, int shift, int offset, bool is_signed)
{
    uint32_t bits;

    memcpy(&bits, &scale, 4);
    return bits | (uint64_t)shift << 32 | (uint64_t)(offset & 0x1ff) << 37 | (uint64_t)is_signed << 46;
}

static void fill_floats(float around)
{
    for (uint32_t i = 0; i < (128 << 10) / 4; i++) {
        float value = ((float)(int32_t)(machine_noise() & 0xffffff) - 0x800000) / 0x800000 * around;

        memcpy(machine.buffer[ISA_L0C] + i * 4, &value, 4);
    }
}

static void fill_ints(int32_t around)
{
    for (uint32_t i = 0; i < (128 << 10) / 4; i++) {
        int32_t value = (int32_t)(machine_noise() % (uint32_t)(2 * around + 1)) - around;

        memcpy(machine.buffer[ISA_L0C] + i * 4, &value, 4);
    }
}

#define MOVE(to, ctype, from_ctype, v)                                                                                 \
    do {                                                                                                               \
        dav_spr_write(ISA_SPR_ND_PARA,                                                                                 \
                      (v)->matrices | (uint64_t)(v)->src_matrix << 16 | (uint64_t)(v)->dst_matrix << 32);              \
        if (to == ISA_GM)                                                                                              \
            copy_matrix_cc_to_gm(                                                                                      \
                (__gm__ ctype *)(machine.gm + DST), (__cc__ from_ctype *)SRC,                                          \
                ISA_FIX2((v)->n, (v)->m, (v)->dst_stride),                                                             \
                ISA_FIX3((v)->src_stride, (v)->unit_flag, (v)->quant, (v)->relu, (v)->split, (v)->nd));                \
        else                                                                                                           \
            copy_matrix_cc_to_cbuf((__cbuf__ ctype *)DST, (__cc__ from_ctype *)SRC, 0, (uint16_t)(v)->n,               \
                                   (uint16_t)(v)->m, (v)->dst_stride, (uint16_t)(v)->src_stride,                       \
                                   (uint8_t)(v)->unit_flag, (v)->quant, (uint8_t)(v)->relu, (v)->split, (v)->nd);      \
    } while (0)

/* Element (i, j) of matrix @matrix: in L0C, and in the result of elements of @size bytes. */
static const uint8_t *source(const struct move *v, uint32_t matrix, uint32_t i, uint32_t j)
{
    return machine.buffer[ISA_L0C] + SRC + matrix * v->src_matrix * 1024 +
           ((j / 16 * v->src_stride + i) * 16 + j % 16) * 4;
}

static const uint8_t *result(const struct move *v, enum isa_space to, uint32_t size, uint32_t matrix, uint32_t i,
                             uint32_t j)
{
    const uint8_t *base = to == ISA_GM ? machine.gm + DST : machine.buffer[ISA_L1] + DST;
    uint32_t c0 = size == 4 && !v->split ? 16 : 32 / size;

    if (v->nd)
        return base + (matrix * v->dst_matrix + i * v->dst_stride + j) * size;
    return base + j / c0 * v->dst_stride * 32 + i * c0 * size + j % c0 * size;
}

/* Every element of the result is what @want makes of that of L0C; and no more bytes of GM than these are written. */
typedef double want_fn(const struct move *v, double value, uint32_t j);

static double as_is(const struct move *v, double value, uint32_t j)
{
    (void)v, (void)j;
    return value;
}

static double read_as(const uint8_t *at, char kind)
{
    union {
        float f;
        int32_t i;
        int16_t h;
        half half;
        uint32_t u;
    } value;

    memcpy(&value, at, kind == 'f' || kind == 'i' ? 4 : kind == 'h' || kind == 's' || kind == 'b' ? 2 : 1);
    switch (kind) {
    case 'f':
        return value.f;
    case 'i':
        return value.i;
    case 'h':
        return (double)value.half;
    case 's':
        return value.h;
    case 'b':
        value.u <<= 16;
        return value.f;
    case 'c':
        return (int8_t)*at;
    default:
        return *at;
    }
}

static uint32_t size_of_kind(char kind)
{
    return kind == 'f' || kind == 'i' ? 4 : kind == 'c' || kind == 'u' ? 1 : 2;
}

static void check(const struct move *v, enum isa_space to, char kind, char from, want_fn *want)
{
    uint32_t matrices = v->nd ? v->matrices : 1;

    assert_string_equal(machine.refused, "");
    assert_int_equal(machine.units, matrices * v->m * v->n * 4);
    assert_int_equal(machine.written_bytes, matrices * v->m * v->n * size_of_kind(kind));
    for (uint32_t matrix = 0; matrix < matrices; matrix++)
        for (uint32_t i = 0; i < v->m; i++)
            for (uint32_t j = 0; j < v->n; j++) {
                double expected = want(v, read_as(source(v, matrix, i, j), from), j),
                       got = read_as(result(v, to, size_of_kind(kind), matrix, i, j), kind);

                if (got != expected && !(got != got && expected != expected))
                    fail_msg("mode %d: element %u, %u of matrix %u is %g, not %g", v->quant, i, j, matrix, got,
                             expected);
            }
}

/* ---- layouts ---- */

static void rows_of_floats_to_gm(void **state)
{
    static const struct move moves[] = {
        {.m = 16, .n = 16, .src_stride = 16, .dst_stride = 16, .nd = 1, .matrices = 1},
        {.m = 33, .n = 47, .src_stride = 48, .dst_stride = 61, .nd = 1, .matrices = 1},
        {.m = 1, .n = 255, .src_stride = 16, .dst_stride = 0, .nd = 1, .matrices = 1},
        {.m = 13, .n = 1, .src_stride = 0, .dst_stride = 1, .nd = 1, .matrices = 1, .unit_flag = 3},
        {.m = 17, .n = 600, .src_stride = 32, .dst_stride = 600, .nd = 1, .matrices = 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
        fill_floats(100);
        MOVE(ISA_GM, float, float, &moves[i]);
        check(&moves[i], ISA_GM, 'f', 'f', as_is);
        assert_int_equal(machine.read_bytes, moves[i].m * moves[i].n * 4);
        fill_ints(1 << 30);
        MOVE(ISA_L1, int32_t, int32_t, &moves[i]);
        check(&moves[i], ISA_L1, 'i', 'i', as_is);
    }
    assert_int_equal(machine.entry->pipe, ISA_FIX);
    assert_int_equal(machine.entry->cost, ISA_COST_l0c_to_l1);
}

static void bytes_between_rows_stay(void **state)
{
    const struct move v = {.m = 5, .n = 3, .src_stride = 16, .dst_stride = 8, .nd = 1, .matrices = 1};
    uint8_t before[5 * 32];

    (void)state;
    memcpy(before, machine.gm + DST, sizeof(before));
    MOVE(ISA_GM, float, float, &v);
    for (int i = 0; i < 5; i++)
        assert_memory_equal(machine.gm + DST + i * 32 + 12, before + i * 32 + 12, 20);
    assert_int_equal(machine.entry->cost, ISA_COST_l0c_to_gm);
}

static void several_matrices_in_rows(void **state)
{
    const struct move v = {.m = 19,
                           .n = 21,
                           .src_stride = 32,
                           .dst_stride = 30,
                           .nd = 1,
                           .matrices = 3,
                           .src_matrix = 5,
                           .dst_matrix = 700};

    (void)state;
    fill_floats(8);
    MOVE(ISA_GM, float, float, &v);
    check(&v, ISA_GM, 'f', 'f', as_is);
}

static void fractals(void **state)
{
    static const struct move moves[] = {
        {.m = 16, .n = 16, .src_stride = 16, .dst_stride = 32},
        {.m = 31, .n = 80, .src_stride = 32, .dst_stride = 62},
        {.m = 48, .n = 64, .src_stride = 64, .dst_stride = 100},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
        struct move v = moves[i];

        fill_floats(100);
        MOVE(ISA_GM, float, float, &v);
        check(&v, ISA_GM, 'f', 'f', as_is);
        v.split = 1;
        MOVE(ISA_GM, float, float, &v);
        check(&v, ISA_GM, 'f', 'f', as_is);
        v.n -= 8;
        MOVE(ISA_L1, float, float, &v);
        check(&v, ISA_L1, 'f', 'f', as_is);
    }
}

/* ---- quantisation ---- */

static double relu_of(const struct move *v, double value)
{
    return v->relu == 0 || value >= 0 ? value : v->relu == 1 ? 0 : value * 0.125;
}

static double plain_relu(const struct move *v, double value, uint32_t j)
{
    (void)j;
    return relu_of(v, value);
}

static double to_half(const struct move *v, double value, uint32_t j)
{
    (void)j;
    return (double)(half)(float)relu_of(v, value);
}

static double bfloat_of(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, 4);
    bits += 0x7fff + (bits >> 16 & 1);
    bits &= 0xffff0000;
    memcpy(&value, &bits, 4);
    return value;
}

static double to_bfloat(const struct move *v, double value, uint32_t j)
{
    (void)j;
    return bfloat_of((float)relu_of(v, value));
}

/* The scale of column j: what the tests put into QUANT_PRE, or into FB. */
static float column_scale(const struct move *v, uint32_t j)
{
    static const uint8_t vectors[] = {VREQ8,         VDEQF16,        VSHIFTS322S16, VQF322B8_PRE,
                                      VQF322F16_PRE, VQF322BF16_PRE, VQS322BF16_PRE};

    return memchr(vectors, (int)v->quant, sizeof(vectors)) ? 0.25f * (float)(1 + j % 7) : 0.75f;
}

static int column_shift(const struct move *v, uint32_t j)
{
    return v->quant == VSHIFTS322S16 ? (int)j % 16 : 5;
}

static int column_offset(const struct move *v, uint32_t j)
{
    return v->quant == VQF322B8_PRE || v->quant == VREQ8 ? (int)j % 40 - 20 : -9;
}

static void set_scales(const struct move *v, bool is_signed)
{
    dav_spr_write(ISA_SPR_QUANT_PRE,
                  scale_bits(column_scale(v, 0), column_shift(v, 0), column_offset(v, 0), is_signed));
    dav_spr_write(ISA_SPR_FPC, FB_AT / 128 << 8 | 0x33);
    for (uint32_t j = 0; j < v->n; j++) {
        /* the lower bits of a scale do not count */
        uint64_t scale =
            scale_bits(column_scale(v, j), column_shift(v, j), column_offset(v, j), is_signed) | (j * 77 & 0x1fff);

        memcpy(machine.buffer[ISA_FB] + FB_AT + j * 8, &scale, 8);
    }
}

static double bound(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static double to_byte(const struct move *v, double value, uint32_t j, double least, double most)
{
    float scaled = (float)relu_of(v, (float)value) * column_scale(v, j);

    return bound(bound(nearbyint((double)scaled), -256, 255) + column_offset(v, j), least, most);
}

static double to_s8(const struct move *v, double value, uint32_t j)
{
    return to_byte(v, value, j, -128, 127);
}

static double to_u8(const struct move *v, double value, uint32_t j)
{
    return to_byte(v, value, j, 0, 255);
}

static double to_scaled_half(const struct move *v, double value, uint32_t j)
{
    float scaled = (float)relu_of(v, (float)value) * column_scale(v, j);

    return (double)(half)(float)bound((double)scaled, -65504, 65504);
}

static double to_scaled_bfloat(const struct move *v, double value, uint32_t j)
{
    return bfloat_of((float)relu_of(v, (float)value) * column_scale(v, j));
}

static double to_shifted(const struct move *v, double value, uint32_t j)
{
    return bound(floor(relu_of(v, value) / ldexp(1, column_shift(v, j) + 1)), -32768, 32767);
}

/* In rows with odd sizes and in fractals, to GM and to L1, without and with plain relu. */
#define EACH_WAY(mode, sign, ctype, kind, from_ctype, from_kind, fill, want)                                           \
    for (int way = 0; way < 8; way++) {                                                                                \
        bool nd = way & 1;                                                                                             \
        enum isa_space to = way & 2 ? ISA_GM : ISA_L1;                                                                 \
        struct move v = {.quant = mode,                                                                                \
                         .m = 21,                                                                                      \
                         .n = nd ? 37 : 48,                                                                            \
                         .src_stride = 32,                                                                             \
                         .dst_stride = 50,                                                                             \
                         .nd = nd,                                                                                     \
                         .relu = (uint32_t)way >> 2,                                                                   \
                         .matrices = 1};                                                                               \
                                                                                                                       \
        fill;                                                                                                          \
        set_scales(&v, sign);                                                                                          \
        MOVE(to, ctype, from_ctype, &v);                                                                               \
        check(&v, to, kind, from_kind, want);                                                                          \
    }

static void no_quantisation(void **state)
{
    (void)state;
    EACH_WAY(NoQuant, false, float, 'f', float, 'f', fill_floats(10), plain_relu);
    EACH_WAY(NoQuant, false, int32_t, 'i', int32_t, 'i', fill_ints(1 << 20), plain_relu);
}

static void casts(void **state)
{
    (void)state;
    EACH_WAY(F322F16, false, half, 'h', float, 'f', fill_floats(100000), to_half);
    EACH_WAY(F322BF16, false, bfloat16_t, 'b', float, 'f', fill_floats(1e30f), to_bfloat);
}

static void floats_to_bytes(void **state)
{
    (void)state;
    EACH_WAY(QF322B8_PRE, true, int8_t, 'c', float, 'f', fill_floats(400), to_s8);
    EACH_WAY(QF322B8_PRE, false, uint8_t, 'u', float, 'f', fill_floats(400), to_u8);
    EACH_WAY(VQF322B8_PRE, true, int8_t, 'c', float, 'f', fill_floats(300), to_s8);
    EACH_WAY(VQF322B8_PRE, false, uint8_t, 'u', float, 'f', fill_floats(300), to_u8);
}

static void ints_to_bytes(void **state)
{
    (void)state;
    EACH_WAY(REQ8, true, int8_t, 'c', int32_t, 'i', fill_ints(400), to_s8);
    EACH_WAY(REQ8, false, uint8_t, 'u', int32_t, 'i', fill_ints(400), to_u8);
    EACH_WAY(VREQ8, true, int8_t, 'c', int32_t, 'i', fill_ints(300), to_s8);
    EACH_WAY(VREQ8, false, uint8_t, 'u', int32_t, 'i', fill_ints(300), to_u8);
}

static void ints_to_halves_and_shorts(void **state)
{
    (void)state;
    EACH_WAY(DEQF16, false, half, 'h', int32_t, 'i', fill_ints(200000), to_scaled_half);
    EACH_WAY(VDEQF16, false, half, 'h', int32_t, 'i', fill_ints(100000), to_scaled_half);
    EACH_WAY(SHIFTS322S16, false, int16_t, 's', int32_t, 'i', fill_ints(3000000), to_shifted);
    EACH_WAY(VSHIFTS322S16, false, int16_t, 's', int32_t, 'i', fill_ints(300000), to_shifted);
    EACH_WAY(QS322BF16_PRE, false, bfloat16_t, 'b', int32_t, 'i', fill_ints(1 << 28), to_scaled_bfloat);
    EACH_WAY(VQS322BF16_PRE, false, bfloat16_t, 'b', int32_t, 'i', fill_ints(1 << 28), to_scaled_bfloat);
}

static void floats_scaled(void **state)
{
    (void)state;
    EACH_WAY(QF322F16_PRE, false, half, 'h', float, 'f', fill_floats(150000), to_scaled_half);
    EACH_WAY(VQF322F16_PRE, false, half, 'h', float, 'f', fill_floats(100000), to_scaled_half);
    EACH_WAY(QF322BF16_PRE, false, bfloat16_t, 'b', float, 'f', fill_floats(100), to_scaled_bfloat);
    EACH_WAY(VQF322BF16_PRE, false, bfloat16_t, 'b', float, 'f', fill_floats(100), to_scaled_bfloat);
}

static void leaky_relu(void **state)
{
    struct move v = {.m = 21, .n = 35, .src_stride = 32, .dst_stride = 50, .nd = 1, .relu = 2, .matrices = 1};

    (void)state;
    fill_floats(100);
    set_lrelu_alpha(0.125f);
    MOVE(ISA_GM, float, float, &v);
    check(&v, ISA_GM, 'f', 'f', plain_relu);
    set_lrelu_alpha((half)0.125f);
    v.quant = VQF322B8_PRE;
    set_scales(&v, true);
    MOVE(ISA_GM, int8_t, float, &v);
    check(&v, ISA_GM, 'c', 'f', to_s8);
    v.quant = NoQuant;
    MOVE(ISA_GM, int32_t, int32_t, &v);
    assert_string_equal(machine.refused, "leaky relu would leave the whole numbers");
}

/* What is beyond the range: casts become infinite, scaled results saturate, a NaN stays one or is 0. */
static void extremes(void **state)
{
    const float values[4] = {1e38f, -1e38f, NAN, INFINITY};
    struct move v = {.quant = F322F16, .m = 1, .n = 4, .nd = 1, .matrices = 1};
    const uint8_t *gm = machine.gm + DST;

    (void)state;
    memcpy(machine.buffer[ISA_L0C] + SRC, values, sizeof(values));
    MOVE(ISA_GM, half, float, &v);
    assert_memory_equal(gm, ((uint16_t[]){0x7c00, 0xfc00, 0x7e00, 0x7c00}), 8);
    dav_spr_write(ISA_SPR_QUANT_PRE, scale_bits(4, 0, 0, true));
    v.quant = QF322F16_PRE;
    MOVE(ISA_GM, half, float, &v);
    assert_memory_equal(gm, ((uint16_t[]){0x7bff, 0xfbff, 0x7e00, 0x7bff}), 8);
    v.quant = QF322BF16_PRE;
    MOVE(ISA_GM, bfloat16_t, float, &v);
    assert_memory_equal(gm, ((uint16_t[]){0x7f7f, 0xff7f, 0x7fc0, 0x7f7f}), 8);
    v.quant = QF322B8_PRE;
    MOVE(ISA_GM, int8_t, float, &v);
    assert_memory_equal(gm, ((int8_t[]){127, -128, 0, 127}), 4);
}

/* ---- limits ---- */

static void it_refuses(void **state)
{
    const struct move good = {.m = 16, .n = 16, .src_stride = 16, .dst_stride = 16, .nd = 1, .matrices = 1};
    struct move v = good;

    (void)state;
#define REFUSED(why, ctype, from_ctype)                                                                                \
    do {                                                                                                               \
        MOVE(ISA_L1, ctype, from_ctype, &v);                                                                           \
        assert_string_equal(machine.refused, why);                                                                     \
        v = good;                                                                                                      \
    } while (0)
    REFUSED("", float, float);
    v.n = 4096;
    REFUSED("n is 0 or more than 4095", float, float);
    v.n = 0;
    REFUSED("n is 0 or more than 4095", float, float);
    v.m = 0;
    REFUSED("m is 0, or more than 8192 with nz2nd", float, float);
    v.m = 8193;
    REFUSED("m is 0, or more than 8192 with nz2nd", float, float);
    v.src_stride = 8;
    REFUSED("srcStride is not a multiple of 16", float, float);
    v.split = 1;
    REFUSED("channel split is for f32 in fractals only", float, float);
    v.nd = 0;
    v.n = 24;
    REFUSED("n is not a multiple of 16, and the result is in fractals", float, float);
    v.nd = 0;
    v.split = 1;
    v.n = 20;
    REFUSED("n is not a multiple of 8", float, float);
    v.matrices = 0;
    REFUSED("ND_PARA says 0 matrices (set_nd_para)", float, float);
    v.dst_stride = 0;
    REFUSED("dstStride is 0", float, float);
    v.quant = F322F16;
    REFUSED("the quantisation mode is not one from this source type to this destination type", float, float);
    REFUSED("the quantisation mode is not one from this source type to this destination type", half, float);
    v.quant = REQ8;
    REFUSED("the quantisation mode is not one from this source type to this destination type", int8_t, float);
    v.relu = 3;
    REFUSED("relu is neither off, plain nor leaky; parametric relu is not modelled", float, float);
    v.unit_flag = 1;
    REFUSED("unitFlag is none of 0, 2 and 3", float, float);
    v.m = 8192;
    REFUSED("outside of a buffer", float, float);
#undef REFUSED
    copy_matrix_cc_to_gm((__gm__ float *)(machine.gm + 2), (__cc__ float *)0, ISA_FIX2(16, 16, 16),
                         ISA_FIX3(16, 0, 0, 0, 0, 1));
    assert_string_equal(machine.refused, "the destination is not aligned, in L1 to 32 bytes and in GM to an element");
    copy_matrix_cc_to_gm((__gm__ float *)machine.gm, (__cc__ float *)32, ISA_FIX2(16, 16, 16),
                         ISA_FIX3(16, 0, 0, 0, 0, 1));
    assert_string_equal(machine.refused, "operand 1 is not aligned to 64 bytes");
}

/* Under set_atomic_*, rows are made of whole elements of its type, which need not be that of the result. */
static void atomic_rows_are_of_whole_elements(void **state)
{
    const struct move good = {
        .quant = F322F16, .m = 3, .n = 6, .src_stride = 16, .dst_stride = 8, .nd = 1, .matrices = 1};
    struct move v = good;

    (void)state;
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_F32);
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "");
    v.n = 5;
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "bursts of 10 bytes every 16; an atomic store of f32 needs multiples of 4");
    v.dst_stride = 5; /* one span of 30 bytes */
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "bursts of 10 bytes every 10; an atomic store of f32 needs multiples of 4");
    v = good;
    v.dst_stride = 7;
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "bursts of 12 bytes every 14; an atomic store of f32 needs multiples of 4");
    v.m = 1;
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "");
    v.matrices = 2;
    v.dst_matrix = 9;
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "bursts of 12 bytes every 18; an atomic store of f32 needs multiples of 4");
    MOVE(ISA_L1, half, float, &v);
    assert_string_equal(machine.refused, "");
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_F16);
    MOVE(ISA_GM, half, float, &v);
    assert_string_equal(machine.refused, "");
    dav_spr_write(ISA_SPR_ATOMIC, ISA_ATOMIC_F32);
    copy_matrix_cc_to_gm((__gm__ half *)(machine.gm + 2), (__cc__ float *)0, ISA_FIX2(16, 16, 16),
                         ISA_FIX3(16, 0, F322F16, 0, 0, 1));
    assert_non_null(strstr(machine.refused, "; an atomic store of f32 needs a multiple of 4 bytes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(rows_of_floats_to_gm, reset),
        cmocka_unit_test_setup(bytes_between_rows_stay, reset),
        cmocka_unit_test_setup(several_matrices_in_rows, reset),
        cmocka_unit_test_setup(fractals, reset),
        cmocka_unit_test_setup(no_quantisation, reset),
        cmocka_unit_test_setup(casts, reset),
        cmocka_unit_test_setup(floats_to_bytes, reset),
        cmocka_unit_test_setup(ints_to_bytes, reset),
        cmocka_unit_test_setup(ints_to_halves_and_shorts, reset),
        cmocka_unit_test_setup(floats_scaled, reset),
        cmocka_unit_test_setup(leaky_relu, reset),
        cmocka_unit_test_setup(extremes, reset),
        cmocka_unit_test_setup(it_refuses, reset),
        cmocka_unit_test_setup(atomic_rows_are_of_whole_elements, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
