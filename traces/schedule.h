/* schedule.h - what a timeline tells of scheduling: launches, the cores that took part, and each task with its four
 * moments (dispatched, begun, ended, seen) and the tasks before it in the graph.
 *
 * Slices are known by their categories (launch, program, task, dispatch, completion), arrows by those of their ends.
 * What a trace does not tell is SCHEDULE_UNKNOWN here, never a guess.
 */
#ifndef DAV_SCHEDULE_H
#define DAV_SCHEDULE_H

#include "traces/core_name.h"
#include "traces/reader.h"

#define SCHEDULE_UNKNOWN UINT64_MAX

struct schedule_task {
    int64_t id; /* of a task whose id the trace does not know: its ordinal in the launch */
    bool has_id, unfinished;
    bool more_after;              /* it may have more successors than the trace tells */
    uint32_t slice, core, launch; /* launch: TRACE_NONE outside of all */
    uint32_t kernel;              /* its name, in the timeline's strings */
    uint64_t dispatched_ps, begin_ps, end_ps, seen_ps;
    uint32_t first_before, before_count;
    uint32_t previous; /* on the same core, in the same launch; TRACE_NONE: it is the first */
};

struct schedule_launch {
    uint64_t begin_ps, end_ps;
    uint64_t start_ps; /* the first dispatch (or begin of a task): where start-up ends */
    int64_t device;    /* -1: the only one */
    bool clipped;      /* of a trace that was cut: not all of it is there */
    bool edges_cut;    /* a task may have more successors than the trace tells */
    uint32_t first_task, task_count;
    size_t edge_count;
};

struct schedule_core {
    uint32_t row, type;
    int64_t device;
    uint64_t busy_ps, program_ps, longest_ps; /* longest_ps: of its tasks */
    size_t task_count;
};

/* Launches are in order of time, tasks by launch (those outside of all come last), then by begin. */
struct schedule {
    const struct timeline *timeline;
    struct schedule_launch *launches;
    size_t launch_count;
    struct schedule_task *tasks;
    size_t task_count;
    uint32_t *before; /* tasks */
    size_t edge_count;
    struct schedule_core *cores;
    size_t core_count;
    char (*types)[CORE_TYPE_LENGTH]; /* of cores: AIC, AIV, AICPU */
    size_t type_count;
    uint8_t *took_part; /* [launch * core_count + core] */
};

/** schedule_new - Return NULL without memory. @timeline must outlive it. */
struct schedule *schedule_new(const struct timeline *timeline);
void schedule_free(struct schedule *schedule);

/** schedule_head, schedule_tail - from dispatch to begin, and from end to where that was seen; SCHEDULE_UNKNOWN if so.
 */
static inline uint64_t schedule_head(const struct schedule_task *task)
{
    return task->dispatched_ps == SCHEDULE_UNKNOWN ? SCHEDULE_UNKNOWN : task->begin_ps - task->dispatched_ps;
}

static inline uint64_t schedule_tail(const struct schedule_task *task)
{
    return task->seen_ps == SCHEDULE_UNKNOWN ? SCHEDULE_UNKNOWN : task->seen_ps - task->end_ps;
}

/** schedule_knows_edges - whether all edges between the tasks of @launch are known: one without is of independent tasks
 *  only if it has a single one. */
static inline bool schedule_knows_edges(const struct schedule_launch *launch)
{
    return launch->task_count <= 1 || (launch->edge_count > 0 && !launch->edges_cut);
}

#endif
