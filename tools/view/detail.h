/* detail.h - all that a trace says of one slice. */
#ifndef DAV_TOOLS_VIEW_DETAIL_H
#define DAV_TOOLS_VIEW_DETAIL_H

#include "traces/reader.h"

/** detail_json - slice @index of @timeline as JSON text, to be freed: "begin ps", "end ps", and "args", a list of names
 *  and values in the order of the trace; a value is a text as people read it. */
char *detail_json(const struct timeline *timeline, size_t index);

#endif
