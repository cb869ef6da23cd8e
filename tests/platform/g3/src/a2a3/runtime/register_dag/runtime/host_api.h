/* host_api.h - what the platform gives the host part. */
#ifndef HOST_API_H
#define HOST_API_H

#include <cstddef>
#include <cstdint>

struct HostApi {
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *dev_ptr);
    int (*copy_to_device)(void *dev_ptr, const void *host_ptr, size_t size);
    int (*copy_from_device)(void *host_ptr, const void *dev_ptr, size_t size);
    uint64_t (*upload_kernel_binary)(int func_id, const uint8_t *text, size_t size);
};

/* An allocation of the device, and the host memory that is to receive its contents (or none). */
struct TensorPair {
    void *host_ptr;
    void *dev_ptr;
    size_t size;
};

#endif
