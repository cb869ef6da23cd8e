/* products.c - the AIC's part of attention: scores = q k' and product = weights v of each step.
 *
 *   MTE2   what comes next to L1   |   MTE1   to L0A, L0B   |   M   a product   |   FIX   the one before to GM
 *
 * L1 has two places for each matrix, for even and odd steps (q: items); L0A, L0B and L0C have one for scores and one
 * for products, which follow each other in turns. Each place has a flag for "filled" and one for "free"; all begin
 * free.
 *
 * Keys need not be transposed: the rows of k are the columns of k', and L0B holds columns.
 */
#include "../../../common/cube.h"
#include "../attention.h"

/* Flags between MTE2 and MTE1, with the number of the place added. */
enum { OF_K = 0, OF_V = 2, OF_WEIGHTS = 4, OF_Q = 6 };

/* Flags among MTE1, M and FIX, and places in L0. */
enum { SCORES, PRODUCT };

#define L1(matrix, place) CUBE_HALF(((matrix) + (place)) * ROWS * DIM * 2)
#define L0_A(kind)        CUBE_HALF((kind)*ROWS *DIM * 2)
#define L0_B(kind)        CUBE_HALF((kind)*KEYS *DIM * 2)
#define L0_C(kind)        CUBE_FLOAT((kind)*ROWS *DIM * 4)

/* Rows of a matrix in GM to its place in L1. */
__aicore__ static void load(int matrix, uint32_t place, const __gm__ half *from, uint32_t rows, uint32_t columns,
                            uint32_t pitch)
{
    int flag = matrix + (int)place;
    wait_flag(PIPE_MTE1, PIPE_MTE2, flag);
    cube_nd2nz(L1(matrix, place), from, rows, columns, pitch);
    set_flag(PIPE_MTE2, PIPE_MTE1, flag);
}

__aicore__ static void load_q_and_k(const struct attention *a, struct step s)
{
    uint64_t row = (uint64_t)s.head * a->queries + s.row, key = (uint64_t)s.head * a->keys + s.key;
    if (s.first)
        load(OF_Q, s.item % 2, a->q + row * a->dim, s.rows, a->dim, a->dim);
    load(OF_K, s.place, a->k + key * a->dim, s.keys, a->dim, a->dim);
}

__aicore__ static void load_v(const struct attention *a, struct step s)
{
    uint64_t key = (uint64_t)s.head * a->keys + s.key;
    load(OF_V, s.place, a->v + key * a->dim, s.keys, a->dim, a->dim);
}

/* From L0A and L0B to rows in GM. */
__aicore__ static void multiply(int kind, __gm__ float *to, uint32_t m, uint32_t k, uint32_t n, uint32_t pitch)
{
    set_flag(PIPE_MTE1, PIPE_M, kind);
    wait_flag(PIPE_MTE1, PIPE_M, kind);
    wait_flag(PIPE_FIX, PIPE_M, kind);
    cube_mad(L0_C(kind), L0_A(kind), L0_B(kind), m, k, n, false);
    set_flag(PIPE_M, PIPE_MTE1, kind);

    set_flag(PIPE_M, PIPE_FIX, kind);
    wait_flag(PIPE_M, PIPE_FIX, kind);
    cube_store(to, L0_C(kind), m, n, pitch);
    set_flag(PIPE_FIX, PIPE_M, kind);
}

__aicore__ static void make_scores(const struct attention *a, struct step s)
{
    if (s.first)
        wait_flag(PIPE_MTE2, PIPE_MTE1, OF_Q + (int)(s.item % 2));
    wait_flag(PIPE_MTE2, PIPE_MTE1, OF_K + (int)s.place);
    wait_flag(PIPE_M, PIPE_MTE1, SCORES);
    cube_load_a(L0_A(SCORES), L1(OF_Q, s.item % 2), s.rows, a->dim, CUBE_UP(s.rows));
    cube_load_bt(L0_B(SCORES), L1(OF_K, s.place), a->dim, s.keys);
    set_flag(PIPE_MTE1, PIPE_MTE2, OF_K + (int)s.place);
    if (s.last)
        set_flag(PIPE_MTE1, PIPE_MTE2, OF_Q + (int)(s.item % 2));

    multiply(SCORES, a->meeting->scores[s.ring], s.rows, a->dim, s.keys, KEYS);
    ffts_cross_core_sync(PIPE_FIX, CLUSTER_FLAG(SCORES_READY));
}

__aicore__ static void make_product(const struct attention *a, struct step s)
{
    wait_flag_dev(WEIGHTS_READY);
    load(OF_WEIGHTS, s.place, a->meeting->weights[s.ring], s.rows, s.keys, KEYS);

    wait_flag(PIPE_MTE2, PIPE_MTE1, OF_WEIGHTS + (int)s.place);
    wait_flag(PIPE_MTE2, PIPE_MTE1, OF_V + (int)s.place);
    wait_flag(PIPE_M, PIPE_MTE1, PRODUCT);
    cube_load_a(L0_A(PRODUCT), L1(OF_WEIGHTS, s.place), s.rows, s.keys, CUBE_UP(s.rows));
    cube_load_b(L0_B(PRODUCT), L1(OF_V, s.place), s.keys, a->dim, CUBE_UP(s.keys));
    set_flag(PIPE_MTE1, PIPE_MTE2, OF_WEIGHTS + (int)s.place);
    set_flag(PIPE_MTE1, PIPE_MTE2, OF_V + (int)s.place);

    multiply(PRODUCT, a->meeting->product[s.ring], s.rows, s.keys, a->pitch, a->pitch);
    ffts_cross_core_sync(PIPE_FIX, CLUSTER_FLAG(PRODUCT_READY));
}

__aicore__ static void free_all_places(void)
{
    for (int place = 0; place < 8; place++)
        set_flag(PIPE_MTE1, PIPE_MTE2, place);
    for (int kind = SCORES; kind <= PRODUCT; kind++) {
        set_flag(PIPE_M, PIPE_MTE1, kind);
        set_flag(PIPE_FIX, PIPE_M, kind);
    }
}

__aicore__ static void wait_for_all_places(void)
{
    for (int place = 0; place < 8; place++)
        wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    for (int kind = SCORES; kind <= PRODUCT; kind++) {
        wait_flag(PIPE_M, PIPE_MTE1, kind);
        wait_flag(PIPE_FIX, PIPE_M, kind);
    }
}

__aicore__ void products(__gm__ int64_t *args)
{
    struct attention a = attention_of(args);

    set_nd_para(1);
    free_all_places();
    if (a.steps > 0)
        load_q_and_k(&a, step_of(&a, 0));
    for (uint32_t i = 0; i < a.steps + AHEAD; i++) {
        if (i + 1 < a.steps)
            load_q_and_k(&a, step_of(&a, i + 1));
        if (i + 1 >= AHEAD && i + 1 - AHEAD < a.steps)
            load_v(&a, step_of(&a, i + 1 - AHEAD));
        if (i < a.steps)
            make_scores(&a, step_of(&a, i));
        if (i >= AHEAD)
            make_product(&a, step_of(&a, i - AHEAD));
    }
    wait_for_all_places();
    pipe_barrier(PIPE_ALL);
}
