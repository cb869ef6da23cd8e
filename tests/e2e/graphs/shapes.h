/* shapes.h - graphs of several shapes, made up from a number: the same number, the same graph. */
#ifndef SHAPES_H
#define SHAPES_H

#include "graph.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A graph, and what each of its tasks must come to. */
struct graph {
    int count, edges, room;
    struct node *nodes;
    int *list;
    uint64_t *wanted;
};

static inline uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)*state * below >> 32);
}

static inline void *must(void *memory)
{
    if (!memory) {
        fprintf(stderr, "graphs: no memory\n");
        exit(7);
    }
    return memory;
}

/* Task @number, without predecessors yet. */
static inline void node_add(struct graph *graph, int core_type, int work, int stage)
{
    graph->nodes = must(realloc(graph->nodes, (size_t)(graph->count + 1) * sizeof *graph->nodes));
    graph->nodes[graph->count++] =
        (struct node){.first = graph->edges, .core_type = core_type, .work = work, .stage = stage};
}

/* One more predecessor of the last task. */
static inline void node_after(struct graph *graph, int predecessor)
{
    if (graph->edges == graph->room) {
        graph->room = 2 * graph->room + 64;
        graph->list = must(realloc(graph->list, (size_t)graph->room * sizeof *graph->list));
    }
    graph->list[graph->edges++] = predecessor;
    graph->nodes[graph->count - 1].count++;
}

static inline void make_chain(struct graph *graph, int count, uint32_t *random)
{
    for (int i = 0; i < count; i++) {
        node_add(graph, i % 5 != 2, (int)draw(random, 20), -1);
        if (i > 0)
            node_after(graph, i - 1);
    }
}

/* One task, @count that follow it, one that follows them all. */
static inline void make_fan(struct graph *graph, int count, uint32_t *random)
{
    node_add(graph, 1, 100, -1);
    for (int i = 1; i <= count; i++) {
        node_add(graph, 1, (int)draw(random, 200), -1);
        node_after(graph, 0);
    }
    node_add(graph, 0, 0, -1);
    for (int i = 1; i <= count; i++)
        node_after(graph, i);
}

/* Up to four predecessors, most of them among the 64 tasks before. */
static inline void make_random(struct graph *graph, int count, uint32_t *random)
{
    for (int i = 0; i < count; i++) {
        node_add(graph, draw(random, 3) > 0, (int)draw(random, draw(random, 8) ? 40 : 400), -1);
        int most = (int)draw(random, 5);
        for (int j = 0; j < most && i > 0; j++) {
            int distance = 1 + (int)draw(random, draw(random, 8) ? 64 : 1000);
            node_after(graph, distance > i ? i - 1 : i - distance);
        }
    }
}

/* @count items through five stages, of which two follow one and the last follows both; with @stages, said so. */
static inline void make_stream(struct graph *graph, int count, uint32_t *random, bool stages)
{
    for (int i = 0; i < count; i++) {
        int base = 5 * i;
        for (int k = 0; k < 5; k++) {
            static const int stage[5] = {0, 1, 1, 2, 3};
            node_add(graph, k != 3, 10 + (int)draw(random, 10), stages ? stage[k] : -1);
            if (k == 1 || k == 2)
                node_after(graph, base);
            if (k == 3)
                node_after(graph, base + 1);
            if (k >= 3)
                node_after(graph, k == 3 ? base + 2 : base + 3);
            if (k == 4 && i > 0)
                node_after(graph, base - 1); /* the item before: an edge within the stage */
        }
    }
}

/* The same graph with its tasks numbered from behind: edges lead from greater to smaller numbers. */
static inline void turn_round(struct graph *graph)
{
    struct node *turned = must(malloc((size_t)graph->count * sizeof *turned));
    for (int i = 0; i < graph->count; i++)
        turned[graph->count - 1 - i] = graph->nodes[i];
    for (int i = 0; i < graph->edges; i++)
        graph->list[i] = graph->count - 1 - graph->list[i];
    free(graph->nodes);
    graph->nodes = turned;
}

/* @turned: the tasks stand after their successors. */
static inline void compute(struct graph *graph, uint64_t seed, bool turned)
{
    graph->wanted = must(realloc(graph->wanted, (size_t)graph->count * sizeof *graph->wanted));
    for (int n = 0; n < graph->count; n++) {
        int i = turned ? graph->count - 1 - n : n;
        uint64_t value = graph_begin(seed, (uint64_t)i);
        for (int j = 0; j < graph->nodes[i].count; j++)
            value = graph_mix(value, graph->wanted[graph->list[graph->nodes[i].first + j]]);
        graph->wanted[i] = value;
    }
}

static inline void graph_free(struct graph *graph)
{
    free(graph->nodes);
    free(graph->list);
    free(graph->wanted);
    *graph = (struct graph){0};
}

#endif
