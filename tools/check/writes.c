/* writes.c - the rules for what changes GM: it may replace what it should not.
 *
 * A write-back carries a whole line, so it also brings back what its core read long ago. Where GM has changed since,
 * the newer bytes are lost. That is remembered with the line (struct clobber) and told of when somebody reads them;
 * bytes that are written again before anybody looks never mattered.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/check/need.h"
#include "tools/check/state.h"

/* Copies of the line that the write does not reach are old from here on. */
void write_stale(struct check *check, uint64_t line, uint64_t mask, int writer)
{
    const struct chip_state *chip = check->chip;
    const struct directory_entry *entry = directory_get(&chip->view.directory, line);

    for (int holder = entry ? directory_next(entry, 0) : DIRECTORY_NOBODY; holder != DIRECTORY_NOBODY;
         holder = directory_next(entry, holder + 1)) {
        uint32_t index = dcache_find(chip->view.caches[holder], line);

        if (holder == writer || index == DCACHE_NONE)
            continue;
        check->held[holder][index].stale |= mask;
        check->held[holder][index].overtaken |= mask & segments_mask(&check->held[holder][index].own);
    }
}

/* Somebody has read these bytes too early: here is who wrote them. */
static void complete_early(struct check *check, struct shadow_line *known, const struct origin *origin)
{
    struct finding *finding = known->early;

    known->early = NULL;
    if (origin == check->unknown || finding->side_count == FINDING_SIDES)
        return;
    explain_resume(check, finding);
    explain_origin(check, origin,
                   origin->time_ps < finding->sides[0].time_ps ? "written, in GM only afterwards"
                                                               : "written only afterwards");
    explain_restore(check);
}

/* The bytes of @mask are now @origin's in GM, of which those of @differs are others than before: what was said of them
 * is void. A synchronizing store of what stood there before says nothing: nobody who reads it can tell that it was
 * made. */
void write_take(struct check *check, uint64_t line, uint64_t mask, uint64_t differs, struct origin *origin)
{
    struct shadow_line *known = check_line(check, line);

    clobber_drop(known, mask);
    if (origin->is_sync && !(mask & differs) && !(mask & ~segments_mask(&known->writers)))
        return;
    segments_set(&known->writers, mask, origin);
    known->verified = (struct agent_set){0};
    if (known->early && origin)
        complete_early(check, known, origin);
}

static struct clobber *add_clobber(struct shadow_line *known, uint64_t mask, struct origin *lost)
{
    struct clobber *clobber = need(calloc(1, sizeof(*clobber)));

    clobber_drop(known, mask);
    clobber->mask = mask;
    clobber->lost = origin_keep(lost);
    clobber->lost_ps = lost->time_ps;
    clobber->next = known->clobbers;
    known->clobbers = clobber;
    known->verified = (struct agent_set){0};
    return clobber;
}

/* ---- AICores: stores into the cache, and whole lines out of it ---- */

static void will_store(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access access,
                       int order)
{
    struct check *check = check_of(watch);
    bool gm = check_in_gm(check, addr), private = addr - core->private_base < core->private_size, outside = false;

    origin_drop(core->origin);
    core->origin = NULL;
    if (!gm && (access < ACCESS_VOLATILE || (private && (access == ACCESS_VOLATILE || !core->coherent))))
        return; /* memory of its own, or of the AICPU threads, which is coherent */
    core->origin = order_store(check, core, access, order);
    if (!gm && private && access == ACCESS_ATOMIC) { /* on its stack, for another thread: it does not arrive later */
        order_store_object(check, addr, core->origin, false);
        origin_drop(core->origin);
        core->origin = NULL;
        return;
    }
    for (uint64_t at = addr, end = addr + size; at < end && check_in_gm(check, at);) {
        uint64_t next = (at | (GM_LINE_BYTES - 1)) + 1, line = gm_line_of(&check->chip->gm, at);
        uint64_t mask = gm_line_mask(at & (GM_LINE_BYTES - 1), (uint32_t)((next < end ? next : end) - at));
        struct shadow_line *known = check_line(check, line);

        outside |= (mask & ~known->inside) != 0;
        late_passes(check, core, agent_of(check, core), core->origin, line, mask, known->in_flight);
        if (core->coherent)
            known->verified = (struct agent_set){0}; /* it stands in a store buffer now */
        at = next;
    }
    if (outside)
        check_outside(check, core, NULL, addr, size, true);
}

