/* recorder_marks.h - instants that carry a text: lines of the device's log, findings, faults, and why a launch was
 * given up. The two ends of a finding have an arrow between them.
 */
#ifndef DAV_RECORDER_MARKS_H
#define DAV_RECORDER_MARKS_H

#include "model/event.h"
#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A finding of which one end has been told. */
struct open_finding {
    uint64_t number, flow;
};

/* All 0 is empty. */
struct recorder_marks {
    struct open_finding *open;
    size_t count, capacity;
};

/** marks_tell - @event (EVENT_LOG, EVENT_FINDING, EVENT_FAULT or EVENT_STOP) on row @track. */
void marks_tell(struct recorder_marks *marks, struct trace *trace, trace_track_id track, const struct event *event);

void marks_fini(struct recorder_marks *marks);

#ifdef __cplusplus
}
#endif
#endif
