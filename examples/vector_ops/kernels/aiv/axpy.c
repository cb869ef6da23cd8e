/* axpy.c - out = scalar * x + y, rounded twice. */
#include "../../../common/tiles.h"

__aicore__ static void apply(ub_t out, ub_t x, ub_t y, ELEMENT scalar)
{
    vmuls(out, x, scalar, 0, 1, 1, 8, 8);
    pipe_barrier(PIPE_V); /* V does not wait for its own results */
    vadd(out, out, y, 0, 1, 1, 1, 8, 8, 8);
}

__aicore__ void axpy(__gm__ int64_t *args)
{
    do_share(args);
}
