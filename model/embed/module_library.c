/* module_library.c - libraries that device code opens and closes; see module.h.
 *
 * A library that is closed stays where it is, without the right to run, for findings may still speak of its lines; when
 * the same bytes are opened again, its statics are put back as they were before its constructors ran.
 */
#include "model/embed/module_state.h"
#include "model/embed/port_table.h"

#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The dynamic linker is to call none of its functions: device code does, in its own time. */
static void withhold_functions(uint8_t *image, size_t size)
{
    Elf *elf = elf_memory((char *)image, size);

    for (Elf_Scn *section = NULL; elf && (section = elf_nextscn(elf, section));) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNAMIC || header.sh_offset > size ||
            header.sh_size > size - header.sh_offset || header.sh_offset % 8)
            continue;
        Elf64_Dyn *entry = (Elf64_Dyn *)(void *)(image + header.sh_offset);
        for (size_t left = header.sh_size / sizeof(*entry); left; left--, entry++)
            if (entry->d_tag == DT_INIT_ARRAYSZ || entry->d_tag == DT_FINI_ARRAYSZ)
                entry->d_un.d_val = 0;
    }
    elf_end(elf);
}

static int protect_code(const struct module *module, int protection)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE) - 1, low = module->base + module->elf.code_addr;

    return mprotect((void *)(low & ~page), (module->elf.code_size + (low & page) + page) & ~page, protection);
}

static void *statics_of(const struct module *module)
{
    return (void *)(module->base + module->elf.data_addr);
}

/* A closed library of these bytes, as good as new; NULL if there is none. */
static struct module *reopen(const struct module_set *set, const void *image, size_t size, const char *name)
{
    for (struct module *known = set->libraries; known; known = known->next) {
        if (!known->closed || known->elf.size != size || strcmp(known->name, name) != 0 ||
            memcmp(known->image, image, size) != 0 || protect_code(known, PROT_READ | PROT_EXEC) != 0)
            continue;
        memcpy(statics_of(known), known->pristine, known->elf.data_size);
        known->closed = false;
        return known;
    }
    return NULL;
}

static struct module *open_library(struct module_set *set, void *image, const struct module_elf *elf, const char *name,
                                   const struct instruction_costs *costs, char *error, size_t error_size)
{
    struct module *module = calloc(1, sizeof(*module));
    size_t statics = elf->data_size ? elf->data_size : 1;

    if (!module || !(module->name = strdup(name)) || !(module->pristine = malloc(statics))) {
        snprintf(error, error_size, "%s: no memory for its %zu bytes", name, elf->size);
        module_free(module);
        return NULL;
    }
    module->elf = *elf;
    module->costs = *costs;
    module->image = image;
    if (module_open_bytes(module, image, error, error_size) != 0) {
        module_free(module);
        return NULL;
    }
    memcpy(module->pristine, statics_of(module), elf->data_size);
    module->next = set->libraries;
    set->libraries = module;
    return module;
}

struct module *module_open(struct module_set *set, const void *bytes, size_t size, const char *name,
                           const struct instruction_costs *costs, const struct module_scope *scope, char *error,
                           size_t error_size)
{
    struct module_elf elf;
    struct module *module;
    char reason[256];
    void *image;

    if (module_elf_read(&elf, bytes, size, reason, sizeof(reason)) != 0) {
        snprintf(error, error_size, "%s: %s", name, reason);
        return NULL;
    }
    if (!elf.blocks) {
        snprintf(error, error_size, "%s: was not compiled for the device: davcc --target=orchestration does", name);
        return NULL;
    }
    if (port_table_map(error, error_size) != 0 ||
        !(image = module_settled_image(bytes, size, scope, name, error, error_size)))
        return NULL;
    withhold_functions(image, size);
    elf.bytes = image;
    module = reopen(set, image, size, name);
    if (module) {
        free(image);
        return module;
    }
    module = open_library(set, image, &elf, name, costs, error, error_size);
    if (!module)
        free(image);
    return module;
}

void module_close(struct module *module)
{
    module->closed = true;
    protect_code(module, PROT_READ);
}

size_t module_functions(const struct module *module, bool closing, void (*const **functions)(void))
{
    const struct module_elf *elf = &module->elf;

    *functions = (void (*const *)(void))(module->base + (closing ? elf->fini_addr : elf->init_addr));
    return closing ? elf->fini_count : elf->init_count;
}

bool module_is_closed(const struct module *module)
{
    return module && module->closed;
}
