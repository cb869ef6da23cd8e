// runtime.h - what the three parts of my_runtime share: a list of tasks that are executed one after another.
//
// A line of 64 bytes has one writer at a time:
//
//   Handshake, one an AICore   AICPU: aicpu_ready = 1             -> AICore: aicore_done = its number + 1
//                              AICPU: task, then task_status = 1  -> AICore: task_status = 0 when it has executed it
//                              AICPU: control = 1                 -> AICore: leaves
//   everything else            the host, before the launch; nobody on the device
#ifndef RUNTIME_H
#define RUNTIME_H

#include <cstddef>
#include <cstdint>

constexpr int RUNTIME_MAX_WORKER = 128; // AICores
constexpr int RUNTIME_MAX_TASKS = 1024;
constexpr int RUNTIME_MAX_ARGS = 16; // of a kernel
constexpr int RUNTIME_MAX_TENSOR_PAIRS = 64;

// The mailbox between the AICPU and one AICore.
struct alignas(64) Handshake {
    volatile int aicpu_ready;
    volatile int aicore_done;
    void *volatile task;
    volatile int task_status; // 1: execute the task; 0: executed, or none yet
    volatile int control;     // 1: leave
    int core_type;            // 0: AIC, 1: AIV
};

struct alignas(64) Task {
    int task_id;
    int func_id;              // under which the kernel is registered
    int core_type;            // which cores may execute it
    uint64_t functionBinAddr; // where the kernel is on the device; filled in by the platform
    uint64_t args[RUNTIME_MAX_ARGS];
};

// Device memory, for the host part and the orchestration; filled in by the platform.
struct HostApi {
    void *(*DeviceMalloc)(size_t size);
    void (*DeviceFree)(void *ptr);
    int (*CopyToDevice)(void *dst, const void *src, size_t size);
    int (*CopyFromDevice)(void *dst, const void *src, size_t size);
};

// To copy back after the run, and to free.
struct TensorPair {
    void *hostPtr;
    void *devPtr;
    size_t size;
};

class alignas(64) Runtime
{
  public:
    int worker_count; // AICores
    int block_dim;    // clusters of them
    int scheCpuNum;   // AICPU threads
    int task_count;
    int tensor_pair_count;
    HostApi host_api;
    TensorPair tensor_pairs[RUNTIME_MAX_TENSOR_PAIRS];
    Handshake handshakes[RUNTIME_MAX_WORKER];
    Task tasks[RUNTIME_MAX_TASKS];

    // For orchestration functions: execute kernel func_id with a copy of args, behind all tasks so far. Returns the
    // task's number, or -1 after a line on stderr.
    int add_task(const uint64_t *args, int arg_count, int func_id, int core_type);
    // After the run, copy dev to host and free dev. Returns 0, or -1 after a line on stderr.
    int RecordTensorPair(void *host, void *dev, size_t size);
};

#endif
