/* place.c - each core writes where it is into a line of its own: block, half, number of blocks, what it was given.
 * Arguments: out (lines of four 64-bit words, a core each: the AICs, then the AIVs), a number. */
#include "cce.h"

__aicore__ void place(__gm__ int64_t *args)
{
#ifdef __DAV_CUBE__
    uint64_t core = get_block_idx();
#else
    uint64_t core = get_block_num() + get_block_idx() * get_subblockdim() + get_subblockid();
#endif
    __gm__ uint64_t *line = (__gm__ uint64_t *)args[0] + core * 8;
    line[0] = get_block_idx();
    line[1] = get_subblockid();
    line[2] = get_block_num();
    line[3] = (uint64_t)args[1];
}
