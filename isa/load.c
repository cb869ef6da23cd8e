/* load.c - L1 to L0A and L0B by fractals and by transposed squares, and to the tables BT and FB.
 *
 * The fractal that is read in repeat i is base + i * stride (or minus, counting down), the one that is written stands
 * 1 + gap fractals after the one before. A square is what can be transposed by itself: one fractal of 16-bit elements;
 * two fractals below each other of bytes (32 x 32); two beside each other of 32-bit elements (16 x 16). It becomes as
 * many fractals again, whose second one stands 1 + frac_gap fractals after the first.
 * Gaps of the tables: of the source in 32 B, of the destination in its bursts' unit; all call sites known have one
 * burst.
 */
#include <string.h>

#include "isa/format.h"
#include "isa/fractal.h"
#include "isa/join.h"
#include "isa/shapes.h"

enum { BIAS_BURST = 64, SCALES_BURST = 128, GAP_BYTES = 32 };

static enum isa_space target(const struct isa_exec *x)
{
    return x->entry->cost == ISA_COST_l1_to_l0a ? ISA_L0A : ISA_L0B;
}

/* ---- fractals and squares ---- */

static uint32_t fractals_of_square(const struct isa_exec *x)
{
    return isa_bytes(x->entry->type) == 2 ? 1 : 2;
}

/* Where the source of repeat @i stands, which is made of @fractals fractals. */
static uint64_t load_src(const struct isa_exec *x, uint32_t i, uint32_t fractals)
{
    int64_t stride = ISA_LOAD_SRC_STRIDE(x->w), base = ISA_LOAD_BASE(x->w);

    base += ISA_LOAD_DOWN(x->w) ? -stride * i : stride * i;
    return x->w[1] + (uint64_t)(base * fractals * ISA_FRACTAL_BYTES);
}

static uint64_t load_dst(const struct isa_exec *x, uint32_t i)
{
    return x->w[0] + (uint64_t)i * (1 + ISA_LOAD_DST_GAP(x->w)) * ISA_FRACTAL_BYTES;
}

static uint64_t second_fractal(const struct isa_exec *x)
{
    return (1 + (uint64_t)ISA_LOAD_FRAC_GAP(x->w)) * ISA_FRACTAL_BYTES;
}

static void load_spans(const struct isa_exec *x, uint32_t fractals, isa_span_fn *fn, void *ctx)
{
    struct isa_join read = {.fn = fn, .ctx = ctx, .access = ISA_READ, .space = ISA_L1},
                    write = {.fn = fn, .ctx = ctx, .access = ISA_WRITE, .space = target(x)};

    for (uint32_t i = 0; i < ISA_LOAD_REPEAT(x->w); i++)
        isa_join_add(&read, load_src(x, i, fractals), fractals * ISA_FRACTAL_BYTES);
    isa_join_end(&read);
    for (uint32_t i = 0; i < ISA_LOAD_REPEAT(x->w); i++) {
        isa_join_add(&write, load_dst(x, i), ISA_FRACTAL_BYTES);
        if (fractals == 2)
            isa_join_add(&write, load_dst(x, i) + second_fractal(x), ISA_FRACTAL_BYTES);
    }
    isa_join_end(&write);
}

static void fractals_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    load_spans(x, 1, fn, ctx);
}

static void squares_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    load_spans(x, fractals_of_square(x), fn, ctx);
}

static uint64_t fractals_units(const struct isa_exec *x)
{
    return (uint64_t)ISA_LOAD_REPEAT(x->w) * ISA_FRACTAL_BYTES;
}

static uint64_t squares_units(const struct isa_exec *x)
{
    return fractals_units(x) * fractals_of_square(x);
}

static const char *load_refuse(const struct isa_exec *x)
{
    int64_t down = (int64_t)ISA_LOAD_SRC_STRIDE(x->w) * (ISA_LOAD_REPEAT(x->w) - 1);

    if (x->w[0] % ISA_FRACTAL_BYTES)
        return "the destination is not a multiple of 512";
    if (ISA_LOAD_DOWN(x->w) && ISA_LOAD_REPEAT(x->w) && down > ISA_LOAD_BASE(x->w))
        return "the source counts down below its first fractal";
    return NULL;
}

