/* recorder_threads.h - what AICPU threads do, on their rows of the timeline: the program, in it the phases of a
 * scheduler, in these the dispatches and completions of tasks, what the thread waits for, and the phases that device
 * code tells of.
 *
 * That a store was a task's dispatch is known when the kernel begins, so a row is told late: the latest few thousand
 * slices are held back, in order. A task that begins after so many others of the thread's slices has no dispatch slice.
 *
 * Phases. `init` is until the thread's first store to a line or register in which an AICore reads what it stored,
 * `handshake` from there, `schedule` from its first dispatch or completion, `shutdown` after its last one. Where such a
 * border lies within a phase of device code's own it moves to that one's begin (`shutdown`: to its end). A thread that
 * has part in none of this has no phases.
 *
 * A dispatch begins with the store and ends when that is visible, or earlier: when the thread's next slice begins. A
 * completion begins with the load that finds it, though not before the kernel's end, and ends when its value is back.
 */
#ifndef DAV_RECORDER_THREADS_H
#define DAV_RECORDER_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct core;
struct recorder_rows;
struct recorder_threads;

/* What a dispatch or a completion is about. */
struct thread_task {
    const struct core *core; /* the AICore */
    int64_t id, func;
    bool has_id;       /* else `id` is an ordinal */
    uint64_t flow;     /* the arrow: 0 for none */
    uint64_t delay_ps; /* dispatch to start, end to seen */
};

struct recorder_threads *threads_new(struct trace *trace, const struct chip_state *chip, struct recorder_rows *rows);
void threads_free(struct recorder_threads *threads);

/** threads_begin - a program begins; @name, which stays where it is. threads_end - it ends; if it was not known yet it
 *  was a thread that device code had made, and began at @begin_ps. */
void threads_begin(struct recorder_threads *threads, const struct core *thread, uint64_t begin_ps, const char *name);
void threads_end(struct recorder_threads *threads, const struct core *thread, uint64_t begin_ps, uint64_t time_ps);

/** threads_handed - an AICore has read what @thread stored at @time_ps. */
void threads_handed(struct recorder_threads *threads, const struct core *thread, uint64_t time_ps);

/** threads_dispatch, threads_completion - Return false if it comes too late to be told: then there is no arrow either.
 */
bool threads_dispatch(struct recorder_threads *threads, const struct core *thread, uint64_t begin_ps, uint64_t end_ps,
                      const struct thread_task *task);
bool threads_completion(struct recorder_threads *threads, const struct core *thread, uint64_t begin_ps, uint64_t end_ps,
                        const struct thread_task *task);

/** threads_wait - it waited: @name, @on stay where they are. */
void threads_wait(struct recorder_threads *threads, const struct core *thread, uint64_t begin_ps, uint64_t end_ps,
                  const char *name, const char *on);

/** threads_phase - device code begins a phase (@name stays where it is), or (@name NULL) ends the latest one. */
void threads_phase(struct recorder_threads *threads, const struct core *thread, uint64_t time_ps, const char *name);

/** threads_end_launch - all that is held back is told; what is open was cut off at @time_ps. */
void threads_end_launch(struct recorder_threads *threads, uint64_t time_ps);

#ifdef __cplusplus
}
#endif
#endif
