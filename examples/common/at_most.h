/* at_most.h - what a last tile, step or part has left. */
#ifndef EXAMPLES_COMMON_AT_MOST_H
#define EXAMPLES_COMMON_AT_MOST_H

#include "cce.h"

__aicore__ static inline uint32_t at_most(uint32_t n, uint32_t most)
{
    return n < most ? n : most;
}

#endif
