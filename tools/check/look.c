/* look.c - the rules for a load: what it gives is compared with what it was meant to give.
 *
 * Three things can stand between them: the reader's own cache holds an older line, the writer's cache still holds the
 * newer one, or a write that had reached GM was replaced (clobbers.c). Each is a finding only if the newer store was
 * meant to be seen by this reader (happens_intended): a poll that comes a moment too early is none. Stores in their own
 * cache or store buffer are what an agent may always read.
 */
#include "tools/check/look.h"

#include <stdio.h>
#include <string.h>

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

const struct held_line *look_held(const struct check *check, int holder, uint64_t line, uint32_t *index)
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

void look_for_unpublished(struct check *check, struct look *look)
{
    const struct chip_state *chip = check->chip;
    const struct directory_entry *entry = directory_get(&chip->view.directory, look->line);
    uint8_t content[GM_LINE_BYTES];
    uint32_t index;

    for (int holder = entry ? directory_next(entry, 0) : DIRECTORY_NOBODY;
         holder != DIRECTORY_NOBODY && holder != DIRECTORY_CLUSTER; holder = directory_next(entry, holder + 1)) {
        const struct core *core = &chip->cores[holder];
        const struct held_line *held = look_held(check, holder, look->line, &index);

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

/* ---- all of them ---- */

void look_for_newer(struct check *check, struct look *look)
{
    look->mask = gm_line_mask(look->first, look->size) & ~look->own;
    look->quiet = true;
    look_for_unpublished(check, look);
    find_in_flight(check, look);
    look_for_stores(check, look);
    find_stale(check, look);
    look_for_clobbers(check, look);
}

void look_past_cache(struct check *check, struct look *look)
{
    look->past = true;
    view_read(&check->chip->view, check_line_addr(check, look->line), look->gm, GM_LINE_BYTES);
    memcpy(look->seen, look->gm, GM_LINE_BYTES);
    look_for_newer(check, look);
    look_for_pending(check, look);
    if (!look->act)
        look_for_unwritten(check, look);
    look_for_unordered(check, look);
}

void look_verified(const struct look *look, uint32_t agent)
{
    if (!look->quiet)
        return;
    look->known->known = segments_mask(&look->known->writers) & look->known->inside;
    agent_set_add(&look->known->verified, agent);
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
