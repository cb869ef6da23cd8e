/* mul.c - out = x * y. */
#include "../../../common/tiles.h"

__aicore__ static void apply(ub_t out, ub_t x, ub_t y, ELEMENT scalar)
{
    (void)scalar;
    vmul(out, x, y, 0, 1, 1, 1, 8, 8, 8);
}

__aicore__ void mul(__gm__ int64_t *args)
{
    do_share(args);
}
