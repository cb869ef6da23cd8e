/* clock.h - simulated time: the book of what is to come, and who may run on until when.
 *
 * An agent runs on its own clock (`now`) up to its *horizon*; before it reads shared state at or past it, it waits.
 * Two kinds of entries stand in the book: *effects* (an agent's change of shared state, always in that agent's future)
 * and *resumes* (an agent goes on). The running agent's horizon is
 *
 *     min(next effect, min over the other agents (resume + the least latency of any effect that agent can have))
 *
 * so nothing it can see changes before. Entries are ordered by time, effects before resumes, then by the rank of the
 * agent, then by the order in which that agent made them: never by address or by luck.
 *
 * The book does not know how control passes from one agent to another: the owner gives a `switch_to`.
 */
#ifndef DAV_CLOCK_H
#define DAV_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CLOCK_NEVER UINT64_MAX

/* Agents of one class have the same least latency ("reach") of any effect on others. */
enum agent_class { AGENT_AICPU, AGENT_AICORE, AGENT_CLASSES };

enum agent_state {
    AGENT_IDLE,    /* has no program to run */
    AGENT_RUNNING, /* control is with it */
    AGENT_READY,   /* its resume stands in the book */
    AGENT_BLOCKED, /* waits for an effect to wake it */
};

struct agent {
    uint64_t now;     /* its local clock, ps */
    uint64_t horizon; /* shared state is exact for now < horizon */
    uint64_t resume;  /* while READY: when it goes on */
    uint32_t rank;    /* unique; orders equal times */
    enum agent_class class_;
    enum agent_state state;
};

struct effect {
    uint64_t at;
    uint64_t order; /* rank and sequence: set by clock_schedule */
    void (*apply)(struct effect *effect);
};

/* Room for an effect and what it carries; effects are pooled in this size. */
enum { EFFECT_BYTES = 256 };

struct clock_heap;

struct clock {
    uint64_t reach[AGENT_CLASSES];
    struct clock_heap *effects;
    struct clock_heap *resumes[AGENT_CLASSES];
    struct effect *pool;
    void **chunks;
    uint32_t chunk_count;
    uint64_t sequence;
    uint64_t time;     /* of the latest entry worked off */
    uint64_t due;      /* entries past it need a look: the least of the deadline and what is before the next tick */
    uint64_t deadline; /* entries past it are not worked off: `expired` is set and control returns to the owner */
    uint64_t tick_ps;  /* before the first entry at or past it is worked off, the owner hears of it */
    bool expired;
    bool stopped;                  /* set by clock_stop: no more entries are worked off */
    struct agent *running;         /* the latest that was given control */
    const struct effect *applying; /* while an effect is applied */
    uint64_t switches, effects_done;
    /* Pass control to @agent, or to the owner when it is NULL; return when @from runs again. */
    void (*switch_to)(void *ctx, struct agent *from, struct agent *agent);
    void *ctx;
    void (*tick)(void *ctx, uint64_t at); /* it sets the next tick, past @at */
    void *tick_ctx;
};

/** clock_init - an empty book at time 0. @reach: least effect latency of each class, ps. Return 0 or -1. */
int clock_init(struct clock *clock, const uint64_t reach[AGENT_CLASSES],
               void (*switch_to)(void *, struct agent *, struct agent *), void *ctx);
void clock_fini(struct clock *clock);

/** clock_effect - room for an effect (EFFECT_BYTES, a struct effect first). clock_effect_free - give it back unused;
 *  an effect that was applied gives itself back by returning. NULL only without memory. */
void *clock_effect(struct clock *clock);
void clock_effect_free(struct clock *clock, void *effect);

/** clock_schedule - let @effect happen at @at, as caused by @agent. If @agent runs, its horizon shrinks to @at. */
void clock_schedule(struct clock *clock, struct agent *agent, void *effect, uint64_t at);

/** clock_cancel - @effect, which stands in the book, does not happen. It takes a look at the whole book. */
void clock_cancel(struct clock *clock, void *effect);

/** clock_wait - the running @agent goes on at @until (>= its clock); all that is earlier has happened then. */
void clock_wait(struct clock *clock, struct agent *agent, uint64_t until);

/** clock_block - the running @agent goes on when somebody calls clock_wake. */
void clock_block(struct clock *clock, struct agent *agent);

/** clock_wake - a BLOCKED or IDLE @agent resumes at @at. A resume in the past of clock->time is allowed only for an
 *  agent that relives time in which it had no effect (park.h); it then runs next. */
void clock_wake(struct clock *clock, struct agent *agent, uint64_t at);

/** clock_finish - the running @agent's program has ended: control passes on, and the call returns when it is given a
 *  new program. */
void clock_finish(struct clock *clock, struct agent *agent);

/** clock_next - work effects off up to the next resume and take that agent out of the book; NULL when the book is
 *  empty, expired or stopped. For the owner, to start; agents use the calls above. */
struct agent *clock_next(struct clock *clock);

/** clock_set_deadline - CLOCK_NEVER: none. */
void clock_set_deadline(struct clock *clock, uint64_t at);

/** clock_set_tick - clock->tick is called when simulated time is about to reach @at, or to pass it; everything earlier
 *  has happened then, and nothing at or past it. CLOCK_NEVER: no more. Nothing that is simulated depends on it. */
void clock_set_tick(struct clock *clock, uint64_t at);

/** clock_stop - leave everything where it is: control returns to the owner at the next opportunity. */
void clock_stop(struct clock *clock);

/** clock_reset - after a stop: drop every effect and resume. */
void clock_reset(struct clock *clock);

#ifdef __cplusplus
}
#endif
#endif
