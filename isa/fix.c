/* fix.c - the way out of L0C: elements pass relu, are quantised and go to GM or L1 in rows (ND) or fractals (NZ).
 *
 * L0C holds columns by 16: element (i, j) stands at ((j / 16) * src_stride + i) * 16 + j % 16. The result is written in
 * pieces of rows: whole rows in ND, of which ND_PARA may ask for several matrices; the columns of one fractal in NZ,
 * which are 32 B wide, 64 B for 32-bit elements that are not split. The pieces come in the order of their rows, columns
 * of fractals after each other, so do the bytes in the stage.
 *
 * A scale is 64 bits, of QUANT_PRE or, for modes with a V, of the table in FB that FPC[15:8] names in 128 B: [31:13]
 * the upper bits of a float; [35:32] a shift less 1; [45:37] a signed offset; [46] whether bytes are signed. Bytes are
 * round(x * scale), saturated to 9 bits, plus offset, saturated. Results with a scale saturate; casts may become inf.
 * Relu comes first, which for scales that are not negative is the same as after the scale.
 */
#include <string.h>

#include "isa/format.h"
#include "isa/fractal.h"
#include "isa/join.h"
#include "isa/shapes.h"

enum {
    SIDE = 16,
    SRC_ROW = SIDE * 4,
    ND_UNIT = 1024,
    FB_UNIT = 128,
    BLOCK = 32,
    MAX_N = 4095,
    MAX_ND_M = 8192,
    ROOM = 256
};

/* ---- quantisation modes ---- */

enum how { COPIED, CAST, SCALED, BYTES, SHIFTED };

struct mode {
    uint8_t quant;
    uint8_t from, to; /* enum isa_type; S8: U8 too */
    uint8_t how;
    bool vector;
};

static const struct mode modes[] = {
    {ISA_QUANT_NONE, ISA_F32, ISA_F32, COPIED, false},
    {ISA_QUANT_NONE, ISA_S32, ISA_S32, COPIED, false},
    {ISA_QUANT_F32_F16, ISA_F32, ISA_F16, CAST, false},
    {ISA_QUANT_F32_BF16, ISA_F32, ISA_BF16, CAST, false},
    {ISA_QUANT_REQ8, ISA_S32, ISA_S8, BYTES, false},
    {ISA_QUANT_VREQ8, ISA_S32, ISA_S8, BYTES, true},
    {ISA_QUANT_F32_B8, ISA_F32, ISA_S8, BYTES, false},
    {ISA_QUANT_VF32_B8, ISA_F32, ISA_S8, BYTES, true},
    {ISA_QUANT_DEQF16, ISA_S32, ISA_F16, SCALED, false},
    {ISA_QUANT_VDEQF16, ISA_S32, ISA_F16, SCALED, true},
    {ISA_QUANT_SHIFT_S16, ISA_S32, ISA_S16, SHIFTED, false},
    {ISA_QUANT_VSHIFT_S16, ISA_S32, ISA_S16, SHIFTED, true},
    {ISA_QUANT_F32_F16_SCALED, ISA_F32, ISA_F16, SCALED, false},
    {ISA_QUANT_VF32_F16_SCALED, ISA_F32, ISA_F16, SCALED, true},
    {ISA_QUANT_F32_BF16_SCALED, ISA_F32, ISA_BF16, SCALED, false},
    {ISA_QUANT_VF32_BF16_SCALED, ISA_F32, ISA_BF16, SCALED, true},
    {ISA_QUANT_S32_BF16_SCALED, ISA_S32, ISA_BF16, SCALED, false},
    {ISA_QUANT_VS32_BF16_SCALED, ISA_S32, ISA_BF16, SCALED, true},
};

static const struct mode *mode_of(const struct isa_exec *x)
{
    enum isa_type to = x->entry->type == ISA_U8 ? ISA_S8 : x->entry->type;

    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
        if (modes[i].quant == ISA_FIX_QUANT(x->w) && modes[i].from == x->entry->from && modes[i].to == to)
            return &modes[i];
    return NULL;
}

/* ---- pieces ---- */

struct fix {
    uint32_t m, n, matrices, bytes; /* bytes of an element of the result */
    uint32_t width;                 /* columns of a piece, but for the last of a row */
    uint32_t across;                /* pieces of a row */
    uint64_t src_stride, src_matrix, dst_row, dst_column, dst_matrix; /* bytes: from piece to piece */
};