/* An AICore's store stands in its cache. */
static void stored(struct watch *watch, struct core *core, uint64_t addr, uint32_t size)
{
    struct check *check = check_of(watch);

    if (core->coherent || !core->origin)
        return;
    while (size && check_in_gm(check, addr)) {
        uint32_t first = addr & (GM_LINE_BYTES - 1);
        uint32_t part = GM_LINE_BYTES - first < size ? GM_LINE_BYTES - first : size;
        uint64_t line = gm_line_of(&check->chip->gm, addr), mask = gm_line_mask(first, part);
        uint32_t index = dcache_find(core->cache, line);
        struct held_line *held = index == DCACHE_NONE ? NULL : &check->held[core->holder][index];

        if (held)
            held->overtaken &= ~mask;
        if (held && !(held->own.count && segments_list(&held->own)[held->own.count - 1].origin == core->origin &&
                      (segments_list(&held->own)[held->own.count - 1].mask & mask) == mask)) {
            segments_set(&held->own, mask, core->origin);
            segments_set(&held->passed, mask, NULL);
            check_line(check, line)->verified = (struct agent_set){0};
        }
        addr += part;
        size -= part;
    }
}

static void filled(struct watch *watch, struct core *core, uint32_t index, uint64_t line, const uint8_t *old)
{
    struct check *check = check_of(watch);
    struct held_line *held = &check->held[core->holder][index];

    (void)line;
    held->overtaken = 0;
    held->stale = old ? ~0ull : 0; /* of a poll that is relived: which bytes are older is not known any more */
    segments_clear(&held->own);    /* of the line that stood here before and was dropped without being written back */
    segments_clear(&held->passed);
}

static void write_back(struct watch *watch, struct core *core, uint32_t index)
{
    struct check *check = check_of(watch);
    struct held_line *held = &check->held[core->holder][index];
    const struct dcache_line *line = &core->cache->lines[index];
    struct flights *flights = &check->flights[core->number];
    struct flight *flight = flight_new(check);

    late_knowingly(check, core, held, dcache_line_no(core->cache, index));
    *flight = (struct flight){.line = dcache_line_no(core->cache, index),
                              .own = held->own,
                              .passed = held->passed,
                              .pc = core->pc,
                              .filled_ps = line->filled_ps,
                              .dirtied_ps = line->dirtied_ps};
    view_content(&check->chip->view, core->holder, index, flight->bytes);
    held->own = held->passed = (struct segments){0};
    held->overtaken = 0;
    *flights->end = flight;
    flights->end = &flight->next;
    check_line(check, flight->line)->in_flight++;
    check_line(check, flight->line)->verified = (struct agent_set){0};
}

/* @lost of the bytes in GM are replaced by what core @core's line held. */
static void lose(struct check *check, const struct core *core, const struct flight *flight, struct shadow_line *known,
                 uint64_t lost, const uint8_t *gm)
{
    uint64_t now = check->chip->clock.time;

    for (uint32_t i = 0; i < known->writers.count; i++) {
        struct origin *victim = segments_list(&known->writers)[i].origin;
        uint64_t mask = segments_list(&known->writers)[i].mask & lost;
        struct clobber *clobber;

        if (!mask || victim == check->unknown)
            continue;
        clobber = add_clobber(known, mask, victim);
        clobber->is_dma = victim->agent == check->host;
        clobber->is_late = (mask & segments_mask(&flight->own)) != 0;
        clobber->agent = agent_of(check, core);
        clobber->pc = flight->pc;
        clobber->time_ps = now;
        clobber->filled_ps = flight->filled_ps;
        clobber->dirtied_ps = flight->dirtied_ps;
        clobber->store =
            origin_keep(flight->own.count ? segments_list(&flight->own)[flight->own.count - 1].origin : NULL);
        memcpy(clobber->before, gm, GM_LINE_BYTES);
        memcpy(clobber->after, flight->bytes, GM_LINE_BYTES);
    }
}

/* Bytes that the core did write, but before the host copied over them. */
static uint64_t older_than_dma(const struct check *check, const struct flight *flight, const struct shadow_line *known)
{
    uint64_t mask = 0;

    for (uint32_t i = 0; i < flight->own.count; i++) {
        const struct segment *own = &segments_list(&flight->own)[i];

        for (uint32_t j = 0; j < known->writers.count; j++) {
            const struct segment *writer = &segments_list(&known->writers)[j];

            if (writer->origin->agent == check->host && writer->origin->launch >= own->origin->launch)
                mask |= writer->mask & own->mask;
        }
    }
    return mask;
}

