/* reads.c - the rules for a load, and for a copy to the host.
 *
 * What a load gives is compared with what it was meant to give. Three things can stand between them: the reader's own
 * cache holds an older line, the writer's cache still holds the newer one, or a write that had reached GM was replaced.
 * Each is a finding only if the newer store was meant to be seen by this reader (happens_intended): a poll that comes a
 * moment too early is none. Stores in their own cache or store buffer are what an agent may always read.
 *
 * Most loads are of lines about which nothing can be found: once that is known of a line for an agent, it stays so
 * until the line changes, and a load costs two comparisons.
 */
#include <string.h>

#include "tools/check/look.h"

/* The store to one of the bytes of @mask that @agent was meant to see, NULL if there is none. */
static struct origin *meant_for(const struct check *check, uint32_t agent, const struct segments *segments,
                                uint64_t mask)
{
    for (uint32_t i = 0; i < segments->count; i++)
        if (segments_list(segments)[i].mask & mask &&
            happens_intended(check->happens, agent, segments_list(segments)[i].origin))
            return segments_list(segments)[i].origin;
    return NULL;
}

void look_reader(struct check *check, const struct look *look, const char *role)
{
    char text[64];

    if (!look->act) {
        explain_reader(check, look->core, role);
        return;
    }
    snprintf(text, sizeof(text), "%s (%s)", role, look->act->name);
    explain_act(check, look->act, text);
}

struct look look_narrow(const struct check *check, const struct look *look, uint64_t mask)
{
    struct look narrow = *look;

    if (!look->act || !mask)
        return narrow;
    narrow.first = (uint32_t)__builtin_ctzll(mask);
    narrow.size = GM_LINE_BYTES - (uint32_t)__builtin_clzll(mask) - narrow.first;
    narrow.addr = check_line_addr(check, look->line) + narrow.first;
    return narrow;
}

bool look_has_told(const struct look *look, enum finding_kind kind, const struct origin *origin)
{
    struct act *act = look->act;

    if (!act)
        return false;
    if (act->told_kind == kind + 1 && act->told_pc == origin->pc)
        return true;
    act->told_kind = kind + 1;
    act->told_pc = origin->pc;
    return false;
}

static const struct held_line *held_of(const struct check *check, int holder, uint64_t line, uint32_t *index)
{
    *index = dcache_find(check->chip->view.caches[holder], line);
    return *index == DCACHE_NONE ? NULL : &check->held[holder][*index];
}

/* ---- the reader's own cache is old ---- */

static void tell_stale(struct check *check, const struct look *look, const struct origin *newer, bool early)
{
    const struct dcache *cache = look->core->cache;
    const struct dcache_line *line = &cache->lines[dcache_find(cache, look->line)];
    bool residual = !look->core->coherent && line->launch < check->chip->launch;
    bool dma = look->core->coherent && !early;
    struct finding *draft = explain_begin(check,
                                          residual ? FINDING_RESIDUAL_LINE
                                          : dma    ? FINDING_DMA_NOT_INVALIDATED
                                                   : FINDING_STALE_READ,
                                          look->addr, look->size);

    look_reader(check, look, early ? "read early" : "read from its own cache");
    explain_origin(check, newer, "newer value written");
    explain_values(check, look->seen + look->first, "value seen", look->gm + look->first, "in GM");
    draft->filled_ps = line->filled_ps;
    draft->dirtied_ps = line->dirty ? line->dirtied_ps : 0;
    explain_holders(check);
    if (early)
        explain_end(check, "rmb() between the load of the register and this load: a load may be satisfied before an "
                           "earlier load of a register");
    else if (dma)
        explain_end(check,
                    "cache_invalidate_range() over the bytes after the host's copy and before this load: the AICPU "
                    "caches do not see DMA");
    else if (residual)
        explain_end(check, "dcci the line before the first load of a launch: the cache still holds it from launch %u",
                    line->launch);
    else
        explain_end(check, "dcci(addr, SINGLE_CACHE_LINE) on %s after it has seen the signal and before this load",
                    look->core->name);
}

static void find_stale(struct check *check, struct look *look)
{
    uint64_t old = line_difference(look->seen, look->gm) & ~look->own;
    const struct origin *newer;
    bool early;

    if (!look->core || !old)
        return;
    look->quiet = false;
    old &= look->mask;
    newer = meant_for(check, look->agent, &look->known->writers, old);
    if (!newer)
        return;
    early = look->core->coherent && newer->agent != check->host;
    tell_stale(check, look, newer, early);
    look->mask &= ~old;
}

