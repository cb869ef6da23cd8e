/* mix.h - a number spread over all of its bits: the finaliser of splitmix64, a bijection. Different inputs make numbers
 * that look unrelated; what is drawn by lot here is such a number of a seed and a place. */
#ifndef DAV_MIX_H
#define DAV_MIX_H

#include <stdint.h>

static inline uint64_t mix64(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

#endif
