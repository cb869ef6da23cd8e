// runtime.h - a graph of tasks as the platform's second generation names things: snake case, limits and core types from
// common/, kernels that the host part uploads itself and whose addresses it keeps by func_id. A task has no address of
// its kernel; the AICPU looks it up and hands each AICore a payload.
#ifndef RUNTIME_H
#define RUNTIME_H

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "common/core_type.h"
#include "common/platform_config.h"

#define RUNTIME_MAX_TASKS   256
#define RUNTIME_MAX_ARGS    5
#define RUNTIME_MAX_FANOUT  4
#define RUNTIME_MAX_FUNC_ID 8
#define RUNTIME_MAX_TENSORS 16
#define RUNTIME_MAX_WORKER  PLATFORM_MAX_CORES_PER_THREAD

enum class Policy : int32_t { OLDEST_FIRST, NEWEST_FIRST };

struct Handshake {
    volatile uint32_t aicpu_ready;
    volatile uint32_t aicore_done;
    volatile uint64_t task;       // the payload
    volatile int32_t task_status; // 1: run it, 0: idle, or it has run
    volatile int32_t control;     // 1: leave
    volatile CoreType core_type;  // what the AICore says it is
} __attribute__((aligned(64)));

// What an AICore is told of its task.
struct DispatchPayload {
    uint64_t function_bin_addr;
    uint64_t args[RUNTIME_MAX_ARGS];
    int32_t task_id;
} __attribute__((aligned(64)));

struct Task {
    int task_id = -1;
    int func_id = -1;
    CoreType core_type = CoreType::AIC;
    uint64_t args[RUNTIME_MAX_ARGS] = {};
    std::atomic<int> fanin{0};
    int fanout[RUNTIME_MAX_FANOUT] = {};
    int fanout_count = 0;
};

struct Tensor {
    void *host_ptr; // where it goes at the end, nullptr if nowhere
    void *dev_ptr;
    size_t size;
};

struct HostApi {
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *dev_ptr);
    int (*copy_to_device)(void *dev_ptr, const void *host_ptr, size_t size);
    int (*copy_from_device)(void *host_ptr, const void *dev_ptr, size_t size);
    uint64_t (*upload_kernel_binary)(int func_id, const uint8_t *binary, size_t size);
};

// What the AICPU tells the host about a launch.
struct Report {
    int64_t completed[PLATFORM_MAX_AICPU_THREADS]; // tasks, by thread
    int64_t strays;                                // successors that are no tasks
};

class Runtime
{
  public:
    Handshake workers[RUNTIME_MAX_WORKER] = {};
    int worker_count = 0;
    int sche_cpu_num = 1;
    Policy policy = Policy::OLDEST_FIRST;
    Report report = {};
    void *report_to = nullptr; // host memory for it
    DispatchPayload payloads[RUNTIME_MAX_WORKER] = {};

    // Number of the new task; throws std::length_error if there is no room.
    int add_task(const uint64_t *args, int num_args, int func_id, CoreType core_type);
    void add_successor(int from, int to);
    Task *get_task(int task_id); // throws std::out_of_range
    int get_task_count() const { return next_task_id; }

    void set_function_bin_addr(int func_id, uint64_t addr) { func_id_to_addr_[func_id] = addr; }
    uint64_t get_function_bin_addr(int func_id) const { return func_id_to_addr_[func_id]; }

    // Device memory for @size bytes of the host's; copied there now if @in, back at the end if @out.
    void *add_tensor(void *host_ptr, size_t size, bool in, bool out);
    int copy_tensors_back();
    void free_tensors();

  private:
    Task tasks[RUNTIME_MAX_TASKS];
    int next_task_id = 0;
    Tensor tensors_[RUNTIME_MAX_TENSORS];
    int tensor_count_ = 0;
    uint64_t func_id_to_addr_[RUNTIME_MAX_FUNC_ID] = {};

  public:
    HostApi host_api;
};

#endif
