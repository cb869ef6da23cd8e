/* bus.h - what cores ask of the bus; each call is one TLM-2.0 transaction (bus.cpp).
 *
 * A request travels for a fixed time, so callers make these calls when it arrives (an effect at @at_ps); the answer is
 * annotated with the time of the way back. A core's port carries one line after the other at the port's bandwidth.
 * Scalar traffic of different cores does not slow one another: every core has at most one read outstanding, so 72
 * cores together ask for less than 3 % of what HBM delivers.
 */
#ifndef DAV_BUS_H
#define DAV_BUS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct core;

/** bus_read - @size bytes of GM as they stand there at @at_ps; return when they are back at the core, ps. */
uint64_t bus_read(struct core *core, uint64_t addr, void *bytes, uint32_t size, uint64_t at_ps);

/** bus_write - put @bytes into GM at @at_ps, as this core's kind of writer. */
void bus_write(struct core *core, uint64_t addr, const void *bytes, uint32_t size, uint64_t at_ps);

/** bus_reply_ps - from the arrival of a read of @size bytes to its answer at a core (@aicpu: a thread) whose port is
 *  free, without the core's own noc_ps. */
uint64_t bus_reply_ps(const struct chip_state *chip, bool aicpu, uint32_t size);

/** bus_transfer_ps - how long a core's port is busy with @size bytes. */
uint64_t bus_transfer_ps(const struct chip_state *chip, uint32_t size);

#ifdef __cplusplus
}
#endif
#endif
