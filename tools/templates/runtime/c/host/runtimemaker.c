/* runtimemaker.c - the host part: let the orchestration function make the tasks; after the run, bring results back. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include "runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*orchestration_fn)(Runtime *runtime, uint64_t *args, int arg_count);

/* The orchestration comes as the bytes of a shared library; the loader wants a file. */
static void *load(const uint8_t *library, size_t size)
{
    char path[64];
    void *handle = NULL;
    int fd = memfd_create("orchestration", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, library, size) != (ssize_t)size)
        perror("my_runtime: cannot keep the orchestration in memory");
    else if (!(handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)))
        fprintf(stderr, "my_runtime: cannot load the orchestration: %s\n", dlerror());
    if (fd >= 0)
        close(fd);
    return handle;
}

static int release_tensors(Runtime *runtime, int copy_back)
{
    int status = 0;
    for (int i = 0; i < runtime->tensor_pair_count; i++) {
        const TensorPair *pair = &runtime->tensor_pairs[i];
        if (copy_back && pair->host_ptr)
            status |= runtime->host_api.copy_from_device(pair->host_ptr, pair->dev_ptr, pair->size);
        runtime->host_api.device_free(pair->dev_ptr);
    }
    runtime->tensor_pair_count = 0;
    return status;
}

/** init_runtime_impl - fill @runtime, zeroed but for host_api, by @function of the library @orchestration. */
int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count)
{
    int status = -1;
    void *handle = load(orchestration, size);
    if (!handle)
        return -1;
    orchestration_fn build = (orchestration_fn)dlsym(handle, function);
    if (!build)
        fprintf(stderr, "my_runtime: the orchestration has no function %s\n", function);
    else if ((status = build(runtime, args, arg_count)) != 0)
        fprintf(stderr, "my_runtime: %s returned %d\n", function, status);
    if (status != 0)
        release_tensors(runtime, 0);
    dlclose(handle);
    return status;
}

/** validate_runtime_impl - copy the results back and free everything. */
int validate_runtime_impl(Runtime *runtime)
{
    return release_tensors(runtime, 1);
}
