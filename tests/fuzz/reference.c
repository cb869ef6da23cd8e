/* reference.c - see reference.h. Obvious before fast: each rule of the memory model stands here once, in its own
 * function. */
#include "tests/fuzz/reference.h"

#include <stddef.h>
#include <string.h>

void reference_reset(struct reference *ref, bool dma_snooped, uint8_t byte)
{
    memset(ref, 0, sizeof(*ref));
    ref->dma_snooped = dma_snooped;
    memset(ref->gm, byte, SIZE);
    memset(ref->before, byte, SIZE);
}

/* ---- GM changes ---- */

static void change_gm(struct reference *ref, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    uint32_t line = at / LINE_BYTES * LINE_BYTES;

    memcpy(ref->before + line, ref->gm + line, LINE_BYTES);
    memcpy(ref->gm + at, bytes, size);
}

/* An AICore's line reaches GM whole. No AICore is told; the cluster's copy is gone. */
static void writeback_arrives(struct reference *ref, const struct ref_parcel *parcel)
{
    change_gm(ref, parcel->at, LINE_BYTES, parcel->bytes);
    ref->caches[CLUSTER][parcel->at / LINE_BYTES].held = false;
}

/* The cluster writes a dirty line over whatever stands in GM by now. No AICore is told. */
static void clean(struct reference *ref, uint32_t line)
{
    struct ref_line *held = &ref->caches[CLUSTER][line];

    if (held->dirty)
        change_gm(ref, line * LINE_BYTES, LINE_BYTES, held->bytes);
    held->dirty = false;
}

/* ---- a cache takes a line and lets go of one ---- */

static void send(struct ref_list *list, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    struct ref_parcel *parcel = &list->parcels[list->count++];

    parcel->at = at;
    parcel->size = size;
    memcpy(parcel->bytes, bytes, size);
}

static void let_go(struct reference *ref, int holder, uint32_t line, bool keep_what_is_dirty)
{
    struct ref_line *held = &ref->caches[holder][line];

    if (held->held && held->dirty && keep_what_is_dirty) {
        if (holder == CLUSTER)
            clean(ref, line);
        else
            send(&ref->writebacks[holder], line * LINE_BYTES, LINE_BYTES, held->bytes);
    }
    held->held = false;
}

/* A set has WAYS lines: the one whose last use is longest ago makes room. */
static void make_room(struct reference *ref, int holder, uint32_t line)
{
    int oldest = NOBODY, count = 0;

    for (int other = (int)line % SETS; other < LINES; other += SETS) {
        if (!ref->caches[holder][other].held)
            continue;
        count++;
        if (oldest == NOBODY || ref->caches[holder][other].used < ref->caches[holder][oldest].used)
            oldest = other;
    }
    if (count == WAYS)
        let_go(ref, holder, (uint32_t)oldest, true);
}

static void fill(struct reference *ref, int holder, uint32_t line, const uint8_t *from)
{
    struct ref_line *held = &ref->caches[holder][line];

    make_room(ref, holder, line);
    memset(held, 0, sizeof(*held));
    held->held = true;
    held->used = ++ref->now;
    memcpy(held->bytes, from + line * LINE_BYTES, LINE_BYTES);
}

/* A core's fill of a line queues behind its own write-back of it. */
static void wait_for_own_writeback(struct reference *ref, int core, uint32_t line)
{
    struct ref_list *list = &ref->writebacks[core];
    uint32_t until = 0;

    for (uint32_t i = 0; i < list->count; i++)
        if (list->parcels[i].at == line * LINE_BYTES)
            until = i + 1;
    while (until--)
        reference_arrive(ref, core);
}

void reference_fetch(struct reference *ref, int holder, uint32_t line, bool older)
{
    if (ref->caches[holder][line].held)
        return;
    if (holder != CLUSTER)
        wait_for_own_writeback(ref, holder, line);
    fill(ref, holder, line, older ? ref->before : ref->gm);
}

static struct ref_line *use(struct reference *ref, int holder, uint32_t line)
{
    reference_fetch(ref, holder, line, false);
    ref->caches[holder][line].used = ++ref->now;
    return &ref->caches[holder][line];
}

/* ---- loads and stores ---- */

/* The part of [@at, @at + @size) that is in the first line. */
static uint32_t in_line(uint32_t at, uint32_t size)
{
    uint32_t left = LINE_BYTES - at % LINE_BYTES;

    return size < left ? size : left;
}

void reference_load(struct reference *ref, int agent, uint32_t at, uint32_t size)
{
    for (uint32_t part; size; at += part, size -= part) {
        part = in_line(at, size);
        use(ref, holder_of(agent), at / LINE_BYTES);
    }
}

static void change_line(struct ref_line *held, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    held->dirty = true;
    memset(held->written + at % LINE_BYTES, true, size);
    memcpy(held->bytes + at % LINE_BYTES, bytes, size);
}

