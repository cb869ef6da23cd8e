/* hazard.h - what is in order inside one AICore: its scalar unit and its pipes as agents that work beside each other.
 *
 * Each pipe takes its instructions in the order of the program, so how many of another pipe's are known to be over says
 * all that one pipe knows of another: a *clock* has a number for each pipe. It is carried by
 *   - set_flag: what stands before it in its pipe, and what that pipe knew; whoever waits for the flag knows it too;
 *   - the scalar unit, to whatever it issues from then on: what it has waited for itself;
 *   - pipe_barrier(PIPE_ALL), after which the scalar unit knows all.
 * Not by issue goes what the scalar unit has done to UB itself. And V alone knows nothing of its own instructions
 * before: they overlap until a pipe_barrier(PIPE_V), or a chain of flags through another pipe, stands between.
 *
 * Accesses that something later may still meet are *live*. An access that covers an older one's bytes, and is ordered
 * behind it, stands for it. Two that meet, of which one writes and neither knows of the other, are a hazard, whichever
 * came first this time.
 */
#ifndef DAV_HAZARD_H
#define DAV_HAZARD_H

#include "tools/check/act.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hazard_clock {
    uint32_t done[ISA_PIPES];
};

/* Two accesses to the same bytes, in the order in which they happened. */
struct hazard_meeting {
    const struct act *act[2];
    enum isa_access access[2];
    enum isa_space space;
    struct span where; /* the first bytes that they share */
};

typedef void hazard_fn(void *ctx, const struct hazard_meeting *meeting);

struct hazard;

/** hazard_new - of a core whose queues have @depth entries. NULL without memory. */
struct hazard *hazard_new(uint32_t depth);
void hazard_free(struct hazard *hazard);

/** hazard_reset - a launch begins: all that was before is over. */
void hazard_reset(struct hazard *hazard);

/** hazard_enter - the scalar unit puts something into @pipe's queue. Return: its number, if it is an instruction. */
uint32_t hazard_enter(struct hazard *hazard, enum isa_pipe pipe, bool is_instr);

/** hazard_head - that which entered longest ago is at the head of @pipe's queue, and leaves it. */
void hazard_head(struct hazard *hazard, enum isa_pipe pipe, bool is_instr);

/** hazard_set - @pipe sets a flag, told apart by @serial. hazard_wait - @pipe has waited for it. */
void hazard_set(struct hazard *hazard, enum isa_pipe pipe, uint64_t serial);
void hazard_wait(struct hazard *hazard, enum isa_pipe pipe, uint64_t serial);

/** hazard_barrier - of one pipe, at its head; of ISA_ALL, by the scalar unit. */
void hazard_barrier(struct hazard *hazard, enum isa_pipe pipe);

/** hazard_clock - what is known to be over behind a flag that @pipe would set now. The scalar unit's accesses from here
 *  on are others than those before. hazard_learn - @pipe knows @clock too. */
struct hazard_clock hazard_clock(struct hazard *hazard, enum isa_pipe pipe);
void hazard_learn(struct hazard *hazard, enum isa_pipe pipe, const struct hazard_clock *clock);

/** hazard_known - how many of @of's instructions @pipe knows to be over. */
uint32_t hazard_known(const struct hazard *hazard, enum isa_pipe pipe, enum isa_pipe of);

/** hazard_number - that of the scalar unit's accesses to UB from now on. */
uint32_t hazard_number(const struct hazard *hazard);

/** hazard_access - @act begins and touches @spans, closed ones that are taken over. @fn is told of each live access
 * that it should not meet. */
void hazard_access(struct hazard *hazard, struct act *act, enum isa_access access, enum isa_space space,
                   struct spans *spans, hazard_fn *fn, void *ctx);

/** hazard_live - how many accesses to @space are live: for tests. */
uint32_t hazard_live(const struct hazard *hazard, enum isa_space space);

#ifdef __cplusplus
}
#endif
#endif
