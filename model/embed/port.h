/* port.h - what the parts of the embedding share: doors into the simulator, and accesses made in device code's name. */
#ifndef DAV_PORT_H
#define DAV_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "model/core/park.h"

#ifdef __cplusplus
extern "C" {
#endif

/** port_load_slow - an access that the fast path cannot answer (port_entry.S; calls port_load_slow_c). */
void port_load_slow(uint64_t addr, uint32_t size);
void port_load_slow_c(uint64_t addr, uint32_t size, const struct saved_registers *registers);
void port_dcci_c(const volatile void *addr, int lines, int form, const struct saved_registers *registers);
uint64_t port_reg_read_c(uint32_t reg, const struct saved_registers *registers);

/** port_load - what a hook does: the load of [@addr, +@size) comes next, which only moves bytes. port_load_atomic,
 *  port_store_atomic - the same for an atomic access of a C11 memory order. */
void port_load(uint64_t addr, uint32_t size);
void port_load_atomic(uint64_t addr, uint32_t size, int order);
void port_store_atomic(uint64_t addr, uint32_t size, int order);

/** port_load_range - the running core reads @size bytes. port_store_block - it stores them, from @from or all @byte. */
void port_load_range(const void *start, size_t size);
void port_store_block(void *to, const void *from, int byte, size_t size);

/** port_scratch - memory of the simulator's for one call; ends the launch rather than return NULL. */
void *port_scratch(size_t size);
void port_scratch_free(void *scratch);

/** port_fail - a device exception of the running core; does not return to device code. */
void port_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#ifdef __cplusplus
}
#endif
#endif
