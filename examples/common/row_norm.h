/* row_norm.h - layer norm of a tile of rows, as apply() of row_tiles.h:
 *
 *   out = (x - mean) / sqrt(variance + eps) * gamma + beta
 *
 * with the mean and the variance of each row, and a gamma and a beta for each column. The variance is that of what is
 * left when the mean has been taken off: two passes lose less than a difference of squares would.
 */
#ifndef EXAMPLES_COMMON_ROW_NORM_H
#define EXAMPLES_COMMON_ROW_NORM_H

#include "row_tiles.h"

#define UB_GAMMA UB_ROW(0)
#define UB_BETA  UB_ROW(1)

/* The row that all rows share: it is loaded where x will stand, and widened from there. */
__aicore__ static inline void norm_load_row(int set, rows_f32 to, const __gm__ ELEMENT *from, uint32_t columns)
{
    struct rows g = tile_shape(1, columns);

    tile_load(sizeof(ELEMENT) == 2 ? UB_X(set) : (ub_t)to, from, g);
    set_flag(PIPE_MTE2, PIPE_V, set);
    wait_flag(PIPE_MTE2, PIPE_V, set);
    if (sizeof(ELEMENT) == 2)
        rows_widen(g, to, (rows_f16)UB_X(set));
}

/* gamma and beta, before the first tile. */
__aicore__ static inline void norm_load(const __gm__ ELEMENT *gamma, const __gm__ ELEMENT *beta, uint32_t columns)
{
    norm_load_row(0, UB_GAMMA, gamma, columns);
    norm_load_row(1, UB_BETA, beta, columns);
    set_flag(PIPE_V, PIPE_MTE2, 0); /* x may be loaded */
    wait_flag(PIPE_V, PIPE_MTE2, 0);
}

/* values[row] = the mean of a row, once more in blocks. */
__aicore__ static inline void norm_mean(struct rows g, rows_f32 x)
{
    struct rows values = tile_shape(1, g.rows);

    rows_fold(g, ROWS_SUM, UB_VALUES, x, UB_SCRATCH, UB_GROUPS);
    pipe_barrier(PIPE_V);
    rows_scale(values, UB_VALUES, UB_VALUES, 1.0f / (float)g.columns);
    pipe_barrier(PIPE_V);
}

/* blocks = sqrt(values + eps) */
__aicore__ static inline void norm_deviation(uint32_t rows, float eps)
{
    struct rows values = tile_shape(1, rows);

    rows_shift(values, UB_VALUES, UB_VALUES, eps);
    pipe_barrier(PIPE_V);
    rows_root(values, UB_VALUES, UB_VALUES);
#ifndef SABOTAGE
    pipe_barrier(PIPE_V);
#endif
    rows_spread(rows, UB_BLOCKS, UB_VALUES);
}

__aicore__ static void apply(struct rows g, rows_f32 out, rows_f32 x, float eps)
{
    norm_mean(g, x);
    rows_spread(g.rows, UB_BLOCKS, UB_VALUES);
    pipe_barrier(PIPE_V);
    rows_subtract_each(g, out, x, UB_BLOCKS);
    pipe_barrier(PIPE_V);
    rows_multiply(g, UB_SCRATCH, out, out);
    pipe_barrier(PIPE_V);
    norm_mean(g, UB_SCRATCH);
    norm_deviation(g.rows, eps);
    pipe_barrier(PIPE_V);
    rows_divide_each(g, out, out, UB_BLOCKS);
    pipe_barrier(PIPE_V);
    rows_multiply_row(g, out, out, UB_GAMMA);
    pipe_barrier(PIPE_V);
    rows_add_row(g, out, out, UB_BETA);
}

#endif
