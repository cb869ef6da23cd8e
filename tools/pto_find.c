/* pto_find.c - see pto_find.h. A runtime is a directory that holds a build_config.py. */
#include "tools/pto_find.h"

#include "model/davsim.h"
#include "tools/fail.h"
#include "tools/list.h"
#include "tools/paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void search_path(struct list *dirs)
{
    const char *own = getenv("DAVSIM_RUNTIME_PATH");
    while (own && *own) {
        size_t length = strcspn(own, ":");
        if (length)
            list_add(dirs, "%.*s", (int)length, own);
        own += length + (own[length] == ':');
    }
    list_add(dirs, "runtime");
    list_add(dirs, "src/runtime");
    list_add(dirs, "%s/runtime", paths_share());
}

/* Appends the runtimes that @dir holds. */
static void add_runtimes(struct list *names, const char *dir)
{
    DIR *stream = opendir(dir);
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        char config[4096];
        snprintf(config, sizeof(config), "%s/%s/build_config.py", dir, entry->d_name);
        if (entry->d_name[0] != '.' && access(config, R_OK) == 0 && !list_has(names, entry->d_name))
            list_add(names, "%s", entry->d_name);
    }
    if (stream)
        closedir(stream);
}

static int not_found(const char *name, const struct list *dirs)
{
    struct list names = {0};
    for (size_t i = 0; i < dirs->count; i++)
        add_runtimes(&names, dirs->items[i]);
    list_sort(&names);
    char *where = list_join(dirs, ", "), *there = list_join(&names, ", ");
    int status = fail(DAV_BAD_INPUT,
                      "no runtime '%s' (a directory with build_config.py) in %s; there is: %s; "
                      "DAVSIM_RUNTIME_PATH adds directories",
                      name, where, *there ? there : "none");
    free(where);
    free(there);
    list_free(&names);
    return status;
}

int pto_find_runtime(const char *name, char **path)
{
    struct list dirs = {0};
    int status = 0;
    if (!name || !*name || *name == '.' || strchr(name, '/'))
        return fail(DAV_BAD_INPUT, "'%s' is not the name of a runtime: give the bare name of its directory",
                    name ? name : "");
    search_path(&dirs);
    *path = NULL;
    for (size_t i = 0; i < dirs.count && !*path; i++) {
        char config[4096];
        snprintf(config, sizeof(config), "%s/%s/build_config.py", dirs.items[i], name);
        *path = access(config, R_OK) == 0 ? realpath(config, NULL) : NULL;
    }
    if (!*path)
        status = not_found(name, &dirs);
    list_free(&dirs);
    return status;
}
