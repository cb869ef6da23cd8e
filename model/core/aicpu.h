/* aicpu.h - an AICPU thread: loads that may not run past the horizon, stores that others see later, atomics, barriers,
 * and the register windows of the AICores.
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

/** aicpu_store - the instruction that stores [@addr, +@size) (at most STORE_BYTES, over at most two lines) runs next, as
 *  soon as the core has left the simulator; the caller must not leave it itself: this call does. */
void aicpu_store(struct core *core, uint64_t addr, uint32_t size);

/** aicpu_settle_window - capture the latest posted store, whose instruction has run since. */
void aicpu_settle_window(struct core *core);

enum rmw_op { RMW_EXCHANGE, RMW_ADD, RMW_SUB, RMW_AND, RMW_OR, RMW_XOR, RMW_NAND, RMW_COMPARE };

/** aicpu_rmw - an atomic read-modify-write of @size bytes (1..16): ordered after this thread's earlier stores, done at
 *  one moment for all. Return the value before. @expected is used by RMW_COMPARE only. */
unsigned __int128 aicpu_rmw(struct core *core, uint64_t addr, uint32_t size, enum rmw_op op, unsigned __int128 operand,
                            unsigned __int128 expected);

/** aicpu_after_stores - go on when this thread's stores are visible to all. */
void aicpu_after_stores(struct core *core);

/** aicpu_fence - rmb, wmb, full (enum dav_fence). */
void aicpu_fence(struct core *core, int kind);

/** aicpu_invalidate - `dc civac` (@keep: `dc cvac`) over the lines of [@addr, +@size). */
void aicpu_invalidate(struct core *core, uint64_t addr, uint64_t size, bool keep);

#ifdef __cplusplus
}
#endif
#endif
