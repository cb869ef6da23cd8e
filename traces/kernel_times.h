/* kernel_times.h - how long the tasks of each kernel took. */
#ifndef DAV_KERNEL_TIMES_H
#define DAV_KERNEL_TIMES_H

#include "traces/schedule.h"
#include "traces/time_spread.h"

struct kernel_time {
    uint32_t name; /* in the timeline's strings */
    struct time_spread spread;
};

/** kernel_times_find - one for each kernel, most time first, into *@kernels for the caller to free.
 *  Return false without memory. */
bool kernel_times_find(const struct schedule *schedule, struct kernel_time **kernels, size_t *count);

#endif
