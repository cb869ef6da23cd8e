// runtime.cpp - what an orchestration function calls, on the host, to fill a Runtime.
#include "runtime.h"

#include <algorithm>
#include <cstdio>

int Runtime::add_task(const uint64_t *args, int arg_count, int func_id, int core_type)
{
    if (task_count == RUNTIME_MAX_TASKS || arg_count < 0 || arg_count > RUNTIME_MAX_ARGS ||
        (core_type != 0 && core_type != 1)) {
        fprintf(stderr, "my_runtime: task %d of at most %d: %d arguments (at most %d), core type %d (0 or 1)\n",
                task_count, RUNTIME_MAX_TASKS, arg_count, RUNTIME_MAX_ARGS, core_type);
        return -1;
    }
    Task &task = tasks[task_count];
    task = {task_count, func_id, core_type, 0, {}};
    std::copy_n(args, arg_count, task.args);
    return task_count++;
}

int Runtime::RecordTensorPair(void *host, void *dev, size_t size)
{
    if (tensor_pair_count == RUNTIME_MAX_TENSOR_PAIRS) {
        fprintf(stderr, "my_runtime: all %d tensor pairs are in use\n", RUNTIME_MAX_TENSOR_PAIRS);
        return -1;
    }
    tensor_pairs[tensor_pair_count++] = {host, dev, size};
    return 0;
}
