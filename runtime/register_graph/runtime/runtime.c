/* runtime.c - building the graph. Runs on the host while the orchestration function does; the device parts link it
 * because the layout of a runtime says so, and call nothing of it.
 *
 * Tasks and edges grow in host memory ("staging"); the host part moves them to GM when the graph is complete.
 */
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int runtime_reserve_tasks(Runtime *runtime, int capacity)
{
    if (capacity < 1 || capacity > RUNTIME_MAX_TASKS) {
        fprintf(stderr, "register_graph: runtime_reserve_tasks: %d tasks asked for, allowed are 1 to %d\n", capacity,
                RUNTIME_MAX_TASKS);
        return -1;
    }
    if (runtime->task_staging) {
        fprintf(stderr,
                "register_graph: runtime_reserve_tasks: room for %d tasks is already there; reserve once, before the "
                "first add_task\n",
                runtime->task_capacity);
        return -1;
    }
    runtime->task_staging = aligned_alloc(RUNTIME_LINE, (size_t)capacity * sizeof(Task));
    runtime->node_staging = calloc((size_t)capacity + 1, sizeof(Node));
    if (!runtime->task_staging || !runtime->node_staging) {
        fprintf(stderr, "register_graph: runtime_reserve_tasks: no host memory for %d tasks\n", capacity);
        free(runtime->task_staging);
        free(runtime->node_staging);
        runtime->task_staging = NULL;
        runtime->node_staging = NULL;
        return -1;
    }
    runtime->task_capacity = capacity;
    return 0;
}

int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type)
{
    if (!runtime->task_staging && runtime_reserve_tasks(runtime, RUNTIME_DEFAULT_TASKS) != 0)
        return -1;
    if (runtime->task_count == runtime->task_capacity) {
        fprintf(stderr,
                "register_graph: add_task: all %d tasks are in use; call runtime_reserve_tasks with more "
                "(up to %d) before the first add_task\n",
                runtime->task_capacity, RUNTIME_MAX_TASKS);
        return -1;
    }
    if (arg_count < 0 || arg_count > RUNTIME_MAX_ARGS || (arg_count > 0 && !args)) {
        fprintf(stderr, "register_graph: add_task: task %d of kernel %d has %d arguments, allowed are 0 to %d\n",
                runtime->task_count, func_id, arg_count, RUNTIME_MAX_ARGS);
        return -1;
    }
    if (core_type != RUNTIME_AIC && core_type != RUNTIME_AIV) {
        fprintf(stderr,
                "register_graph: add_task: task %d of kernel %d has core type %d, allowed are 0 (AIC) and "
                "1 (AIV)\n",
                runtime->task_count, func_id, core_type);
        return -1;
    }
    Task *task = &runtime->task_staging[runtime->task_count];
    memset(task, 0, sizeof *task);
    task->task_id = runtime->task_count;
    task->func_id = func_id;
    runtime->node_staging[runtime->task_count].core_type = core_type;
    task->arg_count = arg_count;
    if (arg_count > 0)
        memcpy(task->args, args, (size_t)arg_count * sizeof *args);
    return runtime->task_count++;
}

static int make_room_for_edge(Runtime *runtime)
{
    if (runtime->edge_count < runtime->edge_capacity)
        return 0;
    int capacity = runtime->edge_capacity ? 2 * runtime->edge_capacity : 4096;
    Edge *edges = NULL;
    if (capacity <= RUNTIME_MAX_EDGES)
        edges = realloc(runtime->edge_staging, (size_t)capacity * sizeof *edges);
    if (!edges) {
        fprintf(stderr, "register_graph: add_successor: no room for more than %d edges (at most %d, if memory lasts)\n",
                runtime->edge_count, RUNTIME_MAX_EDGES);
        return -1;
    }
    runtime->edge_staging = edges;
    runtime->edge_capacity = capacity;
    return 0;
}

int add_successor(Runtime *runtime, int from, int to)
{
    int count = runtime->task_count;
    if (from < 0 || from >= count || to < 0 || to >= count || from == to) {
        fprintf(stderr, "register_graph: add_successor: %d -> %d is no edge between two of the %d tasks\n", from, to,
                count);
        return -1;
    }
    if (make_room_for_edge(runtime) != 0)
        return -1;
    runtime->edge_staging[runtime->edge_count++] = (Edge){from, to};
    runtime->node_staging[to].fanin_total++;
    Task *task = &runtime->task_staging[from];
    if (task->fanout_count < RUNTIME_SHOWN_FANOUT)
        task->fanout[task->fanout_count++] = to;
    return 0;
}

int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size)
{
    if (runtime->tensor_pair_count == RUNTIME_MAX_TENSOR_PAIRS) {
        fprintf(stderr, "register_graph: record_tensor_pair: all %d pairs are in use\n", RUNTIME_MAX_TENSOR_PAIRS);
        return -1;
    }
    if (!dev_ptr) {
        fprintf(stderr,
                "register_graph: record_tensor_pair: pair %d has no device pointer; did device_malloc "
                "fail?\n",
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
    for (int i = 0; runtime->task_staging && i < runtime->task_count; i++) {
        const Task *task = &runtime->task_staging[i];
        const Node *node = &runtime->node_staging[i];
        printf("task %d: kernel %d on %s, after %d tasks, %d arguments, then", i, task->func_id,
               node->core_type == RUNTIME_AIC ? "AIC" : "AIV", node->fanin_total, task->arg_count);
        for (int j = 0; j < task->fanout_count; j++)
            printf(" %d", task->fanout[j]);
        printf("%s\n", task->fanout_count == 0 ? " nothing" : task->fanout_count == RUNTIME_SHOWN_FANOUT ? " ..." : "");
    }
}
