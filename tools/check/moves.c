/* moves.c - what pipes move between a core and GM, by the rules for GM.
 *
 * MTE2 reads GM when it starts, past every cache, and was meant to see what its core's scalar unit knew when it issued
 * it. MTE3 and FIX write GM when they end. Until then a store of theirs is under way like a write-back: whoever was
 * told of it, and reads, reads too early. The scalar unit tells others of what it has issued; that it is over it knows
 * only after it has waited for the pipe, so a reader that came late enough by luck is told of as well.
 *
 * The same core's pipes are ordered by flags, in GM as in its buffers: hazard.h.
 */
#include <stdio.h>
#include <string.h>

#include "tools/check/look.h"
#include "tools/check/pipes.h"

/* ---- issue ---- */

static void gather(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct act *act = ctx;

    if (space == ISA_GM)
        spans_add(&act->gm[access], addr, addr + bytes);
}

static void each_line(struct check *check, const struct span *span,
                      void (*fn)(struct check *, void *, uint64_t, uint64_t), void *ctx)
{
    for (uint64_t at = span->low; at < span->high;) {
        uint64_t next = (at | (GM_LINE_BYTES - 1)) + 1, end = next < span->high ? next : span->high;

        fn(check, ctx, gm_line_of(&check->chip->gm, at), gm_line_mask(at & (GM_LINE_BYTES - 1), (uint32_t)(end - at)));
        at = end;
    }
}

/* What of @span lies in each page of the shadow. */
static void each_page(struct check *check, const struct span *span,
                      void (*fn)(struct check *, void *, const struct span *), void *ctx)
{
    const uint64_t base = (uintptr_t)check->chip->gm.base;

    for (uint64_t at = span->low; at < span->high;) {
        uint64_t next = base + ((at - base) / SHADOW_PAGE_BYTES + 1) * SHADOW_PAGE_BYTES;
        struct span part = {at, next < span->high ? next : span->high};

        fn(check, ctx, &part);
        at = part.high;
    }
}

static void doubt(struct check *check, void *ctx, uint64_t line, uint64_t mask)
{
    struct shadow_line *known = shadow_get(check->shadow, line);

    (void)ctx;
    (void)mask;
    if (known)
        known->verified = (struct agent_set){0};
}

static void begin_store(struct check *check, struct core_pipes *pipes, struct act *act)
{
    uint32_t mover = check_mover(check, pipes->core, act->pipe);

    act->store = happens_move(check->happens, mover, act->number);
    order_fill(check, act->store, pipes->core, act->pc, act->issued_ps);
    act->store->name = act->name;
    happens_tell(check->happens, act->agent, mover, act->number, false);
    for (uint32_t i = 0; i < act->gm[ISA_WRITE].count; i++)
        each_line(check, &spans_list(&act->gm[ISA_WRITE])[i], doubt, NULL);
    act->next = check->stores;
    check->stores = act_keep(act);
}

void moves_issue(struct check *check, struct core_pipes *pipes, struct act *act, const struct pipe_instr *instr)
{
    instr->x.entry->shape->spans(&instr->x, gather, act);
    for (int access = ISA_READ; access <= ISA_WRITE; access++) {
        struct spans *spans = &act->gm[access];

        spans_close(spans);
        if (spans->count && !gm_contains(&check->chip->gm, (void *)(uintptr_t)spans->low, spans->high - spans->low))
            spans_clear(spans); /* the launch will end with it */
    }
    act->adds = instr->x.state.atomic != ISA_ATOMIC_NONE;
    act->knows = happens_snapshot(check->happens, act->agent);
    if (act->gm[ISA_WRITE].count && (act->pipe == ISA_MTE3 || act->pipe == ISA_FIX))
        begin_store(check, pipes, act);
}

/* ---- knowledge ---- */

static void tell_movers(struct check *check, const struct core_pipes *pipes, uint32_t agent, enum isa_pipe pipe)
{
    static const enum isa_pipe storing[] = {ISA_MTE3, ISA_FIX};

    for (int i = 0; i < (pipes->core->kind == CORE_AIC ? 2 : 1); i++)
        happens_tell(check->happens, agent, check_mover(check, pipes->core, storing[i]),
                     hazard_known(pipes->hazard, pipe, storing[i]), true);
}

void moves_learn(struct check *check, struct core_pipes *pipes)
{
    tell_movers(check, pipes, agent_of(check, pipes->core), ISA_S);
}

