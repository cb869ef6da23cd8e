/* orchestration.c - see orchestration.h. The name is one of a fixed length, so another one takes its place. */
#include "model/orchestration.h"

#include "model/embed/elf_library.h"
#include "model/embed/entry.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool orchestration_check(const uint8_t *library, size_t size, const char *function, char *error, size_t error_size)
{
    const char *why = elf_library_why_not(library, size);
    const char *const names[] = {function, NULL};
    char symbol[256];

    if (why)
        snprintf(error, error_size, "the orchestration (%zu bytes) %s; compile it with compile_orchestration", size,
                 why);
    else if (!entry_find(library, size, names, symbol, sizeof(symbol)) || strcmp(symbol, function) != 0)
        snprintf(
            error, error_size,
            "the orchestration has no function %s; is it spelled so, and neither static nor mangled (extern \"C\")?",
            function);
    else
        return true;
    return false;
}

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
