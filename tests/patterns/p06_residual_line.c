/* p06_residual_line.c - the second launch of a process: the worker's first load of `aicpu_ready` hits a line that has
 * stayed in its cache since the first one.
 *
 * Caches survive a launch. The worker believes that the AICPU is there, takes the operand of the launch before, and
 * writes the old line back over the new one, with the old result.
 *
 * Remedy: dcci before the first load.
 */
#include "pattern.h"

enum { LAUNCHES = 2, PREPARE_NS = 5000 };

typedef struct Runtime {
    _Alignas(LINE) int64_t operand;         /* the host's */
    _Alignas(LINE) volatile int64_t result; /* written by the AICPU */
    _Alignas(LINE) volatile int64_t task;   /* one line: first the AICPU writes it ... */
    volatile int aicpu_ready;               /* ... until this is 1, then the worker ... */
    volatile int64_t answer;
    volatile int aicore_done; /* ... until this is 1, then the AICPU */
    volatile int quit;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    cache_invalidate_range(runtime, sizeof(*runtime));
    spend_ns(PREPARE_NS);
    runtime->task = runtime->operand;
    wmb();
    runtime->aicpu_ready = 1;
    while (runtime->aicore_done == 0)
        SPIN_WAIT_HINT();
    rmb();
    runtime->result = runtime->answer;
    runtime->quit = 1;
    cache_invalidate_range(runtime, sizeof(*runtime));
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    if (block_idx != 0)
        return;
#ifdef REPAIRED
    dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT);
#endif
    while (runtime->aicpu_ready == 0) /* EFFECT */
        dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT);
    runtime->answer = runtime->task * runtime->task; /* EFFECT */
    runtime->aicore_done = 1;
    do
        dcci(&runtime->task, SINGLE_CACHE_LINE, CACHELINE_OUT);
    while (runtime->quit == 0); /* the last of these loads leaves the line in the cache */
}
#endif

#ifdef PART_HOST
int main(void)
{
    void *device = device_new(sizeof(Runtime));

    for (int i = 1; i <= LAUNCHES; i++) {
        Runtime runtime = {.operand = 10 * i};

        to_device(device, &runtime, sizeof(runtime));
        launch(device, sizeof(runtime), 1);
        from_device(&runtime, device, sizeof(runtime));
        check(runtime.result, 100 * i * i, "result of launch %d", i);
    }
    return verdict();
}
#endif
