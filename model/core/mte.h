/* mte.h - transfers of MTE2, MTE3 and FIX between GM and a core's buffers.
 *
 * A transfer is a flow: it shares L2 and HBM with all others at the time, and a transfer that begins or ends changes
 * the rate of the rest (memory/flow.h). Which of its bytes come from HBM is asked of L2's tags (memory/l2.h) when it
 * starts. Its latency comes on top, and does not keep the pipe.
 */
#ifndef DAV_MTE_H
#define DAV_MTE_H

#include "model/core/pipe.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mte;

/** mte_init - the memory system's side of all transfers of @chip. Return 0 or -1. */
int mte_init(struct chip_state *chip);
void mte_fini(struct chip_state *chip);

/** mte_forget - after a stop: no transfer is under way. */
void mte_forget(struct chip_state *chip);

/** mte_start - the transfer of @instr starts at @now; pipe_moved follows when its bytes have passed. */
void mte_start(struct pipe_instr *instr, uint64_t now);

/* What all transfers of a chip together have done. */
struct mte_done {
    uint64_t read_bytes, written_bytes; /* between GM and the cores' buffers */
    uint64_t hit_bytes, missed_bytes;   /* of those that have begun: in L2 or not */
    uint64_t under_way_ps;              /* how long they were under way, added up */
};

/** mte_done - from the beginning until @at_ps, before which nothing remains to happen. */
void mte_done(const struct chip_state *chip, uint64_t at_ps, struct mte_done *done);

#ifdef __cplusplus
}
#endif
#endif
