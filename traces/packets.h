/* packets.h - a reader's input, one decoder a format. Each hands what it reads to a build. */
#ifndef DAV_TRACES_PACKETS_H
#define DAV_TRACES_PACKETS_H

#include "traces/build.h"
#include "traces/source.h"

/** perfetto_read, json_read - all of @source into @build, or until the build is late. 0, or -1 and, in @error, what is
 *  wrong with the file. */
int perfetto_read(struct source *source, struct build *build, char *error, size_t error_size);
int json_read(struct source *source, struct build *build, char *error, size_t error_size);

#endif
