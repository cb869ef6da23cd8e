/* view.c - see view.h. */
#include "model/memory/view.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int view_init(struct view *view, struct gm *gm, uint32_t lines_held, bool dma_snooped)
{
    memset(view, 0, sizeof(*view));
    view->gm = gm;
    view->current = DIRECTORY_NOBODY;
    view->dma_snooped = dma_snooped;
    return directory_init(&view->directory, gm->size >> GM_LINE_SHIFT, lines_held);
}

void view_fini(struct view *view)
{
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++)
        free(view->queues[holder].lines);
    directory_fini(&view->directory);
}

static void swap_line(uint8_t *a, uint8_t *b)
{
    uint8_t bytes[GM_LINE_BYTES];

    memcpy(bytes, a, GM_LINE_BYTES);
    memcpy(a, b, GM_LINE_BYTES);
    memcpy(b, bytes, GM_LINE_BYTES);
}

/* The 64 bytes beside the mapping of a divergent line. */
static uint8_t *copy_of(const struct view *view, int holder, uint64_t line)
{
    const struct dcache *cache = view->caches[holder];

    return dcache_copy(cache, dcache_find(cache, line));
}

static uint8_t *truth_of(const struct view *view, const struct directory_entry *entry, uint64_t line)
{
    if (!entry || entry->shown == DIRECTORY_NOBODY)
        return gm_line_ptr(view->gm, line);
    return copy_of(view, entry->shown, line);
}

/* The mapping of @line no longer shows @holder's content: remember to show it when the holder runs. */
static void queue(struct view *view, int holder, uint64_t line)
{
    struct view_queue *list = &view->queues[holder];
    struct dcache_line *held = &view->caches[holder]->lines[dcache_find(view->caches[holder], line)];

    if (held->queued)
        return;
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? list->capacity * 2 : 64;
        uint64_t *grown = realloc(list->lines, capacity * sizeof(*grown));

        if (!grown) {
            view->dropped_queue++;
            return;
        }
        list->lines = grown;
        list->capacity = capacity;
    }
    held->queued = true;
    list->lines[list->count++] = line;
}

static void show(struct view *view, int holder, uint32_t index, struct directory_entry *entry)
{
    struct dcache *cache = view->caches[holder];
    uint64_t line = dcache_line_no(cache, index);
    uint8_t *mapping = gm_line_ptr(view->gm, line);
    int wanted = cache->lines[index].divergent ? holder : DIRECTORY_NOBODY;

    if (entry->shown == wanted)
        return;
    if (entry->shown != DIRECTORY_NOBODY)
        swap_line(mapping, copy_of(view, entry->shown, line));
    if (wanted != DIRECTORY_NOBODY)
        swap_line(mapping, dcache_copy(cache, index));
    entry->shown = (int16_t)wanted;
    for (int other = directory_next(entry, 0); other != DIRECTORY_NOBODY; other = directory_next(entry, other + 1))
        if (other != holder)
            queue(view, other, line);
}

/* Show at once to the holder that runs, later to any other. */
static void show_or_queue(struct view *view, int holder, uint32_t index, struct directory_entry *entry)
{
    if (holder == view->current)
        show(view, holder, index, entry);
    else
        queue(view, holder, dcache_line_no(view->caches[holder], index));
}

void view_enter(struct view *view, int holder)
{
    struct view_queue *list;

    view->current = holder;
    if (holder == DIRECTORY_NOBODY)
        return;
    list = &view->queues[holder];
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t index = dcache_find(view->caches[holder], list->lines[i]);

        if (index == DCACHE_NONE)
            continue;
        view->caches[holder]->lines[index].queued = false;
        show(view, holder, index, directory_get(&view->directory, list->lines[i]));
    }
    list->count = 0;
}

/* How many of the @count lines from @line on have no entry, up to the first that has. */
static uint64_t without_entry(const struct view *view, uint64_t line, uint64_t count)
{
    const uint32_t *index = view->directory.index + line;
    uint64_t free = 0;

    while (free < count && !index[free])
        free++;
    return free;
}

static uint64_t lines_of(uint64_t addr, uint64_t size)
{
    return (addr % GM_LINE_BYTES + size + GM_LINE_BYTES - 1) / GM_LINE_BYTES;
}

