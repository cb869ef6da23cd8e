/* fix.c - the way out of L0C: elements pass relu, are quantised and go to GM or L1 in rows (ND) or fractals (NZ).
 *
 * L0C holds columns by 16: element (i, j) stands at ((j / 16) * src_stride + i) * 16 + j % 16. The result is written in
 * pieces of rows: whole rows in ND, of which ND_PARA may ask for several matrices; the columns of one fractal in NZ,
 * which are 32 B wide, 64 B for 32-bit elements that are not split. The pieces come in the order of their rows, columns
 * of fractals after each other, so do the bytes in the stage.
 *
 * Scales (quantise.h) are in QUANT_PRE or, for modes with a V, in the table in FB that FPC[15:8] names in 128 B.
 * Relu comes first, which for scales that are not negative is the same as after the scale.
 */
#include <string.h>

#include "isa/atomic.h"
#include "isa/fractal.h"
#include "isa/join.h"
#include "isa/quantise.h"
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

static const struct isa_quantiser *mode_of(const struct isa_exec *x)
{
    return isa_quantiser(ISA_FIX_QUANT(x->w), x->entry->from, x->entry->type);
}

/* ---- pieces ---- */

struct fix {
    uint32_t m, n, matrices, bytes; /* bytes of an element of the result */
    uint32_t width;                 /* columns of a piece, but for the last of a row */
    uint32_t across;                /* pieces of a row */
    uint64_t src_stride, src_matrix, dst_row, dst_column, dst_matrix; /* bytes: from piece to piece */
};

struct piece {
    uint32_t row, block, matrix;
    uint32_t column, count; /* which columns */
    uint64_t src, dst;      /* of the row's column 0; of the piece */
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

/* The first row of @block of @matrix. */
static struct piece first_row(const struct isa_exec *x, const struct fix *fix, uint32_t matrix, uint32_t block)
{
    uint32_t column = block * fix->width, left = fix->n - column;

