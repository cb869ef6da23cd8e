/* runtime.h - the data that host, AICPU and AICores share in this runtime: a graph of tasks that the host builds, the
 * AICPU schedules and the AICores execute. What is said while it runs goes through registers, two tasks deep.
 *
 * Each AICore has two registers: DATA_MAIN_BASE, which the AICPU writes and the core reads, and COND, the other way.
 * The AICPU offers task t by DATA_MAIN_BASE = t + 1; the core answers ACK(t + 1) when it has taken the offer and
 * begins, FIN(t + 1) when the results are in GM. From the ACK on the register is free, and the next task may be offered
 * while this one runs: the core finds it there and goes on without a round trip. All that a task needs, its kernel's
 * address and arguments, has been in GM since before the launch, so an offer is one store.
 *
 *   core is          DATA_MAIN_BASE   COND        the AICPU may
 *   idle             old              FIN(old)    offer
 *   offered          t + 1            FIN(old)    only wait
 *   running t        t + 1            ACK(t + 1)  offer u
 *   and offered u    u + 1            ACK(t + 1)  only wait: for FIN(t + 1), which tells that t has ended,
 *                                                 or for ACK(u + 1) or FIN(u + 1), which tell it, too
 *
 * - COND holds only its newest value, and the AICPU looks now and then. So it takes whatever says that u has begun for
 *   the end of t: the FIN in between may have come and gone.
 * - Only a task's own number counts. Right after an offer COND still says FIN(old), and that is not the end of
 * anything.
 * - The numbers of a launch are all different, so the core tells a new offer by the change of the register. What is
 * left in the registers from the launch before is gone before the first offer: the core sets COND to IDLE before it
 * greets, and the AICPU waits for that.
 * - COND overtakes write-backs: the core waits for these before it says FIN. A store to DATA_MAIN_BASE overtakes stores
 *   to memory: the AICPU puts a store barrier before it.
 *
 * Only the start goes through GM. A Handshake is one line, which AICPU and AICore write in turn:
 *
 *   written by   what is written                                                        hands the line over
 *   AICPU        control = 1 first, if the run ends before it began                     aicpu_ready = 1
 *   AICore       aicore_done = its number + 1, physical_id: whose registers it has      both, written back
 *
 * A Task's first lines are written by the host alone, and only AICores read them. The line from fanin on is the
 * AICPU's. It leaves the counter as it found it, so a graph can run again.
 *
 * Limits: a task that is offered to a busy core stays with it, however long the task before takes. It is done only when
 * no core of that type is idle.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE             64     /* bytes of a cache line */
#define RUNTIME_MAX_WORKER       128    /* AICores */
#define RUNTIME_MAX_SCHEDULERS   8      /* AICPU threads */
#define RUNTIME_MAX_TASKS        262144 /* 64 MB of GM */
#define RUNTIME_DEFAULT_TASKS    16384  /* unless the orchestration reserves */
#define RUNTIME_MAX_ARGS         16     /* of a kernel */
#define RUNTIME_MAX_EDGES        16777216
#define RUNTIME_SHOWN_FANOUT     10 /* successors that a Task shows to whoever looks at it */
#define RUNTIME_MAX_TENSOR_PAIRS 64

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1, RUNTIME_CORE_TYPES = 2 };

/* How AICPU and AICore find each other. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready; /* 1: the AICPU is there */
    volatile int aicore_done;                        /* the AICore's number + 1: it is there too */
    void *volatile task;                             /* the platform's fields, of no use here */
    volatile int task_status;
    volatile int control;     /* 1: quit at once */
    int core_type;            /* RUNTIME_AIC or RUNTIME_AIV */
    volatile int physical_id; /* the AICore's place among the register windows */
} Handshake;

/* One kernel to execute, as the AICores see it. Its number is its place among the tasks. */
typedef struct Task {
    _Alignas(RUNTIME_LINE) uint64_t function_bin_addr; /* device address of the kernel */
    uint64_t args[RUNTIME_MAX_ARGS];                   /* seven of them in the same line */
    int task_id;
    int func_id; /* under which the kernel is registered */
    int arg_count;
    int fanout_count; /* the first successors, for debuggers and traces */
    int fanout[RUNTIME_SHOWN_FANOUT];
} Task;

/* The same task as the AICPU sees it. Its successors are those from `first` on, up to the next node's. */
typedef struct Node {
    _Atomic int fanin; /* predecessors that have not ended */
    int fanin_total;
    int core_type;
    int first;
} Node;

/* While the graph is built. */
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

/* The ready queue of a core type as the host lays it out: `initial` task numbers, then room for those that become ready
 * later, -1 each. The positions of its ends are the AICPU's own. */
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

    /* Set by the host part; never written on the device. The pointers are device addresses, but for the staging ones.
     */
    int task_count;
    int edge_count;
    Task *tasks;
    Node *nodes;     /* one more than tasks */
    int *successors; /* task by task */
    ReadyList ready[RUNTIME_CORE_TYPES];
    int task_capacity;
    int edge_capacity;
    int tensor_pair_count;
    Task *task_staging; /* the host's own copies while the graph is built: device code must not follow them */
    Node *node_staging;
    Edge *edge_staging;
    HostApi host_api;
    TensorPair tensor_pairs[RUNTIME_MAX_TENSOR_PAIRS];

    Handshake workers[RUNTIME_MAX_WORKER];
} Runtime;

_Static_assert(sizeof(Handshake) == RUNTIME_LINE, "a handshake is one line");
_Static_assert(sizeof(Task) == 3 * RUNTIME_LINE, "a task shares no line with another");

/* Building a graph: for orchestration functions, on the host. What fails prints one line on stderr. */

/** runtime_reserve_tasks - make room for @capacity tasks (1..RUNTIME_MAX_TASKS), before the first add_task.
 *  Return: 0, or -1. */
int runtime_reserve_tasks(Runtime *runtime, int capacity);

/** add_task - append a task that executes kernel @func_id with a copy of @args on a core of @core_type.
 *  Return: its number, counting from 0, or -1. */
int add_task(Runtime *runtime, const uint64_t *args, int arg_count, int func_id, int core_type);

/** add_successor - task @to starts after task @from has ended. A task may have any number of successors.
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
