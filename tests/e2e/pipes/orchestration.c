/* orchestration.c - one task a core: @args: x, y and out on the host, cores, tiles of a core, rounds, case. */
#include "runtime.h"

enum { TILE = 64 * 64 * 4 };

int build_tiles(Runtime *runtime, uint64_t *args, int arg_count)
{
    char *device[3];
    uint64_t cores = args[3], tiles = args[4], size = cores * tiles * TILE;

    if (arg_count != 7 || runtime_reserve_tasks(runtime, (int)cores) != 0)
        return -1;
    for (int i = 0; i < 3; i++) {
        void *host = (void *)(uintptr_t)args[i];

        device[i] = runtime->host_api.device_malloc(size);
        if (record_tensor_pair(runtime, i == 2 ? host : NULL, device[i], size) != 0 ||
            (i < 2 && runtime->host_api.copy_to_device(device[i], host, size) != 0))
            return -1;
    }
    for (uint64_t core = 0; core < cores; core++) {
        uint64_t task[6] = {0, 0, 0, tiles, args[5], args[6]};

        for (int i = 0; i < 3; i++)
            task[i] = (uint64_t)(uintptr_t)(device[i] + core * tiles * TILE);
        if (add_task(runtime, task, 6, 0, RUNTIME_AIV) < 0)
            return -1;
    }
    return 0;
}
