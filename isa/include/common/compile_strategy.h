/* common/compile_strategy.h - the compilers that a runtime may name for its kernels and its orchestration. davcc is all
 * of them here; the names are for sources that return one. */
#ifndef DAV_COMMON_COMPILE_STRATEGY_H
#define DAV_COMMON_COMPILE_STRATEGY_H

typedef enum {
    TOOLCHAIN_CCEC = 0,
    TOOLCHAIN_HOST_GXX_15 = 1,
    TOOLCHAIN_HOST_GXX = 2,
    TOOLCHAIN_AARCH64_GXX = 3,
} ToolchainType;

#endif
