/* fair.c - see fair.h.
 *
 * A guess is made better until it stands: where the demands up to it are met, what remains is shared by the others. The
 * load grows ever slower with the level, so each step from below the answer goes up and not past it, and a step from
 * above it lands below, or has nothing to share and starts from 0.
 */
#include "model/memory/fair.h"

#include <stdbool.h>

uint64_t fair_level(const uint64_t *demands, uint32_t count, uint64_t capacity, uint64_t guess)
{
    for (uint64_t level = guess;;) {
        uint64_t met = 0, others = 0, better;

        for (uint32_t i = 0; i < count; i++) {
            bool meets = demands[i] <= level;

            met += meets ? demands[i] : 0;
            others += !meets;
        }
        better = others && met <= capacity ? (capacity - met) / others : 0;
        if (better == level)
            return level;
        level = better;
    }
}

uint64_t fair_weighted_level(const uint64_t *demands, const uint64_t *weights, uint32_t count, uint64_t capacity,
                             uint64_t guess)
{
    unsigned __int128 whole = (unsigned __int128)capacity << FAIR_WEIGHT_SHIFT;

    for (uint64_t level = guess;;) {
        unsigned __int128 met = 0;
        uint64_t others = 0, better;

        for (uint32_t i = 0; i < count; i++) {
            bool meets = demands[i] <= level;

            met += (unsigned __int128)(meets ? demands[i] : 0) * weights[i];
            others += meets ? 0 : weights[i];
        }
        better = others && met <= whole ? (uint64_t)((whole - met) / others) : 0;
        if (better == level)
            return level;
        level = better;
    }
}
