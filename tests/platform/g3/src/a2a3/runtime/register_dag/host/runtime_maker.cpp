/* runtime_maker.cpp - the orchestration builds the graph on the host; the results are taken back at the end. */
#include <cstdio>
#include <dlfcn.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "common/unified_log.h"
#include "kernels.h"
#include "profiling.h"

typedef int (*OrchestrationFunc)(Runtime *runtime, uint64_t *args, int arg_count);

static void *open_library(const uint8_t *library, size_t size)
{
    const int fd = memfd_create("orchestration", MFD_CLOEXEC);
    void *handle = nullptr;

    if (fd >= 0 && write(fd, library, size) == static_cast<ssize_t>(size))
        handle = dlopen(("/proc/self/fd/" + std::to_string(fd)).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (fd >= 0)
        close(fd);
    return handle;
}

extern "C" int init_runtime_impl(Runtime *runtime, const uint8_t *library, size_t size, const char *function,
                                 uint64_t *args, int arg_count, int *arg_types, uint64_t *arg_sizes,
                                 const int *kernel_ids, const uint8_t *const *kernels, const size_t *kernel_sizes,
                                 int kernel_count)
{
    (void)arg_types, (void)arg_sizes; /* the orchestration knows */
    if (!upload_kernels(runtime, kernel_ids, kernels, kernel_sizes, kernel_count))
        return -1;
    void *handle = open_library(library, size);
    if (!handle) {
        LOG_ERROR("%s", dlerror());
        return -1;
    }
    OrchestrationFunc build = reinterpret_cast<OrchestrationFunc>(dlsym(handle, function));
    const int status = build ? build(runtime, args, arg_count) : -1;
    dlclose(handle);
    if (status != 0)
        release_tensors(runtime, false);
    return status;
}

extern "C" int validate_runtime_impl(Runtime *runtime)
{
    int executed = 0;

    for (int thread = 0; thread < runtime->sche_cpu_num; thread++)
        executed += runtime->executed[thread];
    printf("%d tasks of %d, counted thread by thread\n", executed, runtime->get_task_count());
    const int status = release_tensors(runtime, true);
    if (runtime->enable_profiling)
        printf("%d records\n", take_records(runtime));
    return runtime->ticks > 0 && executed == runtime->get_task_count() ? status : -1;
}
