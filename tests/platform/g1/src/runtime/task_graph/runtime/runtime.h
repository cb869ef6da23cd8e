// runtime.h - a graph of tasks as the platform's first generation names things: CamelCase, `workers`, `block_dim`,
// `scheCpuNum`, `functionBinAddr`. Host, AICPU and AICores share it; the platform finds its members by their names,
// also those that are private.
#ifndef RUNTIME_H
#define RUNTIME_H

#include <atomic>
#include <cstddef>
#include <cstdint>

constexpr int RUNTIME_MAX_TASKS = 256;
constexpr int RUNTIME_MAX_ARGS = 6;
constexpr int RUNTIME_MAX_FANOUT = 8;
constexpr int RUNTIME_MAX_WORKER = 72;
constexpr int RUNTIME_MAX_TENSORS = 64;

enum class CoreType : int { AIC = 0, AIV = 1 };

// The mailbox between the AICPU and one AICore; nobody else writes to its line.
struct Handshake {
    volatile uint32_t aicpu_ready;
    volatile uint32_t aicore_done;
    volatile uint64_t task;
    volatile int32_t task_status; // 1: run it, 0: idle, or it has run
    volatile int32_t control;     // 1: leave
    volatile int32_t core_type;
} __attribute__((aligned(64)));

typedef struct {
    int task_id;
    int func_id;
    uint64_t args[RUNTIME_MAX_ARGS];
    uint64_t functionBinAddr; // the platform's: where the kernel func_id is
    int core_type;
    std::atomic<int> fanin; // producers that have not ended
    int fanout[RUNTIME_MAX_FANOUT];
    int fanout_count;
} Task;

struct HostApi {
    void *(*DeviceMalloc)(size_t size);
    void (*DeviceFree)(void *devPtr);
    int (*CopyToDevice)(void *devPtr, const void *hostPtr, size_t size);
    int (*CopyFromDevice)(void *hostPtr, const void *devPtr, size_t size);
};

// Device memory of the graph; hostPtr is where it goes at the end, nullptr if nowhere.
struct Tensor {
    void *devPtr;
    void *hostPtr;
    size_t size;
};

class Runtime
{
  public:
    Handshake workers[RUNTIME_MAX_WORKER];
    int worker_count;
    int block_dim;
    int scheCpuNum;

    Runtime();

    // Number of the new task; -1 if there is no room.
    int add_task(const uint64_t *args, int num_args, int func_id, CoreType core_type);
    // `to` needs what `from` makes. 0, or -1 if `from` has too many successors.
    int add_successor(int from, int to);
    Task *get_task(int task_id);
    int get_task_count() const;

    // Device memory that FreeTensors gives back.
    void *NewTensor(size_t size, const void *hostIn, void *hostOut);
    int CopyTensorsBack();
    void FreeTensors();

  private:
    Task tasks[RUNTIME_MAX_TASKS];
    int next_task_id;
    Tensor tensors[RUNTIME_MAX_TENSORS];
    int tensor_count;

  public:
    HostApi host_api;
};

#endif
