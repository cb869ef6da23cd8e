/* gemm_tile.c - a task: one tile of c = a * b, up to 128 x 256; a and b are halves in rows. What examples/gemm does
 * with one of its tiles, for matrices that are parts of others.
 *
 * Arguments: a, b, c, m, n, k, the pitches of a, b and c, and of these, added up:
 *   1  c is halves, else floats        2  negative elements of c become 0 (halves)       4  b stands transposed, n x k
 */
#include "../../../common/cube.h"

enum { C_HALF = 1, C_RELU = 2, B_TRANSPOSED = 4 };

#define TILE_M 128
#define TILE_N 256
#define STEP_K 128
#define PART_K 64
#define PLACES 4 /* for steps in L1; for parts there are two */

/* Where the places stand. */
#define L1_A(place) CUBE_HALF((place)*TILE_M *STEP_K * 2)
#define L1_B(place) CUBE_HALF(PLACES *TILE_M *STEP_K * 2 + (place)*TILE_N * STEP_K * 2)
#define L0_A(place) CUBE_HALF((place)*TILE_M *PART_K * 2)
#define L0_B(place) CUBE_HALF((place)*TILE_N *PART_K * 2)
#define L0_C        CUBE_FLOAT(0)

struct tile {
    const __gm__ half *a, *b;
    uint64_t c;
    uint32_t m, n, k;
    uint32_t a_pitch, b_pitch, c_pitch;
    uint32_t options;
};

__aicore__ static uint32_t at_most(uint32_t n, uint32_t most)
{
    return n < most ? n : most;
}

/* A step: from column @from of a on. */
__aicore__ static void load(const struct tile *t, uint32_t from)
{
    uint32_t place = from / STEP_K % PLACES, k = at_most(t->k - from, STEP_K);

    wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    cube_nd2nz(L1_A(place), t->a + from, t->m, k, t->a_pitch);
    if (t->options & B_TRANSPOSED)
        cube_nd2nz(L1_B(place), t->b + from, t->n, k, t->b_pitch);
    else
        cube_nd2nz(L1_B(place), t->b + (uint64_t)from * t->b_pitch, k, t->n, t->b_pitch);
#ifndef SABOTAGE
    set_flag(PIPE_MTE2, PIPE_MTE1, place);
#endif
}

/* A part of a step, @at of its @step_k. */
__aicore__ static void multiply(const struct tile *t, uint32_t from, uint32_t at, uint32_t step_k)
{
    uint32_t l1 = from / STEP_K % PLACES, place = at / PART_K % 2, k = at_most(step_k - at, PART_K);

    wait_flag(PIPE_M, PIPE_MTE1, place);
    cube_load_a(L0_A(place), L1_A(l1) + at * CUBE_UP(t->m), t->m, k, CUBE_UP(t->m));
    if (t->options & B_TRANSPOSED)
        cube_load_bt(L0_B(place), L1_B(l1) + at * CUBE_UP(t->n), k, t->n);
    else
        cube_load_b(L0_B(place), L1_B(l1) + at * CUBE_SIDE, k, t->n, CUBE_UP(step_k));
    set_flag(PIPE_MTE1, PIPE_M, place);

    wait_flag(PIPE_MTE1, PIPE_M, place);
    cube_mad(L0_C, L0_A(place), L0_B(place), t->m, k, t->n, from > 0 || at > 0);
    set_flag(PIPE_M, PIPE_MTE1, place);
}

__aicore__ static void compute(const struct tile *t, uint32_t from)
{
    uint32_t place = from / STEP_K % PLACES, step_k = at_most(t->k - from, STEP_K);

#ifndef SABOTAGE
    wait_flag(PIPE_MTE2, PIPE_MTE1, place);
#endif
    for (uint32_t at = 0; at < step_k; at += PART_K)
        multiply(t, from, at, step_k);
    set_flag(PIPE_MTE1, PIPE_MTE2, place);
}

__aicore__ static void store(const struct tile *t)
{
    set_flag(PIPE_M, PIPE_FIX, 0);
    wait_flag(PIPE_M, PIPE_FIX, 0);
    if (t->options & C_HALF)
        cube_store_half((__gm__ half *)t->c, L0_C, t->m, t->n, t->c_pitch, t->options & C_RELU);
    else
        cube_store((__gm__ float *)t->c, L0_C, t->m, t->n, t->c_pitch);
}

__aicore__ void gemm_tile(__gm__ int64_t *args)
{
    struct tile t = {
        .a = (const __gm__ half *)args[0],
        .b = (const __gm__ half *)args[1],
        .c = (uint64_t)args[2],
        .m = (uint32_t)args[3],
        .n = (uint32_t)args[4],
        .k = (uint32_t)args[5],
        .a_pitch = (uint32_t)args[6],
        .b_pitch = (uint32_t)args[7],
        .c_pitch = (uint32_t)args[8],
        .options = (uint32_t)args[9],
    };

    set_nd_para(1);
    for (int place = 0; place < PLACES; place++)
        set_flag(PIPE_MTE1, PIPE_MTE2, place);
    for (int place = 0; place < 2; place++)
        set_flag(PIPE_M, PIPE_MTE1, place);

    uint32_t ahead = (PLACES - 1) * STEP_K;
    for (uint32_t from = 0; from < t.k + ahead; from += STEP_K) {
        if (from < t.k)
            load(&t, from);
        if (from >= ahead)
            compute(&t, from - ahead);
    }
    store(&t);

    for (int place = 0; place < PLACES; place++)
        wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    for (int place = 0; place < 2; place++)
        wait_flag(PIPE_M, PIPE_MTE1, place);
    pipe_barrier(PIPE_ALL);
}
