/* runtime_maker.c - the host part: load an orchestration function from memory and let it say what to run; after the run
 * bring results back and free everything.
 *
 * Whatever fails prints one line on stderr, leaves no memory behind and returns nonzero.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include "runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*orchestration_fn)(Runtime *runtime, uint64_t *args, int arg_count);

/* The bytes of a shared library as a file without a name; its descriptor, or -1. */
static int library_file(const uint8_t *library, size_t size)
{
    int fd = memfd_create("orchestration", MFD_CLOEXEC);
    if (fd < 0) {
        perror("spmd: init_runtime: cannot make a file in memory for the orchestration");
        return -1;
    }
    for (size_t done = 0; done < size;) {
        ssize_t written = write(fd, library + done, size - done);
        if (written < 0) {
            perror("spmd: init_runtime: cannot write the orchestration to memory");
            close(fd);
            return -1;
        }
        done += (size_t)written;
    }
    return fd;
}

/* The library as a dlopen handle, or NULL. */
static void *load_library(const uint8_t *library, size_t size)
{
    if (!library || size < 4 || memcmp(library, "\177ELF", 4) != 0) {
        fprintf(stderr,
                "spmd: init_runtime: the orchestration (%zu bytes) is not an ELF shared library; compile it with "
                "compile_orchestration\n",
                size);
        return NULL;
    }
    int fd = library_file(library, size);
    if (fd < 0)
        return NULL;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        fprintf(stderr, "spmd: init_runtime: cannot load the orchestration: %s\n", dlerror());
    close(fd);
    return handle;
}

/* Load the library, call the function that says what to run, unload. */
static int orchestrate(Runtime *runtime, const uint8_t *library, size_t size, const char *function, uint64_t *args,
                       int arg_count)
{
    void *handle = load_library(library, size);
    if (!handle)
        return -1;
    void *symbol = dlsym(handle, function);
    int status = -1;
    if (!symbol) {
        fprintf(stderr,
                "spmd: init_runtime: the orchestration has no function %s; is it spelled so, and neither static nor "
                "mangled?\n",
                function);
    } else {
        orchestration_fn orchestration;
        memcpy(&orchestration, &symbol, sizeof orchestration);
        status = orchestration(runtime, args, arg_count);
        if (status != 0)
            fprintf(stderr, "spmd: init_runtime: %s returned %d\n", function, status);
    }
    dlclose(handle);
    return status;
}

/* Results to the host if @copy_back; every tensor is freed whether or not a copy fails. */
static int release_tensors(Runtime *runtime, int copy_back)
{
    int status = 0;
    for (int i = 0; i < runtime->tensor_count; i++) {
        const Tensor *tensor = &runtime->tensors[i];
        if (copy_back && (tensor->use & TENSOR_OUT) &&
            runtime->host_api.copy_from_device(tensor->host_ptr, tensor->dev_ptr, tensor->size) != 0) {
            fprintf(stderr, "spmd: finalize_runtime: cannot copy tensor %d (%zu bytes) back\n", i, tensor->size);
            status = -1;
        }
        runtime->host_api.device_free(tensor->dev_ptr);
    }
    runtime->tensor_count = 0;
    return status;
}

/** init_runtime_impl - let @function of the shared library @orchestration set up @runtime, zeroed but for host_api. */
int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count)
{
    if (!runtime || !function || arg_count < 0 || (arg_count > 0 && !args)) {
        fprintf(stderr, "spmd: init_runtime: needs a runtime, the name of a function and its arguments\n");
        return -1;
    }
    int status = orchestrate(runtime, orchestration, size, function, args, arg_count);
    if (status == 0 && !runtime->kernels[RUNTIME_AIC] && !runtime->kernels[RUNTIME_AIV]) {
        fprintf(stderr, "spmd: init_runtime: %s has set no kernel; call set_kernel\n", function);
        status = -1;
    }
    if (status != 0)
        release_tensors(runtime, 0);
    return status;
}

/** validate_runtime_impl - copy the results back, free all tensors. */
int validate_runtime_impl(Runtime *runtime)
{
    if (!runtime) {
        fprintf(stderr, "spmd: finalize_runtime: the runtime is NULL\n");
        return -1;
    }
    return release_tensors(runtime, 1);
}
