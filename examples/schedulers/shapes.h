/* shapes.h - three graphs that ask different things of a scheduler, made up by the host.
 *
 *   chain    each task waits for the one before: nothing is parallel, what counts is the way from an end to a start
 *   fanout   a source, 64 tasks that wait for it, a sink that waits for these; then the next source
 *   random   up to three of the latest tasks before it, of both kinds of cores, short and long ones
 */
#ifndef SCHEDULERS_SHAPES_H
#define SCHEDULERS_SHAPES_H

#include "graph.h"

#include "examples/common/example.h"

enum shape { SHAPE_CHAIN, SHAPE_FANOUT, SHAPE_RANDOM, SHAPES };

static const struct shape_kind {
    const char *name, *text;
    long tasks; /* unless the user says another number */
} shape_kinds[SHAPES] = {
    [SHAPE_CHAIN] = {"chain", "each waits for the one before", 256},
    [SHAPE_FANOUT] = {"fanout", "a source, 64 tasks, a sink, and again", 8 * 66},
    [SHAPE_RANDOM] = {"random", "each waits for up to three of the 400 before", 2000},
};

enum { SHORT_TURNS = 400, TURNS = 1500, LONG_TURNS = 6000, WIDTH = 64, WINDOW = 400, MOST_BEFORE = 3 };

static inline uint32_t shape_draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)*state * below >> 32);
}

/* The next task; it waits for nothing yet. */
static inline void shape_add(struct graph *graph, int core_type, int turns)
{
    graph->tasks[graph->count++] =
        (struct graph_task){.core_type = core_type, .turns = turns, .first_before = graph->before_count};
}

/* The latest task waits for @task. */
static inline void shape_after(struct graph *graph, int task)
{
    graph->before[graph->before_count++] = task;
    graph->tasks[graph->count - 1].before_count++;
}

static inline void shape_add_chain(struct graph *graph, long tasks)
{
    for (int i = 0; i < tasks; i++) {
        shape_add(graph, GRAPH_AIV, SHORT_TURNS);
        if (i > 0)
            shape_after(graph, i - 1);
    }
}

/* What is left of the last round has fewer tasks in the middle. */
static inline void shape_add_fanout(struct graph *graph, long tasks)
{
    while (graph->count < tasks) {
        int source = graph->count;
        shape_add(graph, GRAPH_AIV, SHORT_TURNS);
        if (source > 0)
            shape_after(graph, source - 1);
        for (int i = 0; i < WIDTH && graph->count < tasks - 1; i++) {
            shape_add(graph, GRAPH_AIV, TURNS);
            shape_after(graph, source);
        }
        if (graph->count == tasks)
            return;
        int sink = graph->count;
        shape_add(graph, GRAPH_AIV, SHORT_TURNS);
        for (int i = sink > source + 1 ? source + 1 : source; i < sink; i++)
            shape_after(graph, i);
    }
}

/* A third are AIC tasks, as a third of the cores are. One predecessor may be drawn twice; it then counts once. */
static inline void shape_add_random(struct graph *graph, long tasks, uint32_t seed)
{
    uint32_t state = seed;
    for (int i = 0; i < tasks; i++) {
        int type = shape_draw(&state, 3) == 0 ? GRAPH_AIC : GRAPH_AIV;
        shape_add(graph, type, SHORT_TURNS + (int)shape_draw(&state, LONG_TURNS - SHORT_TURNS));
        uint32_t latest = i < WINDOW ? (uint32_t)i : WINDOW, before = i == 0 ? 0 : shape_draw(&state, MOST_BEFORE + 1);
        for (uint32_t j = 0; j < before; j++) {
            int task = i - 1 - (int)shape_draw(&state, latest), known = 0;
            for (int k = graph->tasks[i].first_before; k < graph->before_count; k++)
                known |= graph->before[k] == task;
            if (!known)
                shape_after(graph, task);
        }
    }
}

/* Return: 0, or 7 without memory. */
static inline int shape_make(struct graph *graph, enum shape shape, long tasks, uint32_t seed)
{
    size_t count = (size_t)tasks;
    *graph = (struct graph){.tasks = calloc(count, sizeof *graph->tasks),
                            .before = calloc(MOST_BEFORE * count + 1, sizeof *graph->before)};
    if (!graph->tasks || !graph->before)
        return 7;
    if (shape == SHAPE_CHAIN)
        shape_add_chain(graph, tasks);
    else if (shape == SHAPE_FANOUT)
        shape_add_fanout(graph, tasks);
    else
        shape_add_random(graph, tasks, seed);
    return 0;
}

static inline void shape_free(struct graph *graph)
{
    free(graph->tasks);
    free(graph->before);
}

#endif
