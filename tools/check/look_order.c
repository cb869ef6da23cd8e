/* look_order.c - the rules for a load of bytes that nobody has written, or whose store nothing orders before it though
 * the reader was told of it. */
#include "tools/check/look.h"

void look_for_unwritten(struct check *check, struct look *look)
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
void look_for_pending(struct check *check, struct look *look)
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
void look_for_unordered(struct check *check, struct look *look)
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
