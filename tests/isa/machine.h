/* machine.h - a core without time, for tests of single instructions: what a test issues is executed at once.
 *
 * Tests call the intrinsics of isa/include/cce as a kernel does (and are compiled as one, by clang-19); the port's
 * calls end here. Each instruction is executed more than once, with other bytes around its operands, and fails the test
 * if it writes a byte that its shape does not tell, leaves one that it tells unwritten, or depends on one it does not
 * tell.
 */
#ifndef DAV_MACHINE_H
#define DAV_MACHINE_H

#include "isa/isa.h"

enum { MACHINE_GM_BYTES = 8 << 20 };

struct machine {
    uint8_t *buffer[ISA_BUFFERS]; /* all of them, whatever core the instruction is for */
    uint8_t *gm;                  /* MACHINE_GM_BYTES, page-aligned; device addresses are host addresses */
    struct isa_state state;
    struct isa_vregs v;
    /* Of the latest instruction: */
    const struct isa_entry *entry;
    char refused[200]; /* why it was not executed; empty if it was */
    uint64_t units;
    uint64_t read_bytes, written_bytes; /* by its spans */
};

extern struct machine machine;

/** machine_reset - zero state, mask all ones, buffers filled with noise. */
void machine_reset(void);

/** machine_noise - the next number of a fixed sequence. */
uint64_t machine_noise(void);

#endif
