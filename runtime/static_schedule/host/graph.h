/* graph.h - the graph as the planner wants it: predecessors side by side, and the tasks in the order of their urgency.
 *
 * A task is as urgent as the longest way from its start to the end of the run is, by the estimated costs. Such an order
 * is one in which every task comes behind its predecessors.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "runtime.h"

struct graph {
    const Runtime *runtime; /* its staging, costs and edges */
    int *before;            /* the predecessors of task t: before[before_start[t]..before_start[t + 1]) */
    int *before_start;
    int *urgent; /* all tasks, the most urgent one first */
};

/** graph_open - Return: 0; -1 after a line on stderr if there is a cycle or no memory. */
int graph_open(struct graph *graph, const Runtime *runtime);

void graph_close(struct graph *graph);

#endif
