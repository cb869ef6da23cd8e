/* observe.h - all that can be seen of memory, compared with the reference; and what must hold of the directory. */
#ifndef DAV_FUZZ_OBSERVE_H
#define DAV_FUZZ_OBSERVE_H

#include <stddef.h>

#include "tests/fuzz/machine.h"
#include "tests/fuzz/reference.h"

/** observe - GM, every agent's view of every byte it can see, what is on its way, and the directory's own rules. The
 *  agent that runs is in its code. Return whether all agree after step @step; @why then says what does not. */
bool observe(struct machine *machine, const struct reference *ref, int step, char *why, size_t room);

#endif
