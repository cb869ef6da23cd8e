/* l2.c - see l2.h.
 *
 * A set is kept in the order of its use. So looking for a sector and making it the most recent are one pass: the tag is
 * put in front, and what it displaces moves one way back, until the sector's old place is met; what moves out behind
 * the last way is evicted.
 */
#include "model/memory/l2.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DIRTY = 1, HOST_LINE_BYTES = 64 };

int l2_init(struct l2 *l2, const struct l2_geometry *geometry)
{
    uint64_t set_bytes = (uint64_t)geometry->ways * geometry->sector_bytes;
    uint64_t sets = geometry->size_bytes / set_bytes;

    assert(__builtin_popcount(geometry->sector_bytes) == 1);
    assert(sets && sets <= UINT32_MAX && sets * set_bytes == geometry->size_bytes);
    memset(l2, 0, sizeof(*l2));
    l2->sets = (uint32_t)sets;
    l2->ways = geometry->ways;
    l2->sector_shift = (uint32_t)__builtin_ctz(geometry->sector_bytes);
    l2->memory = calloc(sets * l2->ways * sizeof(*l2->tags) + HOST_LINE_BYTES, 1);
    if (!l2->memory)
        return -1;
    /* A set of 16 ways is one line of the host's. */
    l2->tags = (uint32_t *)(((uintptr_t)l2->memory + HOST_LINE_BYTES - 1) & ~(uintptr_t)(HOST_LINE_BYTES - 1));
    return 0;
}

void l2_fini(struct l2 *l2)
{
    free(l2->memory);
    memset(l2, 0, sizeof(*l2));
}

void l2_reset(struct l2 *l2)
{
    memset(l2->tags, 0, (uint64_t)l2->sets * l2->ways * sizeof(*l2->tags));
}

/* Make @tag the most recent of its set. Return whether it was there; else *@evicted is the tag that had to go, or 0. */
static inline bool use(uint32_t *set, uint32_t ways, uint32_t tag, uint32_t dirty, uint32_t *evicted)
{
    uint32_t moving = tag | dirty;

    for (uint32_t way = 0; way < ways; way++) {
        uint32_t held = set[way];

        set[way] = moving;
        if ((held & ~(uint32_t)DIRTY) == tag) {
            set[0] |= held & DIRTY;
            return true;
        }
        moving = held;
    }
    *evicted = moving;
    return false;
}

static void count(struct l2 *l2, uint64_t bytes, const struct l2_traffic *traffic, bool write)
{
    if (write) {
        l2->done.write_hit_bytes += bytes - traffic->missed_bytes;
        l2->done.write_missed_bytes += traffic->missed_bytes;
    } else {
        l2->done.read_hit_bytes += bytes - traffic->missed_bytes;
        l2->done.read_missed_bytes += traffic->missed_bytes;
    }
    l2->done.written_back_bytes += traffic->written_back_bytes;
}

struct l2_traffic l2_touch(struct l2 *l2, uint64_t offset, uint64_t bytes, bool write)
{
    struct l2_traffic traffic = {0};
    uint64_t end = offset + bytes, sector_bytes = 1ull << l2->sector_shift;
    uint32_t set, tag;

    if (!bytes)
        return traffic;
    assert((end - 1) >> l2->sector_shift < L2_SECTORS_MAX);
    tag = ((uint32_t)(offset >> l2->sector_shift) + 1) * 2;
    set = (uint32_t)((offset >> l2->sector_shift) % l2->sets);
    for (uint64_t at = offset, next; at < end; at = next) {
        uint32_t evicted;

        next = (at | (sector_bytes - 1)) + 1;
        if (!use(l2->tags + (uint64_t)set * l2->ways, l2->ways, tag, write ? DIRTY : 0, &evicted)) {
            traffic.missed_bytes += (next < end ? next : end) - at;
            traffic.written_back_bytes += evicted & DIRTY ? sector_bytes : 0;
        }
        tag += 2;
        set = set + 1 < l2->sets ? set + 1 : 0;
    }
    count(l2, bytes, &traffic, write);
    return traffic;
}

/* Take the way out of its set. */
static void drop(uint32_t *set, uint32_t ways, uint32_t way)
{
    memmove(set + way, set + way + 1, (ways - way - 1) * sizeof(*set));
    set[ways - 1] = 0;
}

/* Drop what lies in [@first, @past) of one set. */
static void forget_in_set(uint32_t *set, uint32_t ways, uint64_t first, uint64_t past)
{
    for (uint32_t way = 0; way < ways && set[way];) {
        uint64_t sector = set[way] / 2 - 1;

        if (sector >= first && sector < past)
            drop(set, ways, way);
        else
            way++;
    }
}

void l2_forget(struct l2 *l2, uint64_t offset, uint64_t bytes)
{
    uint64_t first = offset >> l2->sector_shift, past = ((offset + bytes - 1) >> l2->sector_shift) + 1;
    uint64_t sets = past - first < l2->sets ? past - first : l2->sets;

    if (!bytes)
        return;
    for (uint64_t i = 0; i < sets; i++)
        forget_in_set(l2->tags + (first + i) % l2->sets * l2->ways, l2->ways, first, past);
}