/* An AICore's store ends in its cache; a thread's waits in a list of its own. */
void reference_store(struct reference *ref, int agent, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    for (uint32_t part; size; at += part, bytes += part, size -= part) {
        part = in_line(at, size);
        if (is_thread(agent))
            send(&ref->stores[agent - AICORES], at, part, bytes);
        else
            change_line(use(ref, agent, at / LINE_BYTES), at, part, bytes);
    }
}

/* The cluster takes the line and changes it, and GM with it, by those bytes only. */
static void store_arrives(struct reference *ref, const struct ref_parcel *parcel)
{
    change_line(use(ref, CLUSTER, parcel->at / LINE_BYTES), parcel->at, parcel->size, parcel->bytes);
    change_gm(ref, parcel->at, parcel->size, parcel->bytes);
}

uint64_t reference_rmw(struct reference *ref, int thread, uint32_t at, uint32_t size, uint64_t operand)
{
    struct ref_parcel sum = {.at = at, .size = size};
    uint64_t old = 0, value;

    reference_fence(ref, thread);
    memcpy(&old, use(ref, CLUSTER, at / LINE_BYTES)->bytes + at % LINE_BYTES, size);
    value = old + operand;
    memcpy(sum.bytes, &value, size);
    store_arrives(ref, &sum);
    return old;
}

uint64_t reference_sees(const struct reference *ref, int agent, uint32_t line, uint8_t *bytes)
{
    const struct ref_line *held = &ref->caches[holder_of(agent)][line];
    const struct ref_list *own = is_thread(agent) ? &ref->stores[agent - AICORES] : NULL;
    uint64_t seen = held->held ? ~0ull : 0;

    memcpy(bytes, held->bytes, LINE_BYTES);
    for (uint32_t i = 0; own && i < own->count; i++) {
        const struct ref_parcel *store = &own->parcels[i];

        if (store->at / LINE_BYTES != line)
            continue;
        memcpy(bytes + store->at % LINE_BYTES, store->bytes, store->size);
        for (uint32_t byte = 0; byte < store->size; byte++)
            seen |= 1ull << (store->at % LINE_BYTES + byte);
    }
    return seen;
}

/* ---- cache maintenance ---- */

void reference_dcci(struct reference *ref, int core, int line, bool clean)
{
    for (int each = 0; each < LINES; each++)
        if (line == NOBODY || each == line)
            let_go(ref, core, (uint32_t)each, clean);
}

void reference_invalidate(struct reference *ref, uint32_t at, uint32_t size, bool keep)
{
    for (uint32_t line = at / LINE_BYTES; size && line <= (at + size - 1) / LINE_BYTES; line++) {
        if (!ref->caches[CLUSTER][line].held)
            continue;
        if (keep)
            clean(ref, line);
        else
            let_go(ref, CLUSTER, line, true);
    }
}

/* ---- what was sent arrives, in order ---- */

void reference_arrive(struct reference *ref, int agent)
{
    struct ref_list *list = sent_by(ref, agent);
    struct ref_parcel oldest;

    if (!list->count)
        return;
    oldest = list->parcels[0];
    list->count--;
    memmove(list->parcels, list->parcels + 1, list->count * sizeof(oldest));
    if (is_thread(agent))
        store_arrives(ref, &oldest);
    else
        writeback_arrives(ref, &oldest);
}

void reference_fence(struct reference *ref, int agent)
{
    while (sent_by(ref, agent)->count)
        reference_arrive(ref, agent);
}

/* The host's copy goes to GM. No AICore is told; the cluster only where it snoops: then its copy is gone. */
void reference_dma_write(struct reference *ref, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    for (uint32_t part; size; at += part, bytes += part, size -= part) {
        part = in_line(at, size);
        change_gm(ref, at, part, bytes);
        if (ref->dma_snooped)
            ref->caches[CLUSTER][at / LINE_BYTES].held = false;
    }
}

/* ---- allocation ---- */

uint32_t reference_alloc(struct reference *ref, uint32_t size)
{
    uint32_t units = (size + UNIT_BYTES - 1) / UNIT_BYTES, hole = 0;

    for (uint32_t unit = 1; units && unit < UNITS; unit++) {
        hole = ref->owner[unit] ? 0 : hole + 1;
        if (hole < units)
            continue;
        for (uint32_t taken = unit + 1 - units; taken <= unit; taken++)
            ref->owner[taken] = unit + 1 - units;
        return (unit + 1 - units) * UNIT_BYTES;
    }
    return 0;
}

bool reference_free(struct reference *ref, uint32_t at)
{
    uint32_t first = at / UNIT_BYTES;

    if (at % UNIT_BYTES || !first || ref->owner[first] != first)
        return false;
    for (uint32_t unit = first; unit < UNITS && ref->owner[unit] == first; unit++)
        ref->owner[unit] = 0;
    return true;
}
