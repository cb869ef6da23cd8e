/* runtime_ptr.c - isa/include/aicpu/runtime_ptr.h: one function, under its names in C and in C++. */
#include "model/chip_state.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED void *GetRuntimePtr(void)
{
    return dav_chip->runtime;
}

EXPORTED __attribute__((alias("GetRuntimePtr"))) void *_Z13GetRuntimePtrv(void);