static void written_back(struct watch *watch, struct core *core, uint64_t line, const uint8_t *bytes)
{
    struct check *check = check_of(watch);
    struct flights *flights = &check->flights[core->number];
    struct flight *flight = flights->first;
    struct shadow_line *known = check_line(check, line);
    uint64_t at = check_line_addr(check, line), differs, own, kept;
    uint8_t gm[GM_LINE_BYTES];

    if (!flight || flight->line != line)
        return;
    flights->first = flight->next;
    if (!flights->first)
        flights->end = &flights->first;
    known->in_flight--;
    view_read(&check->chip->view, at, gm, GM_LINE_BYTES);
    differs = line_difference(gm, bytes);
    own = segments_mask(&flight->own);
    kept = older_than_dma(check, flight, known) | late_bytes(flight, known);
    lose(check, core, flight, known, differs & (~own | kept), gm);
    for (uint32_t i = 0; i < flight->own.count; i++)
        write_take(check, line, segments_list(&flight->own)[i].mask & ~kept, differs,
                   segments_list(&flight->own)[i].origin);
    write_stale(check, line, differs | own, core->holder);
    flight_free(check, flight);
}

/* A dirty line goes without being written back. */
static void dropped(struct watch *watch, struct core *core, uint32_t index)
{
    struct check *check = check_of(watch);
    struct held_line *held = &check->held[core->holder][index];
    const struct dcache_line *cached = &core->cache->lines[index];
    uint64_t line = dcache_line_no(core->cache, index);
    uint8_t gm[GM_LINE_BYTES], content[GM_LINE_BYTES];
    uint64_t newer;

    view_content(&check->chip->view, core->holder, index, content);
    view_read(&check->chip->view, check_line_addr(check, line), gm, GM_LINE_BYTES);
    newer = line_difference(gm, content) & ~held->stale;
    for (uint32_t i = 0; i < held->own.count; i++) {
        struct segment *own = &segments_list(&held->own)[i];
        struct clobber *clobber;

        if (!(own->mask & newer))
            continue;
        clobber = add_clobber(check_line(check, line), own->mask & newer, own->origin);
        clobber->is_drop = true;
        clobber->agent = agent_of(check, core);
        clobber->pc = core->pc;
        clobber->time_ps = core->agent.now;
        clobber->filled_ps = cached->filled_ps;
        clobber->dirtied_ps = cached->dirtied_ps;
        memcpy(clobber->before, content, GM_LINE_BYTES);
        memcpy(clobber->after, gm, GM_LINE_BYTES);
    }
    segments_clear(&held->own);
    segments_clear(&held->passed);
    held->overtaken = 0;
}

/* ---- the AICPU ---- */

/* Two threads store to the same bytes, and the later one does not know of the earlier. */
static void find_overwritten(struct check *check, uint64_t line, const struct segments *before, const uint8_t *gm,
                             const uint8_t *after, const struct origin *origin)
{
    struct shadow_line *known = check_line(check, line);
    uint64_t differs = line_difference(gm, after);

    for (uint32_t i = 0; i < before->count; i++) {
        struct origin *victim = segments_list(before)[i].origin;
        struct clobber *clobber;

        if (!(segments_list(before)[i].mask & differs) || victim->agent == origin->agent ||
            victim->agent < check->chip->aicores || victim->agent >= check->host || victim->is_atomic ||
            origin->is_atomic || happens_intended(check->happens, origin->agent, victim))
            continue;
        clobber = add_clobber(known, segments_list(before)[i].mask & differs, victim);
        clobber->is_store = true;
        clobber->agent = origin->agent;
        clobber->pc = origin->pc;
        clobber->time_ps = origin->time_ps;
        memcpy(clobber->before, gm, GM_LINE_BYTES);
        memcpy(clobber->after, after, GM_LINE_BYTES);
    }
}

static void arrived_in_line(struct check *check, int writer, uint64_t addr, const uint8_t *bytes, uint32_t size,
                            struct origin *origin)
{
    uint64_t line = gm_line_of(&check->chip->gm, addr);
    uint32_t first = addr & (GM_LINE_BYTES - 1);
    uint64_t mask = gm_line_mask(first, size);
    struct segments before = {0};
    uint8_t gm[GM_LINE_BYTES], after[GM_LINE_BYTES];

