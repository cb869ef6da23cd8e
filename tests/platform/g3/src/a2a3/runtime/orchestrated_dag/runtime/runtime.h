/* runtime.h - a graph of tasks that is built on the device, while it is executed.
 *
 * The host part brings the orchestration's bytes and its tensors to GM. An AICPU thread opens the orchestration there
 * and calls it; all that it can do is in a table of functions. A task is added, its edges, then it is published.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <cstddef>
#include <cstdint>

#include "common/core_type.h"
#include "common/platform_config.h"
#include "handshake.h"
#include "host_api.h"

constexpr int MAX_TASKS = 128, MAX_ARGS = 16, MAX_PAIRS = 16, MAX_FUNC_ID = 8;

/* Written by the AICPU before it is offered, read by AICores. */
struct Task {
    alignas(64) uint64_t function_bin_addr;
    uint64_t args[MAX_ARGS];
    int func_id;
    CoreType core_type;
};

class Runtime;

struct GraphApi {
    void *(*allocate)(Runtime *runtime, size_t size); /* until the end of the launch */
    int (*add_task)(Runtime *runtime, const uint64_t *args, int num_args, int func_id, CoreType core_type);
    void (*add_edge)(Runtime *runtime, int from, int to);
    void (*publish)(Runtime *runtime, int id);
};

class Runtime
{
  public:
    Handshake workers[PLATFORM_MAX_CORES] = {};
    int worker_count = 0;
    int block_dim = 0;
    int sche_cpu_num = 0;
    bool enable_profiling = false;

    /* Of the orchestration; the pointers are device addresses. */
    void *library = nullptr;
    size_t library_size = 0;
    char function[64] = {};
    uint64_t args[MAX_ARGS] = {};
    int arg_count = 0;

    alignas(64) GraphApi api = {};
    int tasks_of[PLATFORM_MAX_AICPU_THREADS] = {}; /* that a scheduler has executed, that the orchestrator has added */
    Task tasks[MAX_TASKS];

    TensorPair *get_tensor_pairs() { return tensor_pairs; }
    int get_tensor_pair_count() const { return tensor_pair_count; }
    void clear_tensor_pairs() { tensor_pair_count = 0; }
    bool record_tensor_pair(void *host_ptr, void *dev_ptr, size_t size)
    {
        if (!dev_ptr || tensor_pair_count == MAX_PAIRS)
            return false;
        tensor_pairs[tensor_pair_count++] = {host_ptr, dev_ptr, size};
        return true;
    }
    void set_function_bin_addr(int func_id, uint64_t addr) { func_id_to_addr_[func_id] = addr; }
    uint64_t get_function_bin_addr(int func_id) const { return func_id_to_addr_[func_id]; }

  private:
    int tensor_pair_count = 0;
    TensorPair tensor_pairs[MAX_PAIRS];
    uint64_t func_id_to_addr_[MAX_FUNC_ID] = {};

  public:
    HostApi host_api = {};
};

#endif
