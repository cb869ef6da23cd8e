/* atomic.h - what a store to GM does while set_atomic_* is on: it adds, element by element.
 *
 * Sums of f16 and bf16 are rounded to nearest, ties to even; integers wrap. That a sum of integers wraps rather than
 * saturates, and that a NaN comes out as the one quiet NaN of its type, are assumptions: no source says.
 */
#ifndef DAV_ISA_ATOMIC_H
#define DAV_ISA_ATOMIC_H

#include "isa/isa.h"

/** isa_atomic_bytes - size of an element of @op; 1 for ISA_ATOMIC_NONE. */
uint32_t isa_atomic_bytes(enum isa_atomic op);

/** isa_atomic_apply - carry @bytes of a store from @stage to @gm: a plain copy for ISA_ATOMIC_NONE. @bytes is a
 * multiple of the element; neither pointer needs to be aligned. */
void isa_atomic_apply(enum isa_atomic op, uint8_t *gm, const uint8_t *stage, size_t bytes);

/** isa_atomic_refuse - the text if the store's bursts, @burst bytes each from @addr on and @step apart, are not made of
 *  whole aligned elements of the atomic type that is set; NULL if they are. */
const char *isa_atomic_refuse(const struct isa_exec *x, uint64_t addr, uint64_t burst, uint64_t step);

#endif
