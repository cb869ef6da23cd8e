/* common/kernel_args.h - what a launch hands to the AICPU entry, where sources look at it. */
#ifndef DAV_COMMON_KERNEL_ARGS_H
#define DAV_COMMON_KERNEL_ARGS_H

#include <stdint.h>

#define __may_used_by_aicore__

#ifdef __cplusplus
class Runtime;
struct DeviceArgs;
#else
typedef struct Runtime Runtime;
typedef struct DeviceArgs DeviceArgs;
#endif

typedef struct KernelArgs {
    uint64_t unused[5];
    DeviceArgs *device_args;
    Runtime *runtime_args; /* in GM */
    uint64_t regs;         /* address of an array of uint64_t: the register-window base of each physical AICore */
} KernelArgs;

#endif
