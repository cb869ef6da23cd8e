/* time_spread.c - see time_spread.h. */
#include "traces/time_spread.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* The smallest sample that @percent of all do not exceed. */
static uint64_t percentile(const uint64_t *sorted, size_t count, unsigned percent)
{
    size_t rank = count / 100 * percent + (count % 100 * percent + 99) / 100;

    return sorted[rank ? rank - 1 : 0];
}

struct time_spread time_spread(uint64_t *samples, size_t count)
{
    struct time_spread spread = {.count = count};
    unsigned __int128 sum = 0;

    if (count == 0)
        return spread;
    qsort(samples, count, sizeof(*samples), by_size);
    for (size_t i = 0; i < count; i++)
        sum += samples[i];
    spread.sum_ps = (uint64_t)sum;
    spread.avg_ps = (uint64_t)(sum / count);
    spread.min_ps = samples[0];
    spread.p50_ps = percentile(samples, count, 50);
    spread.p99_ps = percentile(samples, count, 99);
    spread.max_ps = samples[count - 1];
    return spread;
}
