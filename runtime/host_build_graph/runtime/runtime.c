/* runtime.c - building the graph. Runs on the host while the orchestration function does; the device parts link it
 * because the layout of a runtime says so, and call nothing of it.
 *
 * The tasks grow in host memory ("staging"); the host part moves them to GM when the graph is complete.
 */
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EDGES = 1 << 26 };

int runtime_reserve_tasks(Runtime *runtime, int capacity)
{
    if (capacity < 1 || capacity > RUNTIME_MAX_TASKS) {
        fprintf(stderr, "host_build_graph: runtime_reserve_tasks: %d tasks asked for, allowed are 1 to %d\n", capacity,
                RUNTIME_MAX_TASKS);
        return -1;
    }
    if (runtime->staging) {
        fprintf(stderr,
                "host_build_graph: runtime_reserve_tasks: room for %d tasks is already there; reserve once, "
                "before the first add_task\n",
                runtime->task_capacity);
        return -1;
    }
    size_t size = (size_t)capacity * sizeof(Task);
    runtime->staging = aligned_alloc(RUNTIME_LINE, size);
    if (!runtime->staging) {
        fprintf(stderr, "host_build_graph: runtime_reserve_tasks: no host memory for %d tasks (%zu bytes)\n", capacity,
                size);
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
                "host_build_graph: add_task: all %d tasks are in use; call runtime_reserve_tasks with more "
                "(up to %d) before the first add_task\n",
                runtime->task_capacity, RUNTIME_MAX_TASKS);
        return -1;
    }
    if (arg_count < 0 || arg_count > RUNTIME_MAX_ARGS || (arg_count > 0 && !args)) {
        fprintf(stderr, "host_build_graph: add_task: task %d of kernel %d has %d arguments, allowed are 0 to %d\n",
                runtime->task_count, func_id, arg_count, RUNTIME_MAX_ARGS);
        return -1;
    }
    if (core_type != RUNTIME_AIC && core_type != RUNTIME_AIV) {
        fprintf(stderr,
                "host_build_graph: add_task: task %d of kernel %d has core type %d, allowed are 0 (AIC) and "
                "1 (AIV)\n",
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
    return runtime->task_count++;
}

/* Beside the tasks, for the few that have very many successors. */
static int add_far_edge(Runtime *runtime, Task *task, int to)
{
    if (runtime->edge_count == runtime->edge_capacity) {
        int capacity = runtime->edge_capacity ? 2 * runtime->edge_capacity : 1024;
        Edge *edges = capacity <= MAX_EDGES ? realloc(runtime->edges, (size_t)capacity * sizeof *edges) : NULL;
        if (!edges) {
            fprintf(stderr,
                    "host_build_graph: add_successor: task %d already has %d successors, and there is no room for "
                    "more\n",
                    task->task_id, task->fanout_count + task->more_count);
            return -1;
        }
        runtime->edges = edges;
        runtime->edge_capacity = capacity;
    }
    runtime->edges[runtime->edge_count++] = (Edge){task->task_id, to};
    task->more_count++;
    return 0;
}

static int add_edge(Runtime *runtime, Task *task, int to)
{
    if (task->fanout_count == RUNTIME_TASK_FANOUT)
        return add_far_edge(runtime, task, to);
    task->fanout[task->fanout_count++] = to;
    return 0;
}

int add_successor(Runtime *runtime, int from, int to)
{
    int count = runtime->task_count;
    if (from < 0 || from >= count || to < 0 || to >= count || from == to) {
        fprintf(stderr, "host_build_graph: add_successor: %d -> %d is no edge between two of the %d tasks\n", from, to,
                count);
        return -1;
    }
    if (add_edge(runtime, &runtime->staging[from], to) != 0)
        return -1;
    Task *successor = &runtime->staging[to];
    successor->fanin_total++;
    atomic_store_explicit(&successor->fanin, successor->fanin_total, memory_order_relaxed);
    return 0;
}

int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size)
{
    if (runtime->tensor_pair_count == RUNTIME_MAX_TENSOR_PAIRS) {
        fprintf(stderr, "host_build_graph: record_tensor_pair: all %d pairs are in use\n", RUNTIME_MAX_TENSOR_PAIRS);
        return -1;
    }
    if (!dev_ptr) {
        fprintf(stderr,
                "host_build_graph: record_tensor_pair: pair %d has no device pointer; did device_malloc "
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
    printf("%d tasks, %d tensor pairs\n", runtime->task_count, runtime->tensor_pair_count);
    for (int i = 0; runtime->staging && i < runtime->task_count; i++) {
        const Task *task = &runtime->staging[i];
        printf("task %d: kernel %d on %s, after %d tasks, %d arguments, then", task->task_id, task->func_id,
               task->core_type == RUNTIME_AIC ? "AIC" : "AIV", task->fanin_total, task->arg_count);
        for (int j = 0; j < task->fanout_count; j++)
            printf(" %d", task->fanout[j]);
        if (task->more_count > 0)
            printf(" and %d more", task->more_count);
        printf("%s\n", task->fanout_count ? "" : " nothing");
    }
    for (int i = 0; runtime->edges && i < runtime->edge_count; i++)
        printf("task %d, then also %d\n", runtime->edges[i].from, runtime->edges[i].to);
}
