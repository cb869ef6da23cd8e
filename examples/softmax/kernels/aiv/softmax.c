/* softmax.c - out = exp(x - max of its row) / sum of these along the row.
 *
 * Arguments: x, out, rows, columns.
 */
#include "../../../common/row_tiles.h"

/* Places in UB behind the tiles: what reductions need; a number a row, and eight times. */
#define SCRATCH ROWS_FLOAT(TILES_OWN(1))
#define NUMBERS (SCRATCH + ROWS_SCRATCH)
#define SPREAD  (NUMBERS + ROWS_MOST)

__aicore__ static void compute(rows_ub out, rows_ub in, struct rows r)
{
    uint8_t pitch = (uint8_t)(r.pitch / ROWS_BLOCK);

    rows_max(NUMBERS, SCRATCH, in, r);
    pipe_barrier(PIPE_V);
    rows_spread(SPREAD, NUMBERS, r.count);
    pipe_barrier(PIPE_V);
    rows_sub(out, in, SPREAD, r);
    pipe_barrier(PIPE_V);
    ROWS_EACH_REPEAT (at, r)
        vexp(out + at, out + at, (uint8_t)r.count, 1, 1, pitch, pitch);
    pipe_barrier(PIPE_V);
    rows_sum(NUMBERS, SCRATCH, out, r);
    pipe_barrier(PIPE_V);
    rows_spread(SPREAD, NUMBERS, r.count);
#ifndef SABOTAGE
    pipe_barrier(PIPE_V); /* or the rows would be divided by their maxima */
#endif
    rows_div(out, out, SPREAD, r);
    pipe_barrier(PIPE_V);
}

__aicore__ void softmax(__gm__ int64_t *args)
{
    do_share((__gm__ ELEMENT *)args[1], (const __gm__ ELEMENT *)args[0], (uint64_t)args[2], (uint32_t)args[3]);
}
