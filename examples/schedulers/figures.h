/* figures.h - what a launch took in simulated time, as a row of a table.
 *
 * - makespan: from the launch's call to its end; so the start of the AICPU's threads and the quitting of the cores are
 *   in it, some 25 us.
 * - of the best: how near that is to what no scheduler can beat, the longest path of the graph or the work for the AICs
 *   or AIVs divided among them, whichever is most. Both are weighed by what the tasks should take, and scaled to what
 *   the kernels did take.
 * - overhead: how much longer than the best, divided by the number of tasks.
 * - to start, to seen: from the AICPU's store of a task to its kernel's begin, and from a kernel's end to the moment
 *   when an AICPU has read of it: means. None where cores know their tasks long before these may start.
 * - AICPU busy: of the launch's threads, polling included. A thread that has left is idle.
 */
#ifndef SCHEDULERS_FIGURES_H
#define SCHEDULERS_FIGURES_H

#include "graph.h"

#include "examples/common/example.h"
#include "model/davsim.h"

struct figures_row {
    const char *runtime, *shape;
    const struct dav_figures *taken; /* NULL: the runtime does not take this graph */
    bool dispatches;                 /* an AICPU gives a task out when it may start */
    const struct graph *graph;
    long aicpu, block_dim;
};

static inline struct dav_figures figures_between(const struct dav_figures *a, const struct dav_figures *b)
{
    return (struct dav_figures){
        .launches = b->launches - a->launches,
        .launch_ps = b->launch_ps - a->launch_ps,
        .tasks = b->tasks - a->tasks,
        .aic_busy_ps = b->aic_busy_ps - a->aic_busy_ps,
        .aiv_busy_ps = b->aiv_busy_ps - a->aiv_busy_ps,
        .aicpu_busy_ps = b->aicpu_busy_ps - a->aicpu_busy_ps,
        .dispatched = b->dispatched - a->dispatched,
        .dispatch_to_start_ps = b->dispatch_to_start_ps - a->dispatch_to_start_ps,
        .seen = b->seen - a->seen,
        .end_to_seen_ps = b->end_to_seen_ps - a->end_to_seen_ps,
    };
}

/* Of the costs in graph.h: the longest path, and the work for each kind of core. */
struct figures_work {
    double path, aic, aiv;
};

static inline struct figures_work figures_work(const struct graph *graph)
{
    struct figures_work work = {0, 0, 0};
    double *ends = calloc((size_t)graph->count, sizeof *ends);
    for (int i = 0; ends && i < graph->count; i++) {
        const struct graph_task *task = &graph->tasks[i];
        double cost = (double)graph_cost_ns(task);
        for (int j = 0; j < task->before_count; j++)
            ends[i] = fmax(ends[i], ends[graph->before[task->first_before + j]]);
        ends[i] += cost;
        work.path = fmax(work.path, ends[i]);
        *(task->core_type == GRAPH_AIC ? &work.aic : &work.aiv) += cost;
    }
    free(ends);
    return work;
}

/* The least time in us for the graph on so many clusters of an AIC and two AIVs. */
static inline double figures_best_us(const struct figures_row *row, double kernels_us)
{
    struct figures_work work = figures_work(row->graph);
    double clusters = (double)row->block_dim;
    double best = fmax(work.path, fmax(work.aic / clusters, work.aiv / (2 * clusters)));
    return best * kernels_us / (work.aic + work.aiv);
}

static inline const char *figures_mean_ns(char text[16], uint64_t sum_ps, uint64_t count)
{
    if (count == 0)
        return "-";
    snprintf(text, 16, "%.0f", (double)sum_ps / (double)count / 1e3);
    return text;
}

static inline void figures_head(void)
{
    printf("%-7s %6s %-17s %14s %12s %14s %14s %13s %11s %9s\n", "shape", "tasks", "runtime", "makespan in us",
           "of the best", "overhead in ns", "to start in ns", "to seen in ns", "AICPU busy", "tasks/us");
}

static inline void figures_print(const struct figures_row *row, bool markdown)
{
    const struct dav_figures *taken = row->taken;
    printf(markdown ? "| %s | %d | `%s` | " : "%-7s %6d %-17s ", row->shape, row->graph->count, row->runtime);
    if (!taken) {
        printf(markdown ? "refused | | | | | | |\n" : "refused\n");
        return;
    }
    double launches = (double)taken->launches, makespan = (double)taken->launch_ps / 1e6 / launches;
    double best = figures_best_us(row, (double)(taken->aic_busy_ps + taken->aiv_busy_ps) / 1e6 / launches);
    double busy = (double)taken->aicpu_busy_ps / 1e6 / launches / ((double)row->aicpu * makespan);
    char start[16], seen[16];
    printf(markdown ? "%.1f | %.0f %% | %.0f | %s | %s | %.0f %% | %.2f |\n"
                    : "%14.1f %10.0f %% %14.0f %14s %13s %9.0f %% %9.2f\n",
           makespan, 100 * best / makespan, 1e3 * (makespan - best) / (double)row->graph->count,
           figures_mean_ns(start, taken->dispatch_to_start_ps, row->dispatches ? taken->dispatched : 0),
           figures_mean_ns(seen, taken->end_to_seen_ps, row->dispatches ? taken->seen : 0), 100 * busy,
           (double)row->graph->count / makespan);
}

#endif
