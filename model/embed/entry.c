/* entry.c - see entry.h. A C++ function of no class is _Z, the length of its name, its name, and its parameters. */
#include "model/embed/entry.h"

#include <gelf.h>
#include <stdio.h>
#include <string.h>

/* How a C++ function called @name begins. */
static void mangle(const char *name, char *prefix, size_t size)
{
    snprintf(prefix, size, "_Z%zu%s", strlen(name), name);
}

/* The exported function in @section that is called @name. */
static const char *find_in(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *name)
{
    Elf_Data *data = elf_getdata(section, NULL);
    const char *mangled = NULL;
    char prefix[128];
    GElf_Sym symbol;

    mangle(name, prefix, sizeof(prefix));
    for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
        const char *own = elf_strptr(elf, header->sh_link, symbol.st_name);

        if (!own || symbol.st_shndx == SHN_UNDEF || GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
            continue;
        if (strcmp(own, name) == 0)
            return own;
        if (!mangled && strncmp(own, prefix, strlen(prefix)) == 0)
            mangled = own;
    }
    return mangled;
}

static const char *find(Elf *elf, const char *name)
{
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        const char *found;

        if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNSYM &&
            (found = find_in(elf, section, &header, name)))
            return found;
    }
    return NULL;
}

bool entry_find(const void *bytes, size_t size, const char *const *names, char *symbol, size_t symbol_size)
{
    const char *found = NULL;
    Elf *elf = NULL;

    if (bytes && size && elf_version(EV_CURRENT) != EV_NONE)
        elf = elf_memory((char *)(uintptr_t)bytes, size); /* opened so, it is only read */
    for (; elf && *names && !found; names++)
        found = find(elf, *names);
    if (found)
        snprintf(symbol, symbol_size, "%s", found);
    elf_end(elf);
    return found != NULL;
}
