/* mmio.h - an AICPU thread's accesses to the register windows of the AICores.
 *
 * Device-nGnRE: stores are posted and arrive in order; one load is in flight a thread, and it drains the stores before
 * it; a 64-bit access is two 32-bit beats. The window's host memory only passes values: a load's is put there before
 * the instruction reads it, a store's is taken from there when the thread next enters the simulator.
 */
#ifndef DAV_MMIO_H
#define DAV_MMIO_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** mmio_contains - whether @addr is in a register window. */
bool mmio_contains(const struct core *core, uint64_t addr);

/** mmio_load - the running thread is about to load @size bytes: wait for them. */
void mmio_load(struct core *core, uint64_t addr, uint32_t size);

/** mmio_store - the instruction that stores @size bytes runs next, once the core has left the simulator. */
void mmio_store(struct core *core, uint64_t addr, uint32_t size);

/** mmio_settle - capture the latest posted store, whose instruction has run since. */
void mmio_settle(struct core *core);

#ifdef __cplusplus
}
#endif
#endif
