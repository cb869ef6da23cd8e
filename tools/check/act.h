/* act.h - what a finding can name as somebody's doing in a core: an instruction of a pipe, or the scalar unit's
 * accesses to UB at one place of the code. Counted references: it is remembered as long as its bytes may meet others.
 */
#ifndef DAV_ACT_H
#define DAV_ACT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "isa/isa.h"
#include "tools/check/happens.h"
#include "tools/check/spans.h"

struct act {
    uint32_t references;
    const char *name; /* of the instruction; NULL: the scalar unit's */
    enum isa_pipe pipe;
    uint32_t number; /* in its pipe; the scalar unit's: of what it lets others know next (hazard.h) */
    uint64_t serial; /* order of issue in its core */
    bool adds;       /* it is an atomic store */
    bool unit_flag;  /* M and FIX: hands fractals over by itself */
    bool started, ended;
    uint64_t pc, issued_ps, start_ps;

    uint32_t agent; /* its core, as an agent; on behalf of which task: */
    bool has_task;
    int64_t task;
    uint64_t image;

    /* In GM, as it is known when it is issued: */
    struct spans gm[2];   /* what it reads and writes */
    struct origin *store; /* of its bytes there; NULL if it stores none */
    struct origin *knows; /* what the scalar unit knew */
    struct act *next;     /* of those that have not reached GM */
    struct act *sibling;  /* of its core's */
    uint32_t told_kind;   /* the finding that it has given last, and about whom: it touches many lines */
    uint64_t told_pc;
};

static inline struct act *act_keep(struct act *act)
{
    act->references++;
    return act;
}

static inline void act_drop(struct act *act)
{
    if (!act || --act->references)
        return;
    spans_clear(&act->gm[ISA_READ]);
    spans_clear(&act->gm[ISA_WRITE]);
    origin_drop(act->store);
    origin_drop(act->knows);
    free(act);
}

/** act_before - whether @a stands before @b in the program. */
static inline bool act_before(const struct act *a, const struct act *b)
{
    if (a->serial != b->serial)
        return a->serial < b->serial;
    return a->pipe != ISA_S && b->pipe == ISA_S; /* the scalar unit has the serial of what it issued last */
}

#endif
