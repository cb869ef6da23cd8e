/* scheduler.c - see scheduler.h. The idle loop is not a copy of host_build_graph's: it is made of the functions that
 * runtime's own source has, which is included here under another name for its entry. */
#include "tests/fidelity/scheduler.h"

#include <string.h>

#define aicpu_execute host_build_graph_execute
#include "runtime/host_build_graph/aicpu/aicpu_executor.c"
#undef aicpu_execute

uint32_t scheduler_classify(const void *tasks, uint32_t count, uint32_t stride)
{
    const char *task = tasks;
    uint32_t *list = (uint32_t *)(uintptr_t)(task + (size_t)count * stride), ready = 0;

    for (uint32_t i = 0; i < count; i++, task += stride)
        if (*(const volatile int *)task == 0)
            list[ready++] = i;
    return ready;
}

void scheduler_idle(void *memory, int cores, uint32_t turns)
{
    Runtime *runtime = memory;
    Scheduler self = {.runtime = runtime, .index = 0, .core_count = cores};

    if (turns == 0) {
        memset(runtime, 0, sizeof(*runtime));
        runtime->sche_cpu_num = 3;
        runtime->worker_count = 3 * cores;
        runtime->block_dim = cores;
        runtime->task_count = 1;
    }
    for (int i = 0; i < cores; i++) {
        self.cores[i].handshake = &runtime->workers[i];
        self.cores[i].type = i % 3 == 0 ? RUNTIME_AIC : RUNTIME_AIV;
        make_idle(&self, &self.cores[i]);
    }
    while (turns-- && (self.busy_count > 0 || !all_ended(runtime))) {
        collect_ended(&self);
        fill_idle_cores(&self, RUNTIME_AIC);
        fill_idle_cores(&self, RUNTIME_AIV);
    }
}
