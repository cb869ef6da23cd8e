/* softmax.c - the softmax of each row.
 *
 * Arguments: x, out, rows, columns.
 */
#include "../../../common/row_softmax.h"

__aicore__ void softmax(__gm__ int64_t *args)
{
    uint32_t columns = (uint32_t)args[3];
    struct share own = tile_share((uint64_t)args[2]);
    uint64_t at = own.first * columns;

    do_tiles((const __gm__ ELEMENT *)args[0] + at, (__gm__ ELEMENT *)args[1] + at, own.rows, columns, 0);
    pipe_barrier(PIPE_ALL);
}
