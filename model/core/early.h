/* early.h - loads of memory that an AICPU thread satisfies before an earlier load of a register window.
 *
 * A window's load takes long, and nothing but a barrier keeps later loads of memory from being made while it is under
 * way. What memory held when the window's load began is kept where it changes until that load is back, and *laid* over
 * the thread's mapping for a while afterwards (chip file: vary.load), beneath its pending stores; a barrier, an acquire
 * or a lock ends that at once. Whether a window's load has such a wake is decided by lot.
 *
 * No word goes backwards: the thread saw nothing newer before, its own stores count at once, and it goes from old to
 * new once. Where more lines change than there is room for, the rest is simply not early. Address dependencies, which
 * order as well, are not known here.
 */
#ifndef DAV_EARLY_H
#define DAV_EARLY_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EARLY_LINES = 32 };

struct early_line {
    uint64_t addr;                  /* of the line */
    uint64_t kept;                  /* bit i: byte i is decided: kept in `old`, or not early any more */
    uint64_t shown;                 /* bit i: the thread sees old[i] */
    uint8_t old[GM_LINE_BYTES];     /* what stood there when the window's load began */
    uint8_t beneath[GM_LINE_BYTES]; /* while laid: what stands there for all others */
};

struct early {
    bool keeping; /* the window's load is under way */
    bool laid;
    uint64_t until_ps; /* loads at or past it are not early */
    uint32_t count;
    struct early_line lines[EARLY_LINES];
};

/** early_allow - whether @core's loads may be early from now on. Return 0, or -1 without memory. */
int early_allow(struct core *core, bool allowed);

/** early_begin / early_end - around the time for which the running thread is blocked by a window's load. */
void early_begin(struct core *core);
void early_end(struct core *core);

static inline bool early_under_way(const struct core *core)
{
    return core->early && core->early->count;
}

/** early_drop - after a stop, and before a program starts: nothing is early, and nothing is laid. */
void early_drop(struct core *core);

/** early_forget - no load of the running thread is early any more. Within the simulator. */
void early_forget(struct core *core);

/** early_expire - the same, if the load that is about to be made comes too late for it. */
void early_expire(struct core *core);

/** early_notice - @size bytes at @addr, within a line, are changed by an AICPU thread or a write-back; @old stood
 * there: keep it for the threads that load from a window. */
void early_notice(struct chip_state *chip, uint64_t addr, uint32_t size, const uint8_t *old);

/** early_own_store - a store of @core has become visible: it sees no older bytes there. */
void early_own_store(struct core *core, uint64_t addr, uint32_t size);

/** early_any - is a load of some thread early just now? */
bool early_any(struct chip_state *chip);

/** early_gone - memory that is not GM, [@addr, +@size), may be unmapped. */
void early_gone(struct chip_state *chip, uint64_t addr, uint64_t size);

/** early_lay / early_take_up - show and hide the old bytes. Idempotent. */
void early_lay(struct core *core);
void early_take_up(struct core *core);

#ifdef __cplusplus
}
#endif
#endif
