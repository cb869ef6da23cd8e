/* runtime.c - what an orchestration function calls, on the host, to fill a Runtime. */
#include "runtime.h"

#include <stdio.h>

int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type)
{
    if (runtime->task_count == RUNTIME_MAX_TASKS || arg_count < 0 || arg_count > RUNTIME_MAX_ARGS ||
        (core_type != RUNTIME_AIC && core_type != RUNTIME_AIV)) {
        fprintf(stderr, "my_runtime: task %d of at most %d: %d arguments (at most %d), core type %d (0 or 1)\n",
                runtime->task_count, RUNTIME_MAX_TASKS, arg_count, RUNTIME_MAX_ARGS, core_type);
        return -1;
    }
    Task *task = &runtime->tasks[runtime->task_count];
    *task = (Task){.task_id = runtime->task_count, .func_id = func_id, .core_type = core_type};
    for (int i = 0; i < arg_count; i++)
        task->args[i] = args[i];
    return runtime->task_count++;
}

int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size)
{
    if (runtime->tensor_pair_count == RUNTIME_MAX_TENSOR_PAIRS || !dev_ptr) {
        fprintf(stderr, "my_runtime: tensor pair %d of at most %d: %s\n", runtime->tensor_pair_count,
                RUNTIME_MAX_TENSOR_PAIRS, dev_ptr ? "too many" : "it has no device memory");
        return -1;
    }
    runtime->tensor_pairs[runtime->tensor_pair_count++] = (TensorPair){host_ptr, dev_ptr, size};
    return 0;
}