/* The mapping is copied as it stands, and then the few lines of it that show a holder's content are put right. */
void view_read(const struct view *view, uint64_t addr, void *out, uint64_t size)
{
    uint64_t end = addr + size;

    memcpy(out, (const void *)(uintptr_t)addr, size);
    for (uint64_t at = addr & ~(uint64_t)(GM_LINE_BYTES - 1); at < end; at += GM_LINE_BYTES) {
        const struct directory_entry *entry;
        uint64_t line, from, to;

        at += without_entry(view, gm_line_of(view->gm, at), lines_of(at, end - at)) * GM_LINE_BYTES;
        if (at >= end)
            return;
        line = gm_line_of(view->gm, at);
        from = at < addr ? addr : at;
        to = at + GM_LINE_BYTES < end ? at + GM_LINE_BYTES : end;

        entry = directory_get(&view->directory, line);
        if (entry->shown != DIRECTORY_NOBODY)
            memcpy((uint8_t *)out + (from - addr), truth_of(view, entry, line) + (from - at), to - from);
    }
}

void view_coherent_read(const struct view *view, uint64_t addr, void *out, uint32_t size)
{
    uint64_t line = gm_line_of(view->gm, addr);
    const struct dcache *cluster = view->caches[DIRECTORY_CLUSTER];
    uint32_t index = dcache_find(cluster, line);
    uint8_t content[GM_LINE_BYTES];

    if (index == DCACHE_NONE || !cluster->lines[index].divergent) {
        view_read(view, addr, out, size);
        return;
    }
    view_content(view, DIRECTORY_CLUSTER, index, content);
    memcpy(out, content + (addr & (GM_LINE_BYTES - 1)), size);
}

/* GM changes under a copy that the writer does not reach: the copy keeps what it had. */
static void diverge(struct view *view, int holder, uint64_t line, struct directory_entry *entry, const uint8_t *old)
{
    struct dcache *cache = view->caches[holder];
    uint32_t index = dcache_find(cache, line);

    if (cache->lines[index].divergent)
        return;
    memcpy(dcache_copy(cache, index), old, GM_LINE_BYTES);
    cache->lines[index].divergent = true;
    show_or_queue(view, holder, index, entry);
}

/* The AICPU writes through to GM; a stale line of its own takes the bytes too. */
static void patch_cluster(struct view *view, uint64_t line, struct directory_entry *entry, uint32_t first,
                          const uint8_t *bytes, uint32_t size)
{
    struct dcache *cluster = view->caches[DIRECTORY_CLUSTER];
    uint32_t index = dcache_find(cluster, line);
    uint8_t *content = gm_line_ptr(view->gm, line);

    cluster->lines[index].dirty = true;
    cluster->lines[index].written |= gm_line_mask(first, size);
    if (!cluster->lines[index].divergent)
        return;
    if (entry->shown != DIRECTORY_CLUSTER)
        content = dcache_copy(cluster, index);
    memcpy(content + first, bytes, size);
}

static bool reaches_cluster(const struct view *view, enum gm_writer writer)
{
    return writer == GM_WRITER_AICORE || (writer == GM_WRITER_DMA && view->dma_snooped);
}

static void write_line(struct view *view, uint64_t line, uint32_t first, const uint8_t *bytes, uint32_t size,
                       enum gm_writer writer, int agent)
{
    struct directory_entry *entry = directory_get(&view->directory, line);
    uint8_t *truth = truth_of(view, entry, line);
    uint8_t old[GM_LINE_BYTES];
    struct view_change change = {.line = line, .writer = writer, .agent = agent, .old = old};

    memcpy(old, truth, GM_LINE_BYTES);
    change.differs = memcmp(old + first, bytes, size) != 0;
    memcpy(truth + first, bytes, size);
    if (!entry)
        goto announce;
    if (directory_holds(entry, DIRECTORY_CLUSTER)) {
        if (writer == GM_WRITER_AICPU) {
            patch_cluster(view, line, entry, first, bytes, size);
        } else if (reaches_cluster(view, writer)) {
            view_drop(view, DIRECTORY_CLUSTER, dcache_find(view->caches[DIRECTORY_CLUSTER], line));
            change.snooped = true;
            entry = directory_get(&view->directory, line);
        }
    }
    for (int holder = entry ? directory_next(entry, 0) : DIRECTORY_NOBODY; change.differs && holder != DIRECTORY_NOBODY;
         holder = directory_next(entry, holder + 1))
        if (holder != DIRECTORY_CLUSTER || writer == GM_WRITER_DMA)
            diverge(view, holder, line, entry, old);
announce:
    if (view->changed)
        view->changed(view->changed_ctx, &change);
}