static const char *fractals_refuse(const struct isa_exec *x)
{
    if (ISA_LOAD_TRANSPOSE(x->w) && isa_bytes(x->entry->type) != 2)
        return "transpose is for 16-bit elements only; others have load_cbuf_to_ca/cb_transpose";
    return load_refuse(x);
}

const struct isa_shape isa_shape_load_fractals = {
    .spans = fractals_spans,
    .refuse = fractals_refuse,
    .units = fractals_units,
    .align = {32, 32},
};

const struct isa_shape isa_shape_load_squares = {
    .spans = squares_spans,
    .refuse = load_refuse,
    .units = squares_units,
    .align = {32, 32},
};

static void transpose_b16(uint8_t *to, const uint8_t *from)
{
    for (int row = 0; row < 16; row++)
        for (int column = 0; column < 16; column++)
            memcpy(to + (column * 16 + row) * 2, from + (row * 16 + column) * 2, 2);
}

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint8_t bytes16_mem __attribute__((vector_size(16), aligned(1), may_alias));

/* 16 x 16 bytes of rows of 32: four times, pairs of rows that are eight apart are interleaved. */
static void turn_16x16(uint8_t *to, const uint8_t *from)
{
    const bytes16 low = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23},
                  high = {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    bytes16 row[16], next[16];

    for (int i = 0; i < 16; i++)
        row[i] = *(const bytes16_mem *)(from + i * 32);
#pragma GCC unroll 4
    for (int pass = 0; pass < 4; pass++) {
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++) {
            next[2 * i] = __builtin_shuffle(row[i], row[i + 8], low);
            next[2 * i + 1] = __builtin_shuffle(row[i], row[i + 8], high);
        }
        memcpy(row, next, sizeof(row));
    }
    for (int i = 0; i < 16; i++)
        *(bytes16_mem *)(to + i * 32) = row[i];
}

static void transpose_b8(uint8_t *first, uint8_t *second, const uint8_t *from)
{
    for (int half = 0; half < 2; half++) {
        turn_16x16(first + half * 16, from + half * ISA_FRACTAL_BYTES);
        turn_16x16(second + half * 16, from + half * ISA_FRACTAL_BYTES + 16);
    }
}

static void transpose_b32(uint8_t *first, uint8_t *second, const uint8_t *from)
{
    for (int row = 0; row < 16; row++)
        for (int column = 0; column < 16; column++)
            memcpy((row < 8 ? first : second) + column * 32 + row % 8 * 4,
                   from + column / 8 * ISA_FRACTAL_BYTES + row * 32 + column % 8 * 4, 4);
}

static void load_fractals(const struct isa_exec *x)
{
    uint8_t *to = x->buffer[target(x)], *from = x->buffer[ISA_L1];

    for (uint32_t i = 0; i < ISA_LOAD_REPEAT(x->w); i++)
        if (ISA_LOAD_TRANSPOSE(x->w))
            transpose_b16(to + load_dst(x, i), from + load_src(x, i, 1));
        else
            memcpy(to + load_dst(x, i), from + load_src(x, i, 1), ISA_FRACTAL_BYTES);
}

static void load_squares(const struct isa_exec *x)
{
    uint8_t *to = x->buffer[target(x)], *from = x->buffer[ISA_L1];
    uint32_t bytes = isa_bytes(x->entry->type), fractals = fractals_of_square(x);

    for (uint32_t i = 0; i < ISA_LOAD_REPEAT(x->w); i++) {
        uint8_t *first = to + load_dst(x, i), *square = from + load_src(x, i, fractals);

        if (bytes == 1)
            transpose_b8(first, first + second_fractal(x), square);
        else if (bytes == 2)
            transpose_b16(first, square);
        else
            transpose_b32(first, first + second_fractal(x), square);
    }
}

/* ---- tables ---- */

/* Bytes of a burst in the table, for one of @unit in L1. */
static uint64_t table_unit(const struct isa_exec *x, uint32_t unit)
{
    return ISA_TABLE_CONVERT(x->w) ? unit * 2 : unit;
}

static uint64_t table_src(const struct isa_exec *x, uint32_t i, uint32_t unit)
{
    return x->w[1] + (uint64_t)i * (ISA_TABLE_LENGTH(x->w) * unit + ISA_TABLE_SRC_GAP(x->w) * GAP_BYTES);
}