struct piece {
    uint32_t column, count;
    uint64_t src, dst; /* of the row's column 0; of the piece */
};

static struct fix fix_of(const struct isa_exec *x)
{
    uint64_t nd_para = x->state.spr[ISA_SPR_ND_PARA], stride = ISA_FIX_DST_STRIDE(x->w);
    uint32_t bytes = isa_bytes(x->entry->type), n = ISA_FIX_N(x->w), width = BLOCK / bytes;
    struct fix fix = {
        .m = ISA_FIX_M(x->w),
        .n = n,
        .matrices = 1,
        .bytes = bytes,
        .src_stride = (uint64_t)ISA_FIX_SRC_STRIDE(x->w) * SRC_ROW,
    };

    if (ISA_FIX_ND(x->w)) {
        fix.matrices = ISA_TAKE(nd_para, 0, 16);
        fix.src_matrix = (uint64_t)ISA_TAKE(nd_para, 16, 16) * ND_UNIT;
        fix.dst_matrix = (uint64_t)ISA_TAKE(nd_para, 32, 16) * bytes;
        fix.width = n;
        fix.across = 1;
        fix.dst_row = stride * bytes;
        return fix;
    }
    fix.width = width < SIDE && !ISA_FIX_SPLIT(x->w) ? SIDE : width;
    fix.across = isa_ceil(n, fix.width);
    fix.dst_row = fix.width * bytes;
    fix.dst_column = stride * BLOCK;
    return fix;
}

static uint64_t pieces(const struct fix *fix)
{
    return (uint64_t)fix->matrices * fix->across * fix->m;
}

static struct piece piece_of(const struct isa_exec *x, const struct fix *fix, uint64_t i)
{
    uint64_t row = i % fix->m, block = i / fix->m % fix->across, matrix = i / fix->m / fix->across;
    uint32_t column = (uint32_t)block * fix->width, left = fix->n - column;

    return (struct piece){
        .column = column,
        .count = left < fix->width ? left : fix->width,
        .src = x->w[1] + matrix * fix->src_matrix + row * SRC_ROW,
        .dst = x->w[0] + matrix * fix->dst_matrix + block * fix->dst_column + row * fix->dst_row,
    };
}

static enum isa_space target(const struct isa_exec *x)
{
    return x->entry->cost == ISA_COST_l0c_to_gm ? ISA_GM : ISA_L1;
}

static uint64_t table_addr(const struct isa_exec *x)
{
    return (uint64_t)ISA_TAKE(x->state.spr[ISA_SPR_FPC], 8, 8) * FB_UNIT;
}

static void source_spans(const struct isa_exec *x, const struct fix *fix, isa_span_fn *fn, void *ctx)
{
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = ISA_READ, .space = ISA_L0C};

    for (uint32_t matrix = 0; matrix < fix->matrices; matrix++)
        for (uint32_t column = 0; column < fix->n; column += SIDE) {
            uint64_t addr = x->w[1] + matrix * fix->src_matrix + column / SIDE * fix->src_stride;
            uint32_t left = fix->n - column;

            if (left >= SIDE)
                isa_join_add(&join, addr, (uint64_t)fix->m * SRC_ROW);
            else
                for (uint32_t row = 0; row < fix->m; row++)
                    isa_join_add(&join, addr + row * SRC_ROW, left * 4);
        }
    isa_join_end(&join);
}

static void fix_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct fix fix = fix_of(x);
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = ISA_WRITE, .space = target(x)};

    source_spans(x, &fix, fn, ctx);
    if (mode_of(x)->vector)
        fn(ctx, ISA_READ, ISA_FB, table_addr(x), (uint64_t)fix.n * 8);
    for (uint64_t i = 0; i < pieces(&fix); i++) {
        struct piece piece = piece_of(x, &fix, i);

        isa_join_add(&join, piece.dst, piece.count * fix.bytes);
    }
    isa_join_end(&join);
}

