/* rows.h - arithmetic on rows of floats in UB, for kernels: exp, sums, maxima, a value for each row.
 *
 * Rows stand @pitch elements apart; the pitch is a multiple of 32 B on either side of a conversion, and what lies
 * between a row's end and the next one is neither read nor written. A repeat of a vector instruction has 64 floats, so
 * there are two ways to cover the rows, and ROWS_PARTS says which:
 *
 *   down    many short rows: an instruction for 64 columns, with a repeat for each row
 *   along   few long rows: two instructions a row, one for all whole repeats of it and one for what is left
 *
 * A value for each row is a float in a list. For an instruction to combine it with the row it must fill a block of 32 B
 * (rows_spread): a block stride of 0 makes eight lanes' block do for all 64.
 *
 * V does not wait for its own results. No function here ends with a barrier: pipe_barrier(PIPE_V) belongs between two
 * of which the second reads or writes what the first has written, or writes what it has read. Vector masks are left set
 * to anything, in norm mode.
 */
#ifndef EXAMPLES_COMMON_ROWS_H
#define EXAMPLES_COMMON_ROWS_H

#include "at_most.h"
#include "cce.h"

#define ROWS_LANES     64u   /* floats of a repeat */
#define ROWS_LONG      1024u /* columns from which on rows are covered along */
#define ROWS_ALL_LANES (~UINT64_C(0))

typedef __ubuf__ float *rows_f32;
typedef __ubuf__ half *rows_f16;

struct rows {
    uint32_t rows, columns, pitch; /* at most 255 rows, 16320 columns */
};

/* A part that one instruction covers: its first row, column and element; its repeats and the blocks from one to the
 * next; the same for an operand that has one block a row, and for one that is the same for all rows. */
struct rows_part {
    uint32_t row, column, at;
    uint8_t repeat, step, row_step, column_step;
};

__aicore__ static inline uint32_t rows_up(uint32_t n, uint32_t to)
{
    return (n + to - 1) / to;
}

__aicore__ static inline void rows_mask(uint32_t lanes)
{
    set_vector_mask(0, lanes < ROWS_LANES ? (UINT64_C(1) << lanes) - 1 : ROWS_ALL_LANES);
}

__aicore__ static inline uint32_t rows_parts(struct rows g)
{
    uint32_t tail = g.columns % ROWS_LANES > 0;
    return g.columns < ROWS_LONG ? g.columns / ROWS_LANES + tail : g.rows * (1 + tail);
}

/* Part @i, and the mask for it. */
__aicore__ static inline struct rows_part rows_part(struct rows g, uint32_t i)
{
    uint32_t whole = g.columns / ROWS_LANES, tail = g.columns % ROWS_LANES;
    struct rows_part p;

    if (g.columns < ROWS_LONG) {
        p = (struct rows_part){.column = i * ROWS_LANES, .row_step = 1};
        p.repeat = (uint8_t)g.rows;
        p.step = (uint8_t)(g.pitch / 8);
        rows_mask(g.columns - p.column);
    } else {
        uint32_t instructions = 1 + (tail > 0);
        bool is_tail = i % instructions == 1;

        p = (struct rows_part){.row = i / instructions, .step = 8, .column_step = 8};
        p.column = is_tail ? whole * ROWS_LANES : 0;
        p.repeat = is_tail ? 1 : (uint8_t)whole;
        rows_mask(is_tail ? tail : ROWS_LANES);
    }
    p.at = p.row * g.pitch + p.column;
    return p;
}

