// runtimemaker.cpp - the host part: let the orchestration function make the tasks; after the run, bring results back.
#include "runtime.h"

#include <cstdio>
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*OrchFunc)(Runtime *runtime, uint64_t *args, int arg_count);

// The orchestration comes as the bytes of a shared library; the loader wants a file.
static void *load(const char *library, size_t size)
{
    char path[64];
    void *handle = nullptr;
    int fd = memfd_create("orchestration", MFD_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, library, size) != static_cast<ssize_t>(size))
        perror("my_runtime: cannot keep the orchestration in memory");
    else if (!(handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)))
        fprintf(stderr, "my_runtime: cannot load the orchestration: %s\n", dlerror());
    if (fd >= 0)
        close(fd);
    return handle;
}

static int release_tensors(Runtime *runtime, bool copy_back)
{
    int status = 0;
    for (int i = 0; i < runtime->tensor_pair_count; i++) {
        const TensorPair &pair = runtime->tensor_pairs[i];
        if (copy_back)
            status |= runtime->host_api.CopyFromDevice(pair.hostPtr, pair.devPtr, pair.size);
        runtime->host_api.DeviceFree(pair.devPtr);
    }
    runtime->tensor_pair_count = 0;
    return status;
}

// Fill the runtime, of which only host_api has been set, by the named function of the library.
extern "C" int InitRuntime(Runtime *runtime, const char *orch_so_binary, size_t orch_so_binary_len,
                           const char *orch_func_name, uint64_t *func_args, int func_arg_count)
{
    int status = -1;
    runtime->task_count = 0;
    runtime->tensor_pair_count = 0;
    void *handle = load(orch_so_binary, orch_so_binary_len);
    if (!handle)
        return -1;
    OrchFunc build = reinterpret_cast<OrchFunc>(dlsym(handle, orch_func_name));
    if (!build)
        fprintf(stderr, "my_runtime: the orchestration has no function %s\n", orch_func_name);
    else if ((status = build(runtime, func_args, func_arg_count)) != 0)
        fprintf(stderr, "my_runtime: %s returned %d\n", orch_func_name, status);
    if (status != 0)
        release_tensors(runtime, false);
    dlclose(handle);
    return status;
}

// Copy the results back and free everything.
extern "C" int FinalizeRuntime(Runtime *runtime)
{
    return release_tensors(runtime, true);
}
