/* pto_find.c - see pto_find.h. Folders that may hold runtimes are collected first, in the order in which they count;
 * only those that exist, so that an error line can name them all.
 */
#include "tools/pto_find.h"

#include "model/davsim.h"
#include "tools/fail.h"
#include "tools/file.h"
#include "tools/paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_folder(struct list *folders, const char *root, const char *name)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s%s%s", root, *root && *name ? "/" : "", name) < (int)sizeof(path) &&
        file_is_dir(path) && !list_has(folders, path))
        list_add(folders, "%s", path);
}

/* The names in a directory that do not begin with a dot, sorted: no order of the file system's reaches a result. */
static struct list names_in(const char *dir)
{
    struct list names = {0};
    DIR *stream = opendir(dir);
    for (struct dirent *entry; stream && (entry = readdir(stream));)
        if (entry->d_name[0] != '.')
            list_add(&names, "%s", entry->d_name);
    if (stream)
        closedir(stream);
    list_sort(&names);
    return names;
}

/* The folders of a project: runtime/, src/runtime/, src/ARCH/runtime/. @root: "" for the working directory; @arch: NULL
 * for any. */
static void add_project(struct list *folders, const char *root, const char *arch)
{
    char src[4096], name[4096];
    add_folder(folders, root, "runtime");
    add_folder(folders, root, "src/runtime");
    snprintf(src, sizeof(src), "%s%ssrc", root, *root ? "/" : "");
    struct list archs = names_in(src);
    for (size_t i = 0; i < archs.count; i++) {
        snprintf(name, sizeof(name), "src/%s/runtime", archs.items[i]);
        if (!arch || strcmp(archs.items[i], arch) == 0)
            add_folder(folders, root, name);
    }
    list_free(&archs);
}

/* What a user names may be a project or a folder of runtimes. */
static void add_root(struct list *folders, const char *root, const char *arch)
{
    add_folder(folders, root, "");
    add_project(folders, root, arch);
}

/* The part of the source tree that @platform means, NULL for any. Return: 0, or DAV_BAD_INPUT after one line. */
static int find_arch(const char *platform, const char **arch)
{
    *arch = platform ? "a2a3" : NULL;
    if (!platform || strcmp(platform, "a2a3") == 0 || strcmp(platform, "a2a3sim") == 0)
        return 0;
    return fail(DAV_BAD_INPUT, "platform '%s' is not simulated; there is: a2a3, a2a3sim", platform);
}

static int find_folders(const struct pto_build_options *options, struct list *folders)
{
    const char *arch, *own = getenv("DAVSIM_RUNTIME_PATH");
    int status = find_arch(options ? options->platform : NULL, &arch);
    if (status != 0)
        return status;
    for (size_t i = 0; options && options->roots && options->roots[i]; i++) {
        if (!file_is_dir(options->roots[i]))
            return fail(DAV_BAD_INPUT, "'%s' is not a directory to look for runtimes in", options->roots[i]);
        add_root(folders, options->roots[i], arch);
    }
    while (own && *own) {
        char root[4096];
        size_t length = strcspn(own, ":");
        snprintf(root, sizeof(root), "%.*s", (int)length, own);
        if (length)
            add_root(folders, root, arch);
        own += length + (own[length] == ':');
    }
    add_project(folders, "", arch);
    add_folder(folders, paths_share(), "runtime");
    return 0;
}

/* Does @folder hold a runtime of this name? @config: its build_config.py. */
static bool holds(const char *folder, const char *name, char config[4096])
{
    return snprintf(config, 4096, "%s/%s/build_config.py", folder, name) < 4096 && access(config, R_OK) == 0;
}

static void add_names(const struct list *folders, struct list *names)
{
    char config[4096];
    for (size_t i = 0; i < folders->count; i++) {
        struct list entries = names_in(folders->items[i]);
        for (size_t k = 0; k < entries.count; k++)
            if (holds(folders->items[i], entries.items[k], config) && !list_has(names, entries.items[k]))
                list_add(names, "%s", entries.items[k]);
        list_free(&entries);
    }
    list_sort(names);
}

static int not_found(const char *name, const struct list *folders)
{
    struct list names = {0};
    add_names(folders, &names);
    char *where = list_join(folders, ", "), *there = list_join(&names, ", ");
    int status = fail(DAV_BAD_INPUT,
                      "no runtime '%s' (a directory with build_config.py) in %s; there is: %s; "
                      "DAVSIM_RUNTIME_PATH adds directories",
                      name, where, *there ? there : "none");
    free(where);
    free(there);
    list_free(&names);
    return status;
}

int pto_find_runtime(const char *name, const struct pto_build_options *options, char **path)
{
    struct list folders = {0};
    char config[4096];
    *path = NULL;
    if (!name || !*name || *name == '.' || strchr(name, '/'))
        return fail(DAV_BAD_INPUT, "'%s' is not the name of a runtime: give the bare name of its directory",
                    name ? name : "");
    int status = find_folders(options, &folders);
    for (size_t i = 0; status == 0 && i < folders.count && !*path; i++)
        *path = holds(folders.items[i], name, config) ? realpath(config, NULL) : NULL;
    if (status == 0 && !*path)
        status = not_found(name, &folders);
    list_free(&folders);
    return status;
}

int pto_find_names(const struct pto_build_options *options, struct list *names)
{
    struct list folders = {0};
    int status = find_folders(options, &folders);
    if (status == 0)
        add_names(&folders, names);
    list_free(&folders);
    return status;
}

/* What this process has built, the latest last: a name and a path side by side. */
static struct list built_names, built_paths;

void pto_find_remember(const char *name, const char *path)
{
    size_t last = built_names.count - 1;
    if (built_names.count && strcmp(built_names.items[last], name) == 0 && strcmp(built_paths.items[last], path) == 0)
        return;
    list_add(&built_names, "%s", name);
    list_add(&built_paths, "%s", path);
}

const char *pto_find_built(const char *name)
{
    for (size_t i = built_names.count; i-- > 0;)
        if (!name || strcmp(built_names.items[i], name) == 0)
            return built_paths.items[i];
    return NULL;
}
