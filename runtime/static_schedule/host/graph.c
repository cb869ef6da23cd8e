/* graph.c - see graph.h. */
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>

struct urgency {
    long long ns; /* from the task's start to the end of the run */
    int task;
};

/* The edges sorted by one of their ends: the tasks at the other end of task t are to[start[t]..start[t + 1]). */
static void sort_edges(const Runtime *runtime, int by_successor, int *start, int *to)
{
    for (int i = 0; i <= runtime->task_count; i++)
        start[i] = 0;
    for (int i = 0; i < runtime->edge_count; i++)
        start[by_successor ? runtime->edges[i].to : runtime->edges[i].from]++;
    for (int i = 0, sum = 0; i <= runtime->task_count; i++) {
        sum += start[i];
        start[i] = sum;
    }
    for (int i = runtime->edge_count - 1; i >= 0; i--) {
        Edge edge = runtime->edges[i];
        to[--start[by_successor ? edge.to : edge.from]] = by_successor ? edge.from : edge.to;
    }
}

/* All tasks into @order, each behind its predecessors. Return: how many could be reached; less if there is a cycle. */
static int sort_tasks(const struct graph *graph, const int *after_start, const int *after, int *order, int *waiting)
{
    int count = graph->runtime->task_count, reached = 0;
    for (int i = 0; i < count; i++) {
        waiting[i] = graph->before_start[i + 1] - graph->before_start[i];
        if (waiting[i] == 0)
            order[reached++] = i;
    }
    for (int next = 0; next < reached; next++)
        for (int j = after_start[order[next]]; j < after_start[order[next] + 1]; j++)
            if (--waiting[after[j]] == 0)
                order[reached++] = after[j];
    if (reached == count)
        return 0;
    int stuck = 0;
    while (waiting[stuck] == 0)
        stuck++;
    fprintf(stderr,
            "static_schedule: init_runtime: %d tasks can never start because they wait for each other in a cycle; one "
            "of them, or behind them, is task %d\n",
            count - reached, stuck);
    return -1;
}

static int more_urgent(const void *a, const void *b)
{
    const struct urgency *left = a, *right = b;
    if (left->ns != right->ns)
        return left->ns > right->ns ? -1 : 1;
    return left->task - right->task;
}

/* From the last task to the first: how long it and what follows it take, if each is executed by another core. */
static void rank(const struct graph *graph, const int *after_start, const int *after, const int *order,
                 struct urgency *ranks)
{
    int count = graph->runtime->task_count;
    for (int i = count - 1; i >= 0; i--) {
        int task = order[i];
        long long behind = 0;
        for (int j = after_start[task]; j < after_start[task + 1]; j++)
            if (ranks[after[j]].ns + RUNTIME_HANDOVER_COST > behind)
                behind = ranks[after[j]].ns + RUNTIME_HANDOVER_COST;
        ranks[task] = (struct urgency){behind + RUNTIME_EXECUTE_COST + graph->runtime->costs[task], task};
    }
    qsort(ranks, (size_t)count, sizeof *ranks, more_urgent);
    for (int i = 0; i < count; i++)
        graph->urgent[i] = ranks[i].task;
}

int graph_open(struct graph *graph, const Runtime *runtime)
{
    size_t count = (size_t)runtime->task_count, edges = (size_t)runtime->edge_count;
    int *after = malloc((edges + 1) * sizeof(int)), *after_start = malloc((count + 1) * sizeof(int));
    int *order = malloc(count * sizeof(int)), *waiting = malloc(count * sizeof(int));
    struct urgency *ranks = malloc(count * sizeof *ranks);
    *graph = (struct graph){
        .runtime = runtime,
        .before = malloc((edges + 1) * sizeof(int)),
        .before_start = malloc((count + 1) * sizeof(int)),
        .urgent = malloc(count * sizeof(int)),
    };
    int status = -1;
    if (!after || !after_start || !order || !waiting || !ranks || !graph->before || !graph->before_start ||
        !graph->urgent) {
        fprintf(stderr, "static_schedule: init_runtime: no host memory to plan %zu tasks\n", count);
    } else {
        sort_edges(runtime, 1, graph->before_start, graph->before);
        sort_edges(runtime, 0, after_start, after);
        status = sort_tasks(graph, after_start, after, order, waiting);
        if (status == 0)
            rank(graph, after_start, after, order, ranks);
    }
    free(after);
    free(after_start);
    free(order);
    free(waiting);
    free(ranks);
    if (status != 0)
        graph_close(graph);
    return status;
}

void graph_close(struct graph *graph)
{
    free(graph->before);
    free(graph->before_start);
    free(graph->urgent);
    *graph = (struct graph){0};
}
