/* device_dl.c - libraries that AICPU code opens: dlopen and its kin, on the device's own files (device_fs.h).
 *
 * Such a library is device code like the AICPU binary: it comes from davcc, its accesses go through the port, its
 * blocks take time, its statics are the process's. Its constructors run on the thread that opens it. What it leaves
 * undefined is found in the libraries that were opened with RTLD_GLOBAL, and in the device's C library. The AICPU
 * binary itself is loaded without that, as a plugin is; it can open itself by the name that dladdr gives it, and then
 * is one of them.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/core_port.h"
#include "model/chip_state.h"
#include "model/embed/device_fs.h"
#include "model/embed/device_part.h"
#include "model/embed/device_process.h"
#include "model/embed/module.h"

/* Handles are numbers, for device code prints them. MAIN: all that is visible. */
enum {
    HANDLE_MAIN = 0xd100000,
    HANDLE_STEP = 64,
    LIBRARIES = 256,
    MESSAGE_BYTES = 576,
    NAME_BYTES = 512,
    CALLERS = 64
};

struct library {
    struct module *module; /* NULL once it is closed */
    char path[FS_PATH_MAX];
    int fd; /* keeps the file, by which it is recognised; -1 of the AICPU binary */
    unsigned references;
    bool global;
};

static struct library *libraries[LIBRARIES];
static size_t count;
static char *messages[CALLERS]; /* of each thread: what dlerror will say */
static bool told[CALLERS];

static void begin(void)
{
    static unsigned generation;

    if (generation == module_generation(&dav_chip->modules))
        return;
    for (; count; count--) {
        if (libraries[count - 1]->fd >= 0)
            fs_close(libraries[count - 1]->fd);
        free(libraries[count - 1]);
    }
    generation = module_generation(&dav_chip->modules);
}

/* ---- what went wrong ---- */

static unsigned caller(void)
{
    return libc_nobody() ? 0 : (unsigned)dav_running->number % CALLERS;
}

/* For dlerror, and for the log: device code may not ask. */
static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *format, ...)
{
    char **message = &messages[caller()];
    va_list args;

    if (!*message)
        *message = libc_block(0, MESSAGE_BYTES);
    if (!*message)
        return;
    va_start(args, format);
    vsnprintf(*message, MESSAGE_BYTES, format, args);
    va_end(args);
    told[caller()] = false;
    process_say(DAV_LOG_ERROR, "%s", *message);
}

DEVICE_CALL char *__wrap_dlerror(void)
{
    unsigned i = caller();
    char *message = messages[i] && *messages[i] && !told[i] ? messages[i] : NULL;

    libc_call();
    told[i] = true;
    return message;
}

/* ---- the table ---- */

static void *handle_of(size_t index)
{
    return (void *)(uintptr_t)(HANDLE_MAIN + HANDLE_STEP * (index + 1));
}

/* NULL if @handle is none, or closed. */
static struct library *library_of(const void *handle)
{
    size_t offset = (uintptr_t)handle - HANDLE_MAIN - HANDLE_STEP, index = offset / HANDLE_STEP;

    return offset % HANDLE_STEP == 0 && index < count && libraries[index]->module ? libraries[index] : NULL;
}

