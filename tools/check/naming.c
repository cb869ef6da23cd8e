/* naming.c - see naming.h. Most launches have nothing to tell, so the debug information is opened when a finding asks.
 * The modules are copied: the host may give its bytes back after the launch, and findings come up later, too. */
#include "tools/check/naming.h"

#include "model/embed/type_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AICORE, AICPU, MODULES };

static const char type_name[] = "Runtime";

struct naming {
    struct {
        void *bytes;
        size_t size;
        bool opened;
        struct type_path *types; /* NULL: none, or not yet */
    } modules[MODULES];
    uint64_t runtime, runtime_size;
};

struct naming *naming_new(void)
{
    return calloc(1, sizeof(struct naming));
}

static void forget(struct naming *naming, int module)
{
    type_path_close(naming->modules[module].types);
    free(naming->modules[module].bytes);
    memset(&naming->modules[module], 0, sizeof(naming->modules[module]));
}

void naming_free(struct naming *naming)
{
    if (!naming)
        return;
    for (int module = 0; module < MODULES; module++)
        forget(naming, module);
    free(naming);
}

static void keep(struct naming *naming, int module, const void *bytes, size_t size)
{
    void *copy;

    if (size && size == naming->modules[module].size && memcmp(bytes, naming->modules[module].bytes, size) == 0)
        return;
    forget(naming, module);
    copy = size ? malloc(size) : NULL;
    if (!copy)
        return;
    memcpy(copy, bytes, size);
    naming->modules[module].bytes = copy;
    naming->modules[module].size = size;
}

void naming_launch(struct naming *naming, const struct dav_launch *launch)
{
    keep(naming, AICORE, launch->aicore_binary, launch->aicore_size);
    keep(naming, AICPU, launch->aicpu_binary, launch->aicpu_size);
    naming->runtime = (uintptr_t)launch->runtime;
    naming->runtime_size = launch->runtime_size;
}

static struct type_path *types_of(struct naming *naming, int module)
{
    if (!naming->modules[module].opened)
        naming->modules[module].types = type_path_open(naming->modules[module].bytes, naming->modules[module].size);
    naming->modules[module].opened = true;
    return naming->modules[module].types;
}

void naming_complete(void *ctx, struct finding *found)
{
    struct naming *naming = ctx;
    uint64_t offset = found->addr - naming->runtime;
    char path[sizeof(found->symbol) - sizeof(type_name)];

    if (found->symbol[0] || found->addr < naming->runtime || offset >= naming->runtime_size)
        return;
    for (int module = 0; module < MODULES; module++) {
        if (!type_path_find(types_of(naming, module), type_name, offset, found->size, path, sizeof(path)))
            continue;
        snprintf(found->symbol, sizeof(found->symbol), "%s%s%s", type_name, path[0] && path[0] != '+' ? "." : "", path);
        return;
    }
}
