/* shadow.h - what is remembered of GM: who wrote each byte last, and what is known to be in order.
 *
 * Bytes of a line that have the same origin are one segment; most lines have one or two. A page that was copied from
 * the host as a whole has one origin and no lines of its own until somebody looks closer. A byte without an origin was
 * never written since its memory was allocated.
 */
#ifndef DAV_SHADOW_H
#define DAV_SHADOW_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "model/memory/gm.h"
#include "tools/check/happens.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- bytes of a line, by origin ---- */

struct segment {
    uint64_t mask; /* bit i: byte i of the line; the masks of a list are disjoint */
    struct origin *origin;
};

/* Most lists are short: the first few stand in the structure itself. */
enum { SEGMENTS_FEW = 2 };

struct segments {
    uint32_t count, capacity; /* capacity: of `many`, 0 while there is none */
    union {
        struct segment few[SEGMENTS_FEW];
        struct segment *many;
    };
};

/** segments_list - the segments, `count` of them, to be read. */
static inline struct segment *segments_list(const struct segments *segments)
{
    return segments->capacity ? segments->many : (struct segment *)segments->few;
}

/** segments_set - the bytes of @mask are of @origin now (NULL: of nobody). Takes a reference of its own. */
void segments_set(struct segments *segments, uint64_t mask, struct origin *origin);

/** segments_at - the origin of byte @byte, NULL if none. */
struct origin *segments_at(const struct segments *segments, uint32_t byte);

/** segments_mask - all bytes that have an origin. */
uint64_t segments_mask(const struct segments *segments);

/** segments_copy - set in @to all that @from says of the bytes of @mask. */
void segments_copy(struct segments *to, const struct segments *from, uint64_t mask);

/** segments_clear - forget all. */
void segments_clear(struct segments *segments);

/** line_difference - the bytes in which two lines differ. */
static inline uint64_t line_difference(const uint8_t *a, const uint8_t *b)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7full;
    uint64_t mask = 0, x, y;

    for (uint32_t i = 0; i < GM_LINE_BYTES; i += sizeof(x)) {
        memcpy(&x, a + i, sizeof(x));
        memcpy(&y, b + i, sizeof(y));
        x ^= y;
        if (!x)
            continue;
        x = (((x & low) + low) | x) & ~low;                    /* the highest bit of each byte that is not 0 */
        mask |= ((x >> 7) * 0x0102040810204080ull >> 56) << i; /* and these side by side */
    }
    return mask;
}

/* ---- lines ---- */

struct finding;

/* Bytes that a write replaced although their writer's value should have stayed; told of when somebody reads them. */
struct clobber {
    uint64_t mask;
    struct origin *lost;  /* who had written them */
    struct origin *store; /* what made the line dirty that went over them; NULL if unknown */
    uint32_t agent;       /* whose line it was */
    uint64_t pc;          /* of the dcci or the like that sent it off, 0 for an eviction */
    uint64_t time_ps;     /* it arrived then */
    uint64_t lost_ps;     /* and the others had arrived then at the latest */
    bool is_dma;          /* what was lost came from the host */
    bool is_store;        /* not a write-back but a store that did not know of the other */
    bool is_late;         /* a write-back of older bytes that came only after what it replaced */
    bool is_drop;         /* no write at all: a dirty line was dropped */
    uint64_t filled_ps, dirtied_ps;
    uint8_t before[GM_LINE_BYTES], after[GM_LINE_BYTES];
    struct clobber *next;
};

/* A synchronizing store into the line that somebody has read: what the same agent had written in the line before was
 * visible to him then, and is to all whom he lets know. */
struct sighting {
    uint32_t agent, epoch;
    struct agent_set readers;
};

enum { SIGHTINGS = 4 };

struct shadow_line {
    struct agent_set verified; /* whose loads of the bytes of `known` find nothing until the line changes */
    uint64_t known;            /* bytes that are allocated, and that somebody has written */
    uint64_t inside;           /* bytes that are allocated */
    bool measured;             /* `inside` is filled in */
    uint32_t in_flight;        /* write-backs of it on their way */
    struct segments writers;
    struct clobber *clobbers;
    struct sighting *sightings; /* the latest SIGHTINGS of them, NULL if there is none */
    struct finding *early;      /* of a read before anybody had written: it waits for its writer */
};

enum { SHADOW_PAGE_LINES = 64, SHADOW_PAGE_SHIFT = 6, SHADOW_PAGE_BYTES = SHADOW_PAGE_LINES * GM_LINE_BYTES };

struct shadow_page {
    struct origin *origin; /* of lines without an entry of their own */
    struct shadow_line *lines[SHADOW_PAGE_LINES];
};

/* A page's entry points to its lines, or, with the lowest bit set, to the one origin of all its bytes; 0 when nothing
 * is known. */
struct shadow {
    const struct gm *gm;
    uint64_t pages;
    uintptr_t *entries;
};

/** shadow_new - over all of @gm. NULL without memory. */
struct shadow *shadow_new(const struct gm *gm);
void shadow_free(struct shadow *shadow);

/** shadow_get - what is known of @line by itself; NULL if nothing is, or only of its page. */
static inline struct shadow_line *shadow_get(const struct shadow *shadow, uint64_t line)
{
    uintptr_t entry = shadow->entries[line >> SHADOW_PAGE_SHIFT];
    const struct shadow_page *page = entry & 1 ? NULL : (const struct shadow_page *)entry;

    return page ? page->lines[line & (SHADOW_PAGE_LINES - 1)] : NULL;
}

/** shadow_whole - whether the page of @line has no lines of its own: then all of it is @origin's (NULL: nobody's). */
static inline bool shadow_whole(const struct shadow *shadow, uint64_t line, struct origin **origin)
{
    uintptr_t entry = shadow->entries[line >> SHADOW_PAGE_SHIFT];

    *origin = entry & 1 ? (struct origin *)(entry - 1) : NULL;
    return entry & 1 || !entry;
}

/** shadow_make - the same, made if need be. */
struct shadow_line *shadow_make(struct shadow *shadow, uint64_t line);

/** shadow_write - @origin (NULL: nobody) for all of [@addr, +@size). Lines that lie in it whole lose their clobbers. */
void shadow_write(struct shadow *shadow, uint64_t addr, uint64_t size, struct origin *origin);

/** shadow_forget - memory is allocated or given back: nobody has written [@addr, +@size), nothing is known of it. Both
 *  are multiples of a line. */
void shadow_forget(struct shadow *shadow, uint64_t addr, uint64_t size);

/** shadow_written - has anybody written a byte of [@addr, +@size)? */
bool shadow_written(const struct shadow *shadow, uint64_t addr, uint64_t size);

/** shadow_each - every line of its own in [@addr, +@size), in order of address. */
void shadow_each(const struct shadow *shadow, uint64_t addr, uint64_t size,
                 void (*each)(void *ctx, uint64_t line, struct shadow_line *known), void *ctx);

/** sighting_add - @reader has read the synchronizing store of @origin in the line. */
void sighting_add(struct shadow_line *line, const struct origin *origin, uint32_t reader);

/** sighting_covers - was @origin's store into the line visible when somebody (@reader itself, if @direct) read a later
 *  synchronizing one of the same agent? */
bool sighting_covers(const struct shadow_line *line, const struct origin *origin, uint32_t reader, bool direct);

/** clobber_drop - forget what is said of the bytes of @mask. */
void clobber_drop(struct shadow_line *line, uint64_t mask);

#ifdef __cplusplus
}
#endif
#endif