/* For each part @p of @g: */
#define ROWS_PARTS(p, g)                                                                                               \
    for (uint32_t p##_number = 0; p##_number < rows_parts(g); p##_number++)                                            \
        for (struct rows_part p = rows_part(g, p##_number), *p##_once = &p; p##_once; p##_once = 0)

/* ---- element by element ---- */

__aicore__ static inline void rows_exp(struct rows g, rows_f32 out, rows_f32 x)
{
    ROWS_PARTS(p, g) vexp(out + p.at, x + p.at, p.repeat, 1, 1, p.step, p.step);
}
__aicore__ static inline void rows_root(struct rows g, rows_f32 out, rows_f32 x)
{
    ROWS_PARTS(p, g) vsqrt(out + p.at, x + p.at, p.repeat, 1, 1, p.step, p.step);
}
__aicore__ static inline void rows_scale(struct rows g, rows_f32 out, rows_f32 x, float by)
{
    ROWS_PARTS(p, g) vmuls(out + p.at, x + p.at, by, p.repeat, 1, 1, p.step, p.step);
}
__aicore__ static inline void rows_shift(struct rows g, rows_f32 out, rows_f32 x, float by)
{
    ROWS_PARTS(p, g) vadds(out + p.at, x + p.at, by, p.repeat, 1, 1, p.step, p.step);
}
__aicore__ static inline void rows_add(struct rows g, rows_f32 out, rows_f32 x, rows_f32 y)
{
    ROWS_PARTS(p, g) vadd(out + p.at, x + p.at, y + p.at, p.repeat, 1, 1, 1, p.step, p.step, p.step);
}
__aicore__ static inline void rows_multiply(struct rows g, rows_f32 out, rows_f32 x, rows_f32 y)
{
    ROWS_PARTS(p, g) vmul(out + p.at, x + p.at, y + p.at, p.repeat, 1, 1, 1, p.step, p.step, p.step);
}
__aicore__ static inline void rows_divide(struct rows g, rows_f32 out, rows_f32 x, rows_f32 y)
{
    ROWS_PARTS(p, g) vdiv(out + p.at, x + p.at, y + p.at, p.repeat, 1, 1, 1, p.step, p.step, p.step);
}

/* From and to halves: the same pitch in elements, so half of it in blocks. To the nearest even half. */
__aicore__ static inline void rows_widen(struct rows g, rows_f32 out, rows_f16 x)
{
    ROWS_PARTS(p, g) vconv_f162f32(out + p.at, x + p.at, p.repeat, 1, 1, p.step, p.step / 2);
}
__aicore__ static inline void rows_narrow(struct rows g, rows_f16 out, rows_f32 x)
{
    ROWS_PARTS(p, g) vconv_f322f16r(out + p.at, x + p.at, p.repeat, 1, 1, p.step / 2, p.step);
}

/* ---- with one row for all ---- */

__aicore__ static inline void rows_add_row(struct rows g, rows_f32 out, rows_f32 x, rows_f32 row)
{
    ROWS_PARTS(p, g)
    vadd(out + p.at, x + p.at, row + p.column, p.repeat, 1, 1, 1, p.step, p.step, p.column_step);
}
__aicore__ static inline void rows_multiply_row(struct rows g, rows_f32 out, rows_f32 x, rows_f32 row)
{
    ROWS_PARTS(p, g)
    vmul(out + p.at, x + p.at, row + p.column, p.repeat, 1, 1, 1, p.step, p.step, p.column_step);
}

/* ---- with a value for each row ---- */

/* A block of eight for each value. There is room for eights of @rows. */
__aicore__ static inline void rows_spread(uint32_t rows, rows_f32 blocks, rows_f32 values)
{
    vbrcb((__ubuf__ uint32_t *)blocks, (__ubuf__ uint32_t *)values, 1, 8, (uint8_t)rows_up(rows, 8));
}
__aicore__ static inline void rows_subtract_each(struct rows g, rows_f32 out, rows_f32 x, rows_f32 blocks)
{
    ROWS_PARTS(p, g)
    vsub(out + p.at, x + p.at, blocks + p.row * 8, p.repeat, 1, 1, 0, p.step, p.step, p.row_step);
}
__aicore__ static inline void rows_divide_each(struct rows g, rows_f32 out, rows_f32 x, rows_f32 blocks)
{
    ROWS_PARTS(p, g)
    vdiv(out + p.at, x + p.at, blocks + p.row * 8, p.repeat, 1, 1, 0, p.step, p.step, p.row_step);
}
__aicore__ static inline void rows_multiply_each(struct rows g, rows_f32 out, rows_f32 x, rows_f32 blocks)
{
    ROWS_PARTS(p, g)
    vmul(out + p.at, x + p.at, blocks + p.row * 8, p.repeat, 1, 1, 0, p.step, p.step, p.row_step);
}

/* ---- a value of each row ---- */

enum rows_fold { ROWS_SUM, ROWS_MAX };

__aicore__ static inline void rows_fold_two(enum rows_fold how, rows_f32 out, rows_f32 x, rows_f32 y,
                                            struct rows_part p)
{
    if (how == ROWS_SUM)
        vadd(out, x, y, p.repeat, 1, 1, 1, p.step, p.step, p.step);
    else
        vmax(out, x, y, p.repeat, 1, 1, 1, p.step, p.step, p.step);
}
__aicore__ static inline void rows_fold_groups(enum rows_fold how, rows_f32 out, rows_f32 x, uint32_t repeat,
                                               uint32_t out_step, uint32_t step)
{
    if (how == ROWS_SUM)
        vcgadd(out, x, (uint8_t)repeat, (uint16_t)out_step, 1, (uint16_t)step);
    else
        vcgmax(out, x, (uint8_t)repeat, (uint16_t)out_step, 1, (uint16_t)step);
}

/* All of a row's repeats of 64 columns folded into one, in @scratch, at the rows' pitch. */
__aicore__ static inline void rows_fold_down(struct rows g, enum rows_fold how, rows_f32 scratch, rows_f32 x)
{
    uint32_t parts = rows_parts(g), i = 1;
    struct rows_part p = rows_part(g, 0);

    if (g.columns < 2 * ROWS_LANES) /* the second one is not whole, and what it does not reach is to stay */
        vmuls(scratch, x, 1.0f, p.repeat, 1, 1, p.step, p.step);
    else
        rows_fold_two(how, scratch, x, x + ROWS_LANES, p), i = 2;
    for (; i < parts; i++) {
        pipe_barrier(PIPE_V);
        p = rows_part(g, i);
        rows_fold_two(how, scratch, scratch, x + p.at, p);
    }
    pipe_barrier(PIPE_V);
}

/* Rows shrink to an eighth until a repeat has room for what is left. Return: how much that is. */
__aicore__ static inline uint32_t rows_fold_along(struct rows g, enum rows_fold how, rows_f32 scratch, rows_f32 x)
{
    uint32_t n = g.columns;

    set_mask_count();
    for (; n > ROWS_LANES; n = rows_up(n, 8), x = scratch) {
        set_vector_mask(0, n);
        for (uint32_t row = 0; row < g.rows; row++)
            rows_fold_groups(how, scratch + row * g.pitch, x + row * g.pitch, 0, 1, 8);
        pipe_barrier(PIPE_V);
    }
    set_mask_norm();
    return n;
}

/* values[row] = the sum or the maximum of a row. @scratch: as large as the rows, may be @x; @groups: 8 floats a row.
 * There is room for eights of rows in @values and @groups. */
__aicore__ static inline void rows_fold(struct rows g, enum rows_fold how, rows_f32 values, rows_f32 x,
                                        rows_f32 scratch, rows_f32 groups)
{
    uint32_t n = at_most(g.columns, ROWS_LANES);

    if (g.columns >= ROWS_LONG)
        n = rows_fold_along(g, how, scratch, x);
    else if (g.columns > ROWS_LANES)
        rows_fold_down(g, how, scratch, x);
    rows_mask(n);
    rows_fold_groups(how, groups, g.columns > ROWS_LANES ? scratch : x, g.rows, 1, g.pitch / 8);
    pipe_barrier(PIPE_V);
    /* Of each row's block of eight, as many as have been written. */
    set_vector_mask(0, ((UINT64_C(1) << rows_up(n, 8)) - 1) * UINT64_C(0x0101010101010101));
    rows_fold_groups(how, values, groups, rows_up(g.rows, 8), 1, 8);
}

#endif
