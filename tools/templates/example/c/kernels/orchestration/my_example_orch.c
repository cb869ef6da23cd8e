/* my_example_orch.c - runs on the host, and says what is to be executed on the device: out = in + 1, a task a tile.
 *
 * A tile begins on a line of its own, so that no two cores write the same line.
 */
#include "runtime.h"

enum { TILE_FLOATS = 64, FUNC_ID = 0, AIV = 1 };

/** build_my_example - @args: in and out on the host, bytes of each. */
int build_my_example(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 3)
        return -1;
    const void *host_in = (const void *)(uintptr_t)args[0];
    void *host_out = (void *)(uintptr_t)args[1];
    size_t size = args[2], count = size / sizeof(float);

    float *in = runtime->host_api.device_malloc(size);
    if (record_tensor_pair(runtime, NULL, in, size) != 0)
        return -1;
    float *out = runtime->host_api.device_malloc(size);
    if (record_tensor_pair(runtime, host_out, out, size) != 0 ||
        runtime->host_api.copy_to_device(in, host_in, size) != 0)
        return -1;

    for (size_t i = 0; i < count; i += TILE_FLOATS) {
        uint64_t floats = count - i < TILE_FLOATS ? count - i : TILE_FLOATS;
        uint64_t task_args[] = {(uintptr_t)(in + i), (uintptr_t)(out + i), floats};
        if (add_task(runtime, task_args, 3, FUNC_ID, AIV) < 0)
            return -1;
    }
    return 0;
}
