/* aicore_executor.c - the worker on each AICore: look into the mailbox, execute, answer, until the AICPU says quit.
 *
 * The data cache is coherent with nothing, so the mailbox's line is dropped before each look and written back behind
 * each answer. Around a kernel the whole cache is cleaned and invalidated: before, because the task and its inputs may
 * be older here than in GM; after, because its outputs have to be in GM before anyone is told of them.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

__aicore__ static void execute(__gm__ Task *task)
{
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    kernel_fn kernel = (kernel_fn)(uintptr_t)task->function_bin_addr;
    kernel((__gm__ int64_t *)task->args);
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

/** aicore_execute - serve mailbox @block_idx. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    __gm__ Handshake *mailbox = &runtime->workers[block_idx];

    for (;;) {
        dcci(mailbox, SINGLE_CACHE_LINE);
        if (mailbox->control == 1)
            return;
        if (mailbox->task_status != 1)
            continue;
        execute((__gm__ Task *)mailbox->task);
        mailbox->task_status = 0;
        dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
        dsb(DSB_DDR);
    }
}
