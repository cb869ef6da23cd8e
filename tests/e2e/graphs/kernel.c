/* kernel.c - a task's result from those of its predecessors. Arguments: results (a line a task), the list of
 * predecessors, how many, the task's number, the launch's seed, how much work to pretend. */
#include "aicore.h"

#include "graph.h"

__aicore__ void mix(__gm__ int64_t *args)
{
    __gm__ uint64_t *results = (__gm__ uint64_t *)args[0];
    const __gm__ int *predecessors = (const __gm__ int *)args[1];
    uint64_t value = graph_begin((uint64_t)args[4], (uint64_t)args[3]);
    for (int64_t i = 0; i < args[2]; i++)
        value = graph_mix(value, results[predecessors[i] * GRAPH_WORDS]);
    volatile int64_t turns = 0;
    while (turns < args[5])
        turns++;
    results[args[3] * GRAPH_WORDS] = value;
}