void view_write(struct view *view, uint64_t addr, const void *bytes, uint64_t size, enum gm_writer writer, int agent)
{
    const uint8_t *from = bytes;
    bool tells_all = view->changed && (!view->tell_all || *view->tell_all);

    while (size) {
        uint32_t first = addr & (GM_LINE_BYTES - 1);
        uint64_t part = GM_LINE_BYTES - first < size ? GM_LINE_BYTES - first : size, free = 0;

        if (!tells_all)
            free = without_entry(view, gm_line_of(view->gm, addr), lines_of(addr, size)) * GM_LINE_BYTES;
        if (free) {
            part = free - first < size ? free - first : size;
            memcpy((void *)(uintptr_t)addr, from, part);
        } else {
            write_line(view, gm_line_of(view->gm, addr), first, from, (uint32_t)part, writer, agent);
        }
        addr += part;
        from += part;
        size -= part;
    }
}

void view_hold(struct view *view, int holder, uint32_t index, const uint8_t *old)
{
    struct dcache *cache = view->caches[holder];
    uint64_t line = dcache_line_no(cache, index);
    struct directory_entry *entry = directory_make(&view->directory, line);

    assert(entry); /* there is one for each way of each cache */
    directory_add(entry, holder);
    if (old && memcmp(old, truth_of(view, entry, line), GM_LINE_BYTES) != 0) {
        memcpy(dcache_copy(cache, index), old, GM_LINE_BYTES);
        cache->lines[index].divergent = true;
    }
    if (entry->shown != DIRECTORY_NOBODY || cache->lines[index].divergent)
        show_or_queue(view, holder, index, entry);
}

void view_dirty(struct view *view, int holder, uint32_t index)
{
    struct dcache *cache = view->caches[holder];
    uint64_t line = dcache_line_no(cache, index);
    struct directory_entry *entry = directory_get(&view->directory, line);

    cache->lines[index].dirty = true;
    if (cache->lines[index].divergent)
        return;
    /* The mapping shows GM, which is also the holder's content: from here on it is the holder's alone. */
    memcpy(dcache_copy(cache, index), gm_line_ptr(view->gm, line), GM_LINE_BYTES);
    cache->lines[index].divergent = true;
    entry->shown = (int16_t)holder;
    for (int other = directory_next(entry, 0); other != DIRECTORY_NOBODY; other = directory_next(entry, other + 1))
        if (other != holder)
            queue(view, other, line);
}

void view_content(const struct view *view, int holder, uint32_t index, uint8_t *out)
{
    const struct dcache *cache = view->caches[holder];
    uint64_t line = dcache_line_no(cache, index);
    const struct directory_entry *entry = directory_get(&view->directory, line);

    if (!cache->lines[index].divergent)
        memcpy(out, truth_of(view, entry, line), GM_LINE_BYTES);
    else if (entry->shown == holder)
        memcpy(out, gm_line_ptr(view->gm, line), GM_LINE_BYTES);
    else
        memcpy(out, dcache_copy(cache, index), GM_LINE_BYTES);
}

void view_clean(struct view *view, int holder, uint32_t index)
{
    struct dcache_line *held = &view->caches[holder]->lines[index];
    uint64_t line = dcache_line_no(view->caches[holder], index);
    struct directory_entry *entry = directory_get(&view->directory, line);
    uint8_t bytes[GM_LINE_BYTES];

    if (!held->dirty)
        return;
    held->dirty = false;
    if (!held->divergent)
        return;
    view_content(view, holder, index, bytes);
    write_line(view, line, 0, bytes, GM_LINE_BYTES, GM_WRITER_AICPU_CLEAN, holder);
    if (entry->shown == holder)
        entry->shown = DIRECTORY_NOBODY; /* the mapping and the bytes beside it are the same now */
    held->divergent = false;
}

void view_drop(struct view *view, int holder, uint32_t index)
{
    struct dcache *cache = view->caches[holder];
    uint64_t line = dcache_line_no(cache, index);
    struct directory_entry *entry = directory_get(&view->directory, line);

    if (cache->lines[index].divergent && entry->shown == holder) {
        memcpy(gm_line_ptr(view->gm, line), dcache_copy(cache, index), GM_LINE_BYTES);
        entry->shown = DIRECTORY_NOBODY;
    }
    directory_remove(entry, holder);
    dcache_clear(cache, index);
    directory_release(&view->directory, line);
}