/* ---- the writer's cache still has it ---- */

static void tell_unpublished(struct check *check, const struct look *look, const struct core *holder,
                             const struct origin *newer, const uint8_t *content, const struct flight *flight)
{
    const struct dcache *cache = holder->cache;
    uint32_t index = dcache_find(cache, look->line);
    struct finding *draft;

    if (look_has_told(look, flight ? FINDING_EARLY_SIGNAL : FINDING_MISSING_DCCI_PUBLISH, newer))
        return;
    draft = explain_begin(check, flight ? FINDING_EARLY_SIGNAL : FINDING_MISSING_DCCI_PUBLISH, look->addr, look->size);

    look_reader(check, look, look->core ? "read from GM" : "copied to the host");
    explain_origin(check, newer, flight ? "written, and still on its way" : "written, never written back");
    draft->cause = 1;
    if (flight)
        explain_side(check, agent_of(check, holder), "write-back begun", flight->pc, look->core->agent.now);
    explain_values(check, look->seen + look->first, "value seen", content + look->first,
                   flight ? "on its way" : "in the writer's cache");
    draft->filled_ps = flight ? flight->filled_ps : cache->lines[index].filled_ps;
    draft->dirtied_ps = flight ? flight->dirtied_ps : cache->lines[index].dirtied_ps;
    explain_holders(check);
    if (flight)
        explain_end(check, "dsb(DSB_DDR) on %s between the dcci of the line and the signal: the write-back takes time",
                    holder->name);
    else
        explain_end(check,
                    "dcci(addr, SINGLE_CACHE_LINE, CACHELINE_OUT) on %s after the store and before it signals: a "
                    "barrier is no flush",
                    holder->name);
}

/* @content: the line as @holder has it; @own: which bytes of it are its own stores; @passed: and are older than others'
 * by now. */
static void compare_with(struct check *check, struct look *look, const struct core *holder, const struct segments *own,
                         const struct segments *passed, const uint8_t *content, const struct flight *flight)
{
    uint64_t newer = line_difference(look->seen, content) & segments_mask(own) & ~segments_mask(passed) & look->mask;
    struct origin *origin = meant_for(check, look->agent, own, newer);
    struct look narrow;

    look->quiet = false;
    if (!origin)
        return;
    look->mask &= ~newer;
    if (flight && origin->told)
        return; /* the write-back that was missed is on its way now */
    origin->told |= !flight;
    narrow = look_narrow(check, look, newer);
    tell_unpublished(check, &narrow, holder, origin, content, flight);
}

static void find_unpublished(struct check *check, struct look *look)
{
    const struct chip_state *chip = check->chip;
    const struct directory_entry *entry = directory_get(&chip->view.directory, look->line);
    uint8_t content[GM_LINE_BYTES];
    uint32_t index;

    for (int holder = entry ? directory_next(entry, 0) : DIRECTORY_NOBODY;
         holder != DIRECTORY_NOBODY && holder != DIRECTORY_CLUSTER; holder = directory_next(entry, holder + 1)) {
        const struct core *core = &chip->cores[holder];
        const struct held_line *held = held_of(check, holder, look->line, &index);

        if ((core == look->core && !look->past) || !held || !core->cache->lines[index].dirty || !held->own.count)
            continue;
        view_content(&chip->view, holder, index, content);
        compare_with(check, look, core, &held->own, &held->passed, content, NULL);
    }
}

static void find_in_flight(struct check *check, struct look *look)
{
    if (!look->known->in_flight || !look->core)
        return;
    look->quiet = false;
    for (uint32_t i = 0; i < check->chip->aicores; i++) {
        const struct core *core = &check->chip->cores[i];

        for (const struct flight *flight = check->flights[i].first; flight; flight = flight->next)
            if (flight->line == look->line && (core != look->core || look->past))
                compare_with(check, look, core, &flight->own, &flight->passed, flight->bytes, flight);
    }
}

/* ---- nobody wrote it, or nothing orders it ---- */

