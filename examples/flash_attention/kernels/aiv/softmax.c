/* softmax.c - an AIV's part of attention, for its half of the rows of each item.
 *
 * Weights are relative to the greatest score of their row so far. When a greater one comes, what was summed up before
 * has to be multiplied by the factor exp(old maximum - new maximum):
 *
 *   maximum' = max(maximum, scores)            total' = factor total + sum of the weights
 *   weights  = exp(scores - maximum')          sum'   = factor sum + weights v         at the end: out = sum / total
 *
 * A row of scores always has 128 of them here; those beyond the last key are so low that their weight is 0. What there
 * is one of for each row (maximum, total, factor) lies side by side, 64 floats in one repeat; to combine it with rows,
 * each is spread over a block of 32 B, which an instruction reads again and again with a block stride of 0.
 */
#include "../attention.h"

typedef __ubuf__ float *floats_t;
typedef __ubuf__ half *halves_t;

#define OWN    (ROWS / 2) /* rows, at most */
#define LANES  64         /* floats of a repeat */
#define BLOCK  8          /* floats */
#define LOWEST (-1e30f)

/* UB. */
#define KB             1024
#define FLOATS(offset) ((floats_t)(uint64_t)(offset))
#define SCORES(place)  FLOATS((place)*32 * KB) /* OWN x KEYS; then the weights */
#define WEIGHTS(place) ((halves_t)(uint64_t)(64 * KB + (place)*16 * KB))
#define SUM            FLOATS(96 * KB)  /* OWN x pitch */
#define PRODUCT        FLOATS(128 * KB) /* OWN x pitch */
#define FOLDED         FLOATS(160 * KB) /* OWN x LANES */
#define GROUPS         FLOATS(176 * KB) /* OWN x BLOCK */
#define SPREAD         FLOATS(178 * KB) /* OWN x BLOCK */
#define ONE_EACH(n)    FLOATS(180 * KB + (n)*256)
#define MAXIMUM(place) ONE_EACH(0 + (place))
#define FACTOR(place)  ONE_EACH(2 + (place))
#define TOTAL(place)   ONE_EACH(4 + (place)) /* of the item */
#define REDUCED        ONE_EACH(6)

/* Flags between V and MTE2: the places of SCORES, and PRODUCT; between V and MTE3: those of WEIGHTS, and SUM. */
enum { OF_PRODUCT = 2, OF_SUM = 2 };

/* Which rows of an item are this AIV's. */
struct share {
    uint32_t from, rows;
};

__aicore__ static struct share share_of(struct step s)
{
    uint32_t half_of_them = (s.rows + 1) / 2;
    return get_subblockid() == 0 ? (struct share){0, half_of_them}
                                 : (struct share){half_of_them, s.rows - half_of_them};
}

/* Lanes @from to @to - 1 of each repeat. */
__aicore__ static void act_on(uint32_t from, uint32_t to)
{
    uint64_t below_to = to >= LANES ? ~UINT64_C(0) : (UINT64_C(1) << to) - 1;
    set_vector_mask(~UINT64_C(0), below_to & ~((UINT64_C(1) << from) - 1));
}

/* Repeats for one number for each row, eight rows to a repeat. */
__aicore__ static uint8_t eights(uint32_t rows)
{
    return (uint8_t)((rows + 7) / 8);
}

__aicore__ static void spread(floats_t one_each, uint32_t rows)
{
    vbrcb((__ubuf__ uint32_t *)SPREAD, (__ubuf__ uint32_t *)one_each, 1, 8, eights(rows));
    pipe_barrier(PIPE_V);
}

/* Let no weight become of scores that there are no keys for. */
__aicore__ static void hide_beyond(floats_t scores, uint32_t keys, uint32_t rows)
{
    for (uint32_t at = keys / LANES * LANES; at < KEYS; at += LANES) {
        act_on(keys > at ? keys - at : 0, LANES);
        vector_dup(scores + at, LOWEST, (uint8_t)rows, 1, 1, KEYS / BLOCK, 0);
    }
    act_on(0, LANES);
    pipe_barrier(PIPE_V);
}

