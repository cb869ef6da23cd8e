/* pto_find.h - where runtimes are. */
#ifndef DAV_TOOLS_PTO_FIND_H
#define DAV_TOOLS_PTO_FIND_H

/** pto_find_runtime - the build_config.py of the runtime @name, searched as pto.h says.
 *  @path: receives the absolute file name, for the caller to free.
 *  Return: 0, or one of enum dav_status after a line that names the directories searched and the runtimes there. */
int pto_find_runtime(const char *name, char **path);

#endif
