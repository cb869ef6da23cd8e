/* runtime.c - what an orchestration function says: tasks in their order, tensors. Runs on the host; the device parts
 * link it because the layout of a runtime says so, and call nothing of it.
 */
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int runtime_reserve_tasks(Runtime *runtime, int capacity)
{
    if (capacity < 1 || capacity > RUNTIME_MAX_TASKS) {
        fprintf(stderr, "linear: runtime_reserve_tasks: %d tasks asked for, allowed are 1 to %d\n", capacity,
                RUNTIME_MAX_TASKS);
        return -1;
    }
    if (runtime->staging) {
        fprintf(stderr,
                "linear: runtime_reserve_tasks: room for %d tasks is already there; reserve once, before the first "
                "add_task\n",
                runtime->task_capacity);
        return -1;
    }
    runtime->staging = aligned_alloc(RUNTIME_LINE, (size_t)capacity * sizeof(Task));
    if (!runtime->staging) {
        fprintf(stderr, "linear: runtime_reserve_tasks: no host memory for %d tasks\n", capacity);
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
                "linear: add_task: all %d tasks are in use; call runtime_reserve_tasks with more (up to %d) before "
                "the first add_task\n",
                runtime->task_capacity, RUNTIME_MAX_TASKS);
        return -1;
    }
    if (arg_count < 0 || arg_count > RUNTIME_MAX_ARGS || (arg_count > 0 && !args)) {
        fprintf(stderr, "linear: add_task: task %d of kernel %d has %d arguments, allowed are 0 to %d\n",
                runtime->task_count, func_id, arg_count, RUNTIME_MAX_ARGS);
        return -1;
    }
    if (core_type != RUNTIME_AIC && core_type != RUNTIME_AIV) {
        fprintf(stderr, "linear: add_task: task %d of kernel %d has core type %d, allowed are 0 (AIC) and 1 (AIV)\n",
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
    return runtime->task_count++;
}

/* There is nothing to note down: the order of the tasks is the order of their execution. */
int add_successor(Runtime *runtime, int from, int to)
{
    int count = runtime->task_count;
    if (from < 0 || from >= count || to < 0 || to >= count) {
        fprintf(stderr, "linear: add_successor: %d -> %d is no edge between two of the %d tasks\n", from, to, count);
        return -1;
    }
    if (from < to)
        return 0;
    fprintf(stderr,
            "linear: add_successor: %d -> %d points backwards, but tasks run in the order of add_task; add what must "
            "run first before what waits for it\n",
            from, to);
    return -1;
}

int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size)
{
    if (runtime->tensor_pair_count == RUNTIME_MAX_TENSOR_PAIRS) {
        fprintf(stderr, "linear: record_tensor_pair: all %d pairs are in use\n", RUNTIME_MAX_TENSOR_PAIRS);
        return -1;
    }
    if (!dev_ptr) {
        fprintf(stderr, "linear: record_tensor_pair: pair %d has no device pointer; did device_malloc fail?\n",
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
        printf("task %d: kernel %d on %s, %d arguments\n", task->task_id, task->func_id,
               task->core_type == RUNTIME_AIC ? "AIC" : "AIV", task->arg_count);
    }
}
