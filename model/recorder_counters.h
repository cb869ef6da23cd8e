/* recorder_counters.h - curves of the timeline: how many AICores of a kind execute a kernel.
 *
 * A curve has a point where its value changes, but at most one a microsecond: a value that stood for less is left out,
 * and what stands at a microsecond's end is right.
 */
#ifndef DAV_RECORDER_COUNTERS_H
#define DAV_RECORDER_COUNTERS_H

#include "model/recorder_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curve {
    trace_track_id track; /* TRACE_NO_TRACK until it has a point */
    uint64_t told_ps;     /* its latest point, */
    int64_t told, value;  /* the value there, and now */
};

struct recorder_counters {
    struct curve running[CORE_AICPU]; /* by kind of core */
};

/** counters_task - a kernel of @core begins or, with @by -1, ends. */
void counters_task(struct recorder_counters *counters, struct trace *trace, struct recorder_rows *rows,
                   const struct core *core, int by, uint64_t time_ps);

/** counters_end_launch - nothing runs any more. */
void counters_end_launch(struct recorder_counters *counters, struct trace *trace, uint64_t time_ps);

#ifdef __cplusplus
}
#endif
#endif