    return (struct piece){
        .block = block,
        .matrix = matrix,
        .column = column,
        .count = left < fix->width ? left : fix->width,
        .src = x->w[1] + matrix * fix->src_matrix,
        .dst = x->w[0] + matrix * fix->dst_matrix + block * fix->dst_column,
    };
}

/* The piece after @piece; false: there is none. */
static bool next_piece(const struct isa_exec *x, const struct fix *fix, struct piece *piece)
{
    if (++piece->row < fix->m) {
        piece->src += SRC_ROW;
        piece->dst += fix->dst_row;
        return true;
    }
    if (piece->block + 1 < fix->across)
        *piece = first_row(x, fix, piece->matrix, piece->block + 1);
    else if (piece->matrix + 1 < fix->matrices)
        *piece = first_row(x, fix, piece->matrix + 1, 0);
    else
        return false;
    return true;
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
    struct piece piece = first_row(x, &fix, 0, 0);

    source_spans(x, &fix, fn, ctx);
    if (mode_of(x)->vector)
        fn(ctx, ISA_READ, ISA_FB, table_addr(x), (uint64_t)fix.n * 8);
    do
        isa_join_add(&join, piece.dst, piece.count * fix.bytes);
    while (next_piece(x, &fix, &piece));
    isa_join_end(&join);
}

/* Pieces, rows and matrices that are added to GM are made of whole elements of the atomic type. */
static const char *refuse_atomic(const struct isa_exec *x, const struct fix *fix)
{
    uint64_t piece = (uint64_t)fix->bytes * (fix->n % fix->width ? fix->n % fix->width : fix->width);
    const char *why = isa_atomic_refuse(x, x->w[0], piece, fix->m > 1 ? fix->dst_row : piece);

    return why || fix->matrices == 1 ? why : isa_atomic_refuse(x, x->w[0], piece, fix->dst_matrix);
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
    return target(x) == ISA_GM ? refuse_atomic(x, &fix) : NULL;
}

static const char *fix_refuse(const struct isa_exec *x)
{
    const struct isa_quantiser *mode = mode_of(x);

    if (!mode)
        return "the quantisation mode is not one from this source type to this destination type";
    if (ISA_FIX_RELU(x->w) > ISA_RELU_LEAKY)
        return "relu is neither off, plain nor leaky; parametric relu is not modelled";
    if (ISA_FIX_RELU(x->w) == ISA_RELU_LEAKY && x->entry->from == ISA_S32 && mode->how != ISA_HOW_SCALED &&
        mode->how != ISA_HOW_BYTES)
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

/* ---- rows ---- */

/* What is the same for all pieces, and the columns that are on their way, as whole numbers or as floats. */
struct out {
    struct fix fix;
    const struct isa_quantiser *mode;
    enum isa_type type;
    enum isa_relu relu;
    bool from_whole, whole; /* L0C holds whole numbers; they stay such */
    float alpha;
    uint64_t scale;
    const uint8_t *l0c, *scales; /* NULL: `scale` for all columns */
    union {
        int32_t whole_numbers[ROOM];
        float values[ROOM];
    };
};

static struct out out_of(const struct isa_exec *x)
{
    const struct isa_quantiser *mode = mode_of(x);
    bool from_whole = x->entry->from == ISA_S32, leaky = ISA_FIX_RELU(x->w) == ISA_RELU_LEAKY;

    return (struct out){
        .fix = fix_of(x),
        .mode = mode,
        .type = x->entry->type,
        .relu = ISA_FIX_RELU(x->w),
        .from_whole = from_whole,
        .whole = from_whole && (mode->how == ISA_HOW_COPIED || mode->how == ISA_HOW_SHIFTED),
        .alpha = leaky ? isa_f32_of((uint32_t)x->state.spr[ISA_SPR_LRELU_ALPHA]) : 0.0f,
        .scale = x->state.spr[ISA_SPR_QUANT_PRE],
        .l0c = x->buffer[ISA_L0C],
        .scales = mode->vector ? x->buffer[ISA_FB] + table_addr(x) : NULL,
    };
}

static uint64_t scale_at(const struct out *out, uint32_t column)
{
    uint64_t scale = out->scale;

    if (out->scales)
        memcpy(&scale, out->scales + column * sizeof(scale), sizeof(scale));
    return scale;
}

/* The columns of a piece start a fractal, or are the further ones of a row: both at a multiple of 16, or of 8. */
static void fetch(struct out *out, const struct piece *piece)
{
    for (uint32_t i = 0; i < piece->count;) {
        uint32_t column = piece->column + i, room = SIDE - column % SIDE, left = piece->count - i,
                 count = left < room ? left : room;
        const uint8_t *from = out->l0c + piece->src + column / SIDE * out->fix.src_stride + column % SIDE * 4;

        if (count == SIDE)
            memcpy(out->values + i, from, SRC_ROW);
        else
            memcpy(out->values + i, from, count * 4);
        i += count;
    }
    if (out->from_whole && !out->whole)
        for (uint32_t i = 0; i < piece->count; i++)
            out->values[i] = (float)out->whole_numbers[i];
}

static void relu(struct out *out, uint32_t count)
{
    if (out->relu == ISA_RELU_NONE)
        return;
    for (uint32_t i = 0; i < count; i++)
        if (out->whole)
            out->whole_numbers[i] = out->whole_numbers[i] < 0 ? 0 : out->whole_numbers[i];
        else if (out->values[i] < 0)
            out->values[i] = out->relu == ISA_RELU_LEAKY ? out->values[i] * out->alpha : 0.0f;
}

static void put_halves(struct out *out, const struct piece *piece, uint8_t *to)
{
    uint16_t halves[ROOM];
    float most = out->type == ISA_F16 ? 65504.0f : 0x1.fep127f;

    if (out->mode->how == ISA_HOW_SCALED)
        for (uint32_t i = 0; i < piece->count; i++)
            out->values[i] = isa_quantised_float(out->values[i], scale_at(out, piece->column + i), most);
    if (out->type == ISA_F16)
        isa_f32_to_f16_n(halves, out->values, piece->count);
    else
        isa_f32_to_bf16_n(halves, out->values, piece->count);
    memcpy(to, halves, piece->count * 2);
}

static void put_bytes(const struct out *out, const struct piece *piece, uint8_t *restrict to)
{
    const float *restrict values = out->values;
    uint64_t scale = out->scale;
    uint32_t count = piece->count;

    if (out->scales)
        for (uint32_t i = 0; i < count; i++)
            to[i] = isa_quantised_byte(values[i], scale_at(out, piece->column + i));
    else
        for (uint32_t i = 0; i < count; i++)
            to[i] = isa_quantised_byte(values[i], scale);
}

static void put(struct out *out, const struct piece *piece, uint8_t *to)
{
    switch (out->mode->how) {
    case ISA_HOW_COPIED:
        memcpy(to, out->values, piece->count * 4);
        break;
    case ISA_HOW_BYTES:
        put_bytes(out, piece, to);
        break;
    case ISA_HOW_SHIFTED:
        for (uint32_t i = 0; i < piece->count; i++)
            memcpy(to + 2 * i, &(uint16_t){isa_shifted(out->whole_numbers[i], scale_at(out, piece->column + i))}, 2);
        break;
    default:
        put_halves(out, piece, to);
    }
}

static void fix_out(const struct isa_exec *x)
{
    struct out out = out_of(x);
    struct piece piece = first_row(x, &out.fix, 0, 0);
    uint64_t staged = 0;

    do {
        uint8_t *to = target(x) == ISA_L1 ? x->buffer[ISA_L1] + piece.dst : x->stage + staged;
        struct piece part = piece;

        staged += piece.count * out.fix.bytes;
        for (uint32_t left = piece.count; left; left -= part.count) {
            part.count = left < ROOM ? left : ROOM;
            fetch(&out, &part);
            relu(&out, part.count);
            put(&out, &part, to);
            part.column += part.count;
            to += part.count * out.fix.bytes;
        }
    } while (next_piece(x, &out.fix, &piece));
}

#define MAD(type, ctype, from, from_ctype, cost)
#define FIX(name, type, ctype, from, from_ctype, cost, unit)                                                           \
    void isa_body_##name##_##type##_##from(const struct isa_exec *x)                                                   \
    {                                                                                                                  \
        fix_out(x);                                                                                                    \
    }
#include "isa/cube.def"
