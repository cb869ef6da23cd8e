/* timeline_write.h - a timeline told again through the calls of trace.h: whole, in part, beside others. */
#ifndef DAV_TRACES_TIMELINE_WRITE_H
#define DAV_TRACES_TIMELINE_WRITE_H

#include "traces/reader.h"
#include "traces/trace.h"

struct timeline_part {
    int64_t from_ns, to_ns; /* slices are clipped to it, and then have the argument "clipped" */
    int64_t shift_ns;       /* added to all times */
    const char *prefix;     /* of the groups' names; NULL: none */
    int first_order;        /* of the groups, which are counted from here; -1: as they are */
};

#define TIMELINE_ALL ((struct timeline_part){.from_ns = 0, .to_ns = INT64_MAX, .first_order = -1})

/**
 * timeline_write - tell @part of @timeline to @trace.
 *
 * Arrows are told when both their ends are. Of an event's arguments 64 are. Returns how many groups it has, or -1 when
 * out of memory; what else may fail sticks to @trace.
 */
int timeline_write(const struct timeline *timeline, const struct timeline_part *part, struct trace *trace);

#endif