static const char *refuse_layout(const struct isa_exec *x)
{
    struct fix fix = fix_of(x);
    bool nd = ISA_FIX_ND(x->w), split = ISA_FIX_SPLIT(x->w);

    if (fix.n == 0 || fix.n > MAX_N)
        return "n is 0 or more than 4095";
    if (fix.m == 0 || (nd && fix.m > MAX_ND_M))
        return "m is 0, or more than 8192 with nz2nd";
    if (ISA_FIX_SRC_STRIDE(x->w) % SIDE)
        return "srcStride is not a multiple of 16";
    if (split && (nd || x->entry->type != ISA_F32))
        return "channel split is for f32 in fractals only";
    if (!nd && fix.n % (split ? SIDE / 2 : SIDE))
        return split ? "n is not a multiple of 8" : "n is not a multiple of 16, and the result is in fractals";
    if (nd && fix.matrices == 0)
        return "ND_PARA says 0 matrices (set_nd_para)";
    if (ISA_FIX_DST_STRIDE(x->w) == 0 && (nd ? fix.m > 1 : fix.across > 1))
        return "dstStride is 0";
    if (x->w[0] % fix.bytes || (target(x) == ISA_L1 && x->w[0] % BLOCK))
        return "the destination is not aligned, in L1 to 32 bytes and in GM to an element";
    return NULL;
}

static const char *fix_refuse(const struct isa_exec *x)
{
    const struct mode *mode = mode_of(x);

    if (!mode)
        return "the quantisation mode is not one from this source type to this destination type";
    if (ISA_FIX_RELU(x->w) > ISA_RELU_LEAKY)
        return "relu is neither off, plain nor leaky; parametric relu is not modelled";
    if (ISA_FIX_RELU(x->w) == ISA_RELU_LEAKY && x->entry->from == ISA_S32 && mode->how != SCALED && mode->how != BYTES)
        return "leaky relu would leave the whole numbers";
    if (ISA_FIX_UNIT_FLAG(x->w) == 1)
        return "unitFlag is none of 0, 2 and 3";
    return refuse_layout(x);
}

/* Bytes of L0C that are moved. */
static uint64_t fix_units(const struct isa_exec *x)
{
    struct fix fix = fix_of(x);

    return (uint64_t)fix.matrices * fix.m * fix.n * 4;
}

const struct isa_shape isa_shape_fix = {
    .spans = fix_spans,
    .refuse = fix_refuse,
    .units = fix_units,
    .align = {0, 64},
};

/* ---- elements ---- */

static float scale_of(uint64_t scale)
{
    return isa_f32_of((uint32_t)scale & 0xffffe000);
}

/* Half way to even; a NaN is 0. */
static int32_t round_within(float value, int32_t least, int32_t most)
{
    if (!(value > (float)least))
        return value <= (float)least ? least : 0;
    return value < (float)most ? (int32_t)__builtin_rintf(value) : most;
}

static int32_t clamp(int32_t value, int32_t least, int32_t most)
{
    return value < least ? least : value > most ? most : value;
}

static uint8_t quantised_byte(float value, uint64_t scale)
{
    int32_t offset = (int32_t)(ISA_TAKE(scale, 37, 9) ^ 0x100) - 0x100;
    bool is_signed = ISA_TAKE(scale, 46, 1);
    int32_t whole = round_within(value * scale_of(scale), -256, 255) + offset;

    return (uint8_t)(is_signed ? clamp(whole, -128, 127) : clamp(whole, 0, 255));
}

static uint16_t quantised_half(float value, uint64_t scale, enum isa_type type)
{
    float most = type == ISA_F16 ? 65504.0f : 0x1.fep127f;

    value *= scale_of(scale);
    value = value > most ? most : value < -most ? -most : value;
    return type == ISA_F16 ? isa_f32_to_f16(value) : isa_f32_to_bf16(value);
}

static uint16_t shifted(int32_t value, uint64_t scale)
{
    return (uint16_t)clamp((int32_t)((int64_t)value >> (ISA_TAKE(scale, 32, 4) + 1)), INT16_MIN, INT16_MAX);
}

/* ---- rows ---- */

/* Some columns of a row on their way: as whole numbers, as floats, and where their scales are. */
struct row {
    int32_t whole[ROOM];
    float value[ROOM];
    uint64_t scale;
    const uint8_t *scales; /* NULL: `scale` for all columns */
};

static uint64_t scale_at(const struct row *row, uint32_t i)
{
    uint64_t scale = row->scale;

    if (row->scales)
        memcpy(&scale, row->scales + i * sizeof(scale), sizeof(scale));
    return scale;
}

