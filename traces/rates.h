/* rates.h - the curves of a trace that are in GB/s, over the time within launches. */
#ifndef DAV_RATES_H
#define DAV_RATES_H

#include "traces/schedule.h"

struct rate {
    const char *name; /* of its row, without the unit */
    double average, highest;
};

/** rates_find - of "GM read, GB/s" and "GM write, GB/s" in this order, over all devices; at most two into @rates.
 *  Return how many the trace has. */
size_t rates_find(const struct schedule *schedule, struct rate rates[2]);

#endif
