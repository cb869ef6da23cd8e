/* check.h - the checker: watches the model (model/watch.h) and tells what a program gets wrong about memory.
 *
 *   happens.c   what happened before what
 *   shadow.c    who wrote each byte of GM last
 *   blocks.c    allocations
 *   order.c     accesses by which agents synchronize
 *   look.c      the rules for a load
 *   reads.c     loads, and copies to the host
 *   writes.c    the rules for a write that reaches GM
 *   pipes.c     the order between the pipes of a core (hazard.c)
 *   unwritten.c what nobody has written in its buffers
 *   flags.c     set_flag and wait_flag in pairs
 *   moves.c     what pipes load from GM and store there; stores.c: who reads it
 *   crossing.c  flags between cores
 *   waits.c     deadlocks
 *   notes.c     needless operations
 *   fields.c    addresses as members of the program's structures
 *   explain.c   what a rule has found, as a finding
 */
#ifndef DAV_CHECK_H
#define DAV_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "model/chip_state.h"
#include "model/kernels.h"
#include "tools/check/finding.h"

#ifdef __cplusplus
extern "C" {
#endif

struct check;

/** check_new - watch @chip from now on; what is found goes to @findings. @notes: look for needless operations too.
 *  The port table must lead to the watched hooks (port_table_watch). NULL without memory. */
struct check *check_new(struct chip_state *chip, const struct kernels *kernels, struct findings *findings, bool notes);

/** check_modules - the ELFs of the next launch: their debug information tells tasks and names fields. */
void check_modules(struct check *check, const void *aicore, size_t aicore_size, const void *aicpu, size_t aicpu_size);

/** check_finish - stop watching; the last findings are handed over. */
void check_finish(struct check *check);

/** check_free - after check_finish: give its memory back. A process that ends need not. */
void check_free(struct check *check);

#ifdef __cplusplus
}
#endif
#endif
