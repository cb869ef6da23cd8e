/* recorder_rows.h - the rows of a device's cores in the timeline: a group for each kind of core, a row for each core
 * that ran, at most one slice open on it.
 *
 * A launch that was given up leaves slices open, on cores whose own clocks may be past the end of the launch. A row
 * never goes back: whatever follows on it begins at the earliest where the row ends.
 */
#ifndef DAV_RECORDER_ROWS_H
#define DAV_RECORDER_ROWS_H

#include "model/embed/task_layout.h"
#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct core;
struct recorder_rows;

/* One core. */
struct recorder_row {
    trace_track_id track; /* TRACE_NO_TRACK until the core runs */
    bool open;            /* it has a slice that has not ended */
    uint64_t latest_ps;   /* nothing on it begins earlier */
    bool has_info;        /* the recorder knows of the task that is open: */
    struct task_info info;
};

/** rows_new - the groups of @chip, without rows yet. @another: beside those of a device that was there before, which
 *  they are told apart from by their names ("dev1 AIC"). Return NULL without memory. */
struct recorder_rows *rows_new(struct trace *trace, const struct chip_state *chip, bool another);
void rows_free(struct recorder_rows *rows);

/** rows_of - the row of @core, which the trace has from now on. */
struct recorder_row *rows_of(struct recorder_rows *rows, const struct core *core);

/** rows_open / rows_close - a slice of @row begins, ends. */
void rows_open(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, const struct trace_event *what);
void rows_close(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, const struct trace_event *what);

/** rows_close_all - whatever is open ends. */
void rows_close_all(struct recorder_rows *rows, uint64_t time_ps, const struct trace_event *what);

#ifdef __cplusplus
}
#endif
#endif
