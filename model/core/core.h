/* core.h - a core that runs device code: an AICPU thread, an AIC or an AIV, as the C parts of the model see it.
 *
 * The first cache lines are what the load/store port touches on every access. One core runs at any time: `dav_running`.
 */
#ifndef DAV_CORE_H
#define DAV_CORE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/chipfile.h"
#include "model/clock.h"
#include "model/core/park.h"
#include "model/core/pipe.h"
#include "model/core/window.h"
#include "model/memory/store_buffer.h"
#include "model/memory/view.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;

enum core_kind { CORE_AIC, CORE_AIV, CORE_AICPU };

/* Counted per core; park.c multiplies what a skipped poll would have added. */
struct core_counters {
    uint64_t hits, misses, stores, writebacks, dcci, spr_reads, spr_writes; /* AICore (AICPU: hits, misses, stores) */
    uint64_t atomics, fences, invalidates, window_loads, window_stores;     /* AICPU */
    uint64_t bus_read_bytes, bus_write_bytes;
    uint64_t mte_read_bytes, mte_write_bytes, hbm_bytes; /* of transfers between GM and the AICore's buffers */
};

/* For what an AICPU thread is blocked in the device's C library (embed/device_sync.h). */
enum sync_what {
    SYNC_NOTHING,
    SYNC_LOCK,      /* a mutex or spin lock at `addr` */
    SYNC_CONDITION, /* a condition variable, then `mutex` */
    SYNC_ONCE,      /* an initialization by another thread */
    SYNC_JOIN,      /* the end of thread `addr` */
    SYNC_READ,      /* a read-write lock */
    SYNC_WRITE,
    SYNC_SEMAPHORE,
    SYNC_BARRIER,
};

struct sync_wait {
    enum sync_what what, asked; /* what it asked for stays when it has that */
    uint64_t addr, mutex;
    uint64_t turn;   /* first come, first served */
    uint32_t serial; /* number of this wait: the timeout of an earlier one means nothing */
    uint32_t launch; /* in which it began */
    int result;      /* what the call will return */
    void *value;     /* and hand out */
};

/* An AICPU thread's store that asks an AICore for a kernel. All 0: none is known. */
struct offer {
    uint64_t issued_ps, visible_ps;
    uint64_t first_ps; /* the first one of the launch to this place was issued */
    const struct core *by;
};

enum { CORE_ENDS = 16 }; /* kernels that nobody has noticed the end of yet; of more, the latest are known */

struct core {
    struct agent agent; /* its clock; first, so that an agent is its core */

    /* The port's fast path. */
    uint64_t limit; /* a GM access at or past it takes the slow path */
    uint64_t bound; /* a basic block that ends at or past it takes the slow path */
    uint64_t hit_ps;
    uint64_t gm_base, gm_size;
    struct dcache_recent *recent; /* of its cache, as is the mask */
    uint64_t recent_mask;
    uint64_t changes; /* stores and other acts that change state outside the stack: see park.h */
    bool coherent;    /* AICPU: loads are bound by the horizon, stores go through the store buffer */
    struct dcache *cache;
    uint64_t private_base, private_size; /* memory that no other agent can see change: the stack */
    struct core_counters counters;

    /* Who it is. */
    enum core_kind kind;
    int number;    /* AICore: physical number; AICPU: thread number */
    int holder;    /* its number in the directory */
    uint32_t slot; /* its number among chip_state.cores */
    char name[20]; /* "AIC_3", "AIV_17", "AICPU_0" */
    struct chip_state *chip;
    uint64_t period_num, period_den; /* clock period in ps, as a fraction */
    uint64_t noc_ps;                 /* its way to GM is so much longer than the chip file says, each way */
    bool noc_drawn;

    /* What it does just now. */
    uint64_t idle_since; /* kept for reports: when it was started */
    int block_idx, block_dim, subblock_id;
    bool has_program;
    bool unwind;        /* after a stop: leave the program at the next opportunity */
    bool in_simulator;  /* for the fault handler: device code is not running */
    uint64_t pc;        /* return address into device code of the call that is served: see watch.h */
    void *origin;       /* of the store that is being made, if somebody watches */
    uint64_t device_sp; /* its stack pointer at a hook, if a watched one stands before the plain one; else 0 */
    sigjmp_buf *leave;  /* where its program is left after a fault or a stop */
    void (*program)(struct core *core);
    void *entry; /* of the module it runs in this launch */
    int worker;  /* AICore: its number among the launch's workers, -1 if it has no part in it */
    int outcome; /* AICPU: what aicpu_execute returned */
    uint64_t busy_ps, launched_ps;