static void find_unwritten(struct check *check, struct look *look)
{
    uint64_t written = segments_mask(&look->known->writers), nobodys = look->mask & ~written;
    struct finding *found;

    if (!look->core || !nobodys || look->access == ACCESS_BLOCK) /* a block copy takes padding along */
        return;
    if (look->size > 1 && (written | look->own) & gm_line_mask(look->first, look->size))
        return; /* so does that of a small structure, which is one load */
    explain_begin(check, FINDING_UNINITIALISED, look->addr, look->size);
    look_reader(check, look, "read");
    explain_values(check, look->seen + look->first, "value seen", NULL, NULL);
    explain_holders(check);
    found =
        explain_end(check, "whoever writes these bytes must come first: is the task that produces them a predecessor, "
                           "and was its end waited for?");
    if (found && !look->known->early)
        look->known->early = found; /* its writer may yet come */
}

static bool relies_on_order(const struct check *check, const struct look *look, const struct origin *origin)
{
    const struct happens *happens = check->happens;
    bool synchronizes = look->access == ACCESS_VOLATILE || look->access == ACCESS_ATOMIC || look->access == ACCESS_RMW;

    if (!happens_intended(happens, look->agent, origin) || happens_ordered(happens, look->agent, origin))
        return false;
    if (origin->is_sync && (synchronizes || agent_set_has(&origin->seen, look->agent)))
        return false; /* it is looked for, not relied on */
    return !sighting_covers(look->known, origin, look->agent, happens_directly(happens, look->agent, origin));
}

static void tell_unordered(struct check *check, const struct look *look, const struct origin *origin)
{
    bool reader = happens_needs_load_fence(check->happens, look->agent, origin);
    const struct core *core = check_core(check, origin->agent);

    if (origin->agent >= check->movers && !reader) {
        look_unwaited(check, look, origin);
        return;
    }
    if (look_has_told(look, FINDING_UNORDERED_PUBLISH, origin))
        return;
    explain_begin(check, FINDING_UNORDERED_PUBLISH, look->addr, look->size);
    look_reader(check, look, "read, relying on its order");
    explain_origin(check, origin, reader ? "written" : "written, with no barrier before the signal");
    explain_values(check, look->seen + look->first, "value seen", NULL, NULL);
    explain_holders(check);
    if (reader)
        explain_end(check, "rmb() on %s between the load of the register and this load", look->core->name);
    else
        explain_end(check,
                    "wmb() on %s between this store and the one that signals it (or a release store): stores to "
                    "different lines may become visible in another order",
                    core ? core->name : "the host");
}

/* A store that the reader was told of stands in a store buffer still: what it was told with came first. */
static void find_pending(struct check *check, struct look *look)
{
    const struct chip_state *chip = check->chip;
    const uint64_t at = check_line_addr(check, look->line);

    for (uint32_t i = chip->aicores; look->core && i < chip->aicores + chip->aicpus; i++) {
        const struct core *core = &chip->cores[i];

        for (uint32_t j = 0; core != look->core && j < core->stores.count; j++) {
            const struct pending_store *store = store_buffer_at(&core->stores, j);
            const struct origin *origin = store->origin;
            uint64_t mask;

            if (store->addr - at >= GM_LINE_BYTES)
                continue;
            look->quiet = false;
            mask = gm_line_mask((uint32_t)(store->addr - at), store->size) & look->mask;
            if (!mask || !origin || origin->is_sync || !happens_intended(check->happens, look->agent, origin) ||
                happens_ordered(check->happens, look->agent, origin))
                continue;
            tell_unordered(check, look, origin);
            look->mask &= ~mask;
        }
    }
}

/* Synchronizing stores that are read are acquired here; the others must be ordered already. */
static void find_unordered(struct check *check, struct look *look)
{
    struct segments *writers = &look->known->writers;

    for (uint32_t i = 0; look->core && i < writers->count; i++) {
        struct origin *origin = segments_list(writers)[i].origin;
        uint64_t read = segments_list(writers)[i].mask & look->mask & ~look->stale;

        if (read && relies_on_order(check, look, origin)) {
            struct look narrow = look_narrow(check, look, read);

            tell_unordered(check, &narrow, origin);
            look->mask &= ~read;
        }
        if (read && origin->is_sync) {
            order_read(check, look->core, origin, look->access, look->order);
            if (origin->agent != look->agent && agent_set_has(&origin->seen, look->agent))
                sighting_add(look->known, origin, look->agent);
        }
        if (!happens_ordered(check->happens, look->agent, origin))
            look->quiet = false;
    }
}

