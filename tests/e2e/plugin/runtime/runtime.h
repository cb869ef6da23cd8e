/* runtime.h - what host, AICPU, AICores and the plugin that builds the graph share. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_WORKERS = 72, MAX_TASKS = 256, MAX_ARGS = 8 };

/* What the AICPU does beyond opening the plugin, calling it and closing it: it opens itself first, asks for another
 * function, calls the function again when the library is closed, or writes but so many bytes of it. */
enum { MODE_PROMOTE = 1, MODE_LAZY = 2, MODE_CALL_CLOSED = 4, MODE_OTHER_NAME = 8, MODE_CUT_BYTES = 256 };

#define LINE __attribute__((aligned(64)))

/* One AICore's mailbox: a line. */
typedef struct Handshake {
    LINE volatile int aicpu_ready;
    volatile int aicore_done;
    void *volatile task;
    volatile int task_status;
    volatile int control;
    int core_type;
} Handshake;

typedef struct Task {
    LINE uint64_t function_bin_addr;
    uint64_t args[4];
} Task;

typedef struct HostApi {
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *dev_ptr);
    int (*copy_to_device)(void *dev_ptr, const void *host_ptr, size_t size);
    int (*copy_from_device)(void *host_ptr, const void *dev_ptr, size_t size);
    uint64_t (*get_kernel_addr)(int func_id);
} HostApi;

typedef struct Runtime {
    LINE int worker_count;
    int block_dim;
    int sche_cpu_num;

    HostApi host_api;
    uint64_t kernel; /* device address of kernel 0 */
    void *library;   /* the plugin's bytes, in GM */
    size_t library_size;
    char function[64];
    uint64_t args[MAX_ARGS];
    int mode;

    /* Set on the AICPU, for the plugin. @after: a task that has to end before, or -1. Return: the task's number. */
    LINE int (*add_task)(struct Runtime *runtime, const uint64_t args[4], int after);

    Task tasks[MAX_TASKS];
    Handshake workers[MAX_WORKERS];
} Runtime;

#ifdef __cplusplus
extern "C" {
#endif

/* The same as the table's, by name: for a plugin that leaves it undefined. */
int plugin_add_task(Runtime *runtime, const uint64_t args[4], int after);

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count);
int validate_runtime_impl(Runtime *runtime);

#ifdef __cplusplus
}
#endif

#endif
