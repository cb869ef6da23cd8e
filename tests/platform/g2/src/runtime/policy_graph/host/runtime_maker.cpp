// runtime_maker.cpp - the host part: uploads the kernels, moves what the arguments point to, and lets the
// orchestration, loaded from a temporary file, build the graph on device addresses. What is wrong with its input, it
// throws.
#include "runtime.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include "common/unified_log.h"

namespace
{

typedef int (*OrchestrationFunc)(Runtime *runtime, uint64_t *args, int arg_count);

enum ArgType { ARG_SCALAR, ARG_INPUT_PTR, ARG_OUTPUT_PTR, ARG_INOUT_PTR };

OrchestrationFunc load_orchestration(const uint8_t *binary, size_t size, const char *name)
{
    char path[] = "/tmp/orchestration_XXXXXX";
    const int fd = mkstemp(path);
    const bool written = fd >= 0 && write(fd, binary, size) == static_cast<ssize_t>(size);
    void *library = nullptr;

    if (fd >= 0)
        close(fd);
    if (written)
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (fd >= 0)
        unlink(path);
    if (library == nullptr)
        throw std::runtime_error(written ? dlerror() : "the orchestration cannot be written to a temporary file");
    void *function = dlsym(library, name);
    if (function == nullptr)
        throw std::runtime_error(dlerror());
    return reinterpret_cast<OrchestrationFunc>(function);
}

void upload_kernels(Runtime *runtime, const int *ids, const uint8_t *const *binaries, const size_t *sizes, int count)
{
    for (int i = 0; i < count; i++) {
        if (ids[i] < 0 || ids[i] >= RUNTIME_MAX_FUNC_ID)
            throw std::out_of_range("func_id " + std::to_string(ids[i]) + " is not below 8");
        const uint64_t addr = runtime->host_api.upload_kernel_binary(ids[i], binaries[i], sizes[i]);
        if (addr == 0)
            throw std::runtime_error("kernel " + std::to_string(ids[i]) + " was not uploaded");
        runtime->set_function_bin_addr(ids[i], addr);
    }
}

// The arguments, with host addresses replaced by those of device memory.
std::vector<uint64_t> move_args(Runtime *runtime, const uint64_t *args, int count, const int *types,
                                const uint64_t *sizes)
{
    std::vector<uint64_t> moved(args, args + count);

    for (int i = 0; i < count; i++) {
        const int type = types == nullptr ? ARG_SCALAR : types[i];
        if (type == ARG_SCALAR)
            continue;
        if (sizes == nullptr || sizes[i] == 0)
            throw std::invalid_argument("argument " + std::to_string(i) + " points to 0 bytes");
        moved[i] = reinterpret_cast<uint64_t>(runtime->add_tensor(reinterpret_cast<void *>(args[i]), sizes[i],
                                                                  type != ARG_OUTPUT_PTR, type != ARG_INPUT_PTR));
    }
    return moved;
}

} // namespace

extern "C" int init_runtime_impl(Runtime *runtime, const uint8_t *orch_so_binary, size_t orch_so_size,
                                 const char *orch_func_name, uint64_t *func_args, int func_args_count, int *arg_types,
                                 uint64_t *arg_sizes, const int *kernel_func_ids, const uint8_t *const *kernel_binaries,
                                 const size_t *kernel_sizes, int kernel_count)
{
    try {
        upload_kernels(runtime, kernel_func_ids, kernel_binaries, kernel_sizes, kernel_count);
        std::vector<uint64_t> args = move_args(runtime, func_args, func_args_count, arg_types, arg_sizes);
        OrchestrationFunc function = load_orchestration(orch_so_binary, orch_so_size, orch_func_name);
        const int rc = function(runtime, args.data(), func_args_count);
        if (rc != 0)
            throw std::runtime_error("the orchestration returned " + std::to_string(rc));
    } catch (...) {
        runtime->free_tensors();
        throw;
    }
    LOG_INFO("%d tasks", runtime->get_task_count());
    return 0;
}

extern "C" int validate_runtime_impl(Runtime *runtime)
{
    int64_t completed = 0;
    int rc = runtime->copy_tensors_back();

    for (int64_t of_thread : runtime->report.completed)
        completed += of_thread;
    if (completed != runtime->get_task_count()) {
        LOG_ERROR("%lld of %d tasks have been executed", (long long)completed, runtime->get_task_count());
        rc = -1;
    }
    if (runtime->report_to != nullptr)
        std::memcpy(runtime->report_to, &runtime->report, sizeof(runtime->report));
    runtime->free_tensors();
    return rc;
}
