/* critical.h - the critical path of each launch, for the page. */
#ifndef DAV_TOOLS_VIEW_CRITICAL_H
#define DAV_TOOLS_VIEW_CRITICAL_H

#include "traces/reader.h"

/** critical_json - JSON text, to be freed: "kinds", the names of hops; "launches", each a list of hops in order of
 * time: a kind's index, the slice of the task or -1, begin and end in picoseconds. */
char *critical_json(const struct timeline *timeline);

#endif
