/* add.c - out = x + y, halves, each sum rounded. Arguments: x, y, out, count. */
#define ELEMENT half
#include "../../../common/tiles.h"

__aicore__ static void apply(ub_t out, ub_t x, ub_t y, ELEMENT scalar)
{
    (void)scalar;
    vadd(out, x, y, 0, 1, 1, 1, 8, 8, 8);
}

__aicore__ void add(__gm__ int64_t *args)
{
    do_tiles((const __gm__ half *)args[0], (const __gm__ half *)args[1], (__gm__ half *)args[2], (uint64_t)args[3], 0);
}
