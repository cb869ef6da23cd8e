/* watch.h - what a checker sees of the model: the accesses of device code, and each step of a byte's way between the
 * caches and GM. The model announces them and never asks; with nobody watching an announcement is one comparison.
 *
 * A store's way is long: it is made now, stands in a cache or a store buffer, and changes GM later. What the watcher
 * wants to remember of it (who, where, in which order) is an *origin*, which means nothing to the model: `will_store`
 * leaves it in core->origin, the model takes it along with the store (watch_take) and hands it back when the store
 * arrives.
 *
 * Accesses are told by the watched forms of the hooks (embed/port_watched.c), which replace the plain ones in the port
 * table when somebody watches; so the plain ones stay as they are. core->pc is the return address into device code of
 * the call that is being served.
 */
#ifndef DAV_WATCH_H
#define DAV_WATCH_H

#include "model/chip_state.h"
#include "model/core/pipe.h"

#ifdef __cplusplus
extern "C" {
#endif

enum access {
    ACCESS_PLAIN,
    ACCESS_BLOCK, /* of memcpy and its kin: it moves bytes without using them */
    ACCESS_VOLATILE,
    ACCESS_ATOMIC, /* with a C11 memory order */
    ACCESS_RMW,    /* the same, a read-modify-write: the load is told after it has happened */
};

enum access_past { PAST_LOAD, PAST_STORE, PAST_ATOMIC };

/* A core that waits in vain, when a launch is given up. */
struct watch_wait {
    const struct core *core;
    uint64_t pc; /* return address in device code, 0 if unknown */
    bool polls;  /* memory at `addr`, or with is_register its DATA_MAIN_BASE */
    bool is_register;
    uint64_t addr, seen, in_gm;
    uint32_t size;
    bool stale; /* GM holds another value than it sees */
    bool runs;  /* it neither polls quietly nor is blocked */
    /* It, or one of its pipes, waits for a flag: of a pair of pipes, or (@crosses) from another core. */
    bool flag, crosses;
    int from, to, id;
    uint64_t flag_pc; /* of that wait */
    const char *text; /* all of it in words */
};

struct watch {
    /* ---- accesses: a load has just been made, a store comes next; for an AICore's the line is held by then ---- */
    void (*load)(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access access, int order);
    void (*will_store)(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access access,
                       int order);
    void (*stored)(struct watch *watch, struct core *core, uint64_t addr, uint32_t size);

    /* Rounds of a poll were skipped, the loads of core->park.before among them. */
    void (*idled)(struct watch *watch, struct core *core);

    /* ---- AICore caches ---- */
    void (*filled)(struct watch *watch, struct core *core, uint32_t index, uint64_t line, const uint8_t *old);
    void (*write_back)(struct watch *watch, struct core *core, uint32_t index);
    void (*written_back)(struct watch *watch, struct core *core, uint64_t line, const uint8_t *bytes);
    void (*dropped)(struct watch *watch, struct core *core, uint32_t index); /* dirty as it was */
    void (*dcci)(struct watch *watch, struct core *core, uint64_t addr, bool entire, uint32_t found);

    /* ---- the AICPU: its stores arrive, its cluster fills, cleans and loses lines ---- */
    void (*arrived)(struct watch *watch, struct core *core, uint64_t addr, const void *bytes, uint32_t size,
                    void *origin);
    void (*cleaned)(struct watch *watch, struct core *core, uint64_t line, const uint8_t *bytes, uint64_t pc);
    void (*fence)(struct watch *watch, struct core *core, int kind);
    void (*invalidated)(struct watch *watch, struct core *core, uint64_t addr, uint64_t size, uint32_t useful);
    /* A lock, a condition, a barrier, ... at @object; the birth and end of threads is 0. Before: what the core lets
     * others know; after: what it has come to know. */
    void (*synchronizes)(struct watch *watch, struct core *core, uint64_t object);
    void (*synchronized)(struct watch *watch, struct core *core, uint64_t object);

    /* ---- registers ---- */
    void (*dispatched)(struct watch *watch, struct core *owner, void *origin);   /* DATA_MAIN_BASE has changed */
    void (*looked)(struct watch *watch, struct core *owner);                     /* and was read by its core */
    void (*signals)(struct watch *watch, struct core *owner);                    /* COND is about to be written */
    void (*signalled)(struct watch *watch, struct core *owner, void *origin);    /* and has changed */
    void (*noticed)(struct watch *watch, struct core *core, struct core *owner); /* an AICPU thread has read it */

    /* ---- pipes (core/pipe.h): what happens in them, in the order of simulated time ---- */
    /* The scalar unit has put @entry into the queue of @pipe, in its order. What the entry is about follows when it
     * comes to the head: instr_starts, flag_set, flag_waited, cross_set or pipe_barrier, one of each entry. */
    void (*entered)(struct watch *watch, struct core *core, int pipe, struct pipe_entry *entry);
    void (*instr_starts)(struct watch *watch, struct pipe_instr *instr); /* and reads; what it touches is known now */
    void (*instr_ends)(struct watch *watch, struct pipe_instr *instr);   /* and has written */
    void (*flag_set)(struct watch *watch, struct core *core, int to, const struct pipe_token *token);
    void (*flag_waited)(struct watch *watch, struct core *core, int to, const struct pipe_token *token, uint64_t pc);
    void (*cross_set)(struct watch *watch, struct core *core, uint64_t config, const struct pipe_token *token);
    void (*cross_waited)(struct watch *watch, struct core *core, const struct pipe_token *token);
    void (*pipe_barrier)(struct watch *watch, struct core *core, int pipe); /* PIPE_ALL: by the scalar unit */
    void (*ub)(struct watch *watch, struct core *core, uint64_t offset, uint32_t size,
               bool store); /* by the scalar unit */
    /* ld_dev (has just loaded), st_dev and st_atomic (come next) of the scalar unit. */
    void (*dev)(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access_past what);

    /* ---- launches, threads, tasks, memory, the host ---- */
    void (*launched)(struct watch *watch);
    void (*ended)(struct watch *watch);
    void (*spawned)(struct watch *watch, struct core *thread);
    void (*task)(struct watch *watch, struct core *core, bool begins);
    void (*allocated)(struct watch *watch, struct core *core, void *block, uint64_t size); /* core NULL: the host */
    void (*freed)(struct watch *watch, struct core *core, void *block);
    /* @bytes NULL: the simulator itself put something there. */
    void (*host_writes)(struct watch *watch, uint64_t addr, const void *bytes, uint64_t size);
    void (*host_reads)(struct watch *watch, uint64_t addr, uint64_t size);
    /* A deadlock, or (@expired) no progress for too long: who waits, the most telling first. On the host's stack. */
    void (*stuck)(struct watch *watch, bool expired, const struct watch_wait *waits, uint32_t count);

    void (*keep)(void *origin);
};

/** WATCH - tell the watcher, if there is one: WATCH(chip, filled, core, index, line, old). */
#define WATCH(chip, what, ...)                                                                                         \
    do {                                                                                                               \
        struct watch *watch_ = (chip)->watch;                                                                          \
        if (__builtin_expect(watch_ != NULL, 0))                                                                       \
            watch_->what(watch_, ##__VA_ARGS__);                                                                       \
    } while (0)

/** watch_take - the origin of the store that @core is making, to be kept with it; NULL while nobody watches. */
static inline void *watch_take(const struct core *core)
{
    struct watch *watch = core->chip->watch;

    if (!watch || !core->origin)
        return NULL;
    watch->keep(core->origin);
    return core->origin;
}

#ifdef __cplusplus
}
#endif
#endif