    segments_copy(&before, &check_line(check, line)->writers, mask);
    for (uint32_t i = 0; origin && origin->is_rmw && i < before.count; i++)
        if (segments_list(&before)[i].origin->is_sync)
            happens_chain(check->happens, origin, segments_list(&before)[i].origin);
    view_read(&check->chip->view, check_line_addr(check, line), gm, GM_LINE_BYTES);
    memcpy(after, gm, GM_LINE_BYTES);
    memcpy(after + first, bytes, size);
    write_stale(check, line, mask, writer);
    write_take(check, line, mask, line_difference(gm, after), origin ? origin : check->unknown);
    if (origin)
        find_overwritten(check, line, &before, gm, after, origin);
    segments_clear(&before);
}

static void arrived(struct watch *watch, struct core *core, uint64_t addr, const void *bytes, uint32_t size,
                    void *store)
{
    struct check *check = check_of(watch);
    struct origin *origin = store;

    if (check_in_gm(check, addr)) /* an AICore's goes past its own cache too */
        arrived_in_line(check, core->coherent ? DIRECTORY_CLUSTER : DIRECTORY_NOBODY, addr, bytes, size, origin);
    else if (origin && origin->is_sync)
        order_store_object(check, addr, origin, memcmp((const void *)(uintptr_t)addr, bytes, size) == 0);
    origin_drop(origin);
}

static void cleaned(struct watch *watch, struct core *core, uint64_t line, const uint8_t *bytes, uint64_t pc)
{
    struct check *check = check_of(watch);
    struct flight flight = {.line = line, .pc = pc};
    struct shadow_line *known = check_line(check, line);
    uint8_t gm[GM_LINE_BYTES];

    memcpy(flight.bytes, bytes, GM_LINE_BYTES);
    view_read(&check->chip->view, check_line_addr(check, line), gm, GM_LINE_BYTES);
    lose(check, core, &flight, known, line_difference(gm, bytes), gm);
    write_stale(check, line, line_difference(gm, bytes), DIRECTORY_CLUSTER);
}

/* ---- the host, and memory itself ---- */

static struct origin *host_origin(struct check *check)
{
    struct origin *origin = happens_store(check->happens, check->host, STORE_PLAIN);

    origin->launch = check->chip->launch;
    origin->time_ps = check->chip->clock.time;
    return origin;
}

static void host_writes(struct watch *watch, uint64_t addr, const void *bytes, uint64_t size)
{
    struct check *check = check_of(watch);
    const struct block *block = blocks_find(&check->blocks, addr);
    struct origin *origin = host_origin(check);
    uint64_t first = gm_line_of(&check->chip->gm, addr), last = gm_line_of(&check->chip->gm, addr + size - 1);

    if (bytes && (!block || block->freed || addr + size > block->start + block->size))
        check_outside(check, NULL, NULL, addr, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size, true);
    shadow_write(check->shadow, addr, size, origin);
    for (uint64_t line = first; line <= last; line++) {
        uint64_t at = check_line_addr(check, line);
        uint64_t from = addr > at ? addr : at, to = addr + size < at + GM_LINE_BYTES ? addr + size : at + GM_LINE_BYTES;

        if (directory_get(&check->chip->view.directory, line))
            write_stale(check, line, gm_line_mask((uint32_t)(from - at), (uint32_t)(to - from)), DIRECTORY_NOBODY);
    }
    origin_drop(origin);
}

static void allocated(struct watch *watch, struct core *core, void *block, uint64_t size)
{
    struct check *check = check_of(watch);
    uint64_t start = (uintptr_t)block;

    (void)core;
    shadow_forget(check->shadow, start, blocks_add(&check->blocks, start, size));
    if (check->chip->gm.zeroed)
        shadow_write(check->shadow, start, size, check->unknown);
}

static void freed(struct watch *watch, struct core *core, void *block)
{
    struct check *check = check_of(watch);
    struct origin *origin = core ? order_store(check, core, ACCESS_PLAIN, 0) : host_origin(check);
    const struct block *known = blocks_free(&check->blocks, (uintptr_t)block, origin);

    if (known)
        shadow_forget(check->shadow, known->start, known->room);
}

void writes_watch(struct watch *watch)
{
    watch->will_store = will_store;
    watch->stored = stored;
    watch->filled = filled;
    watch->write_back = write_back;
    watch->written_back = written_back;
    watch->dropped = dropped;
    watch->arrived = arrived;
    watch->cleaned = cleaned;
    watch->host_writes = host_writes;
    watch->allocated = allocated;
    watch->freed = freed;
}
