/* evict.h - dirty lines that leave an AICore's data cache by themselves, where that is asked for (vary.h).
 *
 * A cache may write any dirty line back at any time, whole, and drop it. A program must not rely on its lines staying,
 * nor on GM keeping what it had under them. The moments are drawn by lot; at the core's first access at or past one, a
 * dirty line of its cache, also by lot, is written back. A core whose lines are all clean has nothing to lose.
 */
#ifndef DAV_EVICT_H
#define DAV_EVICT_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** evict_start - @core begins a program at @at_ps: draw the first moment. */
void evict_start(struct core *core, uint64_t at_ps);

void evict_now(struct core *core);

/** evict_if_due - the running AICore is about to access its cache or its registers. */
static inline void evict_if_due(struct core *core)
{
    if (core->agent.now >= core->evict_ps)
        evict_now(core);
}

/** evict_set_alarm / evict_clear_alarm - the core is parked, and goes on: until its next eviction, if it has a dirty
 *  line to lose. */
void evict_set_alarm(struct core *core);
void evict_clear_alarm(struct core *core);

#ifdef __cplusplus
}
#endif
#endif
