/* orchestration.cpp - the bytes in GM become a file of the device's, for that is what can be opened. */
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "graph.h"

typedef int (*OrchestrationFunc)(Runtime *runtime, uint64_t *args, int arg_count);

static std::string make_file(const void *bytes, size_t size)
{
    char path[] = "/tmp/orchestration_XXXXXX";
    const int fd = mkstemp(path);
    const bool written = fd >= 0 && write(fd, bytes, size) == static_cast<ssize_t>(size);

    if (fd >= 0)
        close(fd);
    return written ? path : "";
}

int run_orchestration(Runtime *runtime)
{
    cache_invalidate_range(runtime->library, runtime->library_size);
    const std::string path = make_file(runtime->library, runtime->library_size);
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    unlink(path.c_str());
    if (!library) {
        DEV_ERROR("%s", dlerror());
        return -1;
    }
    OrchestrationFunc build = reinterpret_cast<OrchestrationFunc>(dlsym(library, runtime->function));
    if (!build)
        DEV_ERROR("the orchestration has no function %s", runtime->function);
    const int status = build ? build(runtime, runtime->args, runtime->arg_count) : -1;
    dlclose(library);
    return status;
}
