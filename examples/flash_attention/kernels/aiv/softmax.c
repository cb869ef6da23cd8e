/* softmax.c - an AIV's part of attention, for its half of the rows of each item.
 *
 * Weights are relative to the greatest score of their row so far. When a greater one comes, what was summed up before
 * has to be multiplied by the factor exp(old maximum - new maximum):
 *
 *   maximum' = max(maximum, scores)            total' = factor total + sum of the weights
 *   weights  = exp(scores - maximum')          sum'   = factor sum + weights v         at the end: out = sum / total
 *
 * MTE2 loads scores while V is at those of another step; MTE3 stores weights while V sums them up. Each place in UB
 * that a transfer uses has a flag for "filled" and one for "free"; all begin free.
 */
#include "../../../common/rows.h"
#include "../attention.h"

#define OWN    (ROWS / 2) /* rows, at most */
#define LOWEST (-1e30f)   /* less than any score */

/* UB. */
#define KIB            UINT64_C(1024)
#define SCORES(place)  ((rows_f32)((place)*32 * KIB)) /* OWN x KEYS; then the weights */
#define SUM            ((rows_f32)(64 * KIB))         /* OWN x pitch */
#define PRODUCT        ((rows_f32)(96 * KIB))         /* OWN x pitch */
#define SCRATCH        ((rows_f32)(128 * KIB))        /* OWN x KEYS */
#define WEIGHTS        ((rows_f16)(160 * KIB))        /* OWN x KEYS */
#define GROUPS         ((rows_f32)(176 * KIB))        /* eight a row */
#define BLOCKS         ((rows_f32)(178 * KIB))        /* eight a row */
#define VALUES(n)      ((rows_f32)(180 * KIB) + (n)*OWN)
#define MAXIMUM(place) VALUES(0 + (place))
#define REDUCED        VALUES(2)
#define FACTOR(ring)   VALUES(3 + (ring))
#define TOTAL(item)    VALUES(3 + PLACES + (item) % PLACES)
#define VALUES_COUNT   (3 + 2 * PLACES)

/* Flags between V and MTE2: the places of SCORES, and PRODUCT. Between V and MTE3: WEIGHTS and SUM. */
enum { OF_PRODUCT = 2 };
enum { OF_WEIGHTS, OF_SUM };

/* Which rows of an item are this AIV's. */
struct share {
    uint32_t from, rows;
};

__aicore__ static struct share share_of(struct step s)
{
    uint32_t first = (s.rows + 1) / 2;
    return get_subblockid() == 0 ? (struct share){0, first} : (struct share){first, s.rows - first};
}

/* ---- first half: scores to weights ---- */

__aicore__ static void load_scores(const struct attention *a, struct step s, struct share mine)
{
    uint32_t missing = KEYS - s.keys; /* in a row */

    wait_flag(PIPE_V, PIPE_MTE2, s.place);
    copy_gm_to_ubuf_align_b8(SCORES(s.place), a->meeting->scores[s.ring] + mine.from * KEYS, 0, (uint16_t)mine.rows,
                             s.keys * 4, 0, 0, missing * 4, missing / 8);
    set_flag(PIPE_MTE2, PIPE_V, s.place);
}

/* The maximum of each row so far, and the factor that follows. */
__aicore__ static void update_maximum(struct step s, struct rows g)
{
    rows_f32 now = MAXIMUM(s.place), before = MAXIMUM(1 - s.place), factor = FACTOR(s.ring);

    rows_mask(ROWS_LANES);
    if (s.first)
        vector_dup(before, LOWEST, 1, 1, 1, 8, 0);
    rows_fold(g, ROWS_MAX, REDUCED, SCORES(s.place), SCRATCH, GROUPS);
    pipe_barrier(PIPE_V);
    rows_mask(ROWS_LANES);
    vmax(now, before, REDUCED, 1, 1, 1, 1, 8, 8, 8);
    pipe_barrier(PIPE_V);
    vsub(factor, before, now, 1, 1, 1, 1, 8, 8, 8);
    pipe_barrier(PIPE_V);
    vexp(factor, factor, 1, 1, 1, 8, 8);
}

__aicore__ static void exponentiate(struct step s, struct rows g)
{
    rows_f32 scores = SCORES(s.place);

    rows_spread(g.rows, BLOCKS, MAXIMUM(s.place));
    pipe_barrier(PIPE_V);
    rows_subtract_each(g, scores, scores, BLOCKS);
    pipe_barrier(PIPE_V);
    rows_exp(g, scores, scores);
    pipe_barrier(PIPE_V);
}

__aicore__ static void store_weights(const struct attention *a, struct step s, struct share mine)
{
    uint32_t missing = KEYS - s.keys;

#ifndef SABOTAGE
    set_flag(PIPE_V, PIPE_MTE3, OF_WEIGHTS);
    wait_flag(PIPE_V, PIPE_MTE3, OF_WEIGHTS);
#endif
    copy_ubuf_to_gm_align_b8(a->meeting->weights[s.ring] + mine.from * KEYS, WEIGHTS, 0, (uint16_t)mine.rows,
                             s.keys * 2, 0, 0, missing / 16, missing * 2);
    set_flag(PIPE_MTE3, PIPE_V, OF_WEIGHTS);
}

