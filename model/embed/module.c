/* module.c - see module.h.
 *
 * The bytes go into an anonymous file and the dynamic linker loads that: one file a copy, since the linker loads a
 * file only once. The guard words and the pc table are found by their sections; the two functions the compiler's
 * constructors call with their addresses therefore have nothing to do.
 */
#include "model/embed/module_state.h"

#include "model/embed/block_cost.h"
#include "model/embed/port_table.h"
#include "model/embed/symbol.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The instrumentation's constructors call these; see above. */
__attribute__((visibility("default"))) void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop)
{
    (void)start;
    (void)stop;
}

__attribute__((visibility("default"))) void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop)
{
    (void)start;
    (void)stop;
}

/* What a module leaves undefined must be found here, however this library itself was loaded. */
static void make_port_visible(void)
{
    static bool done;
    struct link_map *map = NULL;
    Dl_info info;

    if (!done && dladdr1((void *)(uintptr_t)module_load, &info, (void **)&map, RTLD_DL_LINKMAP) && map &&
        map->l_name[0])
        dlopen(map->l_name, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL);
    done = true;
}

/* A name for descriptor @fd that no earlier dlopen has seen, or it would answer with what it loaded then: the bits of
 * a serial number as harmless path components. */
static void unique_path(char *path, size_t size, int fd)
{
    static unsigned serial;
    char bits[3 * 32 + 1] = "";

    for (unsigned n = ++serial; n; n >>= 1)
        strcat(bits, n & 1 ? "./" : "/");
    snprintf(path, size, "/proc/self/fd/%s%d", bits, fd);
}

static void *load_bytes(const void *bytes, size_t size, const char *name, char *error, size_t error_size)
{
    char path[160];
    int fd = memfd_create("davsim-module", MFD_CLOEXEC);
    void *handle = NULL;

    for (size_t done = 0; fd >= 0 && done < size;) {
        ssize_t written = write(fd, (const char *)bytes + done, size - done);
        if (written < 0 && errno != EINTR) {
            close(fd);
            fd = -1;
        } else if (written > 0) {
            done += (size_t)written;
        }
    }
    if (fd < 0) {
        snprintf(error, error_size, "%s: cannot be kept in memory: %s", name, strerror(errno));
        return NULL;
    }
    unique_path(path, sizeof(path), fd);
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *message = dlerror(), *colon = message ? strstr(message, ": ") : NULL;
        snprintf(error, error_size, "%s: cannot be loaded: %s", name, colon ? colon + 2 : "unknown reason");
    }
    close(fd);
    return handle;
}

static int cost_blocks(struct module *module, char *error, size_t error_size)
{
    const struct module_elf *elf = &module->elf;
    const struct block_table table = {
        .code = (const uint8_t *)(module->base + elf->code_addr),
        .code_size = elf->code_size,
        .code_pc = module->base + elf->code_addr,
        .pcs = (const struct block_pc *)(module->base + elf->pcs_addr),
        .guards = (uint32_t *)(module->base + elf->guards_addr),
        .count = elf->blocks,
    };
    return block_cost_fill(&table, &module->costs, error, error_size);
}

/* Loads one copy of what @module->elf describes, from @bytes, in which all names are settled. */
int module_open_bytes(struct module *module, const void *bytes, char *error, size_t error_size)
{
    struct link_map *map;

    module->handle = load_bytes(bytes, module->elf.size, module->name, error, error_size);
    if (!module->handle)
        return -1;
    if (dlinfo(module->handle, RTLD_DI_LINKMAP, &map) != 0) {
        snprintf(error, error_size, "%s: the dynamic linker does not know it: %s", module->name, dlerror());
        return -1;
    }
    module->base = map->l_addr;
    if (cost_blocks(module, error, error_size) != 0)
        return -1;
    const struct symbol_place place = {
        .name = module->name,
        .low = module->base,
        .high = module->base + module->elf.span,
        .code_low = module->base + module->elf.code_addr,
        .code_high = module->base + module->elf.code_addr + module->elf.code_size,
        .bias = module->base,
        .elf = module->elf.bytes,
        .elf_size = module->elf.size,
    };
    symbol_add(&place);
    return 0;
}

void *module_settled_image(const void *bytes, size_t size, const struct module_scope *scope, const char *name,
                           char *error, size_t error_size)
{
    void *image = malloc(size);

    if (!image) {
        snprintf(error, error_size, "%s: no memory for its %zu bytes", name, size);
        return NULL;
    }
    memcpy(image, bytes, size);
    if (module_bind(image, size, scope, name, error, error_size) == 0)
        return image;
    free(image);
    return NULL;
}

