/* flash_aic.c - the AIC's side of flash.h: two products a step. */
#include "../../../common/cube.h"
#include "../flash.h"

#define MATRIX (TILE * TILE * 2) /* bytes of a tile of halves */

/* Places in L1: q by tiles; k, weights and v by steps. */
#define L1_Q(tile)        CUBE_HALF((tile) % 2 * MATRIX)
#define L1_K(place)       CUBE_HALF((2 + (place)) * MATRIX)
#define L1_WEIGHTS(place) CUBE_HALF((4 + (place)) * MATRIX)
#define L1_V(place)       CUBE_HALF((6 + (place)) * MATRIX)

/* L0A, L0B and L0C have two places: for the first and for the second product. So do the flags of these. */
enum { FIRST, SECOND };
#define L0(product)   CUBE_HALF((product)*MATRIX)
#define L0_C(product) CUBE_FLOAT((product)*TILE *TILE * 4)

/* Flags of L1's places. */
#define KEYS(place)   (place)
#define VALUES(place) (2 + (place))

/* @m x @n of L0C to scratch memory; then the AIVs know. */
__aicore__ static void hand_over(__gm__ float *to, int product, uint32_t m, uint32_t n, int flag)
{
    set_flag(PIPE_M, PIPE_FIX, product);
    wait_flag(PIPE_M, PIPE_FIX, product);
    cube_store(to, L0_C(product), m, n, TILE);
    set_flag(PIPE_FIX, PIPE_M, product);
    ffts_cross_core_sync(PIPE_FIX, TO_OTHERS(flag));
}

/* L0A and L0B are filled: the product, into L0C as soon as FIX has taken the last one away. */
__aicore__ static void multiply(int product, uint32_t m, uint32_t k, uint32_t n)
{
    set_flag(PIPE_MTE1, PIPE_M, product);
    wait_flag(PIPE_MTE1, PIPE_M, product);
    wait_flag(PIPE_FIX, PIPE_M, product);
    cube_mad(L0_C(product), L0(product), L0(product), m, k, n, false);
    set_flag(PIPE_M, PIPE_MTE1, product);
}

__aicore__ static void make_scores(const struct flash *f, struct step s)
{
    wait_flag(PIPE_MTE1, PIPE_MTE2, KEYS(s.place));
    if (s.first)
        cube_nd2nz(L1_Q(s.tile), f->q + s.q, s.rows, f->columns, f->columns);
    cube_nd2nz(L1_K(s.place), f->k + s.k, s.keys, f->columns, f->columns);
    set_flag(PIPE_MTE2, PIPE_MTE1, KEYS(s.place));

    wait_flag(PIPE_MTE2, PIPE_MTE1, KEYS(s.place));
    wait_flag(PIPE_M, PIPE_MTE1, FIRST);
    cube_load_a(L0(FIRST), L1_Q(s.tile), s.rows, f->columns, CUBE_UP(s.rows));
    cube_load_bt(L0(FIRST), L1_K(s.place), f->columns, s.keys);
    set_flag(PIPE_MTE1, PIPE_MTE2, KEYS(s.place));
    multiply(FIRST, s.rows, f->columns, s.keys);
    hand_over(&f->scratch->scores[s.place][0][0], FIRST, s.rows, s.keys, SCORES);
}

__aicore__ static void make_part(const struct flash *f, struct step s)
{
    wait_flag(PIPE_MTE1, PIPE_MTE2, VALUES(s.place));
    cube_nd2nz(L1_V(s.place), f->v + s.k, s.keys, f->columns, f->columns);
#ifndef SABOTAGE
    wait_flag_dev(WEIGHTS);
#endif
    cube_nd2nz(L1_WEIGHTS(s.place), &f->scratch->weights[s.place][0][0], s.rows, s.keys, TILE);
    set_flag(PIPE_MTE2, PIPE_MTE1, VALUES(s.place));

    wait_flag(PIPE_MTE2, PIPE_MTE1, VALUES(s.place));
    wait_flag(PIPE_M, PIPE_MTE1, SECOND);
    cube_load_a(L0(SECOND), L1_WEIGHTS(s.place), s.rows, s.keys, CUBE_UP(s.rows));
    cube_load_b(L0(SECOND), L1_V(s.place), s.keys, f->columns, CUBE_UP(s.keys));
    set_flag(PIPE_MTE1, PIPE_MTE2, VALUES(s.place));
    multiply(SECOND, s.rows, s.keys, f->columns);
    hand_over(&f->scratch->part[s.place][0][0], SECOND, s.rows, f->columns, PART);
}

__aicore__ void flash_aic(__gm__ int64_t *args)
{
    struct flash f = flash_of(args);

    set_nd_para(1);
    for (int place = 0; place < 2; place++) {
        set_flag(PIPE_MTE1, PIPE_MTE2, KEYS(place));
        set_flag(PIPE_MTE1, PIPE_MTE2, VALUES(place));
        set_flag(PIPE_M, PIPE_MTE1, place); /* a place a product */
        set_flag(PIPE_FIX, PIPE_M, place);
    }
    if (f.steps > 0)
        make_scores(&f, step_of(&f, 0));
    for (uint32_t i = 0; i < f.steps; i++) {
        if (i + 1 < f.steps)
            make_scores(&f, step_of(&f, i + 1));
        make_part(&f, step_of(&f, i));
    }
    for (int place = 0; place < 2; place++) {
        wait_flag(PIPE_MTE1, PIPE_MTE2, KEYS(place));
        wait_flag(PIPE_MTE1, PIPE_MTE2, VALUES(place));
        wait_flag(PIPE_M, PIPE_MTE1, place);
        wait_flag(PIPE_FIX, PIPE_M, place);
    }
    pipe_barrier(PIPE_ALL);
}
