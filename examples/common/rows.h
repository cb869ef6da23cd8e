/* rows.h - what kernels that work along the rows of a matrix share: maxima and sums of rows, operations of each row
 * with its own number, and a loop that takes tiles of rows through UB.
 *
 * A tile of floats in UB is `count` rows of `columns`, one row `pitch` after the other, which is a multiple of 8. A
 * vector instruction takes one repeat, of up to 64 columns, of each row; wider tiles need several.
 *
 * V does not wait for its own results: between two of these functions, where the second uses what the first has made,
 * stands a pipe_barrier(PIPE_V).
 */
#ifndef EXAMPLES_COMMON_ROWS_H
#define EXAMPLES_COMMON_ROWS_H

#include "cce.h"

#define ROWS_LANES        64                 /* floats in a repeat */
#define ROWS_BLOCK        8                  /* floats in 32 B */
#define ROWS_MOST_COLUMNS (255 * ROWS_BLOCK) /* strides between repeats have 8 bits */
#define ROWS_MOST         64                 /* rows of a tile */

typedef __ubuf__ float *rows_ub;

struct rows {
    uint32_t count, columns, pitch;
};

#define ROWS_FLOAT(offset) ((rows_ub)(uint64_t)(offset))

/* ---- masks ---- */

/* The first @lanes of each repeat. */
__aicore__ static inline void rows_mask(uint32_t lanes)
{
    set_vector_mask(0, lanes >= ROWS_LANES ? ~UINT64_C(0) : (UINT64_C(1) << lanes) - 1);
}

/* What follows acts on @elements elements, whatever its repeat says; ROWS_ALL for each repeat of a kernel's start. */
__aicore__ static inline void rows_count(uint64_t elements)
{
    set_mask_count();
    set_vector_mask(0, elements);
}
__aicore__ static inline void rows_count_end(void)
{
    set_mask_norm();
    set_vector_mask(~UINT64_C(0), ~UINT64_C(0));
}

/* Columns in steps of a repeat, the mask set to how many there are. */
#define ROWS_EACH_REPEAT(at, r)                                                                                        \
    for (uint32_t at = 0; at < (r).columns && (rows_mask((r).columns - at), true); at += ROWS_LANES)

/* ---- one number a row: out[count] ----
 *
 * The repeats of each row are folded into one, in @scratch (ROWS_SCRATCH floats). Of a whole repeat, each block is
 * reduced and then the eight of them, which is much faster than one reduction over all lanes. */
#define ROWS_SCRATCH (ROWS_MOST * (ROWS_LANES + ROWS_BLOCK))

#define ROWS_REDUCE(name, op, reduce_blocks, reduce_lanes)                                                             \
    __aicore__ static inline void name(rows_ub out, rows_ub scratch, rows_ub x, struct rows r)                         \
    {                                                                                                                  \
        uint8_t count = (uint8_t)r.count, pitch = (uint8_t)(r.pitch / ROWS_BLOCK);                                     \
        rows_ub blocks = scratch + ROWS_MOST * ROWS_LANES;                                                             \
        ROWS_EACH_REPEAT (at, r) {                                                                                     \
            if (at == 0)                                                                                               \
                vcopy(scratch, x, count, 1, 1, 8, pitch);                                                              \
            else                                                                                                       \
                op(scratch, scratch, x + at, count, 1, 1, 1, 8, 8, pitch);                                             \
            pipe_barrier(PIPE_V);                                                                                      \
        }                                                                                                              \
        rows_mask(r.columns);                                                                                          \
        if (r.columns < ROWS_LANES) {                                                                                  \
            reduce_lanes;                                                                                              \
            return;                                                                                                    \
        }                                                                                                              \
        reduce_blocks(blocks, scratch, count, 1, 1, 8);                                                                \
        pipe_barrier(PIPE_V);                                                                                          \
        rows_count(r.count *ROWS_BLOCK);                                                                               \
        reduce_blocks(out, blocks, 0, 1, 1, 8);                                                                        \
        rows_count_end();                                                                                              \
    }
ROWS_REDUCE(rows_max, vmax, vcgmax, vcmax(out, scratch, count, 1, 1, 8, ONLY_VALUE))
ROWS_REDUCE(rows_sum, vadd, vcgadd, vcadd(out, scratch, count, 1, 1, 8, false))

/* Each number eight times, which fills a block: out[8 * count]. Reads whole eights of @in. */
__aicore__ static inline void rows_spread(rows_ub out, rows_ub in, uint32_t count)
{
    vbrcb(out, in, 1, 8, (uint8_t)((count + 7) / 8));
}

/* ---- out = x op the row's own number, spread ---- */

#define ROWS_OP(name, op)                                                                                              \
    __aicore__ static inline void name(rows_ub out, rows_ub x, rows_ub spread, struct rows r)                          \
    {                                                                                                                  \
        uint8_t pitch = (uint8_t)(r.pitch / ROWS_BLOCK);                                                               \
        ROWS_EACH_REPEAT (at, r)                                                                                       \
            op(out + at, x + at, spread, (uint8_t)r.count, 1, 1, 0, pitch, pitch, 1);                                  \
    }
ROWS_OP(rows_sub, vsub)
ROWS_OP(rows_mul, vmul)
ROWS_OP(rows_div, vdiv)

/* ---- out = x op a row that is the same for all ---- */

#define ROWS_OP_ROW(name, op)                                                                                          \
    __aicore__ static inline void name(rows_ub out, rows_ub x, rows_ub row, struct rows r)                             \
    {                                                                                                                  \
        uint8_t pitch = (uint8_t)(r.pitch / ROWS_BLOCK);                                                               \
        ROWS_EACH_REPEAT (at, r)                                                                                       \
            op(out + at, x + at, row + at, (uint8_t)r.count, 1, 1, 1, pitch, pitch, 0);                                \
    }
ROWS_OP_ROW(rows_mul_row, vmul)
ROWS_OP_ROW(rows_add_row, vadd)

#endif
