/* blocks.c - see blocks.h. A sorted array: allocations are rare, questions are not. */
#include "tools/check/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "model/memory/gm.h"
#include "tools/check/need.h"

/* The first block that begins above @addr. */
static size_t above(const struct blocks *blocks, uint64_t addr)
{
    size_t low = 0, high = blocks->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (blocks->items[middle].start <= addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void remove_at(struct blocks *blocks, size_t place)
{
    origin_drop(blocks->items[place].freed);
    blocks->count--;
    memmove(blocks->items + place, blocks->items + place + 1, (blocks->count - place) * sizeof(*blocks->items));
}

uint64_t blocks_add(struct blocks *blocks, uint64_t start, uint64_t size)
{
    uint64_t room = (size + GM_ALIGN_BYTES - 1) & ~(uint64_t)(GM_ALIGN_BYTES - 1);
    size_t place = above(blocks, start);

    if (place && blocks->items[place - 1].start + blocks->items[place - 1].room > start)
        place--;
    while (place < blocks->count && blocks->items[place].start < start + room)
        remove_at(blocks, place);
    if (blocks->count == blocks->capacity) {
        blocks->capacity = blocks->capacity ? 2 * blocks->capacity : 64;
        blocks->items = need(realloc(blocks->items, blocks->capacity * sizeof(*blocks->items)));
    }
    memmove(blocks->items + place + 1, blocks->items + place, (blocks->count - place) * sizeof(*blocks->items));
    blocks->items[place] = (struct block){.start = start, .size = size, .room = room};
    blocks->count++;
    return room;
}

const struct block *blocks_find(const struct blocks *blocks, uint64_t addr)
{
    size_t place = above(blocks, addr);

    if (!place || addr - blocks->items[place - 1].start >= blocks->items[place - 1].room)
        return NULL;
    return &blocks->items[place - 1];
}

const struct block *blocks_free(struct blocks *blocks, uint64_t start, struct origin *freed)
{
    struct block *block = (struct block *)blocks_find(blocks, start);

    if (!block || block->start != start || block->freed) {
        origin_drop(freed);
        return NULL;
    }
    block->freed = freed;
    return block;
}

const struct block *blocks_nearest(const struct blocks *blocks, uint64_t addr)
{
    for (size_t place = above(blocks, addr); place-- > 0;)
        if (!blocks->items[place].freed)
            return &blocks->items[place];
    return NULL;
}

void blocks_fini(struct blocks *blocks)
{
    for (size_t i = 0; i < blocks->count; i++)
        origin_drop(blocks->items[i].freed);
    free(blocks->items);
    *blocks = (struct blocks){0};
}
