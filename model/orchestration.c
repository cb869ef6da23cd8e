/* orchestration.c - see orchestration.h. The name is one of a fixed length, so another one takes its place. */
#include "model/orchestration.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How davcc names host parts: this, and 32 digits that tell contents. */
#define HOST_NAME "davsim-host-"
enum { HOST_NAME_BYTES = sizeof(HOST_NAME) - 1 + 32 };

/* The soname of the library at @map, NULL if it is not one that davcc gave. */
static const char *own_name(const struct link_map *map)
{
    const char *strings = NULL, *name = NULL;
    uint64_t offset = 0;

    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB)
            strings = (const char *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_SONAME)
            offset = entry->d_un.d_val;
    }
    if (strings && offset)
        name = strings + offset;
    return name && strncmp(name, HOST_NAME, sizeof(HOST_NAME) - 1) == 0 && strlen(name) == HOST_NAME_BYTES ? name
                                                                                                           : NULL;
}

uint8_t *orchestration_bind(const struct link_map *map, const uint8_t *library, size_t size)
{
    const char *name = map ? own_name(map) : NULL;
    uint8_t *copy = malloc(size), *at = copy;
    bool bound = false;

    if (!copy)
        abort();
    memcpy(copy, library, size);
    while ((at = memmem(at, (size_t)(copy + size - at), HOST_NAME, sizeof(HOST_NAME) - 1)) &&
           copy + size - at > HOST_NAME_BYTES) {
        if (name && at[HOST_NAME_BYTES] == '\0') {
            memcpy(at, name, HOST_NAME_BYTES);
            bound = true;
        }
        at += HOST_NAME_BYTES;
    }
    if (!bound && map)
        dlopen(map->l_name, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
    return copy;
}