/* Loads one copy of a module that has nothing but the device's C library beside it. */
static int open_copy(struct module *module, char *error, size_t error_size)
{
    const struct module_scope alone = {0};
    void *image = module_settled_image(module->elf.bytes, module->elf.size, &alone, module->name, error, error_size);
    int status = image ? module_open_bytes(module, image, error, error_size) : -1;

    free(image);
    return status;
}

void module_free(struct module *module)
{
    if (!module)
        return;
    if (module->handle)
        dlclose(module->handle);
    free(module->pristine);
    free(module->name);
    free(module);
}

struct module *module_load(struct module_set *set, const void *bytes, size_t size, const char *name,
                           const struct instruction_costs *costs, char *error, size_t error_size)
{
    for (struct module *known = set->modules; known; known = known->next)
        if (known->elf.size == size && strcmp(known->name, name) == 0 && memcmp(known->elf.bytes, bytes, size) == 0)
            return known;

    char reason[256];
    struct module *module = calloc(1, sizeof(*module));
    void *kept = malloc(size ? size : 1);
    if (!module || !kept || !(module->name = strdup(name))) {
        snprintf(error, error_size, "%s: no memory for its %zu bytes", name, size);
        goto failed;
    }
    if (!bytes)
        size = 0;
    else
        memcpy(kept, bytes, size);
    module->costs = *costs;
    if (module_elf_read(&module->elf, kept, size, reason, sizeof(reason)) != 0) {
        snprintf(error, error_size, "%s: %s", name, reason);
        goto failed;
    }
    if (port_table_map(error, error_size) != 0)
        goto failed;
    make_port_visible();
    if (open_copy(module, error, error_size) != 0)
        goto failed;
    module->next = set->modules;
    set->modules = module;
    return module;

failed:
    module_free(module);
    free(kept);
    return NULL;
}

struct module *module_for_core(struct module *module, unsigned core, char *error, size_t error_size)
{
    if (!module->elf.has_statics)
        return module;
    for (struct module *copy = module->copies; copy; copy = copy->next)
        if (copy->core == core)
            return copy;

    struct module *copy = calloc(1, sizeof(*copy));
    if (!copy || !(copy->name = strdup(module->name))) {
        snprintf(error, error_size, "%s: no memory for the copy of core %u", module->name, core);
        free(copy);
        return NULL;
    }
    copy->elf = module->elf;
    copy->costs = module->costs;
    copy->core = core;
    if (open_copy(copy, error, error_size) != 0) {
        module_free(copy);
        return NULL;
    }
    copy->next = module->copies;
    module->copies = copy;
    return copy;
}

void *module_symbol(const struct module *module, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        /* dlsym also looks into what the module depends on; only its own definition counts. */
        uintptr_t addr = (uintptr_t)dlsym(module->handle, names[i]);
        if (addr >= module->base && addr < module->base + module->elf.span)
            return (void *)addr;
    }
    return NULL;
}

bool module_has_statics(const void *bytes, size_t size)
{
    struct module_elf elf;
    char reason[256];
    return module_elf_read(&elf, bytes, size, reason, sizeof(reason)) == 0 && elf.has_statics;
}

static bool covers(const struct module *module, uintptr_t addr)
{
    return addr - module->base < module->elf.span;
}

struct module *module_at(const struct module_set *set, uintptr_t addr)
{
    for (struct module *module = set->modules; module; module = module->next) {
        if (covers(module, addr))
            return module;
        for (struct module *copy = module->copies; copy; copy = copy->next)
            if (covers(copy, addr))
                return copy;
    }
    for (struct module *library = set->libraries; library; library = library->next)
        if (covers(library, addr))
            return library;
    return NULL;
}

uintptr_t module_base(const struct module *module)
{
    return module->base;
}

const struct instruction_costs *module_costs(const struct module *module)
{
    return &module->costs;
}

unsigned module_serial(const struct module *module)
{
    unsigned serial = 0;

    for (const struct module *older = module->next; older; older = older->next)
        serial += strcmp(older->name, module->name) == 0;
    return serial;
}

unsigned module_generation(struct module_set *set)
{
    static unsigned latest;

    if (set->generation == 0)
        set->generation = ++latest;
    return set->generation;
}

void module_forget_all(struct module_set *set)
{
    *set = (struct module_set){0};
}

size_t module_blocks(const struct module *module)
{
    return module->elf.blocks;
}