static bool same_file(int a, int b)
{
    struct stat x, y;

    return a >= 0 && b >= 0 && fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

/* The name of an AICPU binary, which was loaded from no file. */
static void binary_path(const struct module *module, char path[FS_PATH_MAX])
{
    unsigned serial = module_serial(module);

    if (serial)
        snprintf(path, FS_PATH_MAX, "%s/libaicpu_%u.so", FS_AICPU_DIRECTORY, serial);
    else
        snprintf(path, FS_PATH_MAX, "%s/libaicpu.so", FS_AICPU_DIRECTORY);
}

static struct library *add(struct module *module, const char *path, int fd)
{
    struct library *library;
    size_t index = 0;

    while (index < count && libraries[index]->module)
        index++;
    if (index == LIBRARIES || (index == count && !(libraries[index] = malloc(sizeof(*library))))) {
        fail("%s: too many libraries are open", path);
        return NULL;
    }
    count += index == count;
    library = libraries[index];
    *library = (struct library){.module = module, .fd = fd};
    snprintf(library->path, sizeof(library->path), "%s", path);
    return library;
}

static void *open_once_more(struct library *library, int mode)
{
    size_t index = 0;

    while (libraries[index] != library)
        index++;
    library->references++;
    library->global = library->global || (mode & RTLD_GLOBAL);
    return handle_of(index);
}

/* ---- opening ---- */

struct loading {
    const void *bytes;
    size_t size;
    const char *name;
    struct module_scope scope;
    struct instruction_costs costs;
    struct module *module;
    char error[512];
};

/* On a stack of the host's: the dynamic linker takes more than a core has. */
static void *load(void *argument)
{
    struct loading *loading = argument;
    size_t size = loading->size;
    void *part = device_part_unpack(loading->bytes, loading->size, &size);

    loading->module = module_open(&dav_chip->modules, part ? part : loading->bytes, size, loading->name,
                                  &loading->costs, &loading->scope, loading->error, sizeof(loading->error));
    free(part);
    return NULL;
}

static void *file_bytes(int fd, size_t *size)
{
    struct stat status;
    void *bytes = NULL;

    if (fstat(fd, &status) != 0 || status.st_size <= 0)
        return NULL;
    *size = (size_t)status.st_size;
    bytes = malloc(*size);
    if (bytes && pread(fd, bytes, *size, 0) != (ssize_t)*size) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

static void undefined(const char *name)
{
    port_fail("%s calls %s, which its library leaves undefined and nothing on the device defines", dav_running->name,
              name);
}

static struct module *load_file(int fd, const char *path, int mode, const struct module *opener)
{
    struct module *visible[LIBRARIES];
    const char *slash = strrchr(path, '/');
    struct loading loading = {.name = slash ? slash + 1 : path,
                              .scope = {.modules = visible, .lazy = !(mode & RTLD_NOW), .undefined = undefined}};
    void *bytes = file_bytes(fd, &loading.size);
    pthread_t thread;

    if (!bytes) {
        fail("%s: is empty", path);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (libraries[i]->module && libraries[i]->global)
            visible[loading.scope.count++] = libraries[i]->module;
    loading.bytes = bytes;
    loading.costs = *module_costs(opener);
    if (pthread_create(&thread, NULL, load, &loading) == 0)
        pthread_join(thread, NULL);
    else
        snprintf(loading.error, sizeof(loading.error), "the simulator cannot start a thread to load a library");
    free(bytes);
    if (!loading.module)
        fail("%s", loading.error);
    return loading.module;
}

/* Libraries of the system, which are there for all. */
static bool is_system(const char *path)
{
    static const char *const names[] = {"libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strncmp(path, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* An open library by its name or its file. @fd: of the file, or -1. */
static struct library *find_open(const char *path, int fd)
{
    for (size_t i = 0; i < count; i++)
        if (libraries[i]->module &&
            (same_file(libraries[i]->fd, fd) || (libraries[i]->fd < 0 && strcmp(libraries[i]->path, path) == 0)))
            return libraries[i];
    return NULL;
}

/* In the simulator. @fresh: the library is new, and its constructors have to run. */
static void *open_path(const char *path, int mode, struct module *opener, struct module **fresh)
{
    char own[FS_PATH_MAX], resolved[FS_PATH_MAX];
    struct library *library;
    int fd;

    begin();
    if (is_system(path))
        return (void *)HANDLE_MAIN;
    binary_path(opener, own);
    if (fs_resolve(resolved, path) != 0)
        snprintf(resolved, sizeof(resolved), "%s", path);
    library = find_open(resolved, -1);
    if (!library && strcmp(resolved, own) == 0)
        library = add(opener, own, -1);
    if (library)
        return open_once_more(library, mode);
    fd = strchr(path, '/') ? fs_open(path, O_RDONLY) : -1;
    if (fd < 0) {
        fail("%s: cannot be opened on the device (%s), whose files are those that device code writes", path,
             strerror(strchr(path, '/') ? errno : ENOENT));
        return NULL;
    }
    library = find_open(resolved, fd);
    if (library || (mode & RTLD_NOLOAD)) {
        fs_close(fd);
        return library ? open_once_more(library, mode) : NULL;
    }
    *fresh = load_file(fd, resolved, mode, opener);
    if (!*fresh || !(library = add(*fresh, resolved, fd))) {
        fs_close(fd);
        return NULL;
    }
    return open_once_more(library, mode);
}

DEVICE_CALL void *__wrap_dlopen(const char *path, int mode)
{
    struct module *opener = module_at(&dav_chip->modules, (uintptr_t)__builtin_return_address(0)), *fresh = NULL;
    void (*const *functions)(void);
    char copy[FS_PATH_MAX];
    struct core *core;
    void *handle;

    if (!path || !opener) {
        libc_call();
        return (void *)HANDLE_MAIN;
    }
    if (!process_text(copy, sizeof(copy), path)) {
        fail("a library's name of more than %d characters", FS_PATH_MAX - 1);
        return NULL;
    }
    core = process_enter("dlopen");
    handle = open_path(copy, mode, opener, &fresh);
    process_leave(core);
    for (size_t i = 0, n = fresh ? module_functions(fresh, false, &functions) : 0; i < n; i++)
        functions[i]();
    return handle;
}

DEVICE_CALL int __wrap_dlclose(void *handle)
{
    struct core *core = process_enter("dlclose");
    struct library *library = library_of(handle);
    struct module *last = library && library->references == 1 && library->fd >= 0 ? library->module : NULL;
    void (*const *functions)(void);

    if (!library && handle != (void *)HANDLE_MAIN)
        fail("dlclose: %p is no open library", handle);
    if (library && library->references && !last)
        library->references--;
    process_leave(core);
    for (size_t i = last ? module_functions(last, true, &functions) : 0; i; i--)
        functions[i - 1]();
    if (!last)
        return library || handle == (void *)HANDLE_MAIN ? 0 : -1;
    core = process_enter("dlclose");
    if (library->module && --library->references == 0) {
        module_close(last);
        library->module = NULL;
        fs_close(library->fd);
        library->fd = -1;
    }
    process_leave(core);
    return 0;
}

/* ---- names ---- */

/* What the whole process sees: its global libraries, the C library in the device's version. */
static void *visible_symbol(const char *name, const struct module *own)
{
    void *address = own ? module_symbol(own, (const char *const[]){name, NULL}) : NULL;
    char wrapped[sizeof("__wrap_") + NAME_BYTES];

    for (size_t i = 0; i < count && !address; i++)
        if (libraries[i]->module && libraries[i]->global)
            address = module_symbol(libraries[i]->module, (const char *const[]){name, NULL});
    snprintf(wrapped, sizeof(wrapped), "__wrap_%s", name);
    if (!address)
        address = module_library(wrapped);
    return address ? address : module_library(name);
}

static void *find_symbol(const void *handle, const char *name, const struct module *own)
{
    const struct library *library = library_of(handle);
    void *address;

    begin();
    if (handle == RTLD_DEFAULT || handle == RTLD_NEXT || handle == (void *)HANDLE_MAIN) {
        address = visible_symbol(name, handle == RTLD_DEFAULT ? own : NULL);
        if (!address)
            fail("undefined symbol: %s", name);
        return address;
    }
    if (!library) {
        fail("dlsym: %p is no open library", handle);
        return NULL;
    }
    address = module_symbol(library->module, (const char *const[]){name, NULL});
    if (!address)
        fail("%s: undefined symbol: %s; export it with C linkage", library->path, name);
    return address;
}

DEVICE_CALL void *__wrap_dlsym(void *handle, const char *name)
{
    const struct module *own = module_at(&dav_chip->modules, (uintptr_t)__builtin_return_address(0));
    char copy[NAME_BYTES];
    struct core *core;
    void *address;

    if (!process_text(copy, sizeof(copy), name)) {
        fail("a symbol's name of more than %d characters", NAME_BYTES - 1);
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
    struct module *module = module_at(&dav_chip->modules, (uintptr_t)address);
    static char own[FS_PATH_MAX];
    Dl_info info = {0};
    bool known = module && dladdr(address, &info);

    begin();
    if (known) {
        info.dli_fbase = (void *)module_base(module);
        info.dli_fname = NULL;
        for (size_t i = 0; i < count && !info.dli_fname; i++)
            if (libraries[i]->module == module)
                info.dli_fname = libraries[i]->path;
        if (!info.dli_fname) {
            binary_path(module, own);
            info.dli_fname = own;
        }
    }
    process_leave(core);
    if (known)
        port_store_block(out, &info, 0, sizeof(info));
    return known;
}
