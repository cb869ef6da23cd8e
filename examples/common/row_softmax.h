/* row_softmax.h - softmax of a tile of rows, as apply() of row_tiles.h: out = exp(x - m) / s, with the maximum m of
 * each row and the sum s of its exponentials.
 */
#ifndef EXAMPLES_COMMON_ROW_SOFTMAX_H
#define EXAMPLES_COMMON_ROW_SOFTMAX_H

#include "row_tiles.h"

__aicore__ static void apply(struct rows g, rows_f32 out, rows_f32 x, float scalar)
{
    (void)scalar;
    rows_fold(g, ROWS_MAX, UB_VALUES, x, UB_SCRATCH, UB_GROUPS);
    pipe_barrier(PIPE_V);
    rows_spread(g.rows, UB_BLOCKS, UB_VALUES);
    pipe_barrier(PIPE_V);
    rows_subtract_each(g, out, x, UB_BLOCKS);
    pipe_barrier(PIPE_V);
    rows_exp(g, out, out);
    pipe_barrier(PIPE_V);
    rows_fold(g, ROWS_SUM, UB_VALUES, out, UB_SCRATCH, UB_GROUPS);
    pipe_barrier(PIPE_V);
    rows_spread(g.rows, UB_BLOCKS, UB_VALUES);
#ifndef SABOTAGE
    pipe_barrier(PIPE_V);
#endif
    rows_divide_each(g, out, out, UB_BLOCKS);
}

#endif
