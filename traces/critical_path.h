/* critical_path.h - what the length of a launch is made of: hops from its end back to its begin, through the graph.
 *
 * From the task that was seen last, the path goes to the task before it that released it last, and so on to a task
 * that nothing comes before. Each hop begins where the one before it ends, so that they sum to the launch's length to
 * the picosecond.
 */
#ifndef DAV_CRITICAL_PATH_H
#define DAV_CRITICAL_PATH_H

#include "traces/schedule.h"

enum hop_kind {
    HOP_START_UP,   /* from the launch's begin to the first dispatch in it */
    HOP_SCHEDULER,  /* a task could be dispatched, as far as graph and core go, and was not yet */
    HOP_WAIT_CORE,  /* its core had another task, or had one that was not known to have ended */
    HOP_DISPATCH,   /* from its dispatch to its begin, but for the time its core was still at another one */
    HOP_HAND_OVER,  /* from the end of what it waited for to its begin, if it was dispatched before, or nobody knows
                       when */
    HOP_KERNEL,     /* from its begin to its end */
    HOP_COMPLETION, /* from its end to where the scheduler saw it */
    HOP_SHUTDOWN,   /* from where the last task was seen to the launch's end */
    HOP_KINDS
};

struct hop {
    enum hop_kind kind;
    uint32_t task; /* in the schedule; TRACE_NONE: of none */
    uint64_t begin_ps, end_ps;
};

struct critical_path {
    struct hop *hops; /* in order of time; none if the launch has no tasks */
    size_t count, capacity;
    size_t task_count;
    uint64_t ps[HOP_KINDS];
};

/** critical_path_find - of launch number @launch. Return false without memory. */
bool critical_path_find(const struct schedule *schedule, uint32_t launch, struct critical_path *path);
void critical_path_fini(struct critical_path *path);

/** hop_name - "start-up", "dispatch latency". */
const char *hop_name(enum hop_kind kind);

#endif
