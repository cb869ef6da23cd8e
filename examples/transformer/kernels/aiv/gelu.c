/* gelu.c - out = x / (1 + exp(-2 c (x + a x^3))), c = sqrt(2 / pi), a = 0.044715, of rows of halves: the form of gelu
 * that is usually written with a tanh. Arguments: x, out, rows, columns.
 */
#define ELEMENT half
#ifdef SABOTAGE
#define SABOTAGE_STORE
#endif
#include "../../../common/row_tiles.h"

#define C 0.7978845608f
#define A 0.044715f

__aicore__ static void apply(struct rows g, rows_f32 out, rows_f32 x, float scalar)
{
    rows_f32 e = UB_SCRATCH;

    (void)scalar;
    rows_multiply(g, e, x, x);
    pipe_barrier(PIPE_V);
    rows_scale(g, e, e, -2 * C * A);
    pipe_barrier(PIPE_V);
    rows_shift(g, e, e, -2 * C);
    pipe_barrier(PIPE_V);
    rows_multiply(g, e, e, x);
    pipe_barrier(PIPE_V);
    rows_exp(g, e, e);
    pipe_barrier(PIPE_V);
    rows_shift(g, e, e, 1);
    pipe_barrier(PIPE_V);
    rows_divide(g, out, x, e);
}

__aicore__ void gelu(__gm__ int64_t *args)
{
    do_tiles((const __gm__ half *)args[0], (__gm__ half *)args[1], (uint64_t)args[2], (uint32_t)args[3], 0);
    pipe_barrier(PIPE_ALL);
}
