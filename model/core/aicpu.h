/* aicpu.h - an AICPU thread: loads that may not run past the horizon, stores that others see later, atomics, barriers.
 *
 * All calls are made by the running core, between core_enter and core_leave.
 */
#ifndef DAV_AICPU_H
#define DAV_AICPU_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

void aicpu_load(struct core *core, uint64_t addr, uint32_t size, const struct saved_registers *registers);

/** aicpu_store - the instruction that stores [@addr, +@size) (at most STORE_BYTES, over at most two lines) runs next,
 * as soon as the core has left the simulator; the caller must not leave it itself: this call does. */
void aicpu_store(struct core *core, uint64_t addr, uint32_t size);

enum rmw_op { RMW_EXCHANGE, RMW_ADD, RMW_SUB, RMW_AND, RMW_OR, RMW_XOR, RMW_NAND, RMW_COMPARE };

/** rmw_value - what @op makes of @old. */
unsigned __int128 rmw_value(enum rmw_op op, unsigned __int128 old, unsigned __int128 operand);

/** aicpu_rmw - an atomic read-modify-write of @size bytes (1..16): ordered after this thread's earlier stores (weakly
 *  ordered, only if it is a @release, or they are in its line), done at one moment for all. Return the value before.
 *  @expected is used by RMW_COMPARE only. */
unsigned __int128 aicpu_rmw(struct core *core, uint64_t addr, uint32_t size, enum rmw_op op, unsigned __int128 operand,
                            unsigned __int128 expected, bool release);

/** aicpu_after_stores - go on when this thread's stores are visible to all. */
void aicpu_after_stores(struct core *core);

/** aicpu_fence - rmb, wmb, full (enum dav_fence). */
void aicpu_fence(struct core *core, int kind);

#ifdef __cplusplus
}
#endif
#endif
