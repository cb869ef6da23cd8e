/* aicore_executor.c - the worker on each AICore: wait for a task, execute it, say so.
 *
 * Nothing but dcci keeps this core's data cache coherent. So each look at the handshake begins with a dcci of its line,
 * and each answer ends with one. Around a kernel the whole cache is written back and emptied: before it, because its
 * inputs may be older here than in memory; after it, because its results must be in memory before anyone hears of them.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

__aicore__ static void answer(__gm__ Handshake *handshake)
{
    dcci(handshake, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

__aicore__ static void execute(__gm__ Task *task)
{
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    kernel_fn kernel = (kernel_fn)(uintptr_t)task->function_bin_addr;
    kernel((__gm__ int64_t *)task->args);
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

/** aicore_execute - serve handshake @block_idx until the AICPU says to leave. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    __gm__ Handshake *handshake = &runtime->workers[block_idx];
    (void)core_type;

    do
        dcci(handshake, SINGLE_CACHE_LINE);
    while (handshake->aicpu_ready == 0);
    handshake->aicore_done = block_idx + 1;
    answer(handshake);

    for (;;) {
        dcci(handshake, SINGLE_CACHE_LINE);
        if (handshake->control == 1)
            return;
        if (handshake->task_status != 1)
            continue;
        execute((__gm__ Task *)handshake->task);
        handshake->task_status = 0;
        answer(handshake);
    }
}
