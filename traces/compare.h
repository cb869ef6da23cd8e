/* compare.h - two runs side by side: figures of the whole, kernels by name, tasks by launch and id. */
#ifndef DAV_COMPARE_H
#define DAV_COMPARE_H

#include "traces/report.h"

enum metric_unit { METRIC_PS, METRIC_COUNT, METRIC_SHARE, METRIC_GBPS };

/* What is not in a run is NAN there. */
struct metric {
    char name[96];
    enum metric_unit unit;
    double a, b;
};

struct kernel_change {
    const char *name;
    struct time_spread a, b; /* count 0: not in that run */
};

struct task_change {
    uint32_t a, b; /* in the schedules */
};

/* Each list is sorted by the size of the change: of times the difference, of other figures the ratio. */
struct comparison {
    const struct report *a, *b;
    struct metric *metrics;
    size_t metric_count;
    struct kernel_change *kernels;
    size_t kernel_count;
    struct task_change *tasks; /* by how much longer or shorter their kernels took */
    size_t task_count;
    size_t only_a, only_b; /* tasks that have no partner */
};

/** comparison_new - Return NULL without memory. The reports must outlive it. */
struct comparison *comparison_new(const struct report *a, const struct report *b);
void comparison_free(struct comparison *comparison);

#endif
