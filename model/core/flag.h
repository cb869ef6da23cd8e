/* flag.h - set_flag and wait_flag between the pipes of a core, and the cross-core flags of a cluster.
 *
 * Each ordered pair of pipes has eight event ids, each a counter: a set adds one, a wait takes one off or waits. A set
 * happens when what stands before it in its pipe is complete. Cross-core flags are counters of each core. What a sync
 * reaches depends on its mode:
 *
 *   0   all cores of its kind: each gets one when every one of them has synced
 *   1   the AIVs of its cluster, in the same way
 *   2   the other kind in its cluster: an AIC's sync reaches each AIV; an AIC gets one when all its AIVs have synced
 *
 * Source: pto-isa include/pto/npu/a2a3/TSync.hpp, SyncAll.hpp. A counter holds up to 15, as the cross-core ones do
 * there; that those of event ids do, too, is assumed: no source says.
 */
#ifndef DAV_FLAG_H
#define DAV_FLAG_H

#include "model/core/pipe.h"

#ifdef __cplusplus
extern "C" {
#endif

/** flag_take - take one off; false if there is none. @token: who set it. */
bool flag_take(struct pipe_flag *flag, struct pipe_token *token);

/** flag_set_at - @entry, a set, happens at @at in its pipe. @behind_ps: listeners hear of it then, after the pipe's
 *  instructions before it. flag_cross_at - the same for a cross-core sync. */
void flag_set_at(struct pipes *pipes, const struct pipe_entry *entry, uint64_t at, uint64_t behind_ps);
void flag_cross_at(struct pipes *pipes, const struct pipe_entry *entry, uint64_t at);

/** flag_waited - @token was waited for by @entry, at @now: tell who listens. */
void flag_waited(struct pipes *pipes, const struct pipe_entry *entry, const struct pipe_token *token, uint64_t now);

/** flag_wait_scalar - the running core's scalar unit waits. flag_wait_cross - for a cross-core flag. */
void flag_wait_scalar(struct core *core, int from, int id, uint64_t pc);
void flag_wait_cross(struct core *core, int id, uint64_t pc);

/** flag_unit_holds - whether @instr, mad or a move out of L0C with its unit flag on, has to wait for one of the other
 * pipe that was issued before it: the move until such a mad has ended, a mad until such a move has read. The hardware
 * hands over fractal by fractal, which would let both overlap. */
bool flag_unit_holds(const struct pipes *pipes, const struct pipe_instr *instr);

/** flag_forget_arrivals - a launch begins: nobody has synced yet. */
void flag_forget_arrivals(struct chip_state *chip);

#ifdef __cplusplus
}
#endif
#endif
