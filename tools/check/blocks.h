/* blocks.h - allocations of GM, live and given back, as the checker keeps them: with the size that was asked for, and
 * with who gave them back. */
#ifndef DAV_BLOCKS_H
#define DAV_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "tools/check/happens.h"

#ifdef __cplusplus
extern "C" {
#endif

struct block {
    uint64_t start, size; /* bytes that were asked for */
    uint64_t room;        /* bytes that it takes: a multiple of GM_ALIGN_BYTES */
    struct origin *freed; /* who gave it back; NULL while it lives */
};

struct blocks {
    struct block *items; /* by start; none overlaps another */
    size_t count, capacity;
};

/** blocks_add - a block was allocated; given-back ones below it are forgotten. Return its room. */
uint64_t blocks_add(struct blocks *blocks, uint64_t start, uint64_t size);

/** blocks_free - it was given back by @freed, of which a reference is taken over. Return the block, NULL if unknown. */
const struct block *blocks_free(struct blocks *blocks, uint64_t start, struct origin *freed);

/** blocks_find - the block, live or given back, whose room contains @addr, NULL if none does. */
const struct block *blocks_find(const struct blocks *blocks, uint64_t addr);

/** blocks_nearest - the live block that ends closest below @addr, NULL if none does. */
const struct block *blocks_nearest(const struct blocks *blocks, uint64_t addr);

void blocks_fini(struct blocks *blocks);

#ifdef __cplusplus
}
#endif
#endif
