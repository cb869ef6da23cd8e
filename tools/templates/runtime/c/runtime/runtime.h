/* runtime.h - what the three parts of my_runtime share: a list of tasks that are executed one after another.
 *
 * A line of 64 bytes has one writer at a time:
 *
 *   Handshake, one an AICore   AICPU: aicpu_ready = 1             -> AICore: aicore_done = its number + 1
 *                              AICPU: task, then task_status = 1  -> AICore: task_status = 0 when it has executed it
 *                              AICPU: control = 1                 -> AICore: leaves
 *   everything else            the host, before the launch; nobody on the device
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE             64  /* bytes of a cache line */
#define RUNTIME_MAX_WORKER       128 /* AICores */
#define RUNTIME_MAX_TASKS        1024
#define RUNTIME_MAX_ARGS         16 /* of a kernel */
#define RUNTIME_MAX_TENSOR_PAIRS 64

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1 };

/* The mailbox between the AICPU and one AICore. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready;
    volatile int aicore_done;
    void *volatile task;
    volatile int task_status; /* 1: execute the task; 0: executed, or none yet */
    volatile int control;     /* 1: leave */
    int core_type;            /* RUNTIME_AIC or RUNTIME_AIV */
} Handshake;

typedef struct Task {
    _Alignas(RUNTIME_LINE) int task_id;
    int func_id;                /* under which the kernel is registered */
    int core_type;              /* which cores may execute it */
    uint64_t function_bin_addr; /* where the kernel is on the device; filled in by the platform */
    uint64_t args[RUNTIME_MAX_ARGS];
} Task;

/* Device memory, for the host part and the orchestration; filled in by the platform. */
typedef struct HostApi {
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *dev_ptr);
    int (*copy_to_device)(void *dev_ptr, const void *host_ptr, size_t size);
    int (*copy_from_device)(void *host_ptr, const void *dev_ptr, size_t size);
} HostApi;

/* To free after the run, and to copy back before that unless host_ptr is NULL. */
typedef struct TensorPair {
    void *host_ptr;
    void *dev_ptr;
    size_t size;
} TensorPair;

typedef struct Runtime {
    _Alignas(RUNTIME_LINE) int worker_count; /* AICores */
    int block_dim;                           /* clusters of them */
    int sche_cpu_num;                        /* AICPU threads */
    int task_count;
    int tensor_pair_count;
    HostApi host_api;
    TensorPair tensor_pairs[RUNTIME_MAX_TENSOR_PAIRS];
    Handshake workers[RUNTIME_MAX_WORKER];
    Task tasks[RUNTIME_MAX_TASKS];
} Runtime;

/* For orchestration functions. */

/** add_task - execute kernel @func_id with a copy of @args on a core of @core_type, behind all tasks so far.
 *  Return: its number, or -1 after a line on stderr. */
int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type);

/** record_tensor_pair - after the run copy @size bytes from @dev_ptr to @host_ptr, if that is not NULL; free @dev_ptr.
 *  Return: 0, or -1 after a line on stderr. */
int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size);

/* For the platform: before and after the launch. */

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count);
int validate_runtime_impl(Runtime *runtime);

#endif
