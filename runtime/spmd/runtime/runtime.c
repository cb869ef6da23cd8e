/* runtime.c - what an orchestration function says: kernels, arguments, tensors. Runs on the host; the device parts link
 * it because the layout of a runtime says so, and call nothing of it.
 */
#include "runtime.h"

#include <stdio.h>
#include <string.h>

int set_kernel(Runtime *runtime, int core_type, int func_id)
{
    if (core_type != RUNTIME_AIC && core_type != RUNTIME_AIV) {
        fprintf(stderr, "spmd: set_kernel: core type %d, allowed are 0 (AIC) and 1 (AIV)\n", core_type);
        return -1;
    }
    uint64_t address = runtime->host_api.get_kernel_addr(func_id);
    if (address == 0) {
        fprintf(stderr, "spmd: set_kernel: kernel %d is not registered; call register_kernel(%d, ...) first\n", func_id,
                func_id);
        return -1;
    }
    runtime->kernels[core_type] = address;
    return 0;
}

int set_args(Runtime *runtime, const uint64_t *args, int arg_count)
{
    if (arg_count < 0 || arg_count > RUNTIME_MAX_ARGS || (arg_count > 0 && !args)) {
        fprintf(stderr, "spmd: set_args: %d arguments, allowed are 0 to %d\n", arg_count, RUNTIME_MAX_ARGS);
        return -1;
    }
    if (arg_count > 0)
        memcpy(runtime->args, args, (size_t)arg_count * sizeof *args);
    return 0;
}

uint64_t add_tensor(Runtime *runtime, void *host_ptr, size_t size, int use)
{
    if (runtime->tensor_count == RUNTIME_MAX_TENSORS) {
        fprintf(stderr, "spmd: add_tensor: all %d tensors are in use\n", RUNTIME_MAX_TENSORS);
        return 0;
    }
    if (use != TENSOR_SCRATCH && !host_ptr) {
        fprintf(stderr, "spmd: add_tensor: tensor %d is to be copied, but has no host memory\n", runtime->tensor_count);
        return 0;
    }
    void *device = runtime->host_api.device_malloc(size);
    if (!device) {
        fprintf(stderr, "spmd: add_tensor: no device memory for the %zu bytes of tensor %d\n", size,
                runtime->tensor_count);
        return 0;
    }
    runtime->tensors[runtime->tensor_count++] = (Tensor){host_ptr, device, size, use};
    if ((use & TENSOR_IN) && runtime->host_api.copy_to_device(device, host_ptr, size) != 0) {
        fprintf(stderr, "spmd: add_tensor: cannot copy the %zu bytes of tensor %d to the device\n", size,
                runtime->tensor_count - 1);
        return 0;
    }
    return (uint64_t)(uintptr_t)device;
}
