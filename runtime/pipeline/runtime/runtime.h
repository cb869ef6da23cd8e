/* runtime.h - the data that host, AICPU and AICores share in this runtime: a graph of tasks that streams through
 * stages, each on cores of its own, with a short queue before each core.
 *
 * Stages. A task belongs to a stage: what the orchestration says (set_stage), or else the length of the longest path
 * that leads to it. No edge leads to an earlier stage. The AICs are divided among the stages that have AIC tasks, the
 * AIVs among those that have AIV tasks, in proportion to how many; so while stage 2 has the first item, stage 1 has the
 * next one. That is of use only if stages can work at the same time. Where nobody has said the stages, they get cores
 * of their own if the graph streams: if each has at least 2 * RUNTIME_STREAM_SLACK tasks, and no task waits for one
 * that stands much further on in its stage than the task itself does (by more than an eighth of the stage, and more
 * than RUNTIME_STREAM_SLACK tasks). Else, or if there are more stages than cores, all stages share all cores of the
 * type.
 *
 * Queues. Before each core is a queue of RUNTIME_QUEUE tickets, which the AICPU fills ahead of time: when a ticket is
 * written, its task is still waiting for others. The ticket says for which, as marks: core 5 must have done with its
 * 12th ticket. The core takes its tickets in order, waits for the marks, executes, and counts up its own. So the word
 * that a task has ended goes from AICore to AICore: by the one line that each core counts in, and that all may read,
 * however many wait for it. The AICPU looks at the counts only to see where there is room. A full queue holds up its
 * own stage; what the stage before goes on to produce lies in GM meanwhile.
 *
 * Why it cannot get stuck. Order tasks by stage, and within a stage as the host has put them: no edge leads backwards.
 * Each core gets its tickets in this order, and each is written after those of its task's predecessors. So of the tasks
 * that have not ended, the first one has nobody to wait for. If its ticket is written, it is the next one of its core.
 * If not, an AICPU thread has taken it in hand, or will, and all that stands in this thread's queues of the stage has
 * ended or is about to: there is room.
 *
 * Who may write what, and when
 * ----------------------------
 * An AICore's data cache writes back whole 64 B lines. Here no line is ever written by two:
 *
 *   line                          writer        readers                  what it says
 *   first of a Handshake          host, AICPU   its AICore               aicpu_ready: begin, or with control = 1 quit
 *   second of a Handshake         its AICore    AICPU, other AICores     aicore_done: it is there; ended: tickets done
 * with each Ticket                   AICPU         its AICore               number: the core's n-th ticket is in this
 * line tasks                         host          AICores                  what to execute items, predecessors host,
 * AICPU   AICPU                    in which order; place: who has got the task
 *
 * - A ticket is its own flag: the AICPU stores number behind a store barrier; who sees the number sees the ticket. The
 *   line is used again for number + RUNTIME_QUEUE, after `ended` has reached number: by then the core needs it no more.
 * - The AICore writes the outputs of the kernel back and waits for that before it stores `ended`, and writes that back.
 *   It does not wait for this second write-back: nobody is harmed by a count that comes late.
 * - The AICore loads a ticket, or another core's count, again and again, and drops its copy before each load.
 * - A core counts from 0 in each launch. It stores 0 when it greets, and no ticket is written before all have greeted:
 *   so nobody takes an old count for a new one. The AICPU empties the tickets at the end of a run, when all cores have
 *   left.
 *
 * The AICPU's caches do not see what the host copies to GM: see "caches" in aicpu_executor.c.
 *
 * Limits. A ticket has room for RUNTIME_MAX_WAITS marks: a task that waits for more cores gets its ticket when all but
 * so many have got there. A task stays with the core that got its ticket, and a core executes in the order of its
 * tickets: one long task holds up what stands behind it in the queue. Cores are divided by how many tasks a stage has,
 * not by how long these take; a stage whose tasks take longer than the others' holds up the rest.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE             64     /* bytes of a cache line */
#define RUNTIME_MAX_WORKER       128    /* AICores */
#define RUNTIME_MAX_SCHEDULERS   8      /* AICPU threads */
#define RUNTIME_MAX_TASKS        262144 /* 50 MB of GM */
#define RUNTIME_DEFAULT_TASKS    16384  /* unless the orchestration reserves */
#define RUNTIME_MAX_EDGES        16777216
#define RUNTIME_MAX_STAGES       RUNTIME_MAX_TASKS
#define RUNTIME_MAX_ARGS         16 /* of a kernel */
#define RUNTIME_QUEUE            8  /* tickets before a core */
#define RUNTIME_MAX_WAITS        12 /* cores that a ticket waits for */
#define RUNTIME_STREAM_SLACK     8
#define RUNTIME_SHOWN_FANOUT     8 /* successors that a Task shows to whoever looks at it */
#define RUNTIME_MAX_TENSOR_PAIRS 64

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1, RUNTIME_CORE_TYPES = 2 };

