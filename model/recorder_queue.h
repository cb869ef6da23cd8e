/* recorder_queue.h - what is still to be told of an AICore's row.
 *
 * The arrow from a task's end to the moment at which an AICPU thread sees it exists only if one does. So the end of a
 * task waits for that, and what follows it on the row waits behind it, in order: nothing, where a core gets its next
 * task after that; a few tasks, where it gets them ahead. Whoever waits too long leaves without an arrow.
 */
#ifndef DAV_RECORDER_QUEUE_H
#define DAV_RECORDER_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { QUEUE_ARGS = 12, QUEUE_FLOWS = 4 };

struct queued {
    bool begins;
    uint64_t waits_for; /* number of the kernel whose end is to be seen, 0: nothing */
    uint64_t time_ps;
    const char *name, *category;
    struct trace_arg args[QUEUE_ARGS];
    size_t arg_count;
    uint64_t own_flows[QUEUE_FLOWS];
    uint64_t *flows; /* own_flows, or from malloc; of a begin in, of an end out */
    size_t flow_count;
};

/* All 0 is empty. */
struct recorder_queue {
    struct queued *events; /* QUEUE_MOST, from `first` on around the end */
    uint32_t first, count;
};

/** queue_tell - a slice of @track @begins or ends; @what: with at most QUEUE_ARGS arguments. Its strings stay where
 * they are. @waits_for: an end that is to be seen, see above. */
void queue_tell(struct recorder_queue *queue, struct trace *trace, trace_track_id track, bool begins, uint64_t time_ps,
                const struct trace_event *what, uint64_t waits_for);

/** queue_waits - whether the end of kernel @number still waits. */
bool queue_waits(const struct recorder_queue *queue, uint64_t number);

/** queue_seen - it does not wait any longer: @flow leaves it, 0: none does. */
void queue_seen(struct recorder_queue *queue, struct trace *trace, trace_track_id track, uint64_t number,
                uint64_t flow);

/** queue_flush - nothing waits any longer. */
void queue_flush(struct recorder_queue *queue, struct trace *trace, trace_track_id track);
void queue_free(struct recorder_queue *queue);

#ifdef __cplusplus
}
#endif
#endif
