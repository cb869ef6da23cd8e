// runtime.cpp - what host and AICPU do with a Runtime. AICores only read its members, and know no exceptions.
#include "runtime.h"

#ifdef __cpp_exceptions
#include <algorithm>
#include <stdexcept>
#include <string>

int Runtime::add_task(const uint64_t *args, int num_args, int func_id, CoreType core_type)
{
    if (next_task_id == RUNTIME_MAX_TASKS || num_args > RUNTIME_MAX_ARGS)
        throw std::length_error("no room for task " + std::to_string(next_task_id));
    Task &task = tasks[next_task_id];
    task.task_id = next_task_id;
    task.func_id = func_id;
    task.core_type = core_type;
    std::copy(args, args + num_args, task.args);
    return next_task_id++;
}

void Runtime::add_successor(int from, int to)
{
    Task &task = tasks[from];
    if (task.fanout_count == RUNTIME_MAX_FANOUT)
        throw std::length_error("too many successors of task " + std::to_string(from));
    task.fanout[task.fanout_count++] = to;
    if (to < next_task_id)
        tasks[to].fanin++;
}

Task *Runtime::get_task(int task_id)
{
    if (task_id < 0 || task_id >= next_task_id)
        throw std::out_of_range("there is no task " + std::to_string(task_id));
    return &tasks[task_id];
}

void *Runtime::add_tensor(void *host_ptr, size_t size, bool in, bool out)
{
    void *dev_ptr = tensor_count_ < RUNTIME_MAX_TENSORS ? host_api.device_malloc(size) : nullptr;
    if (dev_ptr == nullptr)
        throw std::runtime_error("no device memory for tensor " + std::to_string(tensor_count_));
    tensors_[tensor_count_++] = Tensor{out ? host_ptr : nullptr, dev_ptr, size};
    if (in && host_api.copy_to_device(dev_ptr, host_ptr, size) != 0)
        throw std::runtime_error("tensor " + std::to_string(tensor_count_ - 1) + " did not get to the device");
    return dev_ptr;
}

int Runtime::copy_tensors_back()
{
    int rc = 0;
    for (int i = 0; i < tensor_count_; i++)
        if (tensors_[i].host_ptr != nullptr)
            rc |= host_api.copy_from_device(tensors_[i].host_ptr, tensors_[i].dev_ptr, tensors_[i].size);
    return rc;
}

void Runtime::free_tensors()
{
    for (int i = 0; i < tensor_count_; i++)
        host_api.device_free(tensors_[i].dev_ptr);
    tensor_count_ = 0;
}
#endif
