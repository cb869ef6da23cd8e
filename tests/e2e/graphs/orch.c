/* orch.c - the graph that the host program describes. @args: nodes, how many, the list of predecessors, how many, the
 * results on the host, the launch's seed. */
#include "runtime.h"

#include "graph.h"

static int add_node(Runtime *runtime, const struct node *nodes, int number, uint64_t results, uint64_t list,
                    uint64_t seed)
{
    const struct node *node = &nodes[number];
    uint64_t args[] = {results,
                       list + (uint64_t)node->first * sizeof(int),
                       (uint64_t)node->count,
                       (uint64_t)number,
                       seed,
                       (uint64_t)node->work};
    if (add_task(runtime, args, 6, node->core_type, node->core_type) != number)
        return -1;
#ifdef RUNTIME_MAX_STAGES
    if (node->stage >= 0)
        return set_stage(runtime, number, node->stage);
#endif
    return 0;
}

int build_graph(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 6)
        return -1;
    const struct node *nodes = (const struct node *)(uintptr_t)args[0];
    const int *list = (const int *)(uintptr_t)args[2];
    int count = (int)args[1];
    size_t list_size = ((size_t)args[3] + 1) * sizeof *list,
           results_size = (size_t)count * GRAPH_WORDS * sizeof(uint64_t);
    const HostApi *api = &runtime->host_api;
    void *results = api->device_malloc(results_size), *device_list = api->device_malloc(list_size);
    if (record_tensor_pair(runtime, (void *)(uintptr_t)args[4], results, results_size) != 0 ||
        record_tensor_pair(runtime, NULL, device_list, list_size) != 0 ||
        (args[3] > 0 && api->copy_to_device(device_list, list, list_size - sizeof *list) != 0) ||
        runtime_reserve_tasks(runtime, count) != 0)
        return -1;
    for (int i = 0; i < count; i++)
        if (add_node(runtime, nodes, i, (uint64_t)(uintptr_t)results, (uint64_t)(uintptr_t)device_list, args[5]) != 0)
            return -1;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < nodes[i].count; j++)
            if (add_successor(runtime, list[nodes[i].first + j], i) != 0)
                return -1;
    return get_task_count(runtime) == count ? 0 : -1;
}

int build_cycle(Runtime *runtime, uint64_t *args, int arg_count)
{
    (void)args;
    (void)arg_count;
    for (int i = 0; i < 3; i++)
        if (add_task(runtime, NULL, 0, 0, RUNTIME_AIV) != i)
            return -1;
    return add_successor(runtime, 0, 1) | add_successor(runtime, 1, 2) | add_successor(runtime, 2, 1);
}

int build_unknown_kernel(Runtime *runtime, uint64_t *args, int arg_count)
{
    (void)args;
    (void)arg_count;
    return add_task(runtime, NULL, 0, 77, RUNTIME_AIC) == 0 ? 0 : -1;
}

int build_bad_edge(Runtime *runtime, uint64_t *args, int arg_count)
{
    (void)args;
    (void)arg_count;
    return add_task(runtime, NULL, 0, 0, RUNTIME_AIC) == 0 ? add_successor(runtime, 0, 1) : -1;
}

int build_too_many_args(Runtime *runtime, uint64_t *args, int arg_count)
{
    (void)arg_count;
    return add_task(runtime, args, RUNTIME_MAX_ARGS + 1, 0, RUNTIME_AIC) < 0 ? -1 : 0;
}

#ifdef RUNTIME_MAX_STAGES
int build_backwards(Runtime *runtime, uint64_t *args, int arg_count)
{
    (void)args;
    (void)arg_count;
    for (int i = 0; i < 2; i++)
        if (add_task(runtime, NULL, 0, 0, RUNTIME_AIV) != i || set_stage(runtime, i, 1 - i) != 0)
            return -1;
    return add_successor(runtime, 0, 1);
}
#endif
