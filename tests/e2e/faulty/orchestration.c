/* orchestration.c - the graph: one task that does what the case says, and otherwise writes 42 into a result. */
#include "runtime.h"

#include <stdint.h>

/** build_faulty - @args: the case, the result on the host. */
int build_faulty(Runtime *runtime, uint64_t *args, int arg_count)
{
    void *device = runtime->host_api.device_malloc(sizeof(int64_t));
    uint64_t task_args[] = {args[0], (uintptr_t)device};
    if (arg_count != 2 || !device)
        return -1;
    if (runtime->host_api.copy_to_device(device, (void *)(uintptr_t)args[1], sizeof(int64_t)) != 0 ||
        record_tensor_pair(runtime, (void *)(uintptr_t)args[1], device, sizeof(int64_t)) != 0)
        return -1;
    return add_task(runtime, task_args, 2, 0, RUNTIME_AIV) < 0 ? -1 : 0;
}
