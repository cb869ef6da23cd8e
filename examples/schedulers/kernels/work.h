/* work.h - what a task computes: the same on an AICore and, for comparison, on the host. After aicore.h, if that is
 * there.
 *
 * A task mixes its number, how often it has run, and the results of all tasks before it, in their order; then it turns
 * the mixture over for as long as it is meant to last. A task that ran too early, twice, or on stale inputs has another
 * result, and so have all behind it.
 */
#ifndef SCHEDULERS_WORK_H
#define SCHEDULERS_WORK_H

#include <stdint.h>

#ifdef __aicore__
#define WORK_FUNCTION __aicore__ static inline
#else
#define WORK_FUNCTION static inline
#endif

/* A task's place in memory: a cache line of its own, for no two cores may write one. */
struct result {
    uint64_t value, runs, padding[6];
};

WORK_FUNCTION uint64_t work_mix(uint64_t mixture, uint64_t value)
{
    mixture = (mixture ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return mixture ^ mixture >> 29;
}

WORK_FUNCTION uint64_t work_turn(uint64_t mixture, int64_t turns)
{
    for (int64_t i = 0; i < turns; i++)
        mixture = work_mix(mixture, (uint64_t)i);
    return mixture;
}

#endif
