/* arena.c - blocks, the last of them in use; each is larger than the one before, so that most messages fit the first.
 */
#include "traces/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { FIRST_BYTES = 1 << 14 };

struct arena_block {
    struct arena_block *before;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    size_t wanted = arena->block ? 2 * arena->block->size : FIRST_BYTES;
    if (wanted < size)
        wanted = size;
    struct arena_block *block = malloc(sizeof *block + wanted);
    if (!block)
        return NULL;
    block->before = arena->block;
    block->used = 0;
    block->size = wanted;
    return arena->block = block;
}

static void *allocate(void *context, size_t size)
{
    struct arena *arena = context;
    struct arena_block *block = arena->block;
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if ((!block || size > block->size - block->used) && !(block = add_block(arena, size)))
        return NULL;
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

static void forget(void *context, void *memory)
{
    (void)context;
    (void)memory;
}

void arena_start(struct arena *arena)
{
    *arena = (struct arena){.allocator = {allocate, forget, arena}};
}

static void free_behind(struct arena_block *block)
{
    while (block) {
        struct arena_block *before = block->before;
        free(block);
        block = before;
    }
}

void arena_empty(struct arena *arena)
{
    if (!arena->block)
        return;
    free_behind(arena->block->before);
    arena->block->before = NULL;
    arena->block->used = 0;
}

void arena_end(struct arena *arena)
{
    free_behind(arena->block);
    arena->block = NULL;
}