__aicore__ static void update_total(struct step s, struct rows g)
{
    rows_f32 total = TOTAL(s.item);

    rows_mask(ROWS_LANES);
    if (s.first)
        vector_dup(total, 0.0f, 1, 1, 1, 8, 0);
    rows_fold(g, ROWS_SUM, REDUCED, SCORES(s.place), SCRATCH, GROUPS);
    pipe_barrier(PIPE_V);
    rows_mask(ROWS_LANES);
    vmadd(total, FACTOR(s.ring), REDUCED, 1, 1, 1, 1, 8, 8, 8); /* factor total + REDUCED */
    pipe_barrier(PIPE_V);
}

__aicore__ static void weigh(const struct attention *a, struct step s, struct share mine)
{
    struct rows g = {mine.rows, s.keys, KEYS};

    load_scores(a, s, mine);
    wait_flag(PIPE_MTE2, PIPE_V, s.place);
    rows_scale(g, SCORES(s.place), SCORES(s.place), a->scale);
    pipe_barrier(PIPE_V);
    update_maximum(s, g);
    exponentiate(s, g);

    wait_flag(PIPE_MTE3, PIPE_V, OF_WEIGHTS);
    rows_narrow(g, WEIGHTS, SCORES(s.place));
    store_weights(a, s, mine);

    update_total(s, g);
    set_flag(PIPE_V, PIPE_MTE2, s.place);
}

__aicore__ static void make_weights(const struct attention *a, struct step s)
{
    struct share mine = share_of(s);

    wait_flag_dev(SCORES_READY);
    if (mine.rows > 0)
        weigh(a, s, mine);
    ffts_cross_core_sync(PIPE_MTE3, CLUSTER_FLAG(WEIGHTS_READY));
}

/* ---- second half: products to sums ---- */

/* SUM = factor SUM + PRODUCT */
__aicore__ static void add_product(struct step s, struct rows g)
{
    if (s.first) {
        wait_flag(PIPE_MTE3, PIPE_V, OF_SUM);
        rows_scale(g, SUM, PRODUCT, 1.0f);
    } else {
        rows_spread(g.rows, BLOCKS, FACTOR(s.ring));
        pipe_barrier(PIPE_V);
        ROWS_PARTS(p, g)
        vmadd(SUM + p.at, BLOCKS, PRODUCT + p.at, p.repeat, 1, 0, 1, p.step, 1, p.step);
    }
    pipe_barrier(PIPE_V);
}

/* out = SUM / total */
__aicore__ static void store_out(const struct attention *a, struct step s, uint32_t from, struct rows g)
{
    uint64_t row = (uint64_t)s.head * a->queries + s.row + from;

    rows_spread(g.rows, BLOCKS, TOTAL(s.item));
    pipe_barrier(PIPE_V);
    rows_divide_each(g, SUM, SUM, BLOCKS);
    set_flag(PIPE_V, PIPE_MTE3, OF_SUM);
    wait_flag(PIPE_V, PIPE_MTE3, OF_SUM);
    copy_ubuf_to_gm_align_b8(a->out + row * a->dim, SUM, 0, (uint16_t)g.rows, a->dim * 4, 0, 0, (g.pitch - a->dim) / 8,
                             0);
    set_flag(PIPE_MTE3, PIPE_V, OF_SUM);
    pipe_barrier(PIPE_V);
}

__aicore__ static void take_product(const struct attention *a, struct step s)
{
    struct share mine = share_of(s);
    struct rows g = {mine.rows, a->dim, a->pitch};

    wait_flag_dev(PRODUCT_READY);
    if (mine.rows == 0)
        return;
    wait_flag(PIPE_V, PIPE_MTE2, OF_PRODUCT);
    copy_gm_to_ubuf(PRODUCT, a->meeting->product[s.ring] + mine.from * g.pitch, 0, 1, (uint16_t)(g.rows * g.pitch / 8),
                    0, 0);
    set_flag(PIPE_MTE2, PIPE_V, OF_PRODUCT);

    wait_flag(PIPE_MTE2, PIPE_V, OF_PRODUCT);
    add_product(s, g);
    set_flag(PIPE_V, PIPE_MTE2, OF_PRODUCT);
    if (s.last)
        store_out(a, s, mine.from, g);
}

/* ---- both ---- */

/* Groups and values are worked on in eights of rows; what is beyond the rows has to be something. */
__aicore__ static void clear(void)
{
    rows_mask(ROWS_LANES);
    vector_dup(GROUPS, 0.0f, 8 * OWN / ROWS_LANES, 1, 1, 8, 0);
    vector_dup(VALUES(0), 0.0f, VALUES_COUNT * OWN / ROWS_LANES, 1, 1, 8, 0);
    pipe_barrier(PIPE_V);
}

__aicore__ void softmax(__gm__ int64_t *args)
{
    struct attention a = attention_of(args);

    if (get_subblockdim() != 2)
        trap(); /* an item's rows are shared by two */
    clear();
    for (int flag = 0; flag < 3; flag++)
        set_flag(PIPE_V, PIPE_MTE2, flag);
    for (int flag = 0; flag < 2; flag++)
        set_flag(PIPE_MTE3, PIPE_V, flag);
    for (uint32_t i = 0; i < a.steps + AHEAD; i++) {
        if (i < a.steps)
            make_weights(&a, step_of(&a, i));
        if (i >= AHEAD)
            take_product(&a, step_of(&a, i - AHEAD));
    }
    for (int flag = 0; flag < 3; flag++)
        wait_flag(PIPE_V, PIPE_MTE2, flag);
    for (int flag = 0; flag < 2; flag++)
        wait_flag(PIPE_MTE3, PIPE_V, flag);
    rows_mask(ROWS_LANES);
    pipe_barrier(PIPE_ALL);
}
