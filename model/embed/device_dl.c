/* device_dl.c - libraries that AICPU code opens: dlopen and its kin, on the device's own files (device_fs.h).
 *
 * Such a library is device code like the AICPU binary: it comes from davcc, its accesses go through the port, its
 * blocks take time, its statics are the process's. Its constructors run on the thread that opens it. What it leaves
 * undefined is found in the libraries that were opened with RTLD_GLOBAL, and in the device's C library. The AICPU
 * binary itself is loaded without that, as a plugin is; it can open itself by the name that dladdr gives it, and then
 * is one of them.
 */
#include "model/embed/device_dl.h"

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
#include "model/embed/device_part.h"

/* Its files are closed with all others; what is loaded stays. */
static void forget(void *part)
{
    struct dl *gone = part;

    for (size_t i = 0; i < gone->count; i++)
        free(gone->libraries[i]);
    for (size_t i = 0; i < CALLERS; i++)
        free(gone->messages[i]);
}

struct dl *dl_state(void)
{
    static struct process_part *parts;

    return (struct dl *)process_part(&parts, sizeof(struct dl), forget);
}

struct module_set *dl_loaded(void)
{
    return &(libc_nobody() ? dav_chip : dav_running->chip)->modules;
}

/* ---- what went wrong ---- */

static unsigned caller(void)
{
    return libc_nobody() ? 0 : (unsigned)dav_running->number % CALLERS;
}

void dl_fail(const char *format, ...)
{
    struct dl *dl = dl_state();
    char **message = &dl->messages[caller()];
    va_list args;

    if (!*message)
        *message = libc_block(0, MESSAGE_BYTES);
    if (!*message)
        return;
    va_start(args, format);
    vsnprintf(*message, MESSAGE_BYTES, format, args);
    va_end(args);
    dl->told[caller()] = false;
    process_say(DAV_LOG_ERROR, "%s", *message);
}

DEVICE_CALL char *__wrap_dlerror(void)
{
    struct dl *dl = dl_state();
    unsigned i = caller();
    char *message = dl->told[i] ? NULL : dl->messages[i];

    libc_call();
    dl->told[i] = true;
    return message;
}

/* ---- the table ---- */

static void *handle_of(size_t index)
{
    return (void *)(uintptr_t)(HANDLE_MAIN + HANDLE_STEP * (index + 1));
}

struct library *dl_library(const void *handle)
{
    const struct dl *dl = dl_state();
    size_t offset = (uintptr_t)handle - HANDLE_MAIN - HANDLE_STEP, index = offset / HANDLE_STEP;

    return offset % HANDLE_STEP == 0 && index < dl->count && dl->libraries[index]->module ? dl->libraries[index] : NULL;
}

