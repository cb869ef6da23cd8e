/* kernels.h - the kernels that init_runtime_impl is given go to the device, and their addresses into the Runtime. */
#ifndef KERNELS_H
#define KERNELS_H

#include "runtime.h"

inline bool upload_kernels(Runtime *runtime, const int *ids, const uint8_t *const *texts, const size_t *sizes,
                           int count)
{
    for (int i = 0; i < count; i++) {
        const uint64_t addr = ids[i] >= 0 && ids[i] < MAX_FUNC_ID
                                  ? runtime->host_api.upload_kernel_binary(ids[i], texts[i], sizes[i])
                                  : 0;
        if (addr == 0)
            return false;
        runtime->set_function_bin_addr(ids[i], addr);
    }
    return count > 0;
}

/* What was recorded: copied to the host where that is wanted, then freed. */
inline int release_tensors(Runtime *runtime, bool copy_back)
{
    int status = 0;

    for (int i = 0; i < runtime->get_tensor_pair_count(); i++) {
        const TensorPair &pair = runtime->get_tensor_pairs()[i];
        if (copy_back && pair.host_ptr)
            status |= runtime->host_api.copy_from_device(pair.host_ptr, pair.dev_ptr, pair.size);
        runtime->host_api.device_free(pair.dev_ptr);
    }
    runtime->clear_tensor_pairs();
    return status;
}

#endif
