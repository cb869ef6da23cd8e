/* move_l1.c - matrices from GM to the NZ layout in L1, and L1 filled with a value: see move.def. */
#include <string.h>

#include "isa/join.h"
#include "isa/layout.h"
#include "isa/refusal.h"
#include "isa/shapes.h"

/* ---- ND to NZ ---- */

struct nd2nz {
    uint64_t matrices, rows, row_bytes, pieces; /* pieces: of 32 B, in a row; the last may be short in GM */
    uint64_t from, from_matrix, from_row;       /* bytes */
    uint64_t to, to_matrix, to_piece, to_row;   /* bytes */
};

static struct nd2nz nd2nz_of(const struct isa_exec *x)
{
    uint64_t element = isa_bytes(x->entry->type);
    struct nd2nz m = {
        .matrices = ISA_ND2NZ_MATRICES(x->w),
        .rows = ISA_ND2NZ_ROWS(x->w),
        .row_bytes = ISA_ND2NZ_COLUMNS(x->w) * element,
        .from = x->w[1],
        .from_matrix = ISA_ND2NZ_SRC_MATRIX(x->w) * element,
        .from_row = ISA_ND2NZ_SRC_ROW(x->w) * element,
        .to = x->w[0],
        .to_matrix = ISA_ND2NZ_DST_MATRIX(x->w) * element,
        .to_piece = (uint64_t)ISA_ND2NZ_DST_COLUMNS(x->w) * ISA_C0_BYTES,
        .to_row = (uint64_t)ISA_ND2NZ_DST_ROW(x->w) * ISA_C0_BYTES,
    };

    m.pieces = isa_round_up(m.row_bytes, ISA_C0_BYTES) / ISA_C0_BYTES;
    return m;
}

static void nd2nz_writes(const struct nd2nz *m, uint64_t to, isa_span_fn *fn, void *ctx)
{
    if (m->to_row == ISA_C0_BYTES) { /* the rows of a piece follow each other */
        isa_tell_each(ISA_WRITE, ISA_L1, to, m->to_piece, m->pieces, m->rows * ISA_C0_BYTES, fn, ctx);
        return;
    }
    for (uint64_t p = 0; p < m->pieces; p++)
        isa_tell_each(ISA_WRITE, ISA_L1, to + p * m->to_piece, m->to_row, m->rows, ISA_C0_BYTES, fn, ctx);
}

static void nd2nz_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct nd2nz m = nd2nz_of(x);

    if (!m.rows || !m.row_bytes)
        return;
    for (uint64_t n = 0; n < m.matrices; n++)
        isa_tell_each(ISA_READ, ISA_GM, m.from + n * m.from_matrix, m.from_row, m.rows, m.row_bytes, fn, ctx);
    for (uint64_t n = 0; n < m.matrices; n++)
        nd2nz_writes(&m, m.to + n * m.to_matrix, fn, ctx);
}

static const char *nd2nz_refuse(const struct isa_exec *x)
{
    struct nd2nz m = nd2nz_of(x);
    const char *why = isa_range("ndNum", m.matrices, 0, 4095);

    if (!why)
        why = isa_range("nValue", m.rows, 0, 16384);
    if (!why)
        why = isa_range("srcDValue", ISA_ND2NZ_SRC_ROW(x->w), 1, 65535);
    if (!why)
        why = isa_range("dstNzC0Stride", ISA_ND2NZ_DST_COLUMNS(x->w), 1, 16384);
    if (!why)
        why = isa_range("dstNzNStride", ISA_ND2NZ_DST_ROW(x->w), 1, 16384);
    if (!why && m.matrices > 1 && m.to_matrix % ISA_C0_BYTES)
        why = isa_refusal("dstNzMatrixStride is %u; allowed: whole 32 B blocks of %u-byte elements",
                          ISA_ND2NZ_DST_MATRIX(x->w), isa_bytes(x->entry->type));
    return why;
}

static uint64_t nd2nz_units(const struct isa_exec *x)
{
    struct nd2nz m = nd2nz_of(x);

    return m.matrices * m.rows * m.row_bytes;
}

const struct isa_shape isa_shape_nd2nz = {
    .spans = nd2nz_spans, .refuse = nd2nz_refuse, .units = nd2nz_units, .align = {32, 1}};

static void nd2nz(const struct isa_exec *x)
{
    struct nd2nz m = nd2nz_of(x);

    for (uint64_t n = 0; n < m.matrices; n++)
        isa_nd_to_nz(x->buffer[ISA_L1] + m.to + n * m.to_matrix, x->stage + n * m.rows * m.row_bytes, m.rows,
                     m.row_bytes, m.to_piece, m.to_row);
}

void isa_body_copy_gm_to_cbuf_multi_nd2nz_b8_U8(const struct isa_exec *x)
{
    nd2nz(x);
}

void isa_body_copy_gm_to_cbuf_multi_nd2nz_b16_U16(const struct isa_exec *x)
{
    nd2nz(x);
}

void isa_body_copy_gm_to_cbuf_multi_nd2nz_b32s_U32(const struct isa_exec *x)
{
    nd2nz(x);
}

/* ---- fill ---- */

struct fill {
    uint64_t repeats, bytes, step;
};

static struct fill fill_of(const struct isa_exec *x)
{
    uint64_t blocks = ISA_TAKE(x->w[3], 16, 15);

    return (struct fill){.repeats = ISA_TAKE(x->w[3], 0, 15),
                         .bytes = blocks * ISA_C0_BYTES,
                         .step = (blocks + ISA_TAKE(x->w[3], 32, 15)) * ISA_C0_BYTES};
}

static void fill_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct fill f = fill_of(x);

    if (f.bytes)
        isa_tell_each(ISA_WRITE, ISA_L1, x->w[0], f.step, f.repeats, f.bytes, fn, ctx);
}

static const char *fill_refuse(const struct isa_exec *x)
{
    if (x->w[3] & ~UINT64_C(0x7fff7fff7fff))
        return isa_refusal("the configuration is 0x%llx; allowed are bits 0 to 14, 16 to 30 and 32 to 46",
                           (unsigned long long)x->w[3]);
    return NULL;
}

static uint64_t fill_units(const struct isa_exec *x)
{
    struct fill f = fill_of(x);

    return f.repeats * f.bytes;
}

const struct isa_shape isa_shape_l1_fill = {
    .spans = fill_spans, .refuse = fill_refuse, .units = fill_units, .align = {32}};

static void fill(const struct isa_exec *x)
{
    struct fill f = fill_of(x);
    uint32_t element = isa_bytes(x->entry->type);
    uint8_t block[ISA_C0_BYTES], *to = x->buffer[ISA_L1] + x->w[0];

    for (uint32_t i = 0; i < ISA_C0_BYTES; i += element)
        memcpy(block + i, &x->w[2], element);
    for (uint64_t r = 0; r < f.repeats; r++)
        for (uint64_t i = 0; i < f.bytes; i += ISA_C0_BYTES)
            memcpy(to + r * f.step + i, block, ISA_C0_BYTES);
}

void isa_body_create_cbuf_matrix_U16(const struct isa_exec *x)
{
    fill(x);
}

void isa_body_create_cbuf_matrix_U32(const struct isa_exec *x)
{
    fill(x);
}

void isa_body_create_cbuf_matrix_bf16_BF16(const struct isa_exec *x)
{
    fill(x);
}