    /* AICore. */
    struct window window;
    uint64_t port_free_ps;                          /* its bus port is busy until then */
    uint64_t writeback_done_ps;                     /* the latest of its write-backs reaches GM then */
    struct writeback *writebacks, **writebacks_end; /* on their way, oldest first */
    uint64_t evict_ps;                              /* its next spontaneous eviction; never: CLOCK_NEVER */
    struct effect *evict_alarm;                     /* wakes it for that while it is parked */
    struct offer written;                           /* DATA_MAIN_BASE as it stands */
    struct offer offer;                             /* latest AICPU store in what it has read since its latest kernel */
    struct offer taken;                             /* and what its latest kernel followed from */
    uint64_t task_begin_ps, task_end_ps;
    uint64_t task_image, task_args;
    bool task_again;                    /* the kernel ran with the same arguments just before */
    bool task_open;                     /* between a kernel's begin and its end */
    uint32_t ended, seen;               /* kernels, numbered from 1: ended, and noticed by an AICPU thread */
    uint64_t end_ps[CORE_ENDS];         /* of kernel n: [n % CORE_ENDS] */
    uint64_t done_lines[CORE_ENDS];     /* number plus one of the line that tells of its end, 0 if none */
    uint32_t cond_number;               /* the kernel whose end COND tells of */
    struct pipes *pipes;                /* NULL until the first instruction for one: pipe.h */
    uint32_t synced[3][PIPE_CROSS_IDS]; /* cross-core syncs, by mode, that others have not answered yet: flag.h */

    /* AICPU. */
    struct store_buffer stores;
    uint64_t posted_ps;          /* its latest posted store arrives then */
    struct window_store *posted; /* whose bytes are not captured yet */
    uint64_t accessing;          /* the simulator touches this address for the thread: a fault there is the thread's */
    uint64_t ordered_ps;         /* a sequentially consistent load may not pass this drain */
    bool weak_stores;            /* its stores to different lines drain in any order: vary.h */
    uint64_t handed_ps;  /* its first store to where an AICore has read what it stored, 0 if none has: EVENT_HANDED */
    bool releasing;      /* the store that comes next is a release */
    struct early *early; /* its loads may be satisfied early; NULL if they never are */

    void *(*thread_fn)(void *); /* a thread that device code made: see chip_spawn_aicpu */
    void *thread_arg, *thread_result;
    bool thread_kept; /* made and not yet joined, or detached and not yet ended */
    bool thread_done, thread_detached;
    uint32_t thread_serial;       /* how many threads device code has made here: part of a pthread_t */
    void *(*thread_body)(void *); /* what device code gave to pthread_create */
    void *thread_body_arg;
    void *thread_leave; /* jmp_buf of pthread_exit; NULL in a thread of the launch */
    struct sync_wait wait;
    void *cxx_globals[2];      /* a C++ program's exceptions under way, as its library keeps them */
    struct log_line *log_line; /* what it has printed since the latest newline */

    struct park park;
    void **tls; /* emulated thread-local objects */
    uint32_t tls_count;
    uintptr_t stack_low, stack_high;
    uintptr_t stack_deepest; /* lowest stack pointer of device code at a basic block so far */
    uintptr_t stack_at;      /* where its stack ended when it last let another core run */
    void *process;           /* its SystemC process */
};

extern __attribute__((visibility("hidden"))) struct core *dav_running;

static inline struct core *core_of(struct agent *agent)
{
    return (struct core *)agent;
}

/** core_enter / core_leave - from device code into the simulator and back. Between them the mapping holds no pending
 *  store; device code must not run. */
void core_enter(struct core *core);
void core_leave(struct core *core);

/** core_forget_pending - after a stop: what was on its way from this core never arrives. */
void core_forget_pending(struct core *core);

/** core_wait / core_block - clock_wait and clock_block, and what has to be put right when the core goes on. */
void core_wait(struct core *core, uint64_t until);
void core_block(struct core *core);

/** core_sync - the core is about to read shared state at its present time. */
static inline void core_sync(struct core *core)
{
    if (core->agent.now >= core->agent.horizon)
        core_wait(core, core->agent.now);
}

/** core_reach_bound - called between basic blocks now and then: let time pass, start looking for repeating polls. */
void core_reach_bound(struct core *core);

/** core_set_limits - after `agent.horizon` or what the core does has changed. */
void core_set_limits(struct core *core);

/** core_cycles - @ps of this core's clock, in its cycles. */
static inline uint64_t core_cycles(const struct core *core, uint64_t ps)
{
    return (uint64_t)((unsigned __int128)ps * core->period_den / core->period_num);
}

#ifdef __cplusplus
}
#endif
#endif
