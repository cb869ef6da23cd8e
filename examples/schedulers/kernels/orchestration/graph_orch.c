/* graph_orch.c - the graph that the host program has made up, for whichever runtime this is compiled with.
 *
 * Arguments: the graph, the results, both on the host.
 */
#include "runtime.h"

#include "../../graph.h"
#include "../work.h"

/* Device memory with the host's @data in it; the runtime frees it, and copies it back first if it is a @result. */
static uint64_t to_device(Runtime *runtime, void *data, size_t size, int result)
{
    void *device = runtime->host_api.device_malloc(size);
    if (record_tensor_pair(runtime, result ? data : NULL, device, size) != 0)
        return 0;
    return runtime->host_api.copy_to_device(device, data, size) == 0 ? (uint64_t)(uintptr_t)device : 0;
}

static int add(Runtime *runtime, const struct graph *graph, int number, uint64_t results, uint64_t before)
{
    const struct graph_task *task = &graph->tasks[number];
    uint64_t args[] = {results, (uint64_t)number, before + (uint64_t)task->first_before * sizeof(int32_t),
                       (uint64_t)task->before_count, (uint64_t)task->turns};
    int type = task->core_type == GRAPH_AIC ? RUNTIME_AIC : RUNTIME_AIV;
    if (add_task(runtime, args, 5, task->core_type, type) != number)
        return -1;
    for (int i = 0; i < task->before_count; i++)
        if (add_successor(runtime, graph->before[task->first_before + i], number) != 0)
            return -1;
#ifdef RUNTIME_HAS_TASK_COST
    if (!graph->no_costs && set_task_cost(runtime, number, (int)graph_cost_ns(task)) != 0)
        return -1;
#endif
    return 0;
}

int build_graph(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 2)
        return -1;
    struct graph *graph = (struct graph *)(uintptr_t)args[0];
    size_t count = (size_t)graph->count;
    if (runtime_reserve_tasks(runtime, graph->count) != 0)
        return -1;
    uint64_t results = to_device(runtime, (void *)(uintptr_t)args[1], count * sizeof(struct result), 1);
    uint64_t before = to_device(runtime, graph->before, ((size_t)graph->before_count + 1) * sizeof(int32_t), 0);
    if (!results || !before)
        return -1;
    for (int i = 0; i < graph->count; i++)
        if (add(runtime, graph, i, results, before) != 0)
            return -1;
    return 0;
}
