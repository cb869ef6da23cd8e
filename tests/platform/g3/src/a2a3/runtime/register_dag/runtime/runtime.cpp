/* runtime.cpp - building the graph; on the device nobody calls it. */
#include "runtime.h"

#include <cstring>

Runtime::Runtime()
{
    memset(workers, 0, sizeof workers);
    for (Task &task : tasks)
        task.fanin.store(0, std::memory_order_relaxed);
}

int Runtime::add_task(const uint64_t *args, int num_args, int func_id, CoreType core_type)
{
    if (next_task_id == MAX_TASKS || num_args > MAX_ARGS)
        return -1;
    Task &task = tasks[next_task_id];
    task.function_bin_addr = get_function_bin_addr(func_id);
    memcpy(task.args, args, sizeof(*args) * static_cast<size_t>(num_args));
    task.func_id = func_id;
    task.num_args = num_args;
    task.core_type = core_type;
    task.fanout_count = 0;
    return next_task_id++;
}

bool Runtime::add_successor(int from, int to)
{
    Task &task = tasks[from];
    if (task.fanout_count == MAX_FANOUT)
        return false;
    task.fanout[task.fanout_count++] = to;
    tasks[to].fanin.fetch_add(1, std::memory_order_relaxed);
    return true;
}

bool Runtime::record_tensor_pair(void *host_ptr, void *dev_ptr, size_t size)
{
    if (!dev_ptr || tensor_pair_count == MAX_PAIRS)
        return false;
    tensor_pairs[tensor_pair_count++] = {host_ptr, dev_ptr, size};
    return true;
}

int Runtime::complete_perf_records(PerfBuffer *buffer) const
{
    const int count = static_cast<int>(buffer->count);
    for (int i = 0; i < count; i++) {
        PerfRecord &record = buffer->records[i];
        const Task &task = tasks[record.task_id];
        record.duration = record.end_time - record.start_time;
        record.fanout_count = task.fanout_count;
        for (int j = 0; j < task.fanout_count; j++)
            record.fanout[j] = task.fanout[j];
    }
    return count;
}
