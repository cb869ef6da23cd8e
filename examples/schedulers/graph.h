/* graph.h - a graph of tasks as the host program makes it and the orchestration reads it.
 *
 * Tasks are numbered so that each comes behind all that it waits for: every edge points forwards.
 */
#ifndef SCHEDULERS_GRAPH_H
#define SCHEDULERS_GRAPH_H

#include <stdint.h>

enum { GRAPH_AIC, GRAPH_AIV };

struct graph_task {
    int32_t core_type;
    int32_t turns;                      /* how long it is meant to last, see kernels/work.h */
    int32_t first_before, before_count; /* the tasks that it waits for: before[first_before..+before_count) */
};

struct graph {
    int32_t count, before_count;
    int32_t no_costs; /* do not tell the runtime what tasks cost */
    struct graph_task *tasks;
    int32_t *before;
};

/* About what its kernel takes on the default chip, measured: the turns, a miss for each result that it reads, and two
 * for its numbers and its own result. */
static inline int64_t graph_cost_ns(const struct graph_task *task)
{
    return (int64_t)task->turns * 39 / 10 + (int64_t)task->before_count * 190 + 400;
}

#endif
