/* runtime.c - building the graph. Runs on the host while the orchestration function does; the device parts link it
 * because the layout of a runtime says so, and call nothing of it.
 *
 * The tasks grow in host memory ("staging"); the host part moves them to GM when the graph is complete.
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
    if (runtime->staging) {
        fprintf(stderr,
                "register_graph: runtime_reserve_tasks: room for %d tasks is already there; reserve once, "
                "before the first add_task\n",
                runtime->task_capacity);
        return -1;
    }
    size_t size = (size_t)capacity * sizeof(Task);
    runtime->staging = aligned_alloc(RUNTIME_LINE, size);
    if (!runtime->staging) {
        fprintf(stderr, "register_graph: runtime_reserve_tasks: no host memory for %d tasks (%zu bytes)\n", capacity,
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

/* A successor that has no room in its predecessor's line. */
static int add_far_edge(Runtime *runtime, int from, int to)
{
    if (runtime->far_count == runtime->far_capacity) {
        int capacity = runtime->far_capacity ? 2 * runtime->far_capacity : 1024;
        FarEdge *edges = NULL;
        if (capacity <= RUNTIME_MAX_FAR_EDGES)
            edges = realloc(runtime->far_edges, (size_t)capacity * sizeof *edges);
        if (!edges) {
            fprintf(stderr,
                    "register_graph: add_successor: no room for %d -> %d behind %d successors of tasks with more than "
                    "%d of them (at most %d, if memory lasts)\n",
                    from, to, runtime->far_count, RUNTIME_NEAR_FANOUT, RUNTIME_MAX_FAR_EDGES);
            return -1;
        }
        runtime->far_edges = edges;
        runtime->far_capacity = capacity;
    }
    runtime->far_edges[runtime->far_count++] = (FarEdge){from, to};
    runtime->staging[from].far_count++;
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
    Task *task = &runtime->staging[from];
    if (task->fanout_count < RUNTIME_NEAR_FANOUT)
        task->fanout[task->fanout_count++] = to;
    else if (add_far_edge(runtime, from, to) != 0)
        return -1;
    Task *successor = &runtime->staging[to];
    successor->fanin_total++;
    atomic_store_explicit(&successor->fanin, successor->fanin_total, memory_order_relaxed);
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
    printf("%d tasks, %d tensor pairs\n", runtime->task_count, runtime->tensor_pair_count);
    for (int i = 0; runtime->staging && i < runtime->task_count; i++) {
        const Task *task = &runtime->staging[i];
        printf("task %d: kernel %d on %s, after %d tasks, %d arguments, then", task->task_id, task->func_id,
               task->core_type == RUNTIME_AIC ? "AIC" : "AIV", task->fanin_total, task->arg_count);
        for (int j = 0; j < task->fanout_count; j++)
            printf(" %d", task->fanout[j]);
        for (int j = 0; task->far_count > 0 && j < runtime->far_count; j++)
            if (runtime->far_edges[j].from == i)
                printf(" %d", runtime->far_edges[j].to);
        printf("%s\n", task->fanout_count ? "" : " nothing");
    }
}
