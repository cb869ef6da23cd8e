/* softmax.c - out = exp(x - m) / s, with the maximum m of each row and the sum s of its exponentials.
 *
 * Arguments: x, out, rows, columns.
 */
#include "../../../common/row_tiles.h"

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

__aicore__ void softmax(__gm__ int64_t *args)
{
    uint32_t columns = (uint32_t)args[3];
    struct share own = tile_share((uint64_t)args[2]);
    uint64_t at = own.first * columns;

    do_tiles((const __gm__ ELEMENT *)args[0] + at, (__gm__ ELEMENT *)args[1] + at, own.rows, columns, 0);
    pipe_barrier(PIPE_ALL);
}
