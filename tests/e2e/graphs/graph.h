/* graph.h - what the host program and the orchestration of this test share. */
#ifndef GRAPH_H
#define GRAPH_H

#include <stdint.h>

enum { GRAPH_MOST_PREDECESSORS = 1024, GRAPH_WORDS = 8 /* a task's result has a line of its own */ };

/* A task as the host program wants it. Its predecessors are `count` numbers from place `first` on in a list. */
struct node {
    int first, count;
    int core_type; /* 0: AIC, 1: AIV */
    int work;      /* how long its kernel takes */
    int stage;     /* for runtimes that have stages; -1: let the runtime find it */
};

/* What task @number makes of its predecessors' results: any that comes too late, or is of another launch, shows. */
static inline uint64_t graph_begin(uint64_t seed, uint64_t number)
{
    return (seed * 1000003 + number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static inline uint64_t graph_mix(uint64_t value, uint64_t predecessor)
{
    value = (value ^ predecessor) * UINT64_C(0xff51afd7ed558ccd);
    return value ^ value >> 29;
}

#endif
