/* by_name.c - a plugin in C that calls the AICPU's function by its name. */
#include "aicpu/platform_regs.h"
#include "runtime.h"

int build_by_name(Runtime *runtime, uint64_t *args);

int build_by_name(Runtime *runtime, uint64_t *args)
{
    volatile uint64_t *start = (volatile uint64_t *)args[0];

    cache_invalidate_range(start, sizeof(*start));
    for (uint64_t i = 0; i < args[2]; i++) {
        const uint64_t task[4] = {i ? args[1] + 64 * (i - 1) : args[0], args[1] + 64 * i, i ? i : *start, 0};
        if (plugin_add_task(runtime, task, (int)i - 1) < 0)
            return 1;
    }
    return 0;
}