/* Maximum and factor of each row of scaled scores. */
__aicore__ static void update_maximum(struct step s, floats_t scores, uint32_t rows)
{
    floats_t now = MAXIMUM(s.place), before = MAXIMUM(1 - s.place), factor = FACTOR(s.place);

    if (s.first)
        vector_dup(before, LOWEST, 1, 1, 1, 8, 0);
    vmax(FOLDED, scores, scores + LANES, (uint8_t)rows, 1, 1, 1, LANES / BLOCK, KEYS / BLOCK, KEYS / BLOCK);
    pipe_barrier(PIPE_V);
    vcgmax(GROUPS, FOLDED, (uint8_t)rows, 1, 1, LANES / BLOCK);
    pipe_barrier(PIPE_V);
    vcgmax(REDUCED, GROUPS, eights(rows), 1, 1, 8);
    pipe_barrier(PIPE_V);
    vmax(now, before, REDUCED, 1, 1, 1, 1, 8, 8, 8);
    pipe_barrier(PIPE_V);
    vsub(factor, before, now, 1, 1, 1, 1, 8, 8, 8);
    pipe_barrier(PIPE_V);
    vexp(factor, factor, 1, 1, 1, 8, 8);
}

/* exp(scores - maximum), in their place. */
__aicore__ static void exponentiate(floats_t scores, floats_t maximum, uint32_t rows)
{
    spread(maximum, rows);
    for (uint32_t at = 0; at < KEYS; at += LANES)
        vsub(scores + at, scores + at, SPREAD, (uint8_t)rows, 1, 1, 0, KEYS / BLOCK, KEYS / BLOCK, 1);
    pipe_barrier(PIPE_V);
    vexp(scores, scores, (uint8_t)(rows * KEYS / LANES), 1, 1, 8, 8);
    pipe_barrier(PIPE_V);
}

__aicore__ static void update_total(struct step s, floats_t weights, uint32_t rows)
{
    floats_t total = TOTAL(s.item_place);

    if (s.first)
        vector_dup(total, 0.0f, 1, 1, 1, 8, 0);
    vadd(FOLDED, weights, weights + LANES, (uint8_t)rows, 1, 1, 1, LANES / BLOCK, KEYS / BLOCK, KEYS / BLOCK);
    pipe_barrier(PIPE_V);
    vcgadd(GROUPS, FOLDED, (uint8_t)rows, 1, 1, LANES / BLOCK);
    pipe_barrier(PIPE_V);
    vcgadd(REDUCED, GROUPS, eights(rows), 1, 1, 8);
    pipe_barrier(PIPE_V);
    vmadd(total, FACTOR(s.place), REDUCED, 1, 1, 1, 1, 8, 8, 8); /* factor total + the new ones */
    pipe_barrier(PIPE_V);
}

__aicore__ static void load_scores(const struct attention *a, struct step s, struct share mine)
{
    wait_flag(PIPE_V, PIPE_MTE2, s.place);
    copy_gm_to_ubuf(SCORES(s.place), a->meeting->scores[s.place] + mine.from * KEYS, 0, 1,
                    (uint16_t)(mine.rows * KEYS / BLOCK), 0, 0);
    set_flag(PIPE_MTE2, PIPE_V, s.place);
}

__aicore__ static void store_weights(const struct attention *a, struct step s, struct share mine)
{
#ifndef SABOTAGE
    set_flag(PIPE_V, PIPE_MTE3, s.place);
    wait_flag(PIPE_V, PIPE_MTE3, s.place);
#endif
    copy_ubuf_to_gm(a->meeting->weights[s.place] + mine.from * KEYS, WEIGHTS(s.place), 0, 1,
                    (uint16_t)(mine.rows * KEYS / (2 * BLOCK)), 0, 0);
    set_flag(PIPE_MTE3, PIPE_V, s.place);
}

