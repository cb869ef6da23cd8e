/* flash.h - how an AIC and its two AIVs share the attention of one cluster: out = softmax(q * k^T * scale) * v.
 *
 * A block takes tiles of 128 rows of q of one head, and goes through k and v of this head in steps of 128 rows. What
 * one kind of core makes in a step the other finds in the cluster's scratch memory in GM, in one of two places:
 *
 *   AIC    scores = q * k^T        --SCORES-->  AIV   weights = exp(scores * scale - max of the row so far)
 *   AIC    part = weights * v      <--WEIGHTS-  AIV
 *   AIC                            --PART---->  AIV   sum = sum * exp(max before - max now) + part; at the end / l
 *
 * Each AIV has 64 of the 128 rows. The AIC is one step ahead with the scores. That is all the order there is: a place
 * is free when the flag of the next stage has come, as each side reads a place before it sets that flag.
 */
#ifndef FLASH_H
#define FLASH_H

#include "cce.h"

#define TILE    128 /* rows of q, and of k and v; also the columns that they can have */
#define HALF_OF (TILE / 2)

/* Flags between the cores of a cluster. */
enum { SCORES, WEIGHTS, PART };

/* ffts_cross_core_sync's word: between an AIC and its AIVs. From the AIVs, it takes both. */
#define TO_OTHERS(flag) (1 | 2 << 4 | (uint64_t)(flag) << 8)

/* A cluster's scratch memory. */
struct scratch {
    float scores[2][TILE][TILE];
    float part[2][TILE][TILE];
    half weights[2][TILE][TILE];
};

struct flash {
    const __gm__ half *q, *k, *v;
    __gm__ float *out;
    __gm__ struct scratch *scratch; /* this cluster's */
    uint32_t rows, keys, columns;   /* of q; of k and v; of all of them */
    float scale;
    uint32_t tiles_of_head, steps_of_tile;
    uint32_t steps; /* of this block */
};

/* A step: a tile of q and one of k and v, cut where the matrices end. */
struct step {
    uint64_t q, k;       /* first elements, of q and out and of k and v */
    uint32_t rows, keys; /* how many */
    uint32_t place;      /* in scratch memory, and elsewhere */
    uint32_t tile;       /* how many tiles this block has done before */
    bool first, last;    /* of its tile */
};

__aicore__ static inline uint32_t at_most(uint32_t n, uint32_t most)
{
    return n < most ? n : most;
}

/* Arguments: q, k, v, out, scratch, heads, rows of q, rows of k and v, columns, the bits of scale. */
__aicore__ static inline struct flash flash_of(__gm__ int64_t *args)
{
    union {
        uint32_t bits;
        float value;
    } scale = {(uint32_t)args[9]};
    struct flash f = {
        .q = (const __gm__ half *)args[0],
        .k = (const __gm__ half *)args[1],
        .v = (const __gm__ half *)args[2],
        .out = (__gm__ float *)args[3],
        .scratch = (__gm__ struct scratch *)args[4] + get_block_idx(),
        .rows = (uint32_t)args[6],
        .keys = (uint32_t)args[7],
        .columns = (uint32_t)args[8],
        .scale = scale.value,
    };
    f.tiles_of_head = (f.rows + TILE - 1) / TILE;
    f.steps_of_tile = (f.keys + TILE - 1) / TILE;
    uint32_t tiles = (uint32_t)args[5] * f.tiles_of_head;
    uint32_t own = tiles > get_block_idx() ? (tiles - get_block_idx() - 1) / get_block_num() + 1 : 0;
    f.steps = own * f.steps_of_tile;
    return f;
}

__aicore__ static inline struct step step_of(const struct flash *f, uint32_t number)
{
    uint32_t own = number / f->steps_of_tile, along = number % f->steps_of_tile;
    uint32_t tile = get_block_idx() + own * get_block_num();
    uint32_t head = tile / f->tiles_of_head, row = tile % f->tiles_of_head * TILE;
    return (struct step){
        .q = ((uint64_t)head * f->rows + row) * f->columns,
        .k = ((uint64_t)head * f->keys + along * TILE) * f->columns,
        .rows = at_most(f->rows - row, TILE),
        .keys = at_most(f->keys - along * TILE, TILE),
        .place = number % 2,
        .tile = own,
        .first = along == 0,
        .last = along + 1 == f->steps_of_tile,
    };
}

#endif