static bool same_file(int a, int b)
{
    struct stat x, y;

    return a >= 0 && b >= 0 && fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

void dl_binary_path(const struct module *module, char path[FS_PATH_MAX])
{
    unsigned serial = module_serial(module);

    if (serial)
        snprintf(path, FS_PATH_MAX, "%s/libaicpu_%u.so", FS_AICPU_DIRECTORY, serial);
    else
        snprintf(path, FS_PATH_MAX, "%s/libaicpu.so", FS_AICPU_DIRECTORY);
}

static struct library *add(struct module *module, struct module *binary, const char *path, int fd)
{
    struct dl *dl = dl_state();
    struct library *library;
    size_t index = 0;

    while (index < dl->count && dl->libraries[index]->module)
        index++;
    if (index == LIBRARIES || (index == dl->count && !(dl->libraries[index] = malloc(sizeof(*library))))) {
        dl_fail("%s: too many libraries are open", path);
        return NULL;
    }
    dl->count += index == dl->count;
    library = dl->libraries[index];
    *library = (struct library){.module = module, .binary = binary, .fd = fd};
    snprintf(library->path, sizeof(library->path), "%s", path);
    return library;
}

static void *open_once_more(struct library *library, int mode)
{
    const struct dl *dl = dl_state();
    size_t index = 0;

    while (dl->libraries[index] != library)
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

    loading->module = module_open(dl_loaded(), part ? part : loading->bytes, size, loading->name, &loading->costs,
                                  &loading->scope, loading->error, sizeof(loading->error));
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

static struct module *load_file(int fd, const char *path, int mode, const struct module *binary)
{
    const struct dl *dl = dl_state();
    struct module *visible[LIBRARIES];
    const char *slash = strrchr(path, '/');
    struct loading loading = {
        .name = slash ? slash + 1 : path,
        .scope = {.modules = visible, .lazy = !(mode & RTLD_NOW), .undefined = undefined, .hidden = binary}};
    void *bytes = file_bytes(fd, &loading.size);
    pthread_t thread;

    if (!bytes) {
        dl_fail("%s: is empty", path);
        return NULL;
    }
    for (size_t i = 0; i < dl->count; i++)
        if (dl->libraries[i]->module && dl->libraries[i]->global)
            visible[loading.scope.count++] = dl->libraries[i]->module;
    loading.bytes = bytes;
    loading.costs = *module_costs(binary);
    if (pthread_create(&thread, NULL, load, &loading) == 0)
        pthread_join(thread, NULL);
    else
        snprintf(loading.error, sizeof(loading.error), "the simulator cannot start a thread to load a library");
    free(bytes);
    if (!loading.module)
        dl_fail("%s", loading.error);
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
    const struct dl *dl = dl_state();

    for (size_t i = 0; i < dl->count; i++)
        if (dl->libraries[i]->module && (same_file(dl->libraries[i]->fd, fd) ||
                                         (dl->libraries[i]->fd < 0 && strcmp(dl->libraries[i]->path, path) == 0)))
            return dl->libraries[i];
    return NULL;
}

/* On whose behalf @module opens libraries. */
static struct module *binary_of(struct module *module)
{
    const struct dl *dl = dl_state();

    for (size_t i = 0; i < dl->count; i++)
        if (dl->libraries[i]->module == module)
            return dl->libraries[i]->binary;
    return module;
}

/* In the simulator. @fresh: the library is new, and its constructors have to run. */
static void *open_path(const char *path, int mode, struct module *opener, struct module **fresh)
{
    struct module *binary = binary_of(opener);
    char own[FS_PATH_MAX], resolved[FS_PATH_MAX];
    struct library *library;
    int fd;

    if (is_system(path))
        return (void *)HANDLE_MAIN;
    dl_binary_path(binary, own);
    if (fs_resolve(resolved, path) != 0)
        snprintf(resolved, sizeof(resolved), "%s", path);
    library = find_open(resolved, -1);
    if (!library && strcmp(resolved, own) == 0)
        library = add(binary, binary, own, -1);
    if (library)
        return open_once_more(library, mode);
    fd = strchr(path, '/') ? fs_open(path, O_RDONLY) : -1;
    if (fd < 0) {
        dl_fail("%s: cannot be opened on the device (%s), whose files are those that device code writes", path,
                strerror(strchr(path, '/') ? errno : ENOENT));
        return NULL;
    }
    library = find_open(resolved, fd);
    if (library || (mode & RTLD_NOLOAD)) {
        fs_close(fd);
        return library ? open_once_more(library, mode) : NULL;
    }
    *fresh = load_file(fd, resolved, mode, binary);
    if (!*fresh || !(library = add(*fresh, binary, resolved, fd))) {
        fs_close(fd);
        return NULL;
    }
    return open_once_more(library, mode);
}

DEVICE_CALL void *__wrap_dlopen(const char *path, int mode)
{
    struct module *opener = module_at(dl_loaded(), (uintptr_t)__builtin_return_address(0)), *fresh = NULL;
    void (*const *functions)(void);
    char copy[FS_PATH_MAX];
    struct core *core;
    void *handle;

    if (!path || !opener) {
        libc_call();
        return (void *)HANDLE_MAIN;
    }
    if (!process_text(copy, sizeof(copy), path)) {
        dl_fail("a library's name of more than %d characters", FS_PATH_MAX - 1);
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
    struct library *library = dl_library(handle);
    struct module *last = library && library->references == 1 && library->fd >= 0 ? library->module : NULL;
    void (*const *functions)(void);

    if (!library && handle != (void *)HANDLE_MAIN)
        dl_fail("dlclose: %p is no open library", handle);
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
