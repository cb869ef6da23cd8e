// runtime.cpp - see runtime.h. Part of the host, AICPU and AICore binaries; each uses some of it.
#include "runtime.h"

#include <cstring>

Runtime::Runtime() : worker_count(0), block_dim(0), scheCpuNum(1), next_task_id(0), tensor_count(0)
{
    std::memset(static_cast<void *>(workers), 0, sizeof(workers));
    for (Task &task : tasks) {
        task.task_id = -1;
        task.fanin.store(0, std::memory_order_relaxed);
        task.fanout_count = 0;
    }
}

int Runtime::add_task(const uint64_t *args, int num_args, int func_id, CoreType core_type)
{
    if (next_task_id == RUNTIME_MAX_TASKS || num_args > RUNTIME_MAX_ARGS)
        return -1;
    Task &task = tasks[next_task_id];
    task.task_id = next_task_id;
    task.func_id = func_id;
    task.core_type = static_cast<int>(core_type);
    std::memcpy(task.args, args, sizeof(*args) * num_args);
    return next_task_id++;
}

int Runtime::add_successor(int from, int to)
{
    Task &task = tasks[from];
    if (task.fanout_count == RUNTIME_MAX_FANOUT)
        return -1;
    task.fanout[task.fanout_count++] = to;
    tasks[to].fanin.fetch_add(1);
    return 0;
}

Task *Runtime::get_task(int task_id)
{
    return task_id >= 0 && task_id < next_task_id ? &tasks[task_id] : nullptr;
}

int Runtime::get_task_count() const
{
    return next_task_id;
}

void *Runtime::NewTensor(size_t size, const void *hostIn, void *hostOut)
{
    void *devPtr = tensor_count < RUNTIME_MAX_TENSORS ? host_api.DeviceMalloc(size) : nullptr;
    if (devPtr == nullptr)
        return nullptr;
    tensors[tensor_count++] = Tensor{devPtr, hostOut, size};
    if (hostIn != nullptr && host_api.CopyToDevice(devPtr, hostIn, size) != 0)
        return nullptr;
    return devPtr;
}

int Runtime::CopyTensorsBack()
{
    int rc = 0;
    for (int i = 0; i < tensor_count; i++)
        if (tensors[i].hostPtr != nullptr)
            rc |= host_api.CopyFromDevice(tensors[i].hostPtr, tensors[i].devPtr, tensors[i].size);
    return rc;
}

void Runtime::FreeTensors()
{
    for (int i = 0; i < tensor_count; i++)
        host_api.DeviceFree(tensors[i].devPtr);
    tensor_count = 0;
}
