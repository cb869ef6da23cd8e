/* paths.c - see paths.h. Everything is looked for near the file that this code was loaded from (a program or a
 * library), so a build tree and an installation can both be moved; what was compiled in is the last resort.
 */
#include "tools/paths.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef DAV_SOURCE_DIR
#define DAV_SOURCE_DIR ""
#endif
#ifndef DAV_BINARY_DIR
#define DAV_BINARY_DIR ""
#endif
#ifndef DAV_SHARE
#define DAV_SHARE "/usr/local/share/davsim"
#endif
#ifndef DAV_LIBDIR
#define DAV_LIBDIR "/usr/local/lib"
#endif

/* Directory of the program or library that holds this function; "" if it cannot be told. */
static const char *own_dir(void)
{
    static char dir[PATH_MAX];
    struct link_map *map = NULL;
    Dl_info info;

    if (dir[0])
        return dir;
    if (!dladdr1((void *)(uintptr_t)paths_share, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
        return "";
    /* The main program's own entry in the loader's list has no name. */
    if (!realpath(map->l_name[0] ? map->l_name : "/proc/self/exe", dir))
        return "";
    *strrchr(dir, '/') = '\0';
    return dir;
}

static bool in_build_tree(void)
{
    size_t length = strlen(DAV_BINARY_DIR);
    const char *dir = own_dir();
    return length && strncmp(dir, DAV_BINARY_DIR, length) == 0 && (dir[length] == '/' || !dir[length]);
}

/* Writes the first of @places (NULL at the end) that holds the file @name into @found; the last place if none does. */
static const char *search(char found[PATH_MAX], const char *const *places, const char *name)
{
    for (size_t i = 0; places[i]; i++) {
        char path[2 * PATH_MAX];
        const char *place = places[i];
        if (place[0] == '.')
            snprintf(path, sizeof(path), "%s/%s", own_dir(), place);
        else
            snprintf(path, sizeof(path), "%s", place);
        if (realpath(path, found)) {
            snprintf(path, sizeof(path), "%s/%s", found, name);
            if (access(path, F_OK) == 0)
                return found;
        }
        if (!places[i + 1])
            snprintf(found, PATH_MAX, "%s", place);
    }
    return found;
}

const char *paths_share(void)
{
    static char share[PATH_MAX];
    static const char *const places[] = {"../share/davsim", "../../share/davsim", "../../../share/davsim", DAV_SHARE,
                                         NULL};
    const char *home = getenv("DAVSIM_HOME");

    if (home && *home)
        return home;
    if (in_build_tree())
        return DAV_SOURCE_DIR;
    return share[0] ? share : search(share, places, "isa");
}

const char *paths_libdir(void)
{
    static char libdir[PATH_MAX];
    static const char *const built[] = {".", DAV_BINARY_DIR "/lib", DAV_BINARY_DIR "/model", DAV_BINARY_DIR, NULL};
    static const char *const installed[] = {".", "../lib", "../lib/x86_64-linux-gnu", "../lib64", DAV_LIBDIR, NULL};

    return libdir[0] ? libdir : search(libdir, in_build_tree() ? built : installed, "libdavsim.so");
}

const char *paths_davcc(void)
{
    static char davcc[PATH_MAX + 8], dir[PATH_MAX];
    static const char *const built[] = {".", DAV_BINARY_DIR "/bin", DAV_BINARY_DIR "/tools", NULL};
    static const char *const installed[] = {".", "../bin", "../../bin", "/usr/local/bin", NULL};

    if (!davcc[0])
        snprintf(davcc, sizeof(davcc), "%s/davcc", search(dir, in_build_tree() ? built : installed, "davcc"));
    return davcc;
}
