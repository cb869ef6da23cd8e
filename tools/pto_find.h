/* pto_find.h - where runtimes are: a runtime is a directory that holds a build_config.py. */
#ifndef DAV_TOOLS_PTO_FIND_H
#define DAV_TOOLS_PTO_FIND_H

#include "tools/list.h"
#include "tools/pto.h"

/** pto_find_runtime - the build_config.py of the runtime @name, searched as pto.h says.
 *  @path: receives the absolute file name, for the caller to free.
 *  Return: 0, or one of enum dav_status after a line that names the directories searched and the runtimes there. */
int pto_find_runtime(const char *name, const struct pto_build_options *options, char **path);

/** pto_find_names - the names of all runtimes, sorted. Return: 0, or DAV_BAD_INPUT after one line. */
int pto_find_names(const struct pto_build_options *options, struct list *names);

/** pto_find_remember - the runtime @name has been built from the build_config.py @path. */
void pto_find_remember(const char *name, const char *path);

/** pto_find_built - the build_config.py that was remembered last, for @name or, if that is NULL, for any; else NULL. */
const char *pto_find_built(const char *name);

#endif
