/* announcer.h - hands what the model announces to those who listen, in the order of simulated time.
 *
 * Cores run ahead of one another, so they announce out of order; by how much depends on the simulator's own economies.
 * An event waits here until no core can announce an earlier one, and equal times are ordered by the rank of the core:
 * what listeners hear is a property of the simulated run alone.
 */
#ifndef DAV_ANNOUNCER_H
#define DAV_ANNOUNCER_H

#include "model/event.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct waiting_event;

struct announcer {
    struct event_sink *sinks;
    struct waiting_event *waiting; /* sorted */
    uint32_t first, count, capacity;
};

/** announcer_listen - let @sink hear of all that follows. */
void announcer_listen(struct announcer *announcer, struct event_sink *sink);

/** announcer_forget - @sink hears no more. */
void announcer_forget(struct announcer *announcer, struct event_sink *sink);

/** announcer_tell - @event of the agent with @rank; its text is copied, unless that stays where it is (event.h).
 * @passed_ps: no core can announce anything earlier than this any more. */
void announcer_tell(struct announcer *announcer, const struct event *event, uint32_t rank, uint64_t passed_ps);

/** announcer_flush - hand on all that waits and is earlier than @before_ps. */
void announcer_flush(struct announcer *announcer, uint64_t before_ps);

/** announcer_fini - free what it holds; nothing must wait any more. */
void announcer_fini(struct announcer *announcer);

#ifdef __cplusplus
}
#endif
#endif