static uint64_t table_dst(const struct isa_exec *x, uint32_t i, uint32_t unit)
{
    return x->w[0] + i * (ISA_TABLE_LENGTH(x->w) * table_unit(x, unit) + (uint64_t)ISA_TABLE_DST_GAP(x->w) * unit);
}

static void table_spans(const struct isa_exec *x, enum isa_space space, uint32_t unit, isa_span_fn *fn, void *ctx)
{
    for (uint32_t i = 0; i < ISA_TABLE_BURSTS(x->w); i++) {
        fn(ctx, ISA_READ, ISA_L1, table_src(x, i, unit), (uint64_t)ISA_TABLE_LENGTH(x->w) * unit);
        fn(ctx, ISA_WRITE, space, table_dst(x, i, unit), ISA_TABLE_LENGTH(x->w) * table_unit(x, unit));
    }
}

static void bias_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    table_spans(x, ISA_BT, BIAS_BURST, fn, ctx);
}

static void scales_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    table_spans(x, ISA_FB, SCALES_BURST, fn, ctx);
}

static uint64_t bias_units(const struct isa_exec *x)
{
    return (uint64_t)ISA_TABLE_BURSTS(x->w) * ISA_TABLE_LENGTH(x->w) * BIAS_BURST;
}

static uint64_t scales_units(const struct isa_exec *x)
{
    return (uint64_t)ISA_TABLE_BURSTS(x->w) * ISA_TABLE_LENGTH(x->w) * SCALES_BURST;
}

static const char *table_refuse(const struct isa_exec *x)
{
    if (ISA_TABLE_BURSTS(x->w) == 0 || ISA_TABLE_BURSTS(x->w) > 4095)
        return "nBurst is 0 or more than 4095";
    if (ISA_TABLE_LENGTH(x->w) == 0)
        return "lenBurst is 0";
    if (ISA_TABLE_CONVERT(x->w) > 1)
        return "convControl is neither 0 nor 1";
    return NULL;
}

const struct isa_shape isa_shape_load_bias = {
    .spans = bias_spans,
    .refuse = table_refuse,
    .units = bias_units,
    .align = {32, 32},
};

const struct isa_shape isa_shape_load_scales = {
    .spans = scales_spans,
    .refuse = table_refuse,
    .units = scales_units,
    .align = {32, 32},
};

static void load_table(const struct isa_exec *x, enum isa_space space, uint32_t unit)
{
    for (uint32_t i = 0; i < ISA_TABLE_BURSTS(x->w); i++) {
        uint8_t *to = x->buffer[space] + table_dst(x, i, unit), *from = x->buffer[ISA_L1] + table_src(x, i, unit);
        size_t bytes = (size_t)ISA_TABLE_LENGTH(x->w) * unit;

        if (ISA_TABLE_CONVERT(x->w))
            isa_f16_to_f32_n((float *)(void *)to, (const uint16_t *)(const void *)from, bytes / 2);
        else
            memcpy(to, from, bytes);
    }
}

/* ---- bodies ---- */

#define LOAD_FRACTALS(name, type, ctype, cost)                                                                         \
    void isa_body_##name##_##type(const struct isa_exec *x)                                                            \
    {                                                                                                                  \
        load_fractals(x);                                                                                              \
    }
#define LOAD_SQUARES(name, type, ctype, cost)                                                                          \
    void isa_body_##name##_##type(const struct isa_exec *x)                                                            \
    {                                                                                                                  \
        load_squares(x);                                                                                               \
    }
#define LOAD_IMAGE(name, type, ctype, cost)
#define LOAD_BIAS(name)                                                                                                \
    void isa_body_##name##_any(const struct isa_exec *x)                                                               \
    {                                                                                                                  \
        load_table(x, ISA_BT, BIAS_BURST);                                                                             \
    }
#define LOAD_SCALES(name)                                                                                              \
    void isa_body_##name##_any(const struct isa_exec *x)                                                               \
    {                                                                                                                  \
        load_table(x, ISA_FB, SCALES_BURST);                                                                           \
    }
#include "isa/load.def"
