/* shadow.c - see shadow.h. */
#include "tools/check/shadow.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tools/check/need.h"

/* ---- segments ---- */

static void remove_at(struct segments *segments, uint32_t i)
{
    struct segment *items = segments_list(segments);

    origin_drop(items[i].origin);
    items[i] = items[--segments->count];
}

static void grow(struct segments *segments)
{
    uint32_t capacity = 2 * segments->count;
    struct segment *many = need(realloc(segments->capacity ? segments->many : NULL, capacity * sizeof(*many)));

    if (!segments->capacity)
        memcpy(many, segments->few, sizeof(segments->few));
    segments->many = many;
    segments->capacity = capacity;
}

void segments_set(struct segments *segments, uint64_t mask, struct origin *origin)
{
    origin_keep(origin); /* it may stand in what is replaced */
    for (uint32_t i = 0; i < segments->count;) {
        struct segment *segment = &segments_list(segments)[i];

        if (origin && segment->origin == origin)
            mask |= segment->mask;
        segment->mask &= ~mask;
        if (segment->mask)
            i++;
        else
            remove_at(segments, i);
    }
    if (!origin)
        return;
    if (segments->count == (segments->capacity ? segments->capacity : SEGMENTS_FEW))
        grow(segments);
    segments_list(segments)[segments->count++] = (struct segment){mask, origin};
}

struct origin *segments_at(const struct segments *segments, uint32_t byte)
{
    for (uint32_t i = 0; i < segments->count; i++)
        if (segments_list(segments)[i].mask >> byte & 1)
            return segments_list(segments)[i].origin;
    return NULL;
}

uint64_t segments_mask(const struct segments *segments)
{
    uint64_t mask = 0;

    for (uint32_t i = 0; i < segments->count; i++)
        mask |= segments_list(segments)[i].mask;
    return mask;
}

void segments_copy(struct segments *to, const struct segments *from, uint64_t mask)
{
    for (uint32_t i = 0; i < from->count; i++)
        if (segments_list(from)[i].mask & mask)
            segments_set(to, segments_list(from)[i].mask & mask, segments_list(from)[i].origin);
}

void segments_clear(struct segments *segments)
{
    if (!segments->count && !segments->capacity)
        return;
    for (uint32_t i = 0; i < segments->count; i++)
        origin_drop(segments_list(segments)[i].origin);
    if (segments->capacity)
        free(segments->many);
    *segments = (struct segments){0};
}

/* ---- clobbers ---- */

static void clobber_free(struct clobber *clobber)
{
    origin_drop(clobber->lost);
    origin_drop(clobber->store);
    free(clobber);
}

void clobber_drop(struct shadow_line *line, uint64_t mask)
{
    for (struct clobber **link = &line->clobbers; *link;) {
        struct clobber *clobber = *link;

        clobber->mask &= ~mask;
        if (clobber->mask) {
            link = &clobber->next;
            continue;
        }
        *link = clobber->next;
        clobber_free(clobber);
    }
}

/* ---- sightings ---- */

void sighting_add(struct shadow_line *line, const struct origin *origin, uint32_t reader)
{
    struct sighting *oldest;

    if (!line->sightings)
        line->sightings = need(calloc(SIGHTINGS, sizeof(*line->sightings)));
    oldest = &line->sightings[0];
    for (int i = 0; i < SIGHTINGS; i++) {
        struct sighting *sighting = &line->sightings[i];

        if (sighting->agent == origin->agent && sighting->epoch == origin->epoch) {
            agent_set_add(&sighting->readers, reader);
            return;
        }
        if (sighting->epoch < oldest->epoch)
            oldest = sighting;
    }
    *oldest = (struct sighting){.agent = origin->agent, .epoch = origin->epoch};
    agent_set_add(&oldest->readers, reader);
}

bool sighting_covers(const struct shadow_line *line, const struct origin *origin, uint32_t reader, bool direct)
{
    for (int i = 0; line->sightings && i < SIGHTINGS; i++) {
        const struct sighting *sighting = &line->sightings[i];

        if (sighting->agent == origin->agent && sighting->epoch >= origin->epoch &&
            (!direct || agent_set_has(&sighting->readers, reader)))
            return true;
    }
    return false;
}

/* ---- pages ---- */

static struct shadow_page *lines_of(const struct shadow *shadow, uint64_t page)
{
    uintptr_t entry = shadow->entries[page];

    return entry & 1 ? NULL : (struct shadow_page *)entry;
}

static struct origin *whole_of(const struct shadow *shadow, uint64_t page)
{
    uintptr_t entry = shadow->entries[page];

    return entry & 1 ? (struct origin *)(entry - 1) : NULL;
}

static void line_free(struct shadow_line *line)
{
    if (!line)
        return;
    clobber_drop(line, ~0ull);
    segments_clear(&line->writers);
    free(line->sightings);
    free(line);
}

/* All of the page is of @origin, and nothing else is known of it. */
static void set_page(struct shadow *shadow, uint64_t page, struct origin *origin)
{
    struct shadow_page *lines = lines_of(shadow, page);

    origin_keep(origin);
    origin_drop(whole_of(shadow, page));
    if (lines) {
        for (int i = 0; i < SHADOW_PAGE_LINES; i++)
            line_free(lines->lines[i]);
        origin_drop(lines->origin);
        free(lines);
    }
    shadow->entries[page] = origin ? (uintptr_t)origin | 1 : 0;
}

struct shadow *shadow_new(const struct gm *gm)
{
    struct shadow *shadow = calloc(1, sizeof(*shadow));

