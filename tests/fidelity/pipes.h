/* pipes.h - rows of kernels that keep the pipes busy: J04, F23. */
#ifndef FIDELITY_PIPES_H
#define FIDELITY_PIPES_H

#include "tests/fidelity/rows.h"

/** pipes_measure - fill in their @values. */
void pipes_measure(double values[ROW_COUNT]);

#endif
