/* softmax.c - the softmax of rows of halves. Arguments: x, out, rows, columns. */
#define ELEMENT half
#include "../../../common/row_softmax.h"

__aicore__ void softmax(__gm__ int64_t *args)
{
    do_tiles((const __gm__ half *)args[0], (__gm__ half *)args[1], (uint64_t)args[2], (uint32_t)args[3], 0);
    pipe_barrier(PIPE_ALL);
}
