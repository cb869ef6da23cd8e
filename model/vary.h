/* vary.h - what a run perturbs, within what the chip file declares unknown or variable (its section [vary]).
 *
 * A perturbation is an item `kind` or `kind:agent`: "drain:AICPU_0" lets the stores of one thread drain out of order. A
 * run without items is the plain one. What an item does follows from the seed, the kind and the agent alone: each item
 * draws from a stream of its own, so that leaving one out changes nothing about the others.
 *
 * Only what a program does may draw (a store, a load of a register, a start, a copy), or simulated time itself: never a
 * poll that a parked core would not make.
 */
#ifndef DAV_VARY_H
#define DAV_VARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/chipfile.h"

#ifdef __cplusplus
extern "C" {
#endif

enum vary_kind {
    VARY_DRAIN,       /* AICPU: stores to different lines become visible late, and so in another order */
    VARY_LOAD,        /* AICPU: a load of memory is satisfied before an earlier load of a register window */
    VARY_NOC,         /* any core: its way to GM is longer, by the same time all through the run */
    VARY_DMA,         /* the host's copies take more or less time */
    VARY_ARBITRATION, /* which agent comes first of several at the same picosecond */
    VARY_EVICT,       /* AICore: dirty lines leave the data cache by themselves */
    VARY_START,       /* any core: it begins a launch late */
    VARY_KINDS
};

/* Their names, in this order. */
#define VARY_NAMES(separator)                                                                                          \
    "drain" separator "load" separator "noc" separator "dma" separator "arbitration" separator "evict" separator "sta" \
    "rt"

/* Agents: the cores in the order of chip_state.cores. A kind that is the chip's own has the one slot 0. */
enum { VARY_SLOTS = 160, VARY_ITEM_BYTES = 32 };

struct vary {
    uint64_t seed;
    uint32_t aics, aivs, aicpus;
    struct vary_stream {
        bool active;
        uint64_t drawn; /* how many numbers so far */
    } streams[VARY_KINDS][VARY_SLOTS];
};

/** vary_init - @items, separated by commas, on the chip @file with @aicpus AICPU agents. NULL or "": none. A kind alone
 *  means all its agents, "all" every kind. Return 0, or -1 with one line in @error: which item is wrong and what may
 *  stand there. */
int vary_init(struct vary *vary, const struct chip *file, uint32_t aicpus, uint64_t seed, const char *items,
              char *error, size_t error_size);

static inline bool vary_active(const struct vary *vary, enum vary_kind kind, uint32_t slot)
{
    return vary->streams[kind][slot].active;
}

/** vary_draw - the item's next number, 0 to @most; always 0 if it is not active. */
uint64_t vary_draw(struct vary *vary, enum vary_kind kind, uint32_t slot, uint64_t most);

enum vary_which { VARY_POSSIBLE, VARY_ACTIVE, VARY_DREW };

/** vary_list - call @item with the full name of each item that the chip has, that is active, or that has drawn a number
 *  in this run. A run of only those that drew is the same run. */
void vary_list(const struct vary *vary, enum vary_which which, void (*item)(void *ctx, const char *name), void *ctx);

#ifdef __cplusplus
}
#endif
#endif
