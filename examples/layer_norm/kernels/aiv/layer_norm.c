/* layer_norm.c - out = (x - mean) / sqrt(variance + 1e-5) * gamma + beta; mean and variance are those of the row, gamma
 * and beta are one float a column.
 *
 * Arguments: x, gamma, beta, out, rows, columns.
 */
#include "../../../common/row_tiles.h"

/* Places in UB behind the tiles: the squares; what reductions need; a number a row, and eight times;
 * gamma and beta. */
#define SQUARES ROWS_FLOAT(TILES_OWN(1))
#define SCRATCH ROWS_FLOAT(TILES_OWN(2))
#define NUMBERS (SCRATCH + ROWS_SCRATCH)
#define SPREAD  (NUMBERS + ROWS_MOST)
#define GAMMA   (SPREAD + ROWS_MOST * ROWS_BLOCK)
#define BETA    (GAMMA + ROWS_MOST_COLUMNS)

/* The mean of each row, spread: of x, or with @root the root of the mean of x plus a bit. */
__aicore__ static void spread_mean(rows_ub x, struct rows r, bool root)
{
    rows_sum(NUMBERS, SCRATCH, x, r);
    pipe_barrier(PIPE_V);
    rows_mask(r.count);
    vmuls(NUMBERS, NUMBERS, 1.0f / (float)r.columns, 1, 1, 1, 8, 8);
    pipe_barrier(PIPE_V);
    if (root) {
        vadds(NUMBERS, NUMBERS, 1e-5f, 1, 1, 1, 8, 8);
        pipe_barrier(PIPE_V);
        vsqrt(NUMBERS, NUMBERS, 1, 1, 1, 8, 8);
        pipe_barrier(PIPE_V);
    }
    rows_spread(SPREAD, NUMBERS, r.count);
    pipe_barrier(PIPE_V);
}

__aicore__ static void compute(rows_ub out, rows_ub in, struct rows r)
{
    uint8_t pitch = (uint8_t)(r.pitch / ROWS_BLOCK);

    spread_mean(in, r, false);
    rows_sub(out, in, SPREAD, r);
    pipe_barrier(PIPE_V);
    ROWS_EACH_REPEAT (at, r)
        vmul(SQUARES + at, out + at, out + at, (uint8_t)r.count, 1, 1, 1, pitch, pitch, pitch);
    pipe_barrier(PIPE_V);
    spread_mean(SQUARES, r, true);
    rows_div(out, out, SPREAD, r);
    pipe_barrier(PIPE_V);
    rows_mul_row(out, out, GAMMA, r);
    pipe_barrier(PIPE_V);
    rows_add_row(out, out, BETA, r);
    pipe_barrier(PIPE_V);
}

__aicore__ void layer_norm(__gm__ int64_t *args)
{
    uint32_t columns = (uint32_t)args[5];

    /* V waits for the rows, and MTE2 brings these before them. */
    copy_gm_to_ubuf_align_b32(GAMMA, (const __gm__ float *)args[1], 0, 1, columns * 4, 0, 0, 0, 0);
    copy_gm_to_ubuf_align_b32(BETA, (const __gm__ float *)args[2], 0, 1, columns * 4, 0, 0, 0, 0);
    do_share((__gm__ ELEMENT *)args[3], (const __gm__ ELEMENT *)args[0], (uint64_t)args[4], columns);
}
