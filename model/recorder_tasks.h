/* recorder_tasks.h - the tasks of a device in the timeline: a slice each in the program of its core, arrows to it from
 * the AICPU's dispatch and from the tasks that it depends on, one from it to where its end is seen; and the curves of
 * how many are ready and run.
 *
 * Ids and dependencies are read from the runtime's own structures in GM (task_layout.h); a runtime that keeps none that
 * we know still gets its slices, numbered in the order in which they begin.
 */
#ifndef DAV_RECORDER_TASKS_H
#define DAV_RECORDER_TASKS_H

#include "model/event.h"
#include "model/recorder_rows.h"
#include "model/recorder_threads.h"

#ifdef __cplusplus
extern "C" {
#endif

struct kernels;
struct recorder_tasks;

/** tasks_new - of @chip. Return NULL without memory. tasks_free - @tasks may be NULL. */
struct recorder_tasks *tasks_new(struct trace *trace, struct chip_state *chip, const struct kernels *kernels,
                                 struct recorder_rows *rows, struct recorder_threads *threads);
void tasks_free(struct recorder_tasks *tasks);

/** tasks_modules - see recorder_modules. */
void tasks_modules(struct recorder_tasks *tasks, const void *aicore, size_t aicore_size, const void *aicpu,
                   size_t aicpu_size);

/** tasks_begin, tasks_end, tasks_seen - EVENT_TASK_BEGIN, EVENT_TASK_END, EVENT_TASK_SEEN. */
void tasks_begin(struct recorder_tasks *tasks, const struct event *event);
void tasks_end(struct recorder_tasks *tasks, const struct event *event);
void tasks_seen(struct recorder_tasks *tasks, const struct event *event);

/** tasks_begin_launch - ordinals begin again. tasks_end_launch - no task runs any more. */
void tasks_begin_launch(struct recorder_tasks *tasks);
void tasks_end_launch(struct recorder_tasks *tasks, uint64_t time_ps);

/** tasks_flush - all that is held back is told, when all else of a launch is; arrows to tasks that have not begun end
 * on row @host. */
void tasks_flush(struct recorder_tasks *tasks, trace_track_id host, uint64_t time_ps);

#ifdef __cplusplus
}
#endif
#endif
