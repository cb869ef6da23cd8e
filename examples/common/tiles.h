/* tiles.h - out[i] = x[i] op y[i] over a vector in GM, tile by tile through UB.
 *
 * A kernel gives the op as apply(), and calls do_share() or do_tiles(). Loads (MTE2), the op (V) and stores (MTE3) of
 * different tiles run side by side: each tile uses one of two sets of buffers, and a flag orders each pair of uses of a
 * buffer:
 *
 *   MTE2 -> V      x and y are there            V -> MTE2      x and y may be overwritten
 *   V -> MTE3      out is there                 MTE3 -> V      out may be overwritten
 *
 * The flags on the right exist before the first tile, as if somebody had just finished with the buffers. ELEMENT is
 * float or half.
 */
#ifndef EXAMPLES_COMMON_TILES_H
#define EXAMPLES_COMMON_TILES_H

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

/* out = x op y for the elements that the vector mask counts; @scalar: what the kernel gave do_tiles. */
__aicore__ static void apply(ub_t out, ub_t x, ub_t y, ELEMENT scalar);

__aicore__ static inline ELEMENT scalar_of(int64_t bits)
{
    union {
        int64_t bits;
        ELEMENT value;
    } pun = {bits};
    return pun.value;
}

__aicore__ static inline void do_tile(int set, const __gm__ ELEMENT *x, const __gm__ ELEMENT *y, __gm__ ELEMENT *out,
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

/* @count elements. */
__aicore__ static inline void do_tiles(const __gm__ ELEMENT *x, const __gm__ ELEMENT *y, __gm__ ELEMENT *out,
                                       uint64_t count, ELEMENT scalar)
{
    int set = 0;

    set_mask_count();
    for (int i = 0; i < 2; i++) {
        set_flag(PIPE_V, PIPE_MTE2, i);
        set_flag(PIPE_MTE3, PIPE_V, i);
    }
    for (uint64_t at = 0; at < count; at += TILE, set = 1 - set)
        do_tile(set, x + at, y + at, out + at, count - at < TILE ? count - at : TILE, scalar);
    for (int i = 0; i < 2; i++) {
        wait_flag(PIPE_V, PIPE_MTE2, i);
        wait_flag(PIPE_MTE3, PIPE_V, i);
    }
    set_mask_norm();
    pipe_barrier(PIPE_ALL);
}

/* This core's part of the vector: a share for each AIV, rounded up to whole sectors. @args: x, y, out, count, the bits
 * of a scalar. */
__aicore__ static inline void do_share(__gm__ int64_t *args)
{
    uint64_t count = (uint64_t)args[3];
    uint64_t cores = get_block_num() * get_subblockdim();
    uint64_t core = get_block_idx() * get_subblockdim() + get_subblockid();
    uint64_t share = (count / cores / SECTOR + 1) * SECTOR, at = core * share;
    uint64_t left = at < count ? count - at : 0;

    do_tiles((const __gm__ ELEMENT *)args[0] + at, (const __gm__ ELEMENT *)args[1] + at, (__gm__ ELEMENT *)args[2] + at,
             left < share ? left : share, scalar_of(args[4]));
}

#endif
