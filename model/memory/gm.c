/* gm.c - see gm.h. */
#include "model/memory/gm.h"

#include "model/mix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct gm_block {
    uint64_t start; /* offset from the base */
    uint64_t size;
    bool used;
    bool executable;
    struct gm_block *next;
};

static struct gm_block *block_new(uint64_t start, uint64_t size, struct gm_block *next)
{
    struct gm_block *block = malloc(sizeof(*block));

    if (block)
        *block = (struct gm_block){.start = start, .size = size, .next = next};
    return block;
}

int gm_init(struct gm *gm, uint64_t size, unsigned slot, bool zeroed)
{
    void *wanted = (void *)(uintptr_t)(GM_FIRST_BASE + slot * GM_SLOT_BYTES);
    void *base;

    memset(gm, 0, sizeof(*gm));
    if (size == 0 || size > GM_SLOT_BYTES) {
        errno = EINVAL;
        return -1;
    }
    base = mmap(wanted, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
                -1, 0);
    if (base == MAP_FAILED)
        return -1;
    madvise(base, size, MADV_DONTDUMP);
    gm->base = base;
    gm->size = size;
    gm->slot = (int)slot;
    gm->zeroed = zeroed;
    /* The first block stays unused, so that no allocation has offset 0. */
    gm->blocks = block_new(GM_ALIGN_BYTES, size - GM_ALIGN_BYTES, NULL);
    return gm->blocks ? 0 : -1;
}

void gm_fini(struct gm *gm)
{
    while (gm->blocks) {
        struct gm_block *next = gm->blocks->next;

        free(gm->blocks);
        gm->blocks = next;
    }
    if (gm->base)
        munmap(gm->base, gm->size);
    gm->base = NULL;
}

void gm_set_seed(struct gm *gm, uint64_t seed)
{
    gm->seed = seed;
}

/* Memory up to @end is about to be handed out. */
static void fill_fresh(struct gm *gm, uint64_t end)
{
    uint64_t *words = (uint64_t *)(gm->base + gm->fresh);

    if (end <= gm->fresh)
        return;
    for (uint64_t i = 0; gm->seed && i < (end - gm->fresh) / sizeof(*words); i++)
        words[i] = mix64(mix64(gm->seed) ^ (gm->fresh + i * sizeof(*words)));
    gm->fresh = end;
}

void *gm_alloc(struct gm *gm, uint64_t size)
{
    struct gm_block *block;

    if (size == 0 || size > gm->size)
        return NULL;
    size = (size + GM_ALIGN_BYTES - 1) & ~(uint64_t)(GM_ALIGN_BYTES - 1);
    for (block = gm->blocks; block && (block->used || block->size < size); block = block->next)
        ;
    if (!block)
        return NULL;
    if (block->size > size) {
        struct gm_block *rest = block_new(block->start + size, block->size - size, block->next);

        if (!rest)
            return NULL;
        block->size = size;
        block->next = rest;
    }
    block->used = true;
    gm->used_bytes += size;
    if (gm->zeroed)
        memset(gm->base + block->start, 0, size);
    else
        fill_fresh(gm, block->start + size);
    return gm->base + block->start;
}

static void block_merge_next(struct gm_block *block)
{
    struct gm_block *next = block->next;

    if (!next || next->used || block->used)
        return;
    block->size += next->size;
    block->next = next->next;
    free(next);
}

int gm_free(struct gm *gm, void *ptr)
{
    uint64_t start = (uint64_t)((uint8_t *)ptr - gm->base);
    struct gm_block *block, *previous = NULL;

    for (block = gm->blocks; block && block->start != start; block = block->next)
        previous = block;
    if (!block || !block->used)
        return -1;
    block->used = false;
    block->executable = false;
    gm->used_bytes -= block->size;
    block_merge_next(block);
    if (previous)
        block_merge_next(previous);
    return 0;
}

bool gm_find(const struct gm *gm, const void *addr, uint64_t *start, uint64_t *size)
{
    uint64_t offset = (uint64_t)((const uint8_t *)addr - gm->base);

    for (const struct gm_block *block = gm->blocks; block && block->start <= offset; block = block->next) {
        if (block->used && offset - block->start < block->size) {
            *start = (uintptr_t)gm->base + block->start;
            *size = block->size;
            return true;
        }
    }
    return false;
}

static int let_run(void *addr, uint64_t size)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)addr & ~(page - 1);
    uintptr_t end = ((uintptr_t)addr + size + page - 1) & ~(page - 1);

    return mprotect((void *)first, end - first, PROT_READ | PROT_WRITE | PROT_EXEC);
}

int gm_make_executable(struct gm *gm, void *addr, uint64_t size)
{
    uint64_t offset = (uint64_t)((uint8_t *)addr - gm->base);

    if (!gm_contains(gm, addr, size)) {
        errno = EINVAL;
        return -1;
    }
    for (struct gm_block *block = gm->blocks; block; block = block->next)
        if (block->used && offset - block->start < block->size)
            block->executable = true;
    return let_run(addr, size);
}

int gm_hide(struct gm *gm)
{
    return mprotect(gm->base, gm->size, PROT_NONE);
}

int gm_show(struct gm *gm)
{
    if (mprotect(gm->base, gm->size, PROT_READ | PROT_WRITE) != 0)
        return -1;
    for (const struct gm_block *block = gm->blocks; block; block = block->next)
        if (block->executable && let_run(gm->base + block->start, block->size) != 0)
            return -1;
    return 0;
}
