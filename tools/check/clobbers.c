/* clobbers.c - the rule for a load of bytes that a write had replaced in GM although they should have stayed: who lost
 * what, by whose write, and which operation would have kept it. writes.c remembers such writes. */
#include <stdio.h>

#include "tools/check/look.h"

static enum finding_kind kind_of(const struct clobber *clobber)
{
    return clobber->is_dma    ? FINDING_DMA_CLOBBERED
           : clobber->is_drop ? FINDING_MISSING_DCCI_PUBLISH
                              : FINDING_LOST_WRITE;
}

static void tell_clobbered(struct check *check, const struct look *look, const struct clobber *clobber)
{
    struct finding *draft = explain_begin(check, kind_of(clobber), look->addr, look->size);

    look_reader(check, look, look->core ? "read" : "copied to the host");
    explain_origin(check, clobber->lost,
                   clobber->is_dma    ? "copied from the host, lost"
                   : clobber->is_drop ? "written, never written back"
                                      : "written, then lost");
    explain_side(check, clobber->agent,
                 clobber->is_store  ? "overwritten, unseen,"
                 : clobber->is_drop ? "dropped from its cache"
                 : clobber->pc      ? "written back over it"
                                    : "written back over it (evicted)",
                 clobber->pc, clobber->time_ps);
    draft->cause = clobber->pc ? 2 : 0;
    if (clobber->is_drop)
        snprintf(draft->headline, sizeof(draft->headline), "%s dropped from its cache what it had written to %%p",
                 draft->sides[2].agent);
    if (clobber->store && !clobber->is_store)
        explain_origin(check, clobber->store, "line made dirty");
    explain_values(check, clobber->before + look->first, "lost", clobber->after + look->first, "now");
    draft->filled_ps = clobber->filled_ps;
    draft->dirtied_ps = clobber->dirtied_ps;
    draft->distance_ps = clobber->time_ps - clobber->lost_ps;
    explain_holders(check);
    if (clobber->is_drop)
        explain_end(check, "dcci(addr, SINGLE_CACHE_LINE, CACHELINE_OUT): with two arguments it writes nothing back");
    else if (clobber->is_store)
        explain_end(check, "one AICPU thread at a time may own these bytes: a lock, or an atomic exchange, between "
                           "looking at them and storing to them");
    else if (clobber->is_dma)
        explain_end(check, "write the line back and drop it before the host copies: dcci (AICore) or "
                           "cache_invalidate_range (AICPU) at the end of the launch before");
    else if (clobber->is_late)
        explain_end(check, "dcci the line, then dsb(DSB_DDR), before the other is told that it may store there: the "
                           "write-back of the older bytes came only afterwards");
    else
        explain_end(check,
                    "a line of its own (64 B) for each writer, or hand the line over: the writer dccis it before "
                    "another stores to it, who dccis it before its first access");
}

void look_for_clobbers(struct check *check, struct look *look)
{
    struct look narrow;

    for (struct clobber *clobber = look->known->clobbers; clobber; clobber = clobber->next) {
        uint64_t hit = clobber->mask & look->mask & ~look->stale;

        look->quiet = false;
        if (!hit || (clobber->is_drop && !happens_intended(check->happens, look->agent, clobber->lost)))
            continue;
        narrow = look_narrow(check, look, hit);
        tell_clobbered(check, &narrow, clobber);
        clobber_drop(look->known, clobber->mask);
        look->mask &= ~hit;
        return; /* the list has changed: one root cause is enough for one load */
    }
}
