/* aicpu/device_malloc.h - GM that the AICPU allocates for itself. Not zeroed; freed addresses come back. */
#ifndef DAV_AICPU_DEVICE_MALLOC_H
#define DAV_AICPU_DEVICE_MALLOC_H

#include <stddef.h>

#include "../../core_port.h"

static inline void *aicpu_device_malloc(size_t size)
{
    return dav_device_malloc(size);
}
static inline void aicpu_device_free(void *ptr)
{
    dav_device_free(ptr);
}

#endif
