/* recorder_rows.h - the rows of a device's cores in the timeline: a group for the AICPU and one for each cluster, a row
 * for each core that ran. On an AICore's row stands its program, in it a task at a time, and in these the phases that
 * device code tells of; what is on an AICPU thread's row is known to recorder_threads.h.
 *
 * A launch that was given up leaves slices open, on cores whose own clocks may be past the end of the launch. A row
 * never goes back: whatever follows on it begins at the earliest where the row ends.
 */
#ifndef DAV_RECORDER_ROWS_H
#define DAV_RECORDER_ROWS_H

#include "model/core/core.h"
#include "model/embed/task_layout.h"
#include "model/recorder_queue.h"
#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct recorder_rows;

/* One core. */
struct recorder_row {
    trace_track_id track; /* TRACE_NO_TRACK until the core runs */
    bool program, task;   /* it has such a slice that has not ended */
    uint32_t phases;      /* and so many of these */
    uint64_t latest_ps;   /* nothing on it begins earlier */
    bool has_info;        /* the recorder knows of the task that is open: */
    struct task_info info;
    uint64_t ordinal;         /* and else this */
    int64_t ended[CORE_ENDS]; /* ids or ordinals of the tasks that were its kernels n: [n % CORE_ENDS] */
    bool ended_has_id[CORE_ENDS];
    struct recorder_queue queue;
};

/** rows_new - the groups of @chip, without rows yet. @another: beside those of a device that was there before, which
 *  they are told apart from by their names ("dev1 Cluster 0"). Return NULL without memory. */
struct recorder_rows *rows_new(struct trace *trace, const struct chip_state *chip, bool another);
void rows_free(struct recorder_rows *rows);

/** rows_of - the row of @core, which the trace has from now on. */
struct recorder_row *rows_of(struct recorder_rows *rows, const struct core *core);

/** rows_memory - the group for what is nobody's but the memory's. */
trace_track_id rows_memory(struct recorder_rows *rows);

/** rows_scheduler - the group of the AICPU threads. */
trace_track_id rows_scheduler(struct recorder_rows *rows);

/** rows_open / rows_close - a slice of @row begins (return when, for the row), ends. Strings of @what stay where they
 *  are until the launch ends. */
uint64_t rows_open(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, struct trace_event *what);
void rows_close(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, struct trace_event *what);

/** rows_close_task - the task of the core's kernel @number ends; an arrow may be added. rows_waits - whether it still
 *  may. rows_seen - it is: @flow, or 0: none is. */
void rows_close_task(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, struct trace_event *what,
                     uint64_t number);
bool rows_waits(const struct recorder_row *row, uint64_t number);
void rows_seen(struct recorder_rows *rows, struct recorder_row *row, uint64_t number, uint64_t flow);

/** rows_close_phases - those that device code has left open end. */
void rows_close_phases(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps);

/** rows_close_all - whatever is open on AICores' rows ends. */
void rows_close_all(struct recorder_rows *rows, uint64_t time_ps, const struct trace_event *what);

/** rows_flush - no arrow is added any more to what has ended. */
void rows_flush(struct recorder_rows *rows);

#ifdef __cplusplus
}
#endif
#endif
