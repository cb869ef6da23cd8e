/* state.h - what the parts of the checker share. */
#ifndef DAV_CHECK_STATE_H
#define DAV_CHECK_STATE_H

#include "model/embed/task_layout.h"
#include "model/watch.h"
#include "tools/check/act.h"
#include "tools/check/blocks.h"
#include "tools/check/check.h"
#include "tools/check/happens.h"
#include "tools/check/shadow.h"

/* An agent is a core by its place in chip->cores; the host comes behind them, then nobody, in whose name the loads of
 * pipes are looked at, then the movers (happens.h): MTE3 of each AICore, and FIX of each AIC. */
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
    uint32_t host, nobody, movers;
    struct check_agent *agent;
    struct core_pipes **pipes; /* by AICore, NULL before the first use */
    struct act *stores;        /* of MTE3 and FIX: issued, and not in GM yet */
    struct cross_rounds *rounds;
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
    uint64_t arrows; /* between marks of findings, so far */
};

static inline struct check *check_of(struct watch *watch)
{
    return (struct check *)watch;
}

static inline uint32_t agent_of(const struct check *check, const struct core *core)
{
    return core ? (uint32_t)(core - check->chip->cores) : check->host;
}

/** check_core - the core that @agent is or belongs to, NULL for the host. */
static inline struct core *check_core(const struct check *check, uint32_t agent)
{
    if (agent >= check->movers)
        return &check->chip->cores[(agent - check->movers) % check->chip->aicores];
    return agent < check->host ? &check->chip->cores[agent] : NULL;
}

/** check_mover - the mover that pipe @pipe of @core is: MTE3 or FIX. */
static inline uint32_t check_mover(const struct check *check, const struct core *core, enum isa_pipe pipe)
{
    return check->movers + (uint32_t)core->number + (pipe == ISA_FIX ? check->chip->aicores : 0);
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

/** order_fill - the rest of an origin of @core's: who made it on behalf of which task, at @pc and @time_ps. */
void order_fill(const struct check *check, struct origin *origin, const struct core *core, uint64_t pc,
                uint64_t time_ps);

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

/* ---- pipes.c, flags.c, moves.c, crossing.c: an AICore's pipes ---- */

void pipes_watch(struct watch *watch);
void cross_watch(struct watch *watch);

/** pipes_launch / pipes_end - a launch begins or is over. pipes_free_all - all that is kept of pipes. */
void pipes_launch(struct check *check);
void pipes_end(struct check *check);
void pipes_free_all(struct check *check);

/** pipes_task - a task of @core begins or is about to end. */
void pipes_task(struct check *check, struct core *core, bool begins);

/** pipes_signal - @core's scalar unit tells others what it knows: @origin. */
void pipes_signal(struct check *check, const struct core *core, const struct origin *origin);

/* ---- writes.c, for others ---- */

/** write_stale - copies of the line that a write does not reach (@writer: the holder that made it) are old now. */
void write_stale(struct check *check, uint64_t line, uint64_t mask, int writer);

/** write_take - the bytes of @mask are @origin's in GM, of which those of @differs are others than before. */
void write_take(struct check *check, uint64_t line, uint64_t mask, uint64_t differs, struct origin *origin);

/* ---- reads.c ---- */

/** check_outside - an access of memory that is not allocated; @act: by an instruction of a pipe, else NULL. */
void check_outside(struct check *check, struct core *core, const struct act *act, uint64_t addr, uint32_t size,
                   bool store);

/* ---- late.c ---- */

/** late_passes - @origin goes to the bytes of @mask: what caches but @core's (NULL: all) hold of them, and @agent knows
 *  of, is old from here on. */
void late_passes(struct check *check, const struct core *core, uint32_t agent, struct origin *origin, uint64_t line,
                 uint64_t mask, uint32_t in_flight);

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

/** explain_agent - the side of @agent, for what it does in its present task, at @pc. explain_reader - the same of @core
 *  (NULL: the host), which is where its call is now. */
void explain_agent(struct check *check, uint32_t agent, const char *role, uint64_t pc, uint64_t time_ps);
void explain_reader(struct check *check, struct core *core, const char *role);

/** explain_origin - the side of a store. explain_side - a side by hand. */
void explain_origin(struct check *check, const struct origin *origin, const char *role);
/** explain_act - of an instruction of a pipe. */
void explain_act(struct check *check, const struct act *act, const char *role);
struct finding_side *explain_side(struct check *check, uint32_t agent, const char *role, uint64_t pc, uint64_t time_ps);

/** explain_bytes - the place is [@low, @high) of a core's buffer, or of GM. */
void explain_bytes(struct check *check, enum isa_space space, uint64_t low, uint64_t high);

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
