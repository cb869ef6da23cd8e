/* runtime_maker.cpp - the orchestration and every tensor that init_runtime_impl is told of go to GM; what is an output
 * comes back.
 */
#include <cstdio>
#include <cstring>

#include "kernels.h"

enum ArgType { SCALAR = 0, INPUT_PTR = 1, OUTPUT_PTR = 2, INOUT_PTR = 3 };

/* Return: the address that the orchestration is to be given, 0 if there is none. */
static uint64_t place(Runtime *runtime, uint64_t arg, int type, size_t size)
{
    void *host = reinterpret_cast<void *>(arg), *device = runtime->host_api.device_malloc(size);

    if (!runtime->record_tensor_pair(type == INPUT_PTR ? nullptr : host, device, size))
        return 0;
    if (type != OUTPUT_PTR && runtime->host_api.copy_to_device(device, host, size) != 0)
        return 0;
    return reinterpret_cast<uint64_t>(device);
}

static bool place_all(Runtime *runtime, const uint8_t *library, size_t size, const uint64_t *args, int arg_count,
                      const int *types, const uint64_t *sizes)
{
    if (!library || arg_count > MAX_ARGS || (arg_count && (!types || !sizes)))
        return false;
    runtime->library = reinterpret_cast<void *>(place(runtime, reinterpret_cast<uint64_t>(library), INPUT_PTR, size));
    runtime->library_size = size;
    runtime->arg_count = arg_count;
    for (int i = 0; i < arg_count; i++) {
        runtime->args[i] = types[i] == SCALAR ? args[i] : place(runtime, args[i], types[i], sizes[i]);
        if (types[i] != SCALAR && !runtime->args[i])
            return false;
    }
    return runtime->library != nullptr;
}

extern "C" int init_runtime_impl(Runtime *runtime, const uint8_t *library, size_t size, const char *function,
                                 uint64_t *args, int arg_count, int *arg_types, uint64_t *arg_sizes,
                                 const int *kernel_ids, const uint8_t *const *kernels, const size_t *kernel_sizes,
                                 int kernel_count)
{
    if (upload_kernels(runtime, kernel_ids, kernels, kernel_sizes, kernel_count) &&
        strlen(function) < sizeof runtime->function &&
        place_all(runtime, library, size, args, arg_count, arg_types, arg_sizes)) {
        strcpy(runtime->function, function);
        return 0;
    }
    release_tensors(runtime, false);
    return -1;
}

extern "C" int validate_runtime_impl(Runtime *runtime)
{
    const int orchestrator = runtime->sche_cpu_num - 1, added = runtime->tasks_of[orchestrator];
    int executed = 0, idle = 0;

    for (int thread = 0; thread < orchestrator; thread++) {
        executed += runtime->tasks_of[thread];
        idle += runtime->tasks_of[thread] == 0;
    }
    printf("%d tasks of %d, counted thread by thread\n", executed, added);
    const int status = release_tensors(runtime, true);
    return executed == added && idle == 0 ? status : -1;
}
