/* gemm.c - c = a * b; a is m x k and b is k x n, halves; c is m x n, floats; all in rows.
 *
 * A core makes tiles of c of 128 x 256, which fill L0C, one after the other; cores take them in turns. A tile is the
 * sum over k of steps of 128, each loaded into one of four places in L1, in parts of 64, each loaded into one of two
 * places in L0A and L0B:
 *
 *   MTE2   step i + 3 to L1   |   MTE1   part j + 1 to L0A, L0B   |   M   part j   |   FIX   a tile that is ready
 *
 * Each place has a flag for "filled" (to the pipe that reads) and one for "free" (back); all begin free. Loads are
 * issued three steps ahead, over the border between tiles, so that MTE2 never waits for the scalar unit.
 *
 * Arguments: a, b, c, m, n, k.
 */
#include "../../../common/at_most.h"
#include "../../../common/cube.h"

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

struct gemm {
    const __gm__ half *a, *b;
    __gm__ float *c;
    uint32_t m, n, k;
    uint32_t across;        /* tiles beside each other */
    uint32_t steps_of_tile; /* along k */
};

/* A step: a tile and a stretch of k, cut where the matrices end. */
struct step {
    uint32_t row, column, from; /* its first row, column and k */
    uint32_t m, n, k;           /* how many */
    uint32_t place;             /* in L1 */
    bool first, last;           /* of its tile */
};

__aicore__ static struct step step_of(const struct gemm *g, uint32_t number)
{
    uint32_t tile = get_block_idx() + number / g->steps_of_tile * get_block_num();
    uint32_t along = number % g->steps_of_tile;
    struct step s = {
        .row = tile / g->across * TILE_M,
        .column = tile % g->across * TILE_N,
        .from = along * STEP_K,
        .place = number % PLACES,
        .first = along == 0,
        .last = along + 1 == g->steps_of_tile,
    };
    s.m = at_most(g->m - s.row, TILE_M);
    s.n = at_most(g->n - s.column, TILE_N);
    s.k = at_most(g->k - s.from, STEP_K);
    return s;
}

__aicore__ static void load(const struct gemm *g, struct step s)
{
    wait_flag(PIPE_MTE1, PIPE_MTE2, s.place);
    cube_nd2nz(L1_A(s.place), g->a + (uint64_t)s.row * g->k + s.from, s.m, s.k, g->k);
    cube_nd2nz(L1_B(s.place), g->b + (uint64_t)s.from * g->n + s.column, s.k, s.n, g->n);
    set_flag(PIPE_MTE2, PIPE_MTE1, s.place);
}

/* One part of a step: @k of it, from @at on. */
__aicore__ static void multiply(struct step s, uint32_t at, uint32_t k)
{
    uint32_t place = at / PART_K % 2;

    wait_flag(PIPE_M, PIPE_MTE1, place);
    cube_load_a(L0_A(place), L1_A(s.place) + at * CUBE_UP(s.m), s.m, k, CUBE_UP(s.m));
    cube_load_b(L0_B(place), L1_B(s.place) + at * CUBE_SIDE, k, s.n, CUBE_UP(s.k));
    set_flag(PIPE_MTE1, PIPE_M, place);

    wait_flag(PIPE_MTE1, PIPE_M, place);
    cube_mad(L0_C, L0_A(place), L0_B(place), s.m, k, s.n, !s.first || at > 0);
    set_flag(PIPE_M, PIPE_MTE1, place);
}

__aicore__ static void compute(const struct gemm *g, struct step s)
{
    if (s.first)
        wait_flag(PIPE_FIX, PIPE_M, 0); /* L0C is free */
    wait_flag(PIPE_MTE2, PIPE_MTE1, s.place);
    for (uint32_t at = 0; at < s.k; at += PART_K)
        multiply(s, at, at_most(s.k - at, PART_K));
    set_flag(PIPE_MTE1, PIPE_MTE2, s.place);
    if (!s.last)
        return;
#ifndef SABOTAGE
    set_flag(PIPE_M, PIPE_FIX, 0);
    wait_flag(PIPE_M, PIPE_FIX, 0);
#endif
    cube_store(g->c + (uint64_t)s.row * g->n + s.column, L0_C, s.m, s.n, g->n);
    set_flag(PIPE_FIX, PIPE_M, 0);
}

__aicore__ void gemm(__gm__ int64_t *args)
{
    struct gemm g = {
        .a = (const __gm__ half *)args[0],
        .b = (const __gm__ half *)args[1],
        .c = (__gm__ float *)args[2],
        .m = (uint32_t)args[3],
        .n = (uint32_t)args[4],
        .k = (uint32_t)args[5],
    };
    g.across = (g.n + TILE_N - 1) / TILE_N;
    g.steps_of_tile = (g.k + STEP_K - 1) / STEP_K;
    uint32_t tiles = (g.m + TILE_M - 1) / TILE_M * g.across;
    uint32_t own = tiles > get_block_idx() ? (tiles - get_block_idx() - 1) / get_block_num() + 1 : 0;
    uint32_t steps = own * g.steps_of_tile;

    set_nd_para(1);
    for (int place = 0; place < PLACES; place++)
        set_flag(PIPE_MTE1, PIPE_MTE2, place);
    for (int place = 0; place < 2; place++)
        set_flag(PIPE_M, PIPE_MTE1, place);
    set_flag(PIPE_FIX, PIPE_M, 0);

    for (uint32_t i = 0; i < steps + PLACES - 1; i++) {
        if (i < steps)
            load(&g, step_of(&g, i));
        if (i >= PLACES - 1)
            compute(&g, step_of(&g, i - (PLACES - 1)));
    }

    for (int place = 0; place < PLACES; place++)
        wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    for (int place = 0; place < 2; place++)
        wait_flag(PIPE_M, PIPE_MTE1, place);
    wait_flag(PIPE_FIX, PIPE_M, 0);
    pipe_barrier(PIPE_ALL);
}
