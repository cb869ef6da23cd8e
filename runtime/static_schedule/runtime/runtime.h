/* runtime.h - the data that host, AICPU and AICores share in this runtime: a graph of tasks that the host schedules
 * before the run. On the device nothing is decided any more.
 *
 * The host (host/plan.c) says which core executes which tasks in which order, from the estimated durations of the
 * tasks. What a core has to do is a list of orders:
 *
 *   place 0..71    wait until the core at this place has executed `number` tasks
 *   ORDER_EXECUTE  execute task `number`
 *   ORDER_END      that was all
 *
 * Each AICore walks its own list and waits for other cores by itself; the AICPU only gives every core its list, and
 * waits for the ends. How many cores there will be is known only at the launch, so there is a plan for each number of
 * clusters, up to the first that leaves cores without work; a launch takes the widest that it has the cores for.
 *
 * Places: AIC i is place i, AIV i is place RUNTIME_MAX_BLOCKS + i, whatever the number of clusters.
 *
 * Who may write what, and when. An AICore's data cache is coherent with nothing and writes back whole lines of 64 B, so
 * a line must have one writer at a time. A Handshake is exactly one line. It begins all zero:
 *
 *   whose       what is written                                  hands the line over
 *   AICPU       task = the core's list; or control = 1: no work  aicpu_ready = 1, behind a barrier
 *   AICore      task_status = tasks executed so far, each time   never; at its end aicore_done
 *               written back when the outputs are in GM
 *
 * Whoever waits for a core loads its line, after dropping the copy at hand. As task_status only grows, a look that
 * comes late misses nothing. Tasks, orders and starts are written by the host alone. The AICPU's caches do not see what
 * the host copies to GM, so it drops the lines before it looks at them, and those that it has written at the end.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE             64     /* bytes of a cache line */
#define RUNTIME_MAX_WORKER       128    /* AICores */
#define RUNTIME_MAX_TASKS        262144 /* 50 MB of GM, and 8 B of orders a task, edge and plan */
#define RUNTIME_DEFAULT_TASKS    16384  /* unless the orchestration reserves */
#define RUNTIME_MAX_ARGS         16     /* of a kernel */
#define RUNTIME_MAX_TENSOR_PAIRS 64

#define RUNTIME_MAX_BLOCKS     24 /* clusters that a plan is made for; more get no work */
#define RUNTIME_AIVS_PER_BLOCK 2  /* AIVs of a cluster in a plan */
#define RUNTIME_PLACES         (RUNTIME_MAX_BLOCKS * (1 + RUNTIME_AIVS_PER_BLOCK))

/* Estimates, in ns, of what no orchestration function knows. */
#define RUNTIME_DEFAULT_COST  5000 /* a kernel, unless set_task_cost says more */
#define RUNTIME_EXECUTE_COST  1500 /* what a core does around a kernel: fetch order and task, write the outputs back */
#define RUNTIME_HANDOVER_COST 1000 /* from a core's end of a task to another core's knowing of it */

/* There is set_task_cost; an orchestration function for several runtimes can ask. */
#define RUNTIME_HAS_TASK_COST 1

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1, RUNTIME_CORE_TYPES = 2 };

/* One AICore's mailbox. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready; /* 1: the AICPU has said what to do */
    volatile int aicore_done;                        /* the AICore's number + 1: its list is done */
    void *volatile task;                             /* the first Order of its list */
    volatile int task_status;                        /* tasks that it has executed */
    volatile int control;                            /* 1: there is nothing to do */
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

/* One step of a core: see above. */
typedef struct Order {
    int place; /* or ORDER_EXECUTE, ORDER_END */
    int number;
} Order;

enum { ORDER_EXECUTE = -1, ORDER_END = -2 };

/* Where in the orders the list of each place begins, in one plan; -1: it has nothing to do. */
typedef struct Plan {
    int starts[RUNTIME_PLACES];
} Plan;

/* Task `to` starts after task `from` has ended. */
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

typedef struct Runtime {
    /* Set by the platform before a launch; never written on the device. */
    _Alignas(RUNTIME_LINE) int worker_count; /* AICores: block_dim AICs, then their AIVs cluster by cluster */
    int block_dim;                           /* clusters */
    int sche_cpu_num;                        /* AICPU threads */

    /* Set by the host part; never written on the device. */
    int task_count;
    int task_capacity;
    int core_types; /* bit RUNTIME_AIC, bit RUNTIME_AIV: there are such tasks */
    int plan_count;
    int tensor_pair_count;
    Task *tasks;         /* in GM, as are the next two */
    const Order *orders; /* of all plans */
    const Plan *plans;   /* plans[n - 1] is for n clusters */

    /* The host's own while the graph is built; device code must not follow these. */
    Task *staging;
    int *costs; /* of the tasks, ns */
    Edge *edges;
    int edge_count;
    int edge_capacity;
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

/** add_successor - task @to starts after task @from has ended.
 *  Return: 0, or -1. */
int add_successor(Runtime *runtime, int from, int to);

/** set_task_cost - the kernel of @task takes about @cost_ns (1..1,000,000,000). A wrong estimate costs time, not
 *  correctness.
 *  Return: 0, or -1. */
int set_task_cost(Runtime *runtime, int task, int cost_ns);

/** record_tensor_pair - after the run copy @size bytes from @dev_ptr to @host_ptr, then free @dev_ptr. With a NULL
 *  @host_ptr it is only freed.
 *  Return: 0, or -1. */
int record_tensor_pair(Runtime *runtime, void *host_ptr, void *dev_ptr, size_t size);

/** get_task_count - tasks so far. */
int get_task_count(const Runtime *runtime);

/** print_runtime - tasks and edges on stdout, one a line. Only while the host builds the graph. */
void print_runtime(const Runtime *runtime);

/* Called by the platform on the host, before and after a launch. */

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count);
int validate_runtime_impl(Runtime *runtime);

#endif
