/* cube.c - a kernel bound by M: products of 128 x 64 by 64 x 256 halves from L1, added up in L0C, L0 double-buffered.
 *
 * The inner loop of examples/gemm without its loads from GM. Arguments: rounds, AICs that take part.
 */
#include "../../../examples/common/cube.h"

enum { M = 128, N = 256, PART = 64, PARTS = 4 };

#define L1_A        CUBE_HALF(0)
#define L1_B        CUBE_HALF(M *PART *PARTS * 2)
#define L0_A(place) CUBE_HALF((place)*M *PART * 2)
#define L0_B(place) CUBE_HALF((place)*N *PART * 2)

__aicore__ static void multiply(uint32_t part, bool add)
{
    uint32_t place = part % 2, at = part * PART;

    wait_flag(PIPE_M, PIPE_MTE1, place);
    cube_load_a(L0_A(place), L1_A + at * M, M, PART, M);
    cube_load_b(L0_B(place), L1_B + at * CUBE_SIDE, PART, N, PART * PARTS);
    set_flag(PIPE_MTE1, PIPE_M, place);
    wait_flag(PIPE_MTE1, PIPE_M, place);
    cube_mad(CUBE_FLOAT(0), L0_A(place), L0_B(place), M, PART, N, add);
    set_flag(PIPE_M, PIPE_MTE1, place);
}

__aicore__ void pipes(__gm__ int64_t *args)
{
    int64_t rounds = args[0];

    if (get_block_idx() >= args[1])
        return;
    create_cbuf_matrix(L1_A, (int64_t)(M + N) * PART * PARTS * 2 / 32 << 16 | 1, (half)0.5f);
    set_flag(PIPE_MTE2, PIPE_MTE1, 0);
    wait_flag(PIPE_MTE2, PIPE_MTE1, 0);
    set_flag(PIPE_M, PIPE_MTE1, 0);
    set_flag(PIPE_M, PIPE_MTE1, 1);
    for (int64_t round = 0; round < rounds; round++)
        for (uint32_t part = 0; part < PARTS; part++)
            multiply(part, part > 0);
    wait_flag(PIPE_M, PIPE_MTE1, 0);
    wait_flag(PIPE_M, PIPE_MTE1, 1);
    pipe_barrier(PIPE_ALL);
}
