/* critical_path.h - what the length of a launch is made of: hops from its end back to its begin, through the graph.
 *
 * The path goes backwards from the task that ended last. The time from that end until the last end of all was seen is
 * its completion latency, whichever end that was; what follows is shutdown. From a task the path goes on to
 *
 * - the task before it in the graph that released it last: where its end was seen, if that was before the dispatch,
 *   else where it ended (cores that wait by themselves). A task that nothing comes before was released by the first
 *   dispatch of the launch;
 * - if the trace has no edges of the launch, or not all of them, and none to this task: the task before it on its core,
 *   if that ended after the dispatch, or the dispatch is not known; otherwise the task whose end was the last that was
 *   seen before the dispatch; otherwise to the first dispatch.
 *
 * Each hop begins where the one before it ends, so that they sum to the launch's length to the picosecond. Ties go to
 * the task that ended last, then to the one that comes first in the schedule.
 */
#ifndef DAV_CRITICAL_PATH_H
#define DAV_CRITICAL_PATH_H

#include "traces/schedule.h"

enum hop_kind {
    HOP_START_UP,   /* from the launch's begin to the first dispatch in it */
    HOP_SCHEDULER,  /* a task could be dispatched, as far as graph and core go, and was not yet */
    HOP_WAIT_CORE,  /* its core had another task, or had one that was not known to have ended */
    HOP_DISPATCH,   /* from its dispatch to its begin, but for the time its core was still at another one */
    HOP_HAND_OVER,  /* from the end of the task before it on the path to its begin, if it was dispatched before that, or
                       nobody knows when */
    HOP_KERNEL,     /* from its begin to its end */
    HOP_COMPLETION, /* from its end to where the scheduler saw it; of the last one, to where all ends had been seen */
    HOP_SHUTDOWN,   /* from there to the launch's end */
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
