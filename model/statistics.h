/* statistics.h - figures about all launches of a device, gathered from what its chip announces; or of several devices,
 * added up. */
#ifndef DAV_STATISTICS_H
#define DAV_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "isa/isa.h"
#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

struct chip_state;
struct statistics;

enum { STATISTICS_KINDS = CORE_AICPU + 1 };

/* A distribution of times. All 0 when there are no samples. */
struct spread {
    uint64_t count, sum_ps;
    uint64_t average_ps, median_ps, longest_ps;
};

/* The cores of one kind together. */
struct core_use {
    uint32_t count;      /* that the chip has */
    uint32_t used;       /* that were given a program */
    uint64_t busy_ps;    /* AICore: in kernels. AICPU: in its program, polling included */
    uint64_t program_ps; /* in its program, whatever it did there */
};

/* A pipe of the cores of one kind together. */
struct pipe_use {
    uint64_t instructions;
    uint64_t busy_ps; /* could take no further one */
};

struct figures {
    uint64_t launches, launch_ps; /* launch_ps: from each launch's call to its end, added up */
    uint64_t tasks;               /* kernels that ended */
    struct core_use cores[STATISTICS_KINDS];
    struct pipe_use pipes[STATISTICS_KINDS][ISA_PIPES];
    struct spread dispatch_to_start;                /* the AICPU's store of the task -> the kernel begins */
    struct spread end_to_seen;                      /* the kernel ends -> an AICPU thread has read that it did */
    struct core_counters aicore, aicpu;             /* sums over the cores */
    uint64_t aicpu_stack_bytes, aicore_stack_bytes; /* the deepest */
};

/** statistics_open - listen to @chip from now on. NULL without memory. */
struct statistics *statistics_open(struct chip_state *chip);

/** statistics_get - how things stand now. */
void statistics_get(struct statistics *statistics, struct figures *figures);

/** statistics_sum - the same of @count devices together: times are added up, spreads are over all samples. */
void statistics_sum(struct statistics *const *all, size_t count, struct figures *figures);

/** statistics_close - free it; the chip must announce nothing any more. */
void statistics_close(struct statistics *statistics);

#ifdef __cplusplus
}
#endif
#endif
