/* json_source.h - the events of a Chrome trace, one JSON object at a time out of a file of any size. */
#ifndef DAV_TRACES_JSON_SOURCE_H
#define DAV_TRACES_JSON_SOURCE_H

#include <jansson.h>

#include "traces/source.h"

struct json_source {
    struct source *source;
    bool is_started, is_bare; /* an array alone, which need not be closed */
};

/**
 * json_next - the next event.
 *
 * Returns 1 and @event, to be released; 0 at the end; -1 and in @error what is wrong with the file.
 */
int json_next(struct json_source *events, json_t **event, char *error, size_t error_size);

#endif