    if (!shadow)
        return NULL;
    shadow->gm = gm;
    shadow->pages = (gm->size >> (GM_LINE_SHIFT + SHADOW_PAGE_SHIFT)) + 1;
    shadow->entries = mmap(NULL, shadow->pages * sizeof(*shadow->entries), PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shadow->entries != MAP_FAILED)
        return shadow;
    free(shadow);
    return NULL;
}

void shadow_free(struct shadow *shadow)
{
    if (!shadow)
        return;
    for (uint64_t page = 0; page < shadow->pages; page++)
        if (shadow->entries[page])
            set_page(shadow, page, NULL);
    munmap(shadow->entries, shadow->pages * sizeof(*shadow->entries));
    free(shadow);
}

struct shadow_line *shadow_make(struct shadow *shadow, uint64_t line)
{
    uint64_t number = line >> SHADOW_PAGE_SHIFT;
    struct shadow_page *page = lines_of(shadow, number);
    struct shadow_line **place;

    if (!page) {
        page = need(calloc(1, sizeof(*page)));
        page->origin = whole_of(shadow, number); /* the entry's reference becomes the page's */
        shadow->entries[number] = (uintptr_t)page;
    }
    place = &page->lines[line & (SHADOW_PAGE_LINES - 1)];
    if (*place)
        return *place;
    *place = need(calloc(1, sizeof(**place)));
    segments_set(&(*place)->writers, ~0ull, page->origin);
    return *place;
}

static void write_part(struct shadow *shadow, uint64_t line, uint64_t mask, struct origin *origin)
{
    struct shadow_line *known = shadow_make(shadow, line);

    clobber_drop(known, mask);
    segments_set(&known->writers, mask, origin);
    known->verified = (struct agent_set){0};
}

void shadow_forget(struct shadow *shadow, uint64_t addr, uint64_t size)
{
    uint64_t first = (addr - (uintptr_t)shadow->gm->base) >> GM_LINE_SHIFT, end = first + (size >> GM_LINE_SHIFT);

    while (first < end) {
        uint64_t number = first >> SHADOW_PAGE_SHIFT;
        struct shadow_page *page = lines_of(shadow, number);

        if ((first & (SHADOW_PAGE_LINES - 1)) == 0 && end - first >= SHADOW_PAGE_LINES) {
            set_page(shadow, number, NULL);
            first += SHADOW_PAGE_LINES;
            continue;
        }
        if (!page && whole_of(shadow, number)) {
            shadow_make(shadow, first);
            page = lines_of(shadow, number);
        }
        if (page) {
            /* A line without an entry would be of the page's origin. */
            struct shadow_line *line = shadow_make(shadow, first);
            uint32_t in_flight = line->in_flight;

            clobber_drop(line, ~0ull);
            segments_clear(&line->writers);
            free(line->sightings);
            *line = (struct shadow_line){.in_flight = in_flight};
        }
        first++;
    }
}

void shadow_write(struct shadow *shadow, uint64_t addr, uint64_t size, struct origin *origin)
{
    uint64_t offset = addr - (uintptr_t)shadow->gm->base;

    while (size) {
        uint64_t part = GM_LINE_BYTES - offset % GM_LINE_BYTES;

        if (offset % SHADOW_PAGE_BYTES == 0 && size >= SHADOW_PAGE_BYTES) {
            part = SHADOW_PAGE_BYTES;
            set_page(shadow, offset / SHADOW_PAGE_BYTES, origin);
        } else {
            part = part < size ? part : size;
            write_part(shadow, offset >> GM_LINE_SHIFT, gm_line_mask(offset % GM_LINE_BYTES, (uint32_t)part), origin);
        }
        offset += part;
        size -= part;
    }
}

bool shadow_written(const struct shadow *shadow, uint64_t addr, uint64_t size)
{
    uint64_t offset = addr - (uintptr_t)shadow->gm->base, end = offset + size;

    while (offset < end) {
        uint64_t line = offset >> GM_LINE_SHIFT, next = (line + 1) << GM_LINE_SHIFT;
        const struct shadow_page *page = lines_of(shadow, line >> SHADOW_PAGE_SHIFT);
        const struct shadow_line *known = shadow_get(shadow, line);
        uint32_t part = (uint32_t)((next < end ? next : end) - offset);

        if (known  ? (segments_mask(&known->writers) & gm_line_mask(offset % GM_LINE_BYTES, part)) != 0
            : page ? page->origin != NULL
                   : whole_of(shadow, line >> SHADOW_PAGE_SHIFT) != NULL)
            return true;
        offset = page ? next : (((line >> SHADOW_PAGE_SHIFT) + 1) << (SHADOW_PAGE_SHIFT + GM_LINE_SHIFT));
    }
    return false;
}

void shadow_each(const struct shadow *shadow, uint64_t addr, uint64_t size,
                 void (*each)(void *ctx, uint64_t line, struct shadow_line *known), void *ctx)
{
    uint64_t first = (addr - (uintptr_t)shadow->gm->base) >> GM_LINE_SHIFT;
    uint64_t last = (addr + size - 1 - (uintptr_t)shadow->gm->base) >> GM_LINE_SHIFT;

    for (uint64_t line = first; size && line <= last;) {
        const struct shadow_page *page = lines_of(shadow, line >> SHADOW_PAGE_SHIFT);

        if (!page) {
            line = ((line >> SHADOW_PAGE_SHIFT) + 1) << SHADOW_PAGE_SHIFT;
            continue;
        }
        if (page->lines[line & (SHADOW_PAGE_LINES - 1)])
            each(ctx, line, page->lines[line & (SHADOW_PAGE_LINES - 1)]);
        line++;
    }
}
