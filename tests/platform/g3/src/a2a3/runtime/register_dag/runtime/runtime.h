/* runtime.h - a graph of tasks, which the host builds and the device executes. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/core_type.h"
#include "common/perf_profiling.h"
#include "common/platform_config.h"
#include "handshake.h"
#include "host_api.h"

constexpr int MAX_TASKS = 128, MAX_ARGS = 16, MAX_PAIRS = 16, MAX_FANOUT = 8, MAX_FUNC_ID = 8;

/* AICores read the first lines only, the AICPU writes the last one only. */
struct Task {
    alignas(64) uint64_t function_bin_addr;
    uint64_t args[MAX_ARGS];
    int func_id;
    int num_args;
    CoreType core_type;
    int fanout_count;
    int fanout[MAX_FANOUT];
    alignas(64) std::atomic<int> fanin;
};

class Runtime
{
  public:
    Handshake workers[PLATFORM_MAX_CORES];
    int worker_count = 0;
    int block_dim = 0;
    int sche_cpu_num = 0;
    bool enable_profiling = false;
    alignas(64) uint64_t ticks =
        0; /* of the system counter, from the first AICPU thread's entry to the last one's end */
    int executed[PLATFORM_MAX_AICPU_THREADS] = {}; /* tasks of each AICPU thread */
    Task tasks[MAX_TASKS];

    Runtime();

    /* Return: the task's number, -1 if there is no room. */
    int add_task(const uint64_t *args, int num_args, int func_id, CoreType core_type);
    /* Return: whether there was room. */
    bool add_successor(int from, int to);
    bool record_tensor_pair(void *host_ptr, void *dev_ptr, size_t size);

    Task *get_task(int id) { return &tasks[id]; }
    int get_task_count() const { return next_task_id; }
    TensorPair *get_tensor_pairs() { return tensor_pairs; }
    int get_tensor_pair_count() const { return tensor_pair_count; }
    void clear_tensor_pairs() { tensor_pair_count = 0; }
    void set_function_bin_addr(int func_id, uint64_t addr) { func_id_to_addr_[func_id] = addr; }
    uint64_t get_function_bin_addr(int func_id) const { return func_id_to_addr_[func_id]; }

    /* Into the records of one AICore: who comes after each task. Return: how many records there are. */
    int complete_perf_records(PerfBuffer *buffer) const;

  private:
    int next_task_id = 0;
    int tensor_pair_count = 0;
    TensorPair tensor_pairs[MAX_PAIRS];
    uint64_t func_id_to_addr_[MAX_FUNC_ID] = {};

  public:
    HostApi host_api = {};
};

#endif
