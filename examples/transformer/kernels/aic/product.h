/* product.h - c = scale * a * b, or scale * a * bT; all halves in rows that are a pitch apart, sums in floats.
 *
 * c has at most 128 rows. It is made in stretches of 128 columns, each in one of two places in L0C, in steps of 128
 * along k, each in one of two places in L1, L0A and L0B. Each place has a flag for "filled" to the pipe that reads, and
 * one for "free" back; all begin free.
 *
 * FIX multiplies by scale, of which it takes the upper 19 bits, and rounds.
 *
 * Arguments: a, b, c, their pitches, m, k, n, the bits of scale (a float).
 */
#ifndef PRODUCT_H
#define PRODUCT_H

#include "../../../common/at_most.h"
#include "../../../common/cube.h"

#define SIDE 128u /* rows, columns and steps */

#define L1_A(place) CUBE_HALF((place)*SIDE *SIDE * 2)
#define L1_B(place) CUBE_HALF((2 + (place)) * SIDE * SIDE * 2)
#define L0(place)   CUBE_HALF((place)*SIDE *SIDE * 2)
#define L0_C(place) CUBE_FLOAT((place)*SIDE *SIDE * 4)

struct product {
    const __gm__ half *a, *b;
    __gm__ half *c;
    uint32_t a_pitch, b_pitch, c_pitch, m, k, n;
};

/* A step of a stretch: @k from @at, for @n columns from @column. */
struct step {
    uint32_t at, k, column, n;
};

/* b as it stands is transposed on its way to L0B; bT is there already, and its fractals are in the same order. */
__aicore__ static void load_right(int place, const struct product *p, struct step s)
{
#ifdef TRANSPOSED
    cube_nd2nz(L1_B(place), p->b + (uint64_t)s.column * p->b_pitch + s.at, s.n, s.k, p->b_pitch);
#else
    cube_nd2nz(L1_B(place), p->b + (uint64_t)s.at * p->b_pitch + s.column, s.k, s.n, p->b_pitch);
#endif
}
__aicore__ static void load_right_l0(int place, struct step s)
{
#ifdef TRANSPOSED
    cube_load_bt(L0(place), L1_B(place), s.k, s.n);
#else
    cube_load_b(L0(place), L1_B(place), s.k, s.n, CUBE_UP(s.k));
#endif
}

__aicore__ static void do_step(int place, int c_place, const struct product *p, struct step s)
{
    wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    cube_nd2nz(L1_A(place), p->a + s.at, p->m, s.k, p->a_pitch);
    load_right(place, p, s);
    set_flag(PIPE_MTE2, PIPE_MTE1, place);

    wait_flag(PIPE_MTE2, PIPE_MTE1, place);
    wait_flag(PIPE_M, PIPE_MTE1, place);
    cube_load_a(L0(place), L1_A(place), p->m, s.k, CUBE_UP(p->m));
    load_right_l0(place, s);
    set_flag(PIPE_MTE1, PIPE_MTE2, place);
#ifndef SABOTAGE
    set_flag(PIPE_MTE1, PIPE_M, place);
    wait_flag(PIPE_MTE1, PIPE_M, place);
#endif
    cube_mad(L0_C(c_place), L0(place), L0(place), p->m, s.k, s.n, s.at > 0);
    set_flag(PIPE_M, PIPE_MTE1, place);
}

__aicore__ static void store(int c_place, const struct product *p, struct step s)
{
    copy_matrix_cc_to_gm(p->c + s.column, L0_C(c_place), cube_xm(p->m, s.n, p->c_pitch), cube_xt(p->m, QF322F16_PRE));
}

/* Flags of all places: "free" before the first step, taken back after the last. */
__aicore__ static void begin(void)
{
    for (int place = 0; place < 2; place++) {
        set_flag(PIPE_MTE1, PIPE_MTE2, place);
        set_flag(PIPE_M, PIPE_MTE1, place);
        set_flag(PIPE_FIX, PIPE_M, place);
    }
}
__aicore__ static void end(void)
{
    for (int place = 0; place < 2; place++) {
        wait_flag(PIPE_MTE1, PIPE_MTE2, place);
        wait_flag(PIPE_M, PIPE_MTE1, place);
        wait_flag(PIPE_FIX, PIPE_M, place);
    }
    pipe_barrier(PIPE_ALL);
}

__aicore__ static void do_product(__gm__ int64_t *args)
{
    struct product p = {
        .a = (const __gm__ half *)args[0],
        .b = (const __gm__ half *)args[1],
        .c = (__gm__ half *)args[2],
        .a_pitch = (uint32_t)args[3],
        .b_pitch = (uint32_t)args[4],
        .c_pitch = (uint32_t)args[5],
        .m = (uint32_t)args[6],
        .k = (uint32_t)args[7],
        .n = (uint32_t)args[8],
    };
    struct step s = {0};
    int place = 0, c_place = 0;

    set_nd_para(1);
    set_quant_pre((uint64_t)args[9]);
    begin();
    for (; s.column < p.n; s.column += SIDE, c_place = 1 - c_place) {
        s.n = at_most(p.n - s.column, SIDE);
        wait_flag(PIPE_FIX, PIPE_M, c_place);
        for (s.at = 0; s.at < p.k; s.at += SIDE, place = 1 - place) {
            s.k = at_most(p.k - s.at, SIDE);
            do_step(place, c_place, &p, s);
        }
        set_flag(PIPE_M, PIPE_FIX, c_place);
        wait_flag(PIPE_M, PIPE_FIX, c_place);
        store(c_place, &p, s);
        set_flag(PIPE_FIX, PIPE_M, c_place);
    }
    end();
}

#endif
