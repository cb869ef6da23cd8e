/* time_spread.h - how samples of a time are distributed. */
#ifndef DAV_TIME_SPREAD_H
#define DAV_TIME_SPREAD_H

#include <stddef.h>
#include <stdint.h>

/* Percentiles are samples that were met (nearest rank); the average is rounded down. All 0 without samples. */
struct time_spread {
    size_t count;
    uint64_t sum_ps, min_ps, avg_ps, p50_ps, p99_ps, max_ps;
};

/** time_spread - sorts @samples. */
struct time_spread time_spread(uint64_t *samples, size_t count);

#endif
