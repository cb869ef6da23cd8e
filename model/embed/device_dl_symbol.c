/* device_dl_symbol.c - names and addresses in the libraries of the device's process: dlsym, dladdr. */
#include "model/embed/device_dl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 512 };

/* What the whole process sees: its global libraries, the C library in the device's version. */
static void *visible_symbol(const char *name, const struct module *own)
{
    const struct dl *dl = dl_state();
    void *address = own ? module_symbol(own, (const char *const[]){name, NULL}) : NULL;
    char wrapped[sizeof("__wrap_") + NAME_BYTES];

    for (size_t i = 0; i < dl->count && !address; i++)
        if (dl->libraries[i]->module && dl->libraries[i]->global)
            address = module_symbol(dl->libraries[i]->module, (const char *const[]){name, NULL});
    snprintf(wrapped, sizeof(wrapped), "__wrap_%s", name);
    if (!address)
        address = module_library(wrapped);
    return address ? address : module_library(name);
}

static void *find_symbol(const void *handle, const char *name, const struct module *own)
{
    const struct library *library = dl_library(handle);
    void *address;

    if (handle == RTLD_DEFAULT || handle == RTLD_NEXT || handle == (void *)HANDLE_MAIN) {
        address = visible_symbol(name, handle == RTLD_DEFAULT ? own : NULL);
        if (!address)
            dl_fail("undefined symbol: %s", name);
        return address;
    }
    if (!library) {
        dl_fail("dlsym: %p is no open library", handle);
        return NULL;
    }
    address = module_symbol(library->module, (const char *const[]){name, NULL});
    if (!address)
        dl_fail("%s: undefined symbol: %s; export it with C linkage", library->path, name);
    return address;
}

DEVICE_CALL void *__wrap_dlsym(void *handle, const char *name)
{
    const struct module *own = module_at(dl_loaded(), (uintptr_t)__builtin_return_address(0));
    char copy[NAME_BYTES];
    struct core *core;
    void *address;

    if (!process_text(copy, sizeof(copy), name)) {
        dl_fail("a symbol's name of more than %d characters", NAME_BYTES - 1);
        return NULL;
    }
    core = process_enter("dlsym");
    address = find_symbol(handle, copy, own);
    process_leave(core);
    return address;
}

/** dladdr - of the device's own code. The C library has a name, and no more: it is none that device code could open. */
DEVICE_CALL int __wrap_dladdr(const void *address, Dl_info *out)
{
    struct core *core = process_enter("dladdr");
    struct module *module = module_at(dl_loaded(), (uintptr_t)address);
    const struct dl *dl = dl_state();
    static char own[FS_PATH_MAX];
    Dl_info info = {0};
    bool known = module && dladdr(address, &info);

    if (known) {
        info.dli_fbase = (void *)module_base(module);
        info.dli_fname = NULL;
        for (size_t i = 0; i < dl->count && !info.dli_fname; i++)
            if (dl->libraries[i]->module == module)
                info.dli_fname = dl->libraries[i]->path;
        if (!info.dli_fname) {
            dl_binary_path(module, own);
            info.dli_fname = own;
        }
    }
    process_leave(core);
    if (known)
        port_store_block(out, &info, 0, sizeof(info));
    return known;
}
