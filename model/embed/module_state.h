/* module_state.h - a module as the files that load modules see it. */
#ifndef DAV_MODULE_STATE_H
#define DAV_MODULE_STATE_H

#include "model/embed/module.h"
#include "model/embed/module_elf.h"

struct module {
    void *handle;
    uintptr_t base; /* address minus the ELF's own count of it */
    struct module_elf elf;
    char *name;
    struct instruction_costs costs;
    unsigned core;         /* of a copy */
    struct module *copies; /* of the first one: one a core that asked */
    void *image;           /* of a library that device code has opened: its bytes with all names settled, */
    void *pristine;        /* and its statics as compiled */
    bool closed;
    struct module *next;
};

/** module_settled_image - a copy of a module's bytes in which all names are settled, for the caller to free; NULL with
 *  one line in @error. */
void *module_settled_image(const void *bytes, size_t size, const struct module_scope *scope, const char *name,
                           char *error, size_t error_size);

/** module_open_bytes - load one copy of what @module->elf describes, from @bytes, in which all names are settled.
 *  Return: 0, or -1 with one line in @error. */
int module_open_bytes(struct module *module, const void *bytes, char *error, size_t error_size);

/** module_free - unload what cannot have run yet. @module may be NULL. */
void module_free(struct module *module);

#endif
