/* kernel.c - out[i] = x[i] + y[i] in tiles of 64 x 64 floats, two sets of buffers: a tile is loaded while the one
 * before is added and stored. Arguments: x, y, out, tiles, rounds of adding a tile, case. */
#include "cce.h"

enum { ROWS = 64, TILE = ROWS * 64 * 4, SETS = 2 };
enum { GOOD, OUTSIDE }; /* cases: the second one's last vadd is beyond UB's end */

typedef __ubuf__ float *tile;

__aicore__ void kernel_tiles(__gm__ int64_t *args)
{
    __gm__ char *x = (__gm__ char *)args[0], *y = (__gm__ char *)args[1], *out = (__gm__ char *)args[2];

    for (int i = 0; i < SETS; i++)
        set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0 + i); /* both sets are free, for loads and for results */
    for (int i = 0; i < SETS; i++)
        set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0 + i);
    for (int64_t i = 0; i < args[3]; i++) {
        int set = (int)(i % SETS);
        uint64_t at = (uint64_t)set * 3 * TILE;
        tile a = (tile)at, b = (tile)(at + TILE), sum = (tile)(at + 2 * TILE);

        wait_flag(PIPE_V, PIPE_MTE2, set);
        copy_gm_to_ubuf((__ubuf__ void *)a, x + i * TILE, 0, 1, TILE / 32, 0, 0);
        copy_gm_to_ubuf((__ubuf__ void *)b, y + i * TILE, 0, 1, TILE / 32, 0, 0);
        set_flag(PIPE_MTE2, PIPE_V, set);
        wait_flag(PIPE_MTE2, PIPE_V, set);
        wait_flag(PIPE_MTE3, PIPE_V, set);
        for (int64_t round = 0; round < args[4]; round++)
            vadd(sum, a, b, ROWS, 1, 1, 1, 8, 8, 8);
        set_flag(PIPE_V, PIPE_MTE2, set);
        set_flag(PIPE_V, PIPE_MTE3, set);
        wait_flag(PIPE_V, PIPE_MTE3, set);
        copy_ubuf_to_gm(out + i * TILE, (__ubuf__ void *)sum, 0, 1, TILE / 32, 0, 0);
        set_flag(PIPE_MTE3, PIPE_V, set);
    }
    for (int i = 0; i < SETS; i++)
        wait_flag(PIPE_V, PIPE_MTE2, i);
    for (int i = 0; i < SETS; i++)
        wait_flag(PIPE_MTE3, PIPE_V, i);
    if (args[5] == OUTSIDE)
        vadd((tile)(192 << 10), (tile)0, (tile)0, 1, 1, 1, 1, 8, 8, 8);
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID7);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID7);
    pipe_barrier(PIPE_ALL);
}
