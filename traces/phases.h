/* phases.h - where the time of a scheduler's thread went: each slice counts for what of it no slice inside it covers.
 *
 * So the parts sum to the thread's programs exactly.
 */
#ifndef DAV_PHASES_H
#define DAV_PHASES_H

#include "traces/schedule.h"

struct phase {
    uint32_t row;            /* of the thread; TRACE_NONE: of all */
    uint32_t name, category; /* in the timeline's strings */
    size_t count;
    uint64_t self_ps, longest_ps; /* longest_ps: with what is inside */
};

struct phases {
    struct phase *each; /* by thread, then by time, longest first */
    size_t each_count;
    struct phase *all; /* the same names over all threads */
    size_t all_count;
    uint64_t sum_ps; /* of the programs of all */
};

/** phases_find - of the cores of type AICPU. Return false without memory. */
bool phases_find(const struct schedule *schedule, struct phases *phases);
void phases_fini(struct phases *phases);

#endif
