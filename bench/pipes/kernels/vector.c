/* vector.c - a kernel bound by V: y = a x + y and y = max(y, x), tile after tile of 16 KiB that lies in UB.
 *
 * Each instruction has 64 repeats of 64 floats and waits for the one before, as elementwise code does.
 * Arguments: rounds, AIVs that take part.
 */
#include "cce.h"

#define TILE    16384
#define REPEATS (TILE / 256)
#define TILES   4
#define UB(i)   ((__ubuf__ float *)(uint64_t)((i)*TILE))

__aicore__ void pipes(__gm__ int64_t *args)
{
    int64_t rounds = args[0];

    if (get_block_idx() * get_subblockdim() + get_subblockid() >= args[1])
        return;
    for (int i = 0; i <= 2 * TILES; i++)
        vector_dup(UB(i), 0.5f, REPEATS, 1, 1, 8, 0);
    pipe_barrier(PIPE_V);
    for (int64_t round = 0; round < rounds; round++)
        for (int i = 0; i < TILES; i++) {
            vmuls(UB(2 * TILES), UB(i), 0.25f, REPEATS, 1, 1, 8, 8);
            pipe_barrier(PIPE_V);
            vadd(UB(TILES + i), UB(TILES + i), UB(2 * TILES), REPEATS, 1, 1, 1, 8, 8, 8);
            pipe_barrier(PIPE_V);
            vmax(UB(TILES + i), UB(TILES + i), UB(i), REPEATS, 1, 1, 1, 8, 8, 8);
            pipe_barrier(PIPE_V);
        }
    pipe_barrier(PIPE_ALL);
}
