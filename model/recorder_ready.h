/* recorder_ready.h - the curve of tasks that could run and do not: between the end of the latest predecessor and the
 * begin, looked at once a microsecond of simulated time.
 *
 * That an end was the latest one before a task is known when the task begins, so the curve is told late: it is held
 * back for READY_WINDOWS microseconds. A task that was ready for longer counts only for the latest of them. Tasks
 * without predecessors, and those whose graph cannot be read, do not count.
 */
#ifndef DAV_RECORDER_READY_H
#define DAV_RECORDER_READY_H

#include "model/recorder_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { READY_WINDOWS = 1 << 16 };

struct recorder_ready {
    int32_t *changes;    /* READY_WINDOWS of them: at microsecond n [n % READY_WINDOWS]; NULL until there is one */
    uint64_t first, end; /* the microseconds that are held */
    int64_t value, told; /* before `first` */
    trace_track_id track;
};

/** ready_task - a task was ready at @ready_ps and begins at @begin_ps. */
void ready_task(struct recorder_ready *ready, struct trace *trace, struct recorder_rows *rows, uint64_t ready_ps,
                uint64_t begin_ps);

/** ready_end_launch - all that is held back is told. */
void ready_end_launch(struct recorder_ready *ready, struct trace *trace);

void ready_fini(struct recorder_ready *ready);

#ifdef __cplusplus
}
#endif
#endif