/* One kernel to execute. */
typedef struct Task {
    _Alignas(RUNTIME_LINE) uint64_t function_bin_addr; /* device address of the kernel */
    uint64_t args[RUNTIME_MAX_ARGS];                   /* seven of them in the same line */
    int task_id;
    int func_id; /* under which the kernel is registered */
    int core_type;
    int arg_count;
    int stage;        /* -1 while it is not known */
    int fanout_count; /* the first successors, for debuggers and traces */
    int fanout[RUNTIME_SHOWN_FANOUT];
} Task;

/* A core has done with its n-th ticket: a core's number + 1, and n. 0 is none. */
typedef uint32_t Mark;

enum { MARK_NUMBER_BITS = 24, MARK_NUMBER_MASK = (1 << MARK_NUMBER_BITS) - 1 };

/* What a core has to do next. */
typedef struct Ticket {
    _Alignas(RUNTIME_LINE) volatile uint32_t number; /* counts from 1; another one: not there yet */
    int wait_count;
    Task *task; /* NULL: quit */
    Mark waits[RUNTIME_MAX_WAITS];
} Ticket;

/* All that AICPU and one AICore tell each other. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready; /* 1: the AICPU is there */
    volatile int control;                            /* 1: quit at once */
    int core_type;                                   /* RUNTIME_AIC or RUNTIME_AIV */
    volatile int task_status;                        /* the platform's fields, of no use here */
    void *volatile task;

    _Alignas(RUNTIME_LINE) volatile int aicore_done; /* the AICore's number + 1: it is there too */
    volatile uint32_t ended;                         /* tickets it has done with */

    Ticket queue[RUNTIME_QUEUE]; /* the n-th in queue[(n - 1) % RUNTIME_QUEUE] */
} Handshake;

/* A task as the AICPU sees it: by core type, then stage, then as the host has put them. Its predecessors are those from
 * `first` on, up to the next item's; they are places among the items, too. */
typedef struct Item {
    int task;
    int first;
    _Atomic Mark place; /* whose ticket it is; 0 between runs */
} Item;

/* The stages of a core type that get cores of their own, or one for all: stage s is items[first[s]..first[s + 1]). */
typedef struct StageList {
    int count;
    int first[RUNTIME_MAX_WORKER + 1];
} StageList;

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

typedef struct Runtime {
    /* Set by the platform before a launch; never written on the device. */
    _Alignas(RUNTIME_LINE) int worker_count; /* AICores: block_dim AICs, then their AIVs cluster by cluster */
    int block_dim;                           /* clusters */
    int sche_cpu_num;                        /* AICPU threads */

    /* Set by the host part; never written on the device. The first three pointers are device addresses. */
    int task_count;
    int edge_count;
    Task *tasks;
    Item *items; /* one more than tasks */
    int *predecessors;
    StageList stages[RUNTIME_CORE_TYPES];
    int stages_said; /* set_stage was called */
    int task_capacity;
    int edge_capacity;
    int tensor_pair_count;
    Task *task_staging; /* the host's own copies while the graph is built: device code must not follow them */
    Edge *edge_staging;
    HostApi host_api;
    TensorPair tensor_pairs[RUNTIME_MAX_TENSOR_PAIRS];

    Handshake workers[RUNTIME_MAX_WORKER];
} Runtime;

_Static_assert(sizeof(Task) == 3 * RUNTIME_LINE, "a task shares no line with another");
_Static_assert(sizeof(Ticket) == RUNTIME_LINE, "a ticket is one line");
_Static_assert(offsetof(Handshake, aicore_done) == RUNTIME_LINE, "the AICore's line is its own");
_Static_assert(offsetof(Handshake, queue) == 2 * RUNTIME_LINE, "and so are the tickets'");

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

/** set_stage - put @task into stage @stage (0..RUNTIME_MAX_STAGES - 1). Without it a task's stage is one more than the
 *  latest of its predecessors', or 0.
 *  Return: 0, or -1. */
int set_stage(Runtime *runtime, int task, int stage);

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
