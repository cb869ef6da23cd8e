/* tiles.h - out[i] = x[i] op y[i] over a vector in GM, tile by tile through UB.
 *
 * A kernel gives the op as apply(). Loads (MTE2), the op (V) and stores (MTE3) of different tiles run side by side:
 * each tile uses one of two sets of buffers, and a flag orders each pair of uses of a buffer:
 *
 *   MTE2 -> V      x and y are there            V -> MTE2      x and y may be overwritten
 *   V -> MTE3      out is there                 MTE3 -> V      out may be overwritten
 *
 * The flags on the right exist before the first tile, as if somebody had just finished with the buffers.
 *
 * Arguments: x, y, out, count, the bits of a scalar. With TASK the kernel is a task's, which has the whole vector.
 */
#ifndef TILES_H
#define TILES_H

#include "cce.h"

#ifndef ELEMENT
#define ELEMENT float
#endif

#define TILE_BYTES 16384
#define TILE       (TILE_BYTES / sizeof(ELEMENT))
#define SECTOR     (512 / sizeof(ELEMENT)) /* no two cores work on the same 512 B of GM */

typedef __ubuf__ ELEMENT *ub_t;

/* A place in UB: buffers of the two sets one after the other. */
#define UB(buffer, set) ((ub_t)(uint64_t)(((set)*3 + (buffer)) * TILE_BYTES))

/* out = x op y for the elements that the vector mask counts. */
__aicore__ static void apply(ub_t out, ub_t x, ub_t y, ELEMENT scalar);

__aicore__ static ELEMENT scalar_of(int64_t bits)
{
    union {
        int64_t bits;
        ELEMENT value;
    } pun = {bits};
    return pun.value;
}

__aicore__ static void do_tile(int set, const __gm__ ELEMENT *x, const __gm__ ELEMENT *y, __gm__ ELEMENT *out,
                               uint64_t count, ELEMENT scalar)
{
    uint32_t bytes = (uint32_t)(count * sizeof(ELEMENT));

    wait_flag(PIPE_V, PIPE_MTE2, set);
    copy_gm_to_ubuf_align_b8(UB(0, set), x, 0, 1, bytes, 0, 0, 0, 0);
    copy_gm_to_ubuf_align_b8(UB(1, set), y, 0, 1, bytes, 0, 0, 0, 0);
#ifndef SABOTAGE
    set_flag(PIPE_MTE2, PIPE_V, set);
    wait_flag(PIPE_MTE2, PIPE_V, set);
#endif
    wait_flag(PIPE_MTE3, PIPE_V, set);
    set_vector_mask(0, count);
    apply(UB(2, set), UB(0, set), UB(1, set), scalar);
    set_flag(PIPE_V, PIPE_MTE2, set);
    set_flag(PIPE_V, PIPE_MTE3, set);

    wait_flag(PIPE_V, PIPE_MTE3, set);
    copy_ubuf_to_gm_align_b8(out, UB(2, set), 0, 1, bytes, 0, 0, 0, 0);
    set_flag(PIPE_MTE3, PIPE_V, set);
}

/* This core's part of the vector: a share for each AIV, rounded up to whole sectors. */
__aicore__ static void do_tiles(__gm__ int64_t *args)
{
    const __gm__ ELEMENT *x = (const __gm__ ELEMENT *)args[0], *y = (const __gm__ ELEMENT *)args[1];
    __gm__ ELEMENT *out = (__gm__ ELEMENT *)args[2];
    uint64_t count = (uint64_t)args[3];
    ELEMENT scalar = scalar_of(args[4]);

#ifdef TASK
    uint64_t cores = 1, core = 0;
#else
    uint64_t cores = get_block_num() * get_subblockdim();
    uint64_t core = get_block_idx() * get_subblockdim() + get_subblockid();
#endif
    uint64_t share = (count / cores / SECTOR + 1) * SECTOR;
    uint64_t end = (core + 1) * share < count ? (core + 1) * share : count;

    set_mask_count();
    for (int set = 0; set < 2; set++) {
        set_flag(PIPE_V, PIPE_MTE2, set);
        set_flag(PIPE_MTE3, PIPE_V, set);
    }
    int set = 0;
    for (uint64_t at = core * share; at < end; at += TILE, set = 1 - set)
        do_tile(set, x + at, y + at, out + at, end - at < TILE ? end - at : TILE, scalar);
    for (set = 0; set < 2; set++) {
        wait_flag(PIPE_V, PIPE_MTE2, set);
        wait_flag(PIPE_MTE3, PIPE_V, set);
    }
    set_mask_norm();
    pipe_barrier(PIPE_ALL);
}

#endif
