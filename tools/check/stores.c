/* stores.c - the rules for whoever reads what MTE3 or FIX stores in GM. Until the instruction ends it is under way like
 * a write-back: whoever was told of it, and reads, reads too early. The scalar unit tells others of what it has issued;
 * that it is over it knows only after it has waited for the pipe, so a reader that came late enough by luck is told of
 * as well.
 */
#include <stdio.h>

#include "tools/check/look.h"
#include "tools/check/pipes.h"

/* Who told the reader of the store: what it heard last of that core, or else the first word after the store. */
static const struct signal *find_signal(const struct check *check, const struct core_pipes *pipes,
                                        const struct look *look, const struct origin *store)
{
    uint32_t heard = happens_heard(check->happens, agent_of(check, look->core), agent_of(check, pipes->core));
    const struct signal *first = NULL;

    for (uint32_t i = 0; i < SIGNALS && i < pipes->signal_count; i++) {
        const struct signal *signal = &pipes->signals[i];

        if (signal->time_ps < store->time_ps)
            continue;
        if (signal->epoch == heard)
            return signal;
        if (!first || signal->time_ps < first->time_ps)
            first = signal;
    }
    return first;
}

static enum isa_pipe pipe_of(const struct check *check, const struct origin *store)
{
    return store->agent - check->movers >= check->chip->aicores ? ISA_FIX : ISA_MTE3;
}

/* The scalar unit reads GM that its own pipe stores. */
static void tell_own(struct check *check, const struct look *look, const struct origin *store, bool arrived)
{
    const struct act reader = {.pipe = ISA_S}, storer = {.name = store->name, .pipe = pipe_of(check, store)};
    char role[64];

    explain_begin(check, FINDING_PIPE_HAZARD, look->addr, look->size);
    explain_reader(check, look->core, "read in pipe S");
    snprintf(role, sizeof(role), "written in pipe %s (%s)", isa_pipe_name(storer.pipe), storer.name);
    explain_origin(check, store, role);
    explain_values(check, look->seen + look->first, "value seen", NULL, NULL);
    pipes_end_hazard(check, &reader, ISA_READ, &storer, ISA_WRITE, !arrived);
}

static void tell_store(struct check *check, const struct look *look, const struct origin *store, bool arrived)
{
    const struct core *core = check_core(check, store->agent);
    const char *pipe = isa_pipe_name(pipe_of(check, store));
    const struct signal *signal;
    struct finding *draft;
    char role[64];

    if (core == look->core) {
        tell_own(check, look, store, arrived);
        return;
    }
    if (look_has_told(look, FINDING_EARLY_SIGNAL, store))
        return;
    draft = explain_begin(check, FINDING_EARLY_SIGNAL, look->addr, look->size);
    look_reader(check, look, "read from GM");
    snprintf(role, sizeof(role), "stored in pipe %s (%s)", pipe, store->name);
    explain_origin(check, store, role);
    draft->cause = 1;
    signal = find_signal(check, check->pipes[core->number], look, store);
    if (signal)
        explain_side(check, agent_of(check, core), "told without waiting for the pipe", signal->pc, signal->time_ps);
    if (arrived)
        snprintf(draft->headline, sizeof(draft->headline),
                 "%%m read %%p, which %%o had told of without waiting for its %s: it had arrived by luck", pipe);
    explain_values(check, look->seen + look->first, "value seen", NULL, NULL);
    explain_holders(check);
    explain_end(check,
                "set_flag(PIPE_%s, PIPE_S, id) and wait_flag(PIPE_%s, PIPE_S, id), or pipe_barrier(PIPE_ALL), on %s "
                "behind {1} and before it tells anybody",
                pipe, pipe, core->name);
}

void look_for_stores(struct check *check, struct look *look)
{
    const uint64_t at = check_line_addr(check, look->line);
    struct look narrow;

    for (const struct act *act = check->stores; look->core && act; act = act->next) {
        const struct spans *spans = &act->gm[ISA_WRITE];
        uint64_t mask = 0;

        if (spans->low >= at + GM_LINE_BYTES || spans->high <= at)
            continue;
        for (uint32_t i = 0; i < spans->count; i++) {
            const struct span *span = &spans_list(spans)[i];
            uint64_t low = span->low > at ? span->low : at,
                     high = span->high < at + GM_LINE_BYTES ? span->high : at + GM_LINE_BYTES;

            if (low < high)
                mask |= gm_line_mask((uint32_t)(low - at), (uint32_t)(high - low));
        }
        look->quiet &= !mask;
        mask &= look->mask;
        if (!mask || !happens_intended(check->happens, look->agent, act->store) ||
            (look->act && check_core(check, act->agent) == look->core))
            continue;
        narrow = look_narrow(check, look, mask);
        tell_store(check, &narrow, act->store, false);
        look->mask &= ~mask;
    }
}

void look_unwaited(struct check *check, const struct look *look, const struct origin *origin)
{
    if (!look->act || check_core(check, origin->agent) != look->core)
        tell_store(check, look, origin, true);
}
