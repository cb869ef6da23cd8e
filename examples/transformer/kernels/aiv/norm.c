/* norm.c - the layer norm of rows of halves. Arguments: x, gamma, beta, out, rows, columns, the bits of eps. */
#define ELEMENT half
#include "../../../common/row_norm.h"

__aicore__ void norm(__gm__ int64_t *args)
{
    uint32_t columns = (uint32_t)args[5];

    norm_load((const __gm__ half *)args[1], (const __gm__ half *)args[2], columns);
    do_tiles((const __gm__ half *)args[0], (__gm__ half *)args[3], (uint64_t)args[4], columns, scalar_of(args[6]));
    pipe_barrier(PIPE_ALL);
}
