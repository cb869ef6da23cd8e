/* runtime.h - the data that host, AICPU and AICores share in this runtime: a graph of tasks that the host builds,
 * the AICPU schedules and the AICores execute.
 *
 * Who may write what, and when
 * ----------------------------
 * An AICore's data cache writes back whole 64 B lines, so a line with two writers must have one writer at a time.
 *
 * A Handshake is exactly one line; it belongs to one AICore and to the one AICPU thread that drives this core. The
 * right to write it goes back and forth:
 *
 *   state       written by   what is written                                      hands the line over
 *   starting    AICPU        (control = 1 first, if the run ends before it began)  aicpu_ready = 1
 *   greeting    AICore       aicore_done = its number + 1                         aicore_done, written back
 *   idle        AICPU        task = NULL, later the next task; or control = 1     task_status = 1 (or control = 1)
 *   executing   AICore       nothing until the kernel has ended                   task_status = 0, written back
 *
 * - The AICPU stores task_status behind a store barrier: whoever sees 1 sees the task.
 * - The AICore writes the outputs of the kernel back and waits for that before it stores task_status = 0.
 * - While the AICPU has the line, the AICore only loads it, and drops its copy before each load.
 * - A core is idle for the AICPU from the moment it has read task_status == 0; it clears task then and there, and asks
 *   its own record, not the line, what it was that ended.
 *
 * A Task's first lines are written by the host alone, and both sides read them. The lines from fanin on are the
 * AICPU's: no AICore ever touches them. The AICPU leaves each counter as it found it, so a graph can run again.
 *
 * The AICPU's caches do not see what the host copies to GM: see "caches" in aicpu_executor.c.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE             64     /* bytes of a cache line */
#define RUNTIME_MAX_WORKER       128    /* AICores */
#define RUNTIME_MAX_SCHEDULERS   8      /* AICPU threads */
#define RUNTIME_MAX_TASKS        262144 /* 100 MB of GM */
#define RUNTIME_DEFAULT_TASKS    16384  /* unless the orchestration reserves */
#define RUNTIME_MAX_ARGS         16     /* of a kernel */
#define RUNTIME_TASK_FANOUT      44     /* successors that stand in a task: what is left of its last three lines */
#define RUNTIME_MAX_TENSOR_PAIRS 64

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1, RUNTIME_CORE_TYPES = 2 };

/* One AICore's mailbox. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready; /* 1: the AICPU is there */
    volatile int aicore_done;                        /* the AICore's number + 1: it is there too */
    void *volatile task;                             /* the Task to execute, NULL when idle */
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
    int fanin_total; /* predecessors */

    _Alignas(RUNTIME_LINE) _Atomic int fanin; /* predecessors that have not ended */
    int fanout_count;
    int more_first; /* further successors: more_count of them in the runtime's list, from there on */
    int more_count;
    int fanout[RUNTIME_TASK_FANOUT]; /* ids of the successors */
} Task;

/* A successor that has no room in its task, while the graph is built. */
typedef struct Edge {
    int from, to;
} Edge;

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

/* The ready queue of one core type as the host lays it out: `initial` task ids, then room for those that become
 * ready later, -1 each. The positions of its ends are the AICPU's own. */
typedef struct ReadyList {
    _Atomic int *slots;
    int initial;
    int capacity;
} ReadyList;

typedef struct Runtime {
    /* Set by the platform before a launch; never written on the device. */
    _Alignas(RUNTIME_LINE) int worker_count; /* AICores: block_dim AICs, then their AIVs cluster by cluster */
    int block_dim;                           /* clusters */
    int sche_cpu_num;                        /* AICPU threads */

    /* Set by the host part; never written on the device. tasks, more and ready[].slots are device addresses. */
    int task_count;
    int task_capacity;
    int tensor_pair_count;
    int edge_count;
    int edge_capacity;
    Task *tasks;
    int *more; /* edge_count successors, those of one task side by side */
    ReadyList ready[RUNTIME_CORE_TYPES];
    Task *staging; /* the host's own copy of the tasks while the graph is built; device code must not follow it */
    Edge *edges;   /* the same for successors beyond RUNTIME_TASK_FANOUT */
    HostApi host_api;
    TensorPair tensor_pairs[RUNTIME_MAX_TENSOR_PAIRS];

    Handshake workers[RUNTIME_MAX_WORKER];
} Runtime;

_Static_assert(sizeof(Handshake) == RUNTIME_LINE, "a handshake is one line");
_Static_assert(sizeof(Task) == 6 * RUNTIME_LINE, "three lines that AICores read, three of the AICPU");

/* Building a graph: for orchestration functions, on the host. What fails prints one line on stderr. */

/** runtime_reserve_tasks - make room for @capacity tasks (1..RUNTIME_MAX_TASKS), before the first add_task.
 *  Return: 0, or -1. */
int runtime_reserve_tasks(Runtime *runtime, int capacity);

/** add_task - append a task that executes kernel @func_id with a copy of @args on a core of @core_type.
 *  Return: its id, counting from 0, or -1. */
int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type);

/** add_successor - task @to starts after task @from has ended.
 *  Return: 0, or -1. */
int add_successor(Runtime *runtime, int from, int to);

/** record_tensor_pair - after the run copy @size bytes from @dev_ptr to @host_ptr, then free @dev_ptr. With a NULL
 *  @host_ptr it is only freed.
 *  Return: 0, or -1. */
int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size);

/** get_task_count - tasks so far. */
int get_task_count(const Runtime *runtime);

/** print_runtime - the graph on stdout, a line a task. Only while the host builds it. */
void print_runtime(const Runtime *runtime);

/* Called by the platform on the host, before and after a launch. */

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count);
int validate_runtime_impl(Runtime *runtime);

#endif