__aicore__ static void weigh(const struct attention *a, struct step s, struct share mine)
{
    floats_t scores = SCORES(s.place);
    uint8_t repeats = (uint8_t)(mine.rows * KEYS / LANES);

    load_scores(a, s, mine);
    wait_flag(PIPE_MTE2, PIPE_V, s.place);
    vmuls(scores, scores, a->scale, repeats, 1, 1, 8, 8);
    pipe_barrier(PIPE_V);
    if (s.keys < KEYS)
        hide_beyond(scores, s.keys, mine.rows);
    update_maximum(s, scores, mine.rows);
    exponentiate(scores, MAXIMUM(s.place), mine.rows);

    wait_flag(PIPE_MTE3, PIPE_V, s.place);
    vconv_f322f16(WEIGHTS(s.place), scores, repeats, 1, 1, 4, 8);
    store_weights(a, s, mine);

    update_total(s, scores, mine.rows);
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

/* sum = factor sum + product. */
__aicore__ static void add_product(const struct attention *a, struct step s, uint32_t rows)
{
    uint8_t pitch = (uint8_t)(a->pitch / BLOCK);

    if (s.first) {
        wait_flag(PIPE_MTE3, PIPE_V, OF_SUM);
        vcopy(SUM, PRODUCT, (uint8_t)((rows * a->pitch + LANES - 1) / LANES), 1, 1, 8, 8);
        pipe_barrier(PIPE_V);
        return;
    }
    spread(FACTOR(s.place), rows);
    for (uint32_t at = 0; at < a->pitch; at += LANES) {
        act_on(0, a->pitch - at);
        vmadd(SUM + at, SPREAD, PRODUCT + at, (uint8_t)rows, 1, 0, 1, pitch, 1, pitch);
    }
    act_on(0, LANES);
    pipe_barrier(PIPE_V);
}

/* out = sum / total. */
__aicore__ static void finish(const struct attention *a, struct step s, struct share mine)
{
    uint8_t pitch = (uint8_t)(a->pitch / BLOCK);
    uint64_t row = (uint64_t)s.head * a->queries + s.row + mine.from;
    uint32_t bytes = a->dim * (uint32_t)sizeof(float);

    spread(TOTAL(s.item_place), mine.rows);
    for (uint32_t at = 0; at < a->pitch; at += LANES) {
        act_on(0, a->pitch - at);
        vdiv(SUM + at, SUM + at, SPREAD, (uint8_t)mine.rows, 1, 1, 0, pitch, pitch, 1);
    }
    act_on(0, LANES);
    set_flag(PIPE_V, PIPE_MTE3, OF_SUM);
    wait_flag(PIPE_V, PIPE_MTE3, OF_SUM);
    copy_ubuf_to_gm_align_b8(a->out + row * a->dim, SUM, 0, (uint16_t)mine.rows, bytes, 0, 0,
                             a->pitch / BLOCK - (bytes + 31) / 32, 0);
    set_flag(PIPE_MTE3, PIPE_V, OF_SUM);
}

__aicore__ static void take_product(const struct attention *a, struct step s)
{
    struct share mine = share_of(s);

    wait_flag_dev(PRODUCT_READY);
    if (mine.rows == 0)
        return;
    wait_flag(PIPE_V, PIPE_MTE2, OF_PRODUCT);
    copy_gm_to_ubuf(PRODUCT, a->meeting->product[s.place] + mine.from * a->pitch, 0, 1,
                    (uint16_t)(mine.rows * a->pitch / BLOCK), 0, 0);
    set_flag(PIPE_MTE2, PIPE_V, OF_PRODUCT);

    wait_flag(PIPE_MTE2, PIPE_V, OF_PRODUCT);
    add_product(a, s, mine.rows);
    set_flag(PIPE_V, PIPE_MTE2, OF_PRODUCT);
    if (s.last)
        finish(a, s, mine);
}

__aicore__ void softmax(__gm__ int64_t *args)
{
    struct attention a = attention_of(args);

    for (int flag = 0; flag < 3; flag++) {
        set_flag(PIPE_V, PIPE_MTE2, flag);
        set_flag(PIPE_MTE3, PIPE_V, flag);
    }
    for (uint32_t i = 0; i <= a.steps; i++) {
        if (i < a.steps)
            make_weights(&a, step_of(&a, i));
        if (i > 0)
            take_product(&a, step_of(&a, i - 1));
    }
    for (int flag = 0; flag < 3; flag++) {
        wait_flag(PIPE_V, PIPE_MTE2, flag);
        wait_flag(PIPE_MTE3, PIPE_V, flag);
    }
    pipe_barrier(PIPE_ALL);
}