static void fetch(const struct isa_exec *x, const struct fix *fix, const struct piece *piece, void *to)
{
    const uint8_t *l0c = x->buffer[ISA_L0C];

    for (uint32_t i = 0; i < piece->count;) {
        uint32_t column = piece->column + i, room = SIDE - column % SIDE, left = piece->count - i,
                 count = left < room ? left : room;

        memcpy((uint8_t *)to + i * 4, l0c + piece->src + column / SIDE * fix->src_stride + column % SIDE * 4,
               count * 4);
        i += count;
    }
}

static void relu(const struct isa_exec *x, struct row *row, uint32_t count, bool whole)
{
    bool leaky = ISA_FIX_RELU(x->w) == ISA_RELU_LEAKY;
    float alpha = leaky ? isa_f32_of((uint32_t)x->state.spr[ISA_SPR_LRELU_ALPHA]) : 0.0f;

    if (ISA_FIX_RELU(x->w) == ISA_RELU_NONE)
        return;
    for (uint32_t i = 0; i < count; i++)
        if (whole)
            row->whole[i] = row->whole[i] < 0 ? 0 : row->whole[i];
        else if (row->value[i] < 0)
            row->value[i] = leaky ? row->value[i] * alpha : 0.0f;
}

static void cast(uint16_t *to, const struct row *row, uint32_t count, enum isa_type type)
{
    if (type == ISA_F16)
        isa_f32_to_f16_n(to, row->value, count);
    else
        isa_f32_to_bf16_n(to, row->value, count);
}

/* @count elements of the result to @to, which is not aligned. */
static void put(uint8_t *to, const struct row *row, uint32_t count, enum how how, enum isa_type type, bool whole)
{
    uint16_t halves[ROOM];

    switch (how) {
    case COPIED:
        memcpy(to, whole ? (const void *)row->whole : row->value, count * 4);
        return;
    case BYTES:
        for (uint32_t i = 0; i < count; i++)
            to[i] = quantised_byte(row->value[i], scale_at(row, i));
        return;
    case CAST:
        cast(halves, row, count, type);
        break;
    case SCALED:
        for (uint32_t i = 0; i < count; i++)
            halves[i] = quantised_half(row->value[i], scale_at(row, i), type);
        break;
    case SHIFTED:
        for (uint32_t i = 0; i < count; i++)
            halves[i] = shifted(row->whole[i], scale_at(row, i));
    }
    memcpy(to, halves, count * 2);
}

/* @piece, which has up to ROOM columns, to @to. */
static void move_piece(const struct isa_exec *x, const struct fix *fix, const struct piece *piece, uint8_t *to)
{
    const struct mode *mode = mode_of(x);
    bool from_whole = x->entry->from == ISA_S32, whole = from_whole && (mode->how == COPIED || mode->how == SHIFTED);
    struct row row;

    row.scale = x->state.spr[ISA_SPR_QUANT_PRE];
    row.scales = mode->vector ? x->buffer[ISA_FB] + table_addr(x) + piece->column * 8 : NULL;
    fetch(x, fix, piece, from_whole ? (void *)row.whole : row.value);
    if (from_whole && !whole)
        for (uint32_t i = 0; i < piece->count; i++)
            row.value[i] = (float)row.whole[i];
    relu(x, &row, piece->count, whole);
    put(to, &row, piece->count, mode->how, x->entry->type, whole);
}

static void fix_out(const struct isa_exec *x)
{
    struct fix fix = fix_of(x);
    uint64_t staged = 0;

    for (uint64_t i = 0; i < pieces(&fix); i++) {
        struct piece piece = piece_of(x, &fix, i);
        uint8_t *to = target(x) == ISA_L1 ? x->buffer[ISA_L1] + piece.dst : x->stage + staged;

        staged += piece.count * fix.bytes;
        for (uint32_t left = piece.count; left; left -= piece.count) {
            piece.count = left < ROOM ? left : ROOM;
            move_piece(x, &fix, &piece, to);
            piece.column += piece.count;
            to += piece.count * fix.bytes;
        }
    }
}

#define MAD(type, ctype, from, from_ctype, cost)
#define FIX(name, type, ctype, from, from_ctype, cost, unit)                                                           \
    void isa_body_##name##_##type##_##from(const struct isa_exec *x)                                                   \
    {                                                                                                                  \
        fix_out(x);                                                                                                    \
    }
#include "isa/cube.def"
