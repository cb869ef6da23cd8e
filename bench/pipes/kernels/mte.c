/* mte.c - a kernel bound by MTE2 and MTE3: GM to GM through two buffers of 16 KiB in UB.
 *
 * Each core copies within a stretch of its own. Arguments: rounds, AIVs that take part, memory.
 */
#include "cce.h"

#define TILE    16384
#define STRETCH (1 << 18) /* bytes of a core: half is source, half destination */

__aicore__ static void copy(int buffer, __gm__ uint8_t *to, const __gm__ uint8_t *from)
{
    __ubuf__ uint8_t *ub = (__ubuf__ uint8_t *)(uint64_t)(buffer * TILE);

    wait_flag(PIPE_MTE3, PIPE_MTE2, buffer);
    copy_gm_to_ubuf_align_b8(ub, from, 0, 1, TILE, 0, 0, 0, 0);
    set_flag(PIPE_MTE2, PIPE_MTE3, buffer);
    wait_flag(PIPE_MTE2, PIPE_MTE3, buffer);
    copy_ubuf_to_gm_align_b8(to, ub, 0, 1, TILE, 0, 0, 0, 0);
    set_flag(PIPE_MTE3, PIPE_MTE2, buffer);
}

__aicore__ void pipes(__gm__ int64_t *args)
{
    int64_t rounds = args[0], core = get_block_idx() * get_subblockdim() + get_subblockid();
    __gm__ uint8_t *memory = (__gm__ uint8_t *)args[2] + core * STRETCH;

    if (core >= args[1])
        return;
    set_flag(PIPE_MTE3, PIPE_MTE2, 0);
    set_flag(PIPE_MTE3, PIPE_MTE2, 1);
    for (int64_t round = 0; round < rounds; round++)
        for (int at = 0, buffer = 0; at < STRETCH / 2; at += TILE, buffer = 1 - buffer)
            copy(buffer, memory + STRETCH / 2 + at, memory + at);
    wait_flag(PIPE_MTE3, PIPE_MTE2, 0);
    wait_flag(PIPE_MTE3, PIPE_MTE2, 1);
    pipe_barrier(PIPE_ALL);
}
