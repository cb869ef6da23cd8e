/* runtime.c - building the graph. Runs on the host while the orchestration function does; the device parts link it
 * because the layout of a runtime says so, and call nothing of it.
 */
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EDGES = 1 << 26 };

int runtime_reserve_tasks(Runtime *runtime, int capacity)
{
    if (capacity < 1 || capacity > RUNTIME_MAX_TASKS) {
        fprintf(stderr, "static_schedule: runtime_reserve_tasks: %d tasks asked for, allowed are 1 to %d\n", capacity,
                RUNTIME_MAX_TASKS);
        return -1;
    }
    if (runtime->staging) {
        fprintf(stderr,
                "static_schedule: runtime_reserve_tasks: room for %d tasks is already there; reserve once, before the "
                "first "
                "add_task\n",
                runtime->task_capacity);
        return -1;
    }
    runtime->staging = aligned_alloc(RUNTIME_LINE, (size_t)capacity * sizeof(Task));
    runtime->costs = malloc((size_t)capacity * sizeof(int));
    if (!runtime->staging || !runtime->costs) {
        fprintf(stderr, "static_schedule: runtime_reserve_tasks: no host memory for %d tasks\n", capacity);
        free(runtime->staging);
        free(runtime->costs);
        runtime->staging = NULL;
        runtime->costs = NULL;
        return -1;
    }
    runtime->task_capacity = capacity;
    return 0;
}

int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type)
{
    if (!runtime->staging && runtime_reserve_tasks(runtime, RUNTIME_DEFAULT_TASKS) != 0)
        return -1;
    if (runtime->task_count == runtime->task_capacity) {
        fprintf(stderr,
                "static_schedule: add_task: all %d tasks are in use; call runtime_reserve_tasks with more (up to %d) "
                "before "
                "the first add_task\n",
                runtime->task_capacity, RUNTIME_MAX_TASKS);
        return -1;
    }
    if (arg_count < 0 || arg_count > RUNTIME_MAX_ARGS || (arg_count > 0 && !args)) {
        fprintf(stderr, "static_schedule: add_task: task %d of kernel %d has %d arguments, allowed are 0 to %d\n",
                runtime->task_count, func_id, arg_count, RUNTIME_MAX_ARGS);
        return -1;
    }
    if (core_type != RUNTIME_AIC && core_type != RUNTIME_AIV) {
        fprintf(stderr,
                "static_schedule: add_task: task %d of kernel %d has core type %d, allowed are 0 (AIC) and 1 (AIV)\n",
                runtime->task_count, func_id, core_type);
        return -1;
    }
    Task *task = &runtime->staging[runtime->task_count];
    memset(task, 0, sizeof *task);
    task->task_id = runtime->task_count;
    task->func_id = func_id;
    task->core_type = core_type;
    task->arg_count = arg_count;
    if (arg_count > 0)
        memcpy(task->args, args, (size_t)arg_count * sizeof *args);
    runtime->core_types |= 1 << core_type;
    runtime->costs[task->task_id] = RUNTIME_DEFAULT_COST;
    return runtime->task_count++;
}

/* Room for one more edge. */
static int grow_edges(Runtime *runtime)
{
    if (runtime->edge_count < runtime->edge_capacity)
        return 0;
    int capacity = runtime->edge_capacity ? 2 * runtime->edge_capacity : 1024;
    Edge *edges = capacity <= MAX_EDGES ? realloc(runtime->edges, (size_t)capacity * sizeof *edges) : NULL;
    if (!edges) {
        fprintf(stderr, "static_schedule: add_successor: no room for more than %d edges\n", runtime->edge_count);
        return -1;
    }
    runtime->edges = edges;
    runtime->edge_capacity = capacity;
    return 0;
}

int add_successor(Runtime *runtime, int from, int to)
{
    int count = runtime->task_count;
    if (from < 0 || from >= count || to < 0 || to >= count || from == to) {
        fprintf(stderr, "static_schedule: add_successor: %d -> %d is no edge between two of the %d tasks\n", from, to,
                count);
        return -1;
    }
    if (grow_edges(runtime) != 0)
        return -1;
    runtime->edges[runtime->edge_count++] = (Edge){from, to};
    return 0;
}

int set_task_cost(Runtime *runtime, int task, int cost_ns)
{
    if (task < 0 || task >= runtime->task_count || cost_ns < 1 || cost_ns > 1000000000) {
        fprintf(stderr, "static_schedule: set_task_cost: %d ns for task %d of %d; allowed are 1 to 1000000000\n",
                cost_ns, task, runtime->task_count);
        return -1;
    }
    runtime->costs[task] = cost_ns;
    return 0;
}

int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size)
{
    if (runtime->tensor_pair_count == RUNTIME_MAX_TENSOR_PAIRS) {
        fprintf(stderr, "static_schedule: record_tensor_pair: all %d pairs are in use\n", RUNTIME_MAX_TENSOR_PAIRS);
        return -1;
    }
    if (!dev_ptr) {
        fprintf(stderr, "static_schedule: record_tensor_pair: pair %d has no device pointer; did device_malloc fail?\n",
                runtime->tensor_pair_count);
        return -1;
    }
    runtime->tensor_pairs[runtime->tensor_pair_count++] = (TensorPair){host_ptr, dev_ptr, size};
    return 0;
}

int get_task_count(const Runtime *runtime)
{
    return runtime->task_count;
}

void print_runtime(const Runtime *runtime)
{
    printf("%d tasks, %d edges, %d tensor pairs\n", runtime->task_count, runtime->edge_count,
           runtime->tensor_pair_count);
    for (int i = 0; runtime->staging && i < runtime->task_count; i++) {
        const Task *task = &runtime->staging[i];
        printf("task %d: kernel %d on %s, %d arguments, about %d ns\n", task->task_id, task->func_id,
               task->core_type == RUNTIME_AIC ? "AIC" : "AIV", task->arg_count, runtime->costs[i]);
    }
    for (int i = 0; runtime->edges && i < runtime->edge_count; i++)
        printf("task %d, then %d\n", runtime->edges[i].from, runtime->edges[i].to);
}
