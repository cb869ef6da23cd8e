/* dcache.c - see dcache.h. */
#include "model/memory/dcache.h"

#include <stdlib.h>
#include <string.h>

#include "model/memory/gm.h"

int dcache_init(struct dcache *cache, const struct cache_geometry *geometry)
{
    uint32_t count = (uint32_t)(geometry->size_bytes / GM_LINE_BYTES);
    uint64_t recents;

    memset(cache, 0, sizeof(*cache));
    cache->ways = geometry->ways;
    cache->count = count;
    cache->set_mask = count / geometry->ways - 1;
    cache->tags = calloc(count, sizeof(*cache->tags));
    cache->lines = calloc(count, sizeof(*cache->lines));
    cache->copies = calloc(count, GM_LINE_BYTES);
    for (recents = 1; recents < count;)
        recents *= 2;
    cache->recent_mask = recents - 1;
    cache->recent = calloc(recents, sizeof(*cache->recent));
    for (uint64_t i = 0; cache->recent && i < recents; i++)
        cache->recent[i].line = DCACHE_NO_LINE;
    if (cache->tags && cache->lines && cache->copies && cache->recent)
        return 0;
    dcache_fini(cache);
    return -1;
}

void dcache_fini(struct dcache *cache)
{
    free(cache->tags);
    free(cache->lines);
    free(cache->copies);
    free(cache->recent);
    memset(cache, 0, sizeof(*cache));
}

uint32_t dcache_victim(const struct dcache *cache, uint64_t line)
{
    uint32_t first = ((uint32_t)line & cache->set_mask) * cache->ways;
    uint32_t oldest = first;

    for (uint32_t index = first; index < first + cache->ways; index++) {
        if (!dcache_valid(cache, index))
            return index;
        if (cache->lines[index].stamp < cache->lines[oldest].stamp)
            oldest = index;
    }
    return oldest;
}

void dcache_put(struct dcache *cache, uint32_t index, uint64_t line, uint64_t now_ps, uint32_t launch)
{
    cache->tags[index] = line + 1;
    cache->lines[index] = (struct dcache_line){.filled_ps = now_ps, .launch = launch};
    dcache_touch(cache, index);
}

void dcache_clear(struct dcache *cache, uint32_t index)
{
    struct dcache_recent *recent = &cache->recent[(cache->tags[index] - 1) & cache->recent_mask];

    if (recent->held == &cache->lines[index])
        recent->line = DCACHE_NO_LINE;
    cache->tags[index] = 0;
    cache->lines[index].dirty = false;
    cache->lines[index].divergent = false;
    cache->lines[index].queued = false;
}