/* From here on the agent "nobody" stands for @act. */
static void assume(struct check *check, const struct core_pipes *pipes, const struct act *act)
{
    happens_assume(check->happens, check->nobody, act->knows);
    tell_movers(check, pipes, check->nobody, act->pipe);
}

/* ---- bounds ---- */

/* Transfers go by blocks: the last one of an allocation may be taken whole. */
static bool is_allocated(struct check *check, const struct core_pipes *pipes, struct act *act, const struct span *span,
                         bool store)
{
    const struct block *block = blocks_find(&check->blocks, span->low);
    uint64_t size = block ? (block->size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES : 0,
             bytes = span->high - span->low;

    if (block && !block->freed && span->high <= block->start + size)
        return true;
    check_outside(check, pipes->core, act, span->low, bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes, store);
    return false;
}

/* ---- loads ---- */

struct reading {
    struct core_pipes *pipes;
    struct act *act;
    uint32_t verifier; /* whose loads of a line find nothing: the core's MTE3 stands for all its pipes */
};

static void tell_unwritten(struct check *check, const struct reading *reading, struct shadow_line *known, uint64_t addr,
                           uint32_t size, const uint8_t *seen)
{
    struct act *act = reading->act;
    struct finding *found;
    char role[64];

    if (act->told_kind == FINDING_UNINITIALISED + 1)
        return;
    act->told_kind = FINDING_UNINITIALISED + 1;
    explain_begin(check, FINDING_UNINITIALISED, addr, size);
    snprintf(role, sizeof(role), "read%s (%s)", act->adds && act->store ? ", to add to it" : "", act->name);
    explain_act(check, act, role);
    if (seen)
        explain_values(check, seen, "value seen", NULL, NULL);
    if (act->adds && act->store) {
        explain_end(check, "clear the bytes before anybody adds to them: device memory is not zeroed");
        return;
    }
    found =
        explain_end(check, "whoever writes these bytes must come first: is the task that produces them a predecessor, "
                           "and was its end waited for?");
    if (found && known && !known->early)
        known->early = found;
}

/* Blocks of the line of which nobody has written any byte. */
static void find_unwritten(struct check *check, const struct reading *reading, const struct look *look)
{
    uint64_t written = segments_mask(&look->known->writers);

    for (uint32_t first = 0; first < GM_LINE_BYTES; first += BLOCK_BYTES) {
        uint64_t block = gm_line_mask(first, BLOCK_BYTES);

        if (look->mask & block && !(written & block)) {
            tell_unwritten(check, reading, look->known, check_line_addr(check, look->line) + first, BLOCK_BYTES,
                           look->seen + first);
            return;
        }
    }
}

static void read_line(struct check *check, void *ctx, uint64_t line, uint64_t mask)
{
    const struct reading *reading = ctx;
    struct shadow_line *known = shadow_get(check->shadow, line);
    uint32_t first = (uint32_t)__builtin_ctzll(mask);
    struct look look;

    if (known && agent_set_has(&known->verified, reading->verifier) && !(mask & ~known->known))
        return;
    look_begin(check, &look, reading->pipes->core, check_line_addr(check, line) + first,
               (uint32_t)__builtin_popcountll(mask));
    look.act = reading->act;
    look.agent = check->nobody;
    look.access = ACCESS_BLOCK;
    look.order = 0;
    look_past_cache(check, &look);
    find_unwritten(check, reading, &look);
    look_verified(&look, reading->verifier);
}

static bool is_awaited(const struct check *check, uint64_t low, uint64_t high)
{
    for (const struct act *act = check->stores; act; act = act->next)
        if (act->gm[ISA_WRITE].low < high && low < act->gm[ISA_WRITE].high)
            return true;
    return false;
}

/* As a whole where it can be, else line by line. */
static void read_page(struct check *check, void *reading, const struct span *part)
{
    struct origin *origin;
    bool whole = shadow_whole(check->shadow, gm_line_of(&check->chip->gm, part->low), &origin);

    if (!whole || !origin || !happens_ordered(check->happens, check->nobody, origin) ||
        is_awaited(check, part->low, part->high))
        each_line(check, part, read_line, reading);
}

void moves_start(struct check *check, struct core_pipes *pipes, struct act *act)
{
    struct reading reading = {pipes, act, check_mover(check, pipes->core, ISA_MTE3)};
    const struct spans *spans = &act->gm[ISA_READ];

    if (!spans->count)
        return;
    assume(check, pipes, act);
    for (uint32_t i = 0; i < spans->count; i++)
        if (is_allocated(check, pipes, act, &spans_list(spans)[i], false))
            each_page(check, &spans_list(spans)[i], read_page, &reading);
}

/* ---- stores ---- */

static void store_line(struct check *check, void *ctx, uint64_t line, uint64_t mask)
{
    struct reading *storing = ctx;
    struct origin *origin = storing->act->store;
    struct shadow_line *known = check_line(check, line);
    uint64_t at = check_line_addr(check, line);

    if (storing->act->adds) /* it reads, too */
        for (uint32_t first = 0; first < GM_LINE_BYTES; first += BLOCK_BYTES)
            if (mask & gm_line_mask(first, BLOCK_BYTES) &&
                !(segments_mask(&known->writers) & gm_line_mask(first, BLOCK_BYTES)))
                tell_unwritten(check, storing, NULL, at + first, BLOCK_BYTES, NULL);
    if (known->in_flight || directory_get(&check->chip->view.directory, line)) {
        late_passes(check, NULL, check->nobody, origin, line, mask, known->in_flight);
        write_stale(check, line, mask, DIRECTORY_NOBODY);
    }
    write_take(check, line, mask, mask, origin);
}

/* Nobody holds a line of the page, nor has anybody looked at one closely. */
static bool is_untouched(const struct check *check, uint64_t line)
{
    struct origin *origin;

    if (!shadow_whole(check->shadow, line, &origin))
        return false;
    for (uint64_t i = 0; i < SHADOW_PAGE_LINES; i++)
        if (directory_get(&check->chip->view.directory, line + i))
            return false;
    return true;
}

static void store_page(struct check *check, void *ctx, const struct span *part)
{
    struct reading *storing = ctx;

    if (part->high - part->low == SHADOW_PAGE_BYTES && !storing->act->adds &&
        is_untouched(check, gm_line_of(&check->chip->gm, part->low)))
        shadow_write(check->shadow, part->low, SHADOW_PAGE_BYTES, storing->act->store);
    else
        each_line(check, part, store_line, storing);
}

static void unlink_store(struct check *check, struct act *act)
{
    struct act **link = &check->stores;

    while (*link != act)
        link = &(*link)->next;
    *link = act->next;
    act_drop(act);
}

void moves_end(struct check *check, struct core_pipes *pipes, struct act *act)
{
    struct reading storing = {pipes, act, 0};
    const struct spans *spans = &act->gm[ISA_WRITE];

    if (!act->store)
        return;
    assume(check, pipes, act);
    for (uint32_t i = 0; i < spans->count; i++)
        if (is_allocated(check, pipes, act, &spans_list(spans)[i], true))
            each_page(check, &spans_list(spans)[i], store_page, &storing);
    unlink_store(check, act);
}

void moves_forget(struct check *check)
{
    while (check->stores)
        unlink_store(check, check->stores);
}

/* ---- the scalar unit past its cache ---- */

static void dev_load(struct check *check, struct core *core, uint64_t addr, uint32_t size)
{
    struct look look;

    look_begin(check, &look, core, addr, size);
    if (gm_line_mask(look.first, size) & ~look.known->inside) {
        check_outside(check, core, NULL, addr, size, false);
        return;
    }
    look.access = ACCESS_VOLATILE;
    look.order = 0;
    look_past_cache(check, &look);
}

static void dev_store(struct check *check, struct core *core, uint64_t addr, uint32_t size, enum access access)
{
    uint64_t line = gm_line_of(&check->chip->gm, addr), mask = gm_line_mask(addr & (GM_LINE_BYTES - 1), size);
    const struct shadow_line *known = check_line(check, line);

    if (mask & ~known->inside)
        check_outside(check, core, NULL, addr, size, true);
    origin_drop(core->origin);
    core->origin = order_store(check, core, access, __ATOMIC_RELAXED);
    late_passes(check, NULL, agent_of(check, core), core->origin, line, mask, known->in_flight);
}

void moves_dev(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access_past what)
{
    if (what == PAST_LOAD)
        dev_load(check_of(watch), core, addr, size);
    else
        dev_store(check_of(watch), core, addr, size, what == PAST_ATOMIC ? ACCESS_RMW : ACCESS_VOLATILE);
}
