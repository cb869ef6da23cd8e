/* attention.h - what the AIC and its two AIVs agree upon: the work, the places where they meet in GM, and the flags.
 *
 * An item is a head and up to 128 rows of its queries; clusters take items in turns. Of an item, a step is up to 128
 * keys and their values. A step passes through the cluster like this, by way of GM:
 *
 *   AIC  scores = q k'  --SCORES_READY-->  AIVs  weights = exp(scale scores - maximum)  --WEIGHTS_READY-->
 *   AIC  product = weights v  --PRODUCT_READY-->  AIVs  sum = factor sum + product
 *
 * so AIC and AIVs work on different steps: each does the first half of step i, then the second half of step i - AHEAD,
 * which has been with the other in the meantime. There are AHEAD + 1 places in GM, for steps in turns. No flag says
 * that a place is free again, because those for "ready" say it, too. With j = i + AHEAD + 1, the next step in the
 * place:
 *
 *   scores of step j    are written after the weights of step i came, which were made from its scores
 *   weights of step j   are written after the product of step i came, which was made from its weights
 *   product of step j   is written after the weights of step j came, made after the AIV had taken product i
 *
 * The AIVs take a half each of the rows of an item.
 */
#ifndef ATTENTION_H
#define ATTENTION_H

#include "../../common/at_most.h"
#include "cce.h"
#include "sizes.h"

enum { SCORES_READY, WEIGHTS_READY, PRODUCT_READY };

/* Between the AIC and its AIVs: to both of them, or from both. */
#define CLUSTER_FLAG(id) (1 | 2 << 4 | (id) << 8)

/* Of one cluster, in GM. Rows of scores and weights are KEYS apart, those of the product `pitch`. */
struct meeting {
    float scores[PLACES][ROWS * KEYS];
    float product[PLACES][ROWS * DIM];
    half weights[PLACES][ROWS * KEYS];
};

_Static_assert(sizeof(struct meeting) == MEETING_BYTES, "the orchestration allocates a meeting");

struct attention {
    const __gm__ half *q, *k, *v;
    __gm__ float *out;
    __gm__ struct meeting *meeting;
    uint32_t queries, keys, dim;
    uint32_t pitch;         /* dim, up to whole fractals */
    uint32_t items_of_head; /* how many */
    uint32_t steps_of_item; /* how many */
    uint32_t steps;         /* of this cluster */
    float scale;
};

struct step {
    uint32_t head;
    uint32_t row, rows; /* queries: the first one, and how many */
    uint32_t key, keys;
    uint32_t ring;    /* its place in GM, one of PLACES */
    uint32_t place;   /* in a core, one of two */
    uint32_t item;    /* which one of this cluster's */
    bool first, last; /* of the item */
};

/* @args: q, k, v, out, the meetings of all clusters, heads, queries, keys, dim, the bits of the scale. */
__aicore__ static inline struct attention attention_of(const __gm__ int64_t *args)
{
    union {
        uint32_t bits;
        float value;
    } scale = {(uint32_t)args[9]};
    struct attention a = {
        .q = (const __gm__ half *)args[0],
        .k = (const __gm__ half *)args[1],
        .v = (const __gm__ half *)args[2],
        .out = (__gm__ float *)args[3],
        .meeting = (__gm__ struct meeting *)args[4] + get_block_idx(),
        .queries = (uint32_t)args[6],
        .keys = (uint32_t)args[7],
        .dim = (uint32_t)args[8],
        .scale = scale.value,
    };
    uint32_t block = get_block_idx();
    a.pitch = (a.dim + 15) / 16 * 16;
    a.items_of_head = (a.queries + ROWS - 1) / ROWS;
    a.steps_of_item = (a.keys + KEYS - 1) / KEYS;
    uint32_t items = (uint32_t)args[5] * a.items_of_head;
    if (items > block)
        a.steps = ((items - block - 1) / get_block_num() + 1) * a.steps_of_item;
    return a;
}

__aicore__ static inline struct step step_of(const struct attention *a, uint32_t number)
{
    uint32_t turn = number / a->steps_of_item, along = number % a->steps_of_item;
    uint32_t item = get_block_idx() + turn * get_block_num();
    struct step s = {
        .head = item / a->items_of_head,
        .row = item % a->items_of_head * ROWS,
        .key = along * KEYS,
        .ring = number % PLACES,
        .place = number % 2,
        .item = turn,
        .first = along == 0,
        .last = along + 1 == a->steps_of_item,
    };
    s.rows = at_most(a->queries - s.row, ROWS);
    s.keys = at_most(a->keys - s.key, KEYS);
    return s;
}

#endif
