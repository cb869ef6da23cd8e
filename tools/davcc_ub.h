/* davcc_ub.h - how the scalar unit's accesses to UB reach the core's port.
 *
 * To the compiler __ubuf__ is an address space of its own, whose pointers are offsets. Its instrumentation leaves such
 * accesses alone, so davcc does it: between the compiler's front end and its optimiser, on the text of its IR, each
 * access becomes a call of dav_ub (core_port.h) and the same access to the memory that dav_ub names. What cannot be
 * rewritten is refused with one line; so is a cast of a pointer into UB to a plain pointer, which would lose that it is
 * one. A cast through an integer goes unseen, but its result points to no memory of a kernel's.
 */
#ifndef DAV_DAVCC_UB_H
#define DAV_DAVCC_UB_H

#include <stdbool.h>

/** ub_is_mentioned - does the source file @path say that it has to do with UB? */
bool ub_is_mentioned(const char *path);

/** ub_is_mentioned_in - the same of the files that the compiler listed in @dependencies (-MD), ours left out. */
bool ub_is_mentioned_in(const char *dependencies);

/** ub_rewrite - write the IR text @from to @to, accesses to UB rewritten. @source: for a complaint without a line.
 *  Return: 0, or 1 after a line of complaint for each thing that cannot be. */
int ub_rewrite(const char *from, const char *to, const char *source);

#endif