/* ---- where nothing is allocated ---- */

void check_outside(struct check *check, struct core *core, const struct act *act, uint64_t addr, uint32_t size,
                   bool store)
{
    struct look look = {.core = core, .act = (struct act *)act};
    const struct block *block = blocks_find(&check->blocks, addr);
    const struct block *near = blocks_nearest(&check->blocks, addr);
    bool freed = block && block->freed && addr - block->start < block->size;
    struct finding *draft = explain_begin(check, freed ? FINDING_USE_AFTER_FREE : FINDING_OOB, addr, size);

    look_reader(check, &look, store ? "written" : "read");
    if (freed) {
        explain_origin(check, block->freed, "given back");
        snprintf(draft->where, sizeof(draft->where), "freed allocation 0x%llx+%llu", (unsigned long long)block->start,
                 (unsigned long long)(addr - block->start));
        explain_end(check, "give the memory back after its last use, or allocate it anew");
        return;
    }
    if (near)
        snprintf(draft->where, sizeof(draft->where), "%llu bytes past allocation 0x%llx of %llu bytes",
                 (unsigned long long)(addr + size - (near->start + near->size)), (unsigned long long)near->start,
                 (unsigned long long)near->size);
    explain_end(check, "an index or a size is too large, or the allocation too small");
}

/* ---- a load of device code ---- */

/* What the reader sees, what stands in GM, and which of the bytes are its own. */
static bool read_line(struct check *check, struct look *look)
{
    struct core *core = look->core;
    const uint64_t at = check_line_addr(check, look->line);
    const struct held_line *held;
    uint32_t index;

    if (core->coherent) {
        memcpy(look->seen, (const void *)(uintptr_t)at, GM_LINE_BYTES);
        core_enter(core);
        view_read(&check->chip->view, at, look->gm, GM_LINE_BYTES);
        held = held_of(check, DIRECTORY_CLUSTER, look->line, &index);
        look->stale = held ? held->stale : 0;
        for (uint32_t i = 0; i < core->stores.count; i++) {
            const struct pending_store *store = store_buffer_at(&core->stores, i);

            if (store->addr - at < GM_LINE_BYTES)
                look->own |= gm_line_mask((uint32_t)(store->addr - at), store->size);
        }
        core_leave(core);
        return true;
    }
    held = held_of(check, core->holder, look->line, &index);
    if (!held)
        return false;
    look->own = segments_mask(&held->own) & ~held->overtaken;
    look->stale = held->stale;
    view_content(&check->chip->view, core->holder, index, look->seen);
    view_read(&check->chip->view, at, look->gm, GM_LINE_BYTES);
    return true;
}

/* Is there a newer value than the one that is read? */
static void find_older(struct check *check, struct look *look)
{
    look->mask = gm_line_mask(look->first, look->size) & ~look->own;
    look->quiet = true;
    find_unpublished(check, look);
    find_in_flight(check, look);
    look_for_stores(check, look);
    find_stale(check, look);
    look_for_clobbers(check, look);
}

static void look_at(struct check *check, struct look *look)
{
    if (gm_line_mask(look->first, look->size) & ~look->known->inside) {
        check_outside(check, look->core, NULL, look->addr, look->size, false);
        return;
    }
    if (!read_line(check, look))
        return;
    find_older(check, look);
    find_pending(check, look);
    find_unwritten(check, look);
    find_unordered(check, look);
    if (look->quiet) {
        look->known->known = segments_mask(&look->known->writers) & look->known->inside;
        agent_set_add(&look->known->verified, look->agent);
    }
}

void look_past_cache(struct check *check, struct look *look)
{
    look->past = true;
    view_read(&check->chip->view, check_line_addr(check, look->line), look->gm, GM_LINE_BYTES);
    memcpy(look->seen, look->gm, GM_LINE_BYTES);
    find_older(check, look);
    find_pending(check, look);
    if (!look->act)
        find_unwritten(check, look);
    find_unordered(check, look);
}

void look_begin(struct check *check, struct look *look, struct core *core, uint64_t addr, uint32_t size)
{
    look->core = core;
    look->agent = agent_of(check, core);
    look->addr = addr;
    look->line = gm_line_of(&check->chip->gm, addr);
    look->size = size;
    look->first = addr & (GM_LINE_BYTES - 1);
    look->known = check_line(check, look->line);
    look->own = look->stale = 0;
    look->act = NULL;
    look->past = false;
}

