/* aicpu/runtime_ptr.h - the Runtime of the launch, for an AICPU entry without arguments: void Run(void). */
#ifndef DAV_AICPU_RUNTIME_PTR_H
#define DAV_AICPU_RUNTIME_PTR_H

#ifdef __cplusplus
class Runtime;
Runtime *GetRuntimePtr();
#else
struct Runtime *GetRuntimePtr(void);
#endif

#endif
