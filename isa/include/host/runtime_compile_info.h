/* host/runtime_compile_info.h - what a host part may export to say which compilers it wants. */
#ifndef DAV_HOST_RUNTIME_COMPILE_INFO_H
#define DAV_HOST_RUNTIME_COMPILE_INFO_H

#include "../common/compile_strategy.h"

#ifdef __cplusplus
extern "C" {
#endif

ToolchainType get_incore_compiler(void);
ToolchainType get_orchestration_compiler(void);

#ifdef __cplusplus
}
#endif
#endif
