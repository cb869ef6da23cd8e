/* happens.h - what happened before what: vector clocks over the accesses by which agents synchronize.
 *
 * An agent's *epoch* counts the occasions on which it let others know something. A store carries the epoch in which it
 * was made; a synchronizing store (volatile, atomic, a register, a lock) also carries what its agent knew: who reads it
 * knows that too.
 *
 * There are two kinds of knowledge. `intent` follows the order of the program's text: the reader has every reason to
 * believe that the store was made. `ordered` follows only what the hardware keeps: an AICPU's plain stores to different
 * lines may become visible in another order unless a barrier stands between, and a load may be satisfied before an
 * earlier load of a register. A store that a reader intends to see and that is not ordered before it is a bug in
 * waiting (unordered-publish); one that is not even intended is none of the reader's business: the program tolerates
 * either value.
 *
 * Beside the agents there are *movers*, which write GM and learn nothing: the pipes of an AICore that store. Their
 * epoch is the number of an instruction. That it has been issued is intent of its core's scalar unit, that it is known
 * to be over is order; whoever knows tells (happens_tell).
 */
#ifndef DAV_HAPPENS_H
#define DAV_HAPPENS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HAPPENS_MAX_AGENTS = 320, HAPPENS_WORDS = HAPPENS_MAX_AGENTS / 64 };

/* A set of agents. */
struct agent_set {
    uint64_t words[HAPPENS_WORDS];
};

static inline bool agent_set_has(const struct agent_set *set, uint32_t agent)
{
    return set->words[agent >> 6] >> (agent & 63) & 1;
}

static inline void agent_set_add(struct agent_set *set, uint32_t agent)
{
    set->words[agent >> 6] |= 1ull << (agent & 63);
}

struct happens;

/* Where a store came from. Counted references: it lives as long as its bytes stand anywhere. */
struct origin {
    struct happens *happens;
    struct origin *next_free;
    uint32_t references;
    uint32_t agent;
    uint32_t epoch;
    uint32_t launch;
    bool is_sync, is_atomic, is_rmw, has_task;
    bool told;              /* that nobody wrote it back is a finding already */
    int64_t task;           /* id, if known */
    uint64_t image;         /* number of the kernel's image, 0 outside a kernel */
    uint64_t pc;            /* 0: the host */
    uint64_t time_ps;       /* the first such store in this epoch */
    const char *name;       /* of the instruction, if a pipe stored it */
    struct agent_set seen;  /* who has read this very store, if it synchronizes */
    struct agent_set taken; /* and who has taken over all that it carries */
    uint32_t clocks[];      /* of a synchronizing store: intent, then ordered, one an agent each */
};

/** happens_new - for @agents agents, of which nobody knows anything of another, and for @movers, whose numbers follow
 *  theirs. NULL without memory. */
struct happens *happens_new(uint32_t agents, uint32_t movers);
void happens_free(struct happens *happens);

/* What a store says of the stores before it. */
enum store_order {
    STORE_PLAIN,   /* nothing */
    STORE_TEXT,    /* volatile or relaxed, on a weakly ordered core: all is meant, what stood before the latest fence is
                      ordered */
    STORE_ORDERED, /* all is meant and ordered */
};

/** happens_store - a new origin for a store of @agent in its present epoch: the caller fills in the rest of it. All but
 *  a plain one carry what the agent knows, and a new epoch begins behind them. The caller owns one reference. */
struct origin *happens_store(struct happens *happens, uint32_t agent, enum store_order order);

enum load_order {
    LOAD_RELAXED, /* a relaxed atomic: it counts from the next load fence on */
    LOAD_DEVICE,  /* of a register: later loads may pass it until the next load fence */
    LOAD_ORDERED,
};

/** happens_load - @agent has read the synchronizing store @origin. */
void happens_load(struct happens *happens, uint32_t agent, struct origin *origin, enum load_order order);

/** happens_chain - a read-modify-write that replaces @before: who reads @origin knows also what @before carried. */
void happens_chain(struct happens *happens, struct origin *origin, const struct origin *before);

/** happens_store_fence - the agent's earlier stores are visible before its later ones. happens_load_fence - its earlier
 *  loads are satisfied before its later ones. */
void happens_store_fence(struct happens *happens, uint32_t agent);
void happens_load_fence(struct happens *happens, uint32_t agent);

/** happens_step - a new epoch, so that what follows can be told from what came before. */
void happens_step(struct happens *happens, uint32_t agent);

/** happens_join - @agent knows all that @other knows and has done. */
void happens_join(struct happens *happens, uint32_t agent, uint32_t other);

/** happens_move - the origin of what instruction @number of @mover stores: the caller fills in the rest of it. */
struct origin *happens_move(struct happens *happens, uint32_t mover, uint32_t number);

/** happens_tell - @agent knows that @mover was given its instructions up to @number; @over: and that they are over. */
void happens_tell(struct happens *happens, uint32_t agent, uint32_t mover, uint32_t number, bool over);

/** happens_snapshot - what @agent knows and has done so far, as a store that orders would carry it. The caller gets a
 *  reference; it may be the same one as before. */
struct origin *happens_snapshot(struct happens *happens, uint32_t agent);

/** happens_assume - @agent, which is nobody, knows what @known carries and no more. */
void happens_assume(struct happens *happens, uint32_t agent, const struct origin *known);

/** happens_carries - up to which epoch of @agent @origin, a synchronizing store, knows. */
uint32_t happens_carries(const struct origin *origin, uint32_t agent);

/** happens_add - @origin, a synchronizing store, carries that @mover's instructions up to @number are over. */
void happens_add(struct origin *origin, uint32_t mover, uint32_t number);

/** happens_heard - the latest epoch of @other of which @agent has read a synchronizing store itself. */
uint32_t happens_heard(const struct happens *happens, uint32_t agent, uint32_t other);

uint32_t happens_epoch(const struct happens *happens, uint32_t agent);

/** happens_intended - was the store meant to be seen by what @agent does now? */
bool happens_intended(const struct happens *happens, uint32_t agent, const struct origin *origin);

/** happens_ordered - and does the hardware keep that order? */
bool happens_ordered(const struct happens *happens, uint32_t agent, const struct origin *origin);

/** happens_needs_load_fence - the order is missing on the reader's side only: it read a register without rmb. */
bool happens_needs_load_fence(const struct happens *happens, uint32_t agent, const struct origin *origin);

/** happens_directly - has @agent read a synchronizing store of the same agent behind @origin, and not just heard of it
 *  from others? */
bool happens_directly(const struct happens *happens, uint32_t agent, const struct origin *origin);

/** origin_keep / origin_drop - one reference more or less; NULL does nothing. */
static inline struct origin *origin_keep(struct origin *origin)
{
    if (origin)
        origin->references++;
    return origin;
}
void origin_free(struct origin *origin);
static inline void origin_drop(struct origin *origin)
{
    if (origin && --origin->references == 0)
        origin_free(origin);
}

#ifdef __cplusplus
}
#endif
#endif
