/* runtime_compile_info.cpp - the compilers that this runtime's kernels and orchestrations want. */
#include "host/runtime_compile_info.h"

#include <cstring>

#include "host/platform_compile_info.h"

extern "C" ToolchainType get_incore_compiler(void)
{
    return strcmp(get_platform(), "a2a3") == 0 ? TOOLCHAIN_CCEC : TOOLCHAIN_HOST_GXX_15;
}

extern "C" ToolchainType get_orchestration_compiler(void)
{
    return TOOLCHAIN_HOST_GXX;
}
