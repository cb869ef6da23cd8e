/* build_config.h - what a runtime's build_config.py says: for each of its parts, where headers and sources are. */
#ifndef DAV_TOOLS_BUILD_CONFIG_H
#define DAV_TOOLS_BUILD_CONFIG_H

#include "tools/list.h"

/* One part; all paths joined to the directory of build_config.py. */
struct build_part {
    struct list include_dirs;
    struct list sources; /* every .c, .cc and .cpp of the source directories, in byte order in each */
};

struct build_config {
    struct build_part aicore, aicpu, host;
    struct build_part orchestration; /* what goes into every orchestration of this runtime; may be empty */
};

/** build_config_read - read @path, and list the sources it names. "orchestration" may be missing, and so may its keys.
 *  @error: receives one line, "file:line: what is wrong".
 *  Return: 0, or -1 with @error set; @config must then not be freed. */
int build_config_read(struct build_config *config, const char *path, char *error, size_t error_size);

/** build_config_add_sources - append the source files of the directory @dir, in byte order.
 *  Return: 0, or -1 with errno set if it cannot be read. */
int build_config_add_sources(struct list *sources, const char *dir);

/** build_config_free - release what build_config_read stored. */
void build_config_free(struct build_config *config);

#endif
