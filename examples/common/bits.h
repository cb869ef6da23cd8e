/* bits.h - a float as an argument of a kernel. */
#ifndef EXAMPLES_COMMON_BITS_H
#define EXAMPLES_COMMON_BITS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

#endif
