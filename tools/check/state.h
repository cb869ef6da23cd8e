/* state.h - what the parts of the checker share. */
#ifndef DAV_CHECK_STATE_H
#define DAV_CHECK_STATE_H

#include "model/embed/task_layout.h"
#include "model/watch.h"
#include "tools/check/blocks.h"
#include "tools/check/check.h"
#include "tools/check/happens.h"
#include "tools/check/shadow.h"

/* An agent is a core by its place in chip->cores; the host comes last. */
enum { RECENT_ORIGINS = 64 };

struct check_agent {
    struct origin *recent[RECENT_ORIGINS]; /* of plain stores in this epoch, by address of the code */
    bool has_task;
    int64_t task;
    uint64_t image;
    const struct core *noticed; /* an AICPU thread's: whose COND it has read last */
};

/* A line in an AICore's cache, or in the AICPU cluster's. */
struct held_line {
    uint64_t stale;         /* bytes that were written in GM since it was filled */
    struct segments own;    /* an AICore's: bytes that it wrote and has not written back */
    struct segments passed; /* of these, what others have stored since who knew of its store */
    uint64_t overtaken;     /* of these, what has changed in GM since */
};

/* A write-back on its way. A core's arrive in the order in which they left. */
struct flight {
    uint64_t line;
    struct segments own, passed;
    uint8_t bytes[GM_LINE_BYTES];
    uint64_t pc, filled_ps, dirtied_ps;
    struct flight *next;
};

struct flights {
    struct flight *first, **end;
};

/* A synchronizing object outside GM, and what its latest store or release carries. */
struct sync_object {
    uint64_t addr;
    struct origin *origin;
};

/* What notes.c counts. */
struct notes {
    bool wanted;
    struct note_site *sites; /* a hash table by address of the code */
    uint32_t count, capacity;
};

struct check {
    struct watch watch; /* first, so that the watch is its check */
    struct chip_state *chip;
    const struct kernels *kernels;
    struct findings *findings;
    struct notes notes;

    struct happens *happens;
    struct shadow *shadow;
    struct blocks blocks;
    uint32_t agents, host;
    struct check_agent *agent;
    struct held_line **held;            /* by holder, then as the cache's lines */
    struct flights *flights;            /* by AICore */
    struct flight *spare;               /* to be used again */
    struct origin **dispatch, **signal; /* by AICore: what DATA_MAIN_BASE and COND hold came from here */
    struct origin *unknown;             /* of what changed GM and nobody knows why */
    struct sync_object *objects;        /* a hash table */
    uint32_t object_count, object_capacity;

    struct task_layout layout;
    struct task_memory memory;
    void *module; /* a copy of the ELF that describes the structures of the launch */
    size_t module_size;
    uint64_t a_task;                   /* device address of one of its tasks, 0 while none has run */
    struct finding *draft, *own_draft; /* the one that is being made; its place */
    uint32_t side_agents[FINDING_SIDES];
};

static inline struct check *check_of(struct watch *watch)
{
    return (struct check *)watch;
}

static inline uint32_t agent_of(const struct check *check, const struct core *core)
{
    return core ? (uint32_t)(core - check->chip->cores) : check->host;
}

static inline bool check_in_gm(const struct check *check, uint64_t addr)
{
    return addr - (uintptr_t)check->chip->gm.base < check->chip->gm.size;
}

static inline uint64_t check_line_addr(const struct check *check, uint64_t line)
{
    return (uintptr_t)gm_line_ptr(&check->chip->gm, line);
}

/** check_line - what is known of @line, measured against the allocations. */
struct shadow_line *check_line(struct check *check, uint64_t line);

/** flight_new - room for a write-back. flight_free - it has arrived, or never will. */
struct flight *flight_new(struct check *check);
void flight_free(struct check *check, struct flight *flight);

/* ---- order.c ---- */

/** order_store - the origin of a store that @core is about to make, the caller's reference. */
struct origin *order_store(struct check *check, struct core *core, enum access access, int order);

/** order_read - @core's load has read @origin. */
void order_read(struct check *check, struct core *core, struct origin *origin, enum access access, int order);

/** order_store_object / order_load_object - a synchronizing access outside GM. @same: it stores what stood there. */
void order_store_object(struct check *check, uint64_t addr, struct origin *origin, bool same);
void order_load_object(struct check *check, struct core *core, uint64_t addr, enum access access, int order);

/** order_watch - fill in the callbacks of this part. */
void order_watch(struct watch *watch);
void reads_watch(struct watch *watch);
void writes_watch(struct watch *watch);
void waits_watch(struct watch *watch);
void notes_watch(struct watch *watch);

/** notes_tell - the run is over: hand over what was never of use. */
void notes_tell(struct check *check);

/* ---- reads.c ---- */

/** check_outside - an access of memory that is not allocated. */
void check_outside(struct check *check, struct core *core, uint64_t addr, uint32_t size, bool store);

/* ---- late.c ---- */

/** late_passes - @core stores to the bytes of @mask: what others wrote there, and it knows of, is old from here on. */
void late_passes(struct check *check, const struct core *core, uint64_t line, uint64_t mask, uint32_t in_flight);

/** late_knowingly - @core writes @held back, which is @line. */
void late_knowingly(struct check *check, const struct core *core, struct held_line *held, uint64_t line);

/** late_bytes - those of a write-back that has arrived which the core did write, but which are old. */
uint64_t late_bytes(const struct flight *flight, const struct shadow_line *known);

/* ---- fields.c ---- */

/** fields_complete - on the host's stack, for findings_complete_with: name the member that a finding is about. */
void fields_complete(void *check, struct finding *found);

/* ---- explain.c ---- */

/** explain_begin - an empty draft of a finding about [@addr, +@size). */
struct finding *explain_begin(struct check *check, enum finding_kind kind, uint64_t addr, uint32_t size);

/** explain_reader - the side of @core (NULL: the host), which is where its call is now. */
void explain_reader(struct check *check, struct core *core, const char *role);

/** explain_origin - the side of a store. explain_side - a side by hand. */
void explain_origin(struct check *check, const struct origin *origin, const char *role);
struct finding_side *explain_side(struct check *check, uint32_t agent, const char *role, uint64_t pc, uint64_t time_ps);

/** explain_values - two values of the bytes at the draft's address. */
void explain_values(struct check *check, const uint8_t *seen, const char *seen_label, const uint8_t *other,
                    const char *other_label);

/** explain_holders - which caches hold the draft's line, and how. */
void explain_holders(struct check *check);

/** explain_resume / explain_restore - add to a finding that was handed over already, instead of to the draft. */
void explain_resume(struct check *check, struct finding *finding);
void explain_restore(struct check *check);

/** explain_end - hand the draft over. @remedy: printf. Return as findings_add. */
struct finding *explain_end(struct check *check, const char *remedy, ...) __attribute__((format(printf, 2, 3)));

#endif
