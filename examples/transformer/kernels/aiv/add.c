/* add.c - out = x + y, halves, each sum rounded. Arguments: x, y, out, count.
 *
 * Tile by tile in one of two sets of buffers, with the flags of row_tiles.h.
 */
#include "cce.h"

#define TILE       8192u
#define UB(i, set) ((__ubuf__ half *)(uint64_t)(((set)*3 + (i)) * TILE * 2))

__aicore__ static void do_tile(int set, const __gm__ half *x, const __gm__ half *y, __gm__ half *out, uint32_t count)
{
    wait_flag(PIPE_V, PIPE_MTE2, set);
    copy_gm_to_ubuf_align_b8(UB(0, set), x, 0, 1, count * 2, 0, 0, 0, 0);
    copy_gm_to_ubuf_align_b8(UB(1, set), y, 0, 1, count * 2, 0, 0, 0, 0);
#ifndef SABOTAGE
    set_flag(PIPE_MTE2, PIPE_V, set);
    wait_flag(PIPE_MTE2, PIPE_V, set);
#endif
    wait_flag(PIPE_MTE3, PIPE_V, set);
    set_vector_mask(0, count);
    vadd(UB(2, set), UB(0, set), UB(1, set), 0, 1, 1, 1, 8, 8, 8);
    set_flag(PIPE_V, PIPE_MTE2, set);
    set_flag(PIPE_V, PIPE_MTE3, set);

    wait_flag(PIPE_V, PIPE_MTE3, set);
    copy_ubuf_to_gm_align_b8(out, UB(2, set), 0, 1, count * 2, 0, 0, 0, 0);
    set_flag(PIPE_MTE3, PIPE_V, set);
}

__aicore__ void add(__gm__ int64_t *args)
{
    const __gm__ half *x = (const __gm__ half *)args[0], *y = (const __gm__ half *)args[1];
    __gm__ half *out = (__gm__ half *)args[2];
    uint32_t count = (uint32_t)args[3];
    int set = 0;

    set_mask_count();
    for (int i = 0; i < 2; i++) {
        set_flag(PIPE_V, PIPE_MTE2, i);
        set_flag(PIPE_MTE3, PIPE_V, i);
    }
    for (uint32_t at = 0; at < count; at += TILE, set = 1 - set)
        do_tile(set, x + at, y + at, out + at, count - at < TILE ? count - at : TILE);
    for (int i = 0; i < 2; i++) {
        wait_flag(PIPE_V, PIPE_MTE2, i);
        wait_flag(PIPE_MTE3, PIPE_V, i);
    }
    set_mask_norm();
    pipe_barrier(PIPE_ALL);
}
