/* pto_host.c - load the host part of a runtime from memory and find the platform's C API in it.
 *
 * The library goes into a memory file that stays open: the loader tells libraries apart by the names they were opened
 * with, and "/proc/self/fd/7" must not come to mean another library once the number is free again.
 *
 * Its symbols are not made global, so that several runtimes, which define the same names, can be loaded in one process:
 * an orchestration was linked with the host part of its own runtime, and the loader finds that by its soname.
 */
#include "tools/pto.h"

#include "model/davsim.h"
#include "model/embed/elf_library.h"
#include "tools/fail.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *load(const struct pto_blob *library)
{
    char path[64];
    int fd = memfd_create("davsim-host", MFD_CLOEXEC);
    if (fd < 0) {
        fail(DAV_INTERNAL, "cannot make a memory file for the runtime's host part: %s", strerror(errno));
        return NULL;
    }
    for (size_t done = 0; done < library->size;) {
        ssize_t n = write(fd, library->data + done, library->size - done);
        if (n < 0 && errno != EINTR) {
            fail(DAV_INTERNAL, "cannot fill the memory file of the runtime's host part: %s", strerror(errno));
            close(fd);
            return NULL;
        }
        done += n > 0 ? n : 0;
    }
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        fail(DAV_BAD_INPUT, "cannot load the runtime's host part: %s", dlerror());
        close(fd);
    }
    return handle;
}

/* Host parts stay loaded, and their tables stay valid, until the process ends. */
struct loaded {
    struct pto_host api;   /* first, so that a table is its entry */
    struct pto_blob bytes; /* that it was loaded from */
    struct loaded *next;
};

static struct loaded *all_loaded;

struct pto_host *pto_load_host(const struct pto_blob *host)
{
    if (!host || !host->data || !host->size) {
        fail(DAV_BAD_INPUT, "pto_load_host: no host part given; building a runtime makes one");
        return NULL;
    }
    const char *why = elf_library_why_not(host->data, host->size);
    if (why) {
        fail(DAV_BAD_INPUT, "cannot load the runtime's host part: it %s; building a runtime makes one", why);
        return NULL;
    }
    for (struct loaded *known = all_loaded; known; known = known->next)
        if (known->bytes.size == host->size && memcmp(known->bytes.data, host->data, host->size) == 0)
            return &known->api;
    struct loaded *entry = calloc(1, sizeof(*entry));
    uint8_t *bytes = malloc(host->size);
    void *handle = entry && bytes ? load(host) : NULL;
    if (!handle) {
        free(entry);
        free(bytes);
        return NULL;
    }
    memcpy(bytes, host->data, host->size);
    entry->bytes = (struct pto_blob){bytes, host->size};
    struct pto_host *api = &entry->api;
    api->handle = handle;
    const struct {
        const char *name;
        void *slot;
    } functions[] = {
        {"get_runtime_size", &api->get_runtime_size},
        {"init_runtime", &api->init_runtime},
        {"init_runtime_from", &api->init_runtime_from},
        {"launch_runtime", &api->launch_runtime},
        {"finalize_runtime", &api->finalize_runtime},
        {"set_device", &api->set_device},
        {"register_kernel", &api->register_kernel},
        {"device_malloc", &api->device_malloc},
        {"device_free", &api->device_free},
        {"copy_to_device", &api->copy_to_device},
        {"copy_from_device", &api->copy_from_device},
        {"device_computes", &api->device_computes},
        {"device_figures", &api->device_figures},
    };
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        void *address = dlsym(handle, functions[i].name);
        if (!address) {
            fail(DAV_BAD_INPUT, "the runtime's host part does not export %s: it was not made by pto_build_runtime",
                 functions[i].name);
            pto_blob_free(&entry->bytes);
            free(entry);
            return NULL;
        }
        memcpy(functions[i].slot, &address, sizeof(address));
    }
    entry->next = all_loaded;
    all_loaded = entry;
    return api;
}
