/* runtime.h - the data that host, AICPU and AICores share in this runtime: tasks that are executed one after another.
 *
 * It is the simplest complete runtime, and the one to read first:
 *
 *   host    runtime.c, runtime_maker.c   the orchestration function appends tasks; they are copied to GM
 *   AICPU   aicpu_executor.c             one thread hands out a task, waits for its end, hands out the next
 *   AICore  aicore_executor.c            executes what stands in its mailbox and answers
 *
 * Tasks run in the order of add_task, whatever their edges; so an edge can only say what is so anyway, and one that
 * points backwards is refused. AIC tasks all run on the first AIC, AIV tasks on the first AIV; other cores go home at
 * once. It is for kernels that cannot overlap, and for finding out whether a wrong result comes from the order.
 *
 * Who may write what, and when. An AICore's data cache is coherent with nothing and writes back whole lines of 64 B, so
 * a line must have one writer at a time. A Handshake is exactly one line. It begins all zero and is the AICPU's:
 *
 *   whose       what is written            hands the line over
 *   AICPU       task, behind it a barrier  task_status = 1
 *   AICore      nothing but the answer     task_status = 0, written back when the kernel's outputs are in GM
 *   AICPU       at the end control = 1     never: the AICore returns
 *
 * The one without the line may load it, if it drops its copy before each load. Tasks are written by the host alone. The
 * AICPU's caches do not see what the host copies to GM, so it drops the lines before it looks at them, and those that
 * it has written at the end: then the host may use the memory again.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE             64     /* bytes of a cache line */
#define RUNTIME_MAX_WORKER       128    /* AICores */
#define RUNTIME_MAX_TASKS        262144 /* 50 MB of GM */
#define RUNTIME_DEFAULT_TASKS    16384  /* unless the orchestration reserves */
#define RUNTIME_MAX_ARGS         16     /* of a kernel */
#define RUNTIME_MAX_TENSOR_PAIRS 64

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1, RUNTIME_CORE_TYPES = 2 };

/* One AICore's mailbox. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready; /* the platform's, of no use here */
    volatile int aicore_done;                        /* the same */
    void *volatile task;                             /* the Task to execute */
    volatile int task_status;                        /* 1: execute it; 0: executed, or none yet */
    volatile int control;                            /* 0: run, 1: quit */
    int core_type;                                   /* RUNTIME_AIC or RUNTIME_AIV */
} Handshake;

/* One kernel to execute. */
typedef struct Task {
    _Alignas(RUNTIME_LINE) int task_id;
    int func_id; /* under which the kernel is registered */
    int core_type;
    int arg_count;
    uint64_t function_bin_addr; /* device address of the kernel */
    uint64_t args[RUNTIME_MAX_ARGS];
} Task;

/* Device memory, as the platform gives it to the host part. get_kernel_addr returns 0 for an unknown kernel. */
typedef struct HostApi {
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *dev_ptr);
    int (*copy_to_device)(void *dev_ptr, const void *host_ptr, size_t size);
    int (*copy_from_device)(void *host_ptr, const void *dev_ptr, size_t size);
    uint64_t (*get_kernel_addr)(int func_id);
} HostApi;

/* A result to copy back and free at the end; with no host_ptr, only to free. */
typedef struct TensorPair {
    void *host_ptr;
    void *dev_ptr;
    size_t size;
} TensorPair;

typedef struct Runtime {
    /* Set by the platform before a launch; never written on the device. */
    _Alignas(RUNTIME_LINE) int worker_count; /* AICores: block_dim AICs, then their AIVs cluster by cluster */
    int block_dim;                           /* clusters */
    int sche_cpu_num;                        /* AICPU threads */

    /* Set by the host part; never written on the device. */
    int task_count;
    int task_capacity;
    int core_types; /* bit RUNTIME_AIC, bit RUNTIME_AIV: there are such tasks */
    int tensor_pair_count;
    Task *tasks;   /* in GM */
    Task *staging; /* the host's own copy of the tasks until they are complete; device code must not follow it */
    HostApi host_api;
    TensorPair tensor_pairs[RUNTIME_MAX_TENSOR_PAIRS];

    Handshake workers[RUNTIME_MAX_WORKER];
} Runtime;

_Static_assert(sizeof(Handshake) == RUNTIME_LINE, "a handshake is one line");

/* For orchestration functions, on the host. What fails prints one line on stderr. */

/** runtime_reserve_tasks - make room for @capacity tasks (1..RUNTIME_MAX_TASKS), before the first add_task.
 *  Return: 0, or -1. */
int runtime_reserve_tasks(Runtime *runtime, int capacity);

/** add_task - append a task that executes kernel @func_id with a copy of @args on a core of @core_type.
 *  Return: its id, counting from 0, or -1. */
int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type);

/** add_successor - task @to starts after task @from has ended; @from must have been added before @to.
 *  Return: 0, or -1. */
int add_successor(Runtime *runtime, int from, int to);

/** record_tensor_pair - after the run copy @size bytes from @dev_ptr to @host_ptr, then free @dev_ptr. With a NULL
 *  @host_ptr it is only freed.
 *  Return: 0, or -1. */
int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size);

/** get_task_count - tasks so far. */
int get_task_count(const Runtime *runtime);

/** print_runtime - the tasks on stdout, one a line. Only while the host adds them. */
void print_runtime(const Runtime *runtime);

/* Called by the platform on the host, before and after a launch. */

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count);
int validate_runtime_impl(Runtime *runtime);

#endif
