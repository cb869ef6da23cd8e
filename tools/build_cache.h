/* build_cache.h - compile something once: the result is kept in the user's cache under the key of all its inputs.
 *
 * The cache is a flat directory of finished files ($DAVSIM_CACHE, else $XDG_CACHE_HOME/davsim, else
 * ~/.cache/davsim). A file appears there by rename, so a reader never meets half of one; it may be deleted any time.
 */
#ifndef DAV_TOOLS_BUILD_CACHE_H
#define DAV_TOOLS_BUILD_CACHE_H

#include "tools/list.h"

/* One compilation. */
struct build_job {
    const char *kind;            /* first part of the stored file's name: "host", "aiv", "example" */
    const char *what;            /* how an error line names it: "runtime host_build_graph, host part" */
    const struct list *command;  /* the compiler and its arguments, without -o */
    const struct list *sources;  /* source files; those of them that the command names are not repeated by the job */
    const struct list *includes; /* directories that headers are looked up in */
    const struct list *extra;    /* more files and directory trees the result depends on: compiler, headers */
};

/** build_cached - find the result of @job, or make it.
 *  @path: receives the name of the finished file, for the caller to free.
 *  The compiler's own messages go to stderr as they are; a failure adds one line, with the first error in it.
 *  Return: 0 or one of enum dav_status. */
int build_cached(const struct build_job *job, char **path);

#endif
