/* dcache.h - a set-associative cache of 64 B lines: tags, LRU, and what is special about each line.
 *
 * The bytes of a line normally stand in GM's mapping; only a *divergent* line (one whose content differs from GM)
 * carries 64 bytes of its own, and view.c alone says when. A tag is the GM line number plus one; 0 is an empty way.
 */
#ifndef DAV_DCACHE_H
#define DAV_DCACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/chipfile.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DCACHE_NONE UINT32_MAX

struct dcache_line {
    uint64_t stamp;   /* LRU: larger is more recent */
    uint64_t written; /* bit i: this core wrote byte i since the fill */
    uint64_t filled_ps;
    uint64_t dirtied_ps; /* first store since it was clean */
    uint32_t launch;     /* the launch in which the line was filled */
    bool dirty;
    bool divergent; /* `copy` is in use: see view.h */
    bool queued;    /* already on the owner's list of lines to show */
};

/* Where a line was found when it was used last, by its low bits: the port's fast path looks here only. */
struct dcache_recent {
    uint64_t line; /* DCACHE_NO_LINE if none */
    struct dcache_line *held;
};

#define DCACHE_NO_LINE UINT64_MAX

struct dcache {
    struct dcache_recent *recent; /* at least one a way, a power of two */
    uint64_t recent_mask;
    uint64_t *tags;            /* sets * ways */
    struct dcache_line *lines; /* same index as tags */
    uint8_t *copies;           /* 64 B a line, used while divergent */
    uint32_t set_mask;
    uint32_t ways;
    uint32_t count; /* sets * ways */
    uint64_t tick;
};

/** dcache_init - an empty cache. Return 0, or -1 without memory. The geometry was checked by the chip-file reader. */
int dcache_init(struct dcache *cache, const struct cache_geometry *geometry);
void dcache_fini(struct dcache *cache);

/** dcache_find - index of @line, or DCACHE_NONE. Does not touch LRU. */
static inline uint32_t dcache_find(const struct dcache *cache, uint64_t line)
{
    uint32_t first = ((uint32_t)line & cache->set_mask) * cache->ways;
    const uint64_t *tags = cache->tags + first;

    for (uint32_t way = 0; way < cache->ways; way++)
        if (tags[way] == line + 1)
            return first + way;
    return DCACHE_NONE;
}

static inline void dcache_touch(struct dcache *cache, uint32_t index)
{
    uint64_t line = cache->tags[index] - 1;

    cache->lines[index].stamp = ++cache->tick;
    cache->recent[line & cache->recent_mask] = (struct dcache_recent){line, &cache->lines[index]};
}

/** dcache_victim - the way that @line would take: an empty one, else the least recently used of its set. */
uint32_t dcache_victim(const struct dcache *cache, uint64_t line);

/** dcache_put - make @index hold @line, clean, most recent. The way must have been emptied. */
void dcache_put(struct dcache *cache, uint32_t index, uint64_t line, uint64_t now_ps, uint32_t launch);

/** dcache_clear - empty the way. */
void dcache_clear(struct dcache *cache, uint32_t index);

static inline bool dcache_valid(const struct dcache *cache, uint32_t index)
{
    return cache->tags[index] != 0;
}

static inline uint64_t dcache_line_no(const struct dcache *cache, uint32_t index)
{
    return cache->tags[index] - 1;
}

static inline uint8_t *dcache_copy(const struct dcache *cache, uint32_t index)
{
    return cache->copies + (uint64_t)index * 64;
}

#ifdef __cplusplus
}
#endif
#endif