/* A part of a load that lies in one line, of which not everything is known. */
__attribute__((noinline)) static void load_part(struct check *check, struct core *core, uint64_t addr, uint32_t size,
                                                enum access access, int order)
{
    struct look look;

    if (core->park.relive_until)
        return; /* it relives a poll: it has read that before, and GM may not be now what it was then */
    look_begin(check, &look, core, addr, size);
    look.access = access;
    look.order = order;
    look_at(check, &look);
}

/* While an AICore was parked it went on reading what its own cache holds: GM may have changed below it, or another core
 * may have written what it has not written back. Lines that changed just now, which woke it, it has not read since. */
static void idled(struct watch *watch, struct core *core)
{
    struct check *check = check_of(watch);
    uint64_t pc = core->pc;

    for (uint32_t i = 0; !core->coherent && i < core->park.count_before; i++) {
        const struct park_op *op = &core->park.before[i];
        struct look look;

        if (op->kind != PARK_LOAD || !check_in_gm(check, op->addr) ||
            park_old_line(&core->park, op->addr & ~(uint64_t)(GM_LINE_BYTES - 1)))
            continue;
        core->pc = op->pc;
        look_begin(check, &look, core, op->addr, op->size);
        if (read_line(check, &look))
            find_older(check, &look);
    }
    core->pc = pc;
}

static void load(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access access, int order)
{
    struct check *check = check_of(watch);
    uint64_t offset = addr - core->gm_base;

    if (offset >= core->gm_size) {
        if (access >= ACCESS_VOLATILE && core->coherent)
            order_load_object(check, core, addr, access, order);
        return;
    }
    while (size && offset < core->gm_size) {
        uint32_t first = offset & (GM_LINE_BYTES - 1);
        uint32_t part = GM_LINE_BYTES - first < size ? GM_LINE_BYTES - first : size;
        const struct shadow_line *known = shadow_get(check->shadow, offset >> GM_LINE_SHIFT);

        if (!known || !agent_set_has(&known->verified, agent_of(check, core)) ||
            gm_line_mask(first, part) & ~known->known)
            load_part(check, core, core->gm_base + offset, part, access, order);
        offset += part;
        size -= part;
    }
}

/* ---- a copy to the host ---- */

struct copy {
    struct check *check;
    uint64_t addr, end;
    bool told; /* of something that is missing in it */
};

static void copy_line(void *ctx, uint64_t line, struct shadow_line *known)
{
    struct copy *copy = ctx;
    struct check *check = copy->check;
    uint64_t at = check_line_addr(check, line);
    uint64_t from = copy->addr > at ? copy->addr : at;
    uint64_t to = copy->end < at + GM_LINE_BYTES ? copy->end : at + GM_LINE_BYTES;
    struct look look = {.agent = check->host, .line = line, .known = known, .addr = from, .quiet = true};

    look.first = (uint32_t)(from - at);
    look.size = (uint32_t)(to - from);
    look.mask = gm_line_mask(look.first, look.size);
    view_read(&check->chip->view, at, look.gm, GM_LINE_BYTES);
    memcpy(look.seen, look.gm, GM_LINE_BYTES);
    find_unpublished(check, &look);
    look_for_clobbers(check, &look);
    copy->told |= look.mask != gm_line_mask(look.first, look.size);
}

static void host_reads(struct watch *watch, uint64_t addr, uint64_t size)
{
    struct check *check = check_of(watch);
    const struct block *block = blocks_find(&check->blocks, addr);
    struct copy copy = {.check = check, .addr = addr, .end = addr + size};

    if (!block || block->freed || addr + size > block->start + block->size) {
        check_outside(check, NULL, NULL, addr, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size, false);
        return;
    }
    shadow_each(check->shadow, addr, size, copy_line, &copy);
    if (!copy.told && !shadow_written(check->shadow, addr, size)) {
        explain_begin(check, FINDING_UNINITIALISED, addr, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size);
        explain_reader(check, NULL, "copied to the host");
        explain_end(check, "nobody has written any of it: did the tasks run that should?");
    }
}

void reads_watch(struct watch *watch)
{
    watch->load = load;
    watch->idled = idled;
    watch->host_reads = host_reads;
}
