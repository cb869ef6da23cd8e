// runtimemaker.cpp - the host part: an orchestration comes as a library in memory and becomes a file descriptor, which
// the dynamic linker can open. The library stays open: its code may be wanted until the process ends.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "runtime.h"

#include <dlfcn.h>
#include <iostream>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*OrchestrationFunc)(Runtime *runtime, uint64_t *args, int arg_count);

static void *OpenLibrary(const uint8_t *binary, size_t size)
{
    int fd = memfd_create("orchestration", MFD_CLOEXEC);
    if (fd < 0 || write(fd, binary, size) != static_cast<ssize_t>(size)) {
        if (fd >= 0)
            close(fd);
        throw std::runtime_error("the orchestration does not fit into memory");
    }
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    close(fd);
    if (library == nullptr)
        throw std::runtime_error(dlerror());
    return library;
}

// What an orchestration throws is the caller's to catch; its tensors go either way.
static int Build(OrchestrationFunc function, Runtime *runtime, uint64_t *args, int arg_count)
{
    try {
        return function(runtime, args, arg_count);
    } catch (...) {
        runtime->FreeTensors();
        throw;
    }
}

extern "C" int InitRuntimeImpl(Runtime *runtime, const uint8_t *orch_so_binary, size_t orch_so_size,
                               const char *orch_func_name, uint64_t *func_args, int func_args_count)
{
    void *library = OpenLibrary(orch_so_binary, orch_so_size);
    auto function = reinterpret_cast<OrchestrationFunc>(dlsym(library, orch_func_name));
    if (function == nullptr)
        throw std::runtime_error(dlerror());
    int rc = Build(function, runtime, func_args, func_args_count);
    if (rc != 0) {
        std::cerr << "the orchestration returned " << rc << '\n';
        runtime->FreeTensors();
    }
    return rc;
}

extern "C" int ValidateRuntimeImpl(Runtime *runtime)
{
    int rc = runtime->CopyTensorsBack();
    runtime->FreeTensors();
    return rc;
}
