/* recorder_marks.h - instants that carry a text: lines of the device's log, findings, faults, and why a launch was
 * given up. A finding has one on the row of each core that has a part in it, and arrows lead from earlier to later.
 */
#ifndef DAV_RECORDER_MARKS_H
#define DAV_RECORDER_MARKS_H

#include "model/event.h"
#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An arrow of which one end has been told. */
struct open_arrow {
    uint64_t number, flow;
};

enum { MARK_ARROWS = 4 }; /* that leave one mark at most */

/* All 0 is empty. */
struct recorder_marks {
    struct open_arrow *open;
    size_t count, capacity;
};

/** marks_tell - @event (EVENT_LOG, EVENT_FINDING, EVENT_FAULT or EVENT_STOP) on row @track. */
void marks_tell(struct recorder_marks *marks, struct trace *trace, trace_track_id track, const struct event *event);

void marks_fini(struct recorder_marks *marks);

#ifdef __cplusplus
}
#endif
#endif
