/* unwritten.c - reads of a core's buffers that nobody has written in this launch.
 *
 * A buffer's content outlives a task, and what a task reads may have been written by one before it; what an earlier
 * launch left there counts for nothing.
 */
#include <string.h>

#include "tools/check/pipes.h"

static void tell_early(struct check *check, const struct early_read *early)
{
    explain_begin(check, FINDING_UNINITIALISED, 0, 0);
    pipes_side(check, early->act, ISA_READ);
    explain_bytes(check, early->space, early->span.low, early->span.high);
    explain_values(check, early->bytes, "value seen", NULL, NULL);
    explain_end(check, "load or clear all that is read: what stands in %s is left over from earlier launches",
                isa_space_name(early->space));
}

void unwritten_tell(struct check *check, struct core_pipes *pipes)
{
    for (uint32_t i = 0; i < pipes->early_count; i++) {
        tell_early(check, &pipes->early[i]);
        act_drop(pipes->early[i].act);
    }
    pipes->early_count = 0;
}

/* The cube works by whole fractals: rows of them that no operand fills make rows of the result that nobody stores. So
 * around the cube only what was not written at all counts. */
void unwritten_read(struct check *check, struct core_pipes *pipes, struct act *act, enum isa_space space,
                    const struct spans *spans)
{
    const struct written *written = &pipes->written[space];
    struct early_read *early;
    struct span gap;

    if (!written_gap(written, spans, &gap) || (space != ISA_UB && written_any(written, spans)) ||
        findings_again(check->findings, FINDING_UNINITIALISED, act->pc, 0, pipes->core->name))
        return;
    if (pipes->early_count == EARLY_READS)
        unwritten_tell(check, pipes);
    early = &pipes->early[pipes->early_count++];
    *early = (struct early_read){act_keep(act), space, gap, {0}};
    memcpy(early->bytes, pipes->core->pipes->buffer[space] + gap.low,
           gap.high - gap.low < FINDING_BYTES ? gap.high - gap.low : FINDING_BYTES);
}

/* @act writes them: who has read them before, and comes later in the program, has met a hazard. */
void unwritten_write(struct core_pipes *pipes, const struct act *act, enum isa_space space, const struct spans *spans)
{
    uint32_t kept = 0;

    written_add(&pipes->written[space], spans);
    for (uint32_t i = 0; i < pipes->early_count; i++) {
        const struct early_read *early = &pipes->early[i];

        if (early->space == space && early->span.low < spans->high && spans->low < early->span.high &&
            act_before(act, early->act))
            act_drop(early->act);
        else
            pipes->early[kept++] = *early;
    }
    pipes->early_count = kept;
}
