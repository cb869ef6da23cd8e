/* layer_norm.c - out = (x - mean) / sqrt(variance + eps) * gamma + beta.
 *
 * Arguments: x, gamma, beta, out, rows, columns, the bits of eps (a float).
 */
#include "../../../common/row_norm.h"

__aicore__ void layer_norm(__gm__ int64_t *args)
{
    uint32_t columns = (uint32_t)args[5];
    struct share own = tile_share((uint64_t)args[4]);
    uint64_t at = own.first * columns;

    norm_load((const __gm__ ELEMENT *)args[1], (const __gm__ ELEMENT *)args[2], columns);
    do_tiles((const __gm__ ELEMENT *)args[0] + at, (__gm__ ELEMENT *)args[3] + at, own.rows, columns,
             scalar_of(args[6]));
    pipe_barrier(PIPE_ALL);
}
