/* aicore_executor.c - the worker on each AICore: look into the mailbox, execute, answer.
 *
 * The data cache is coherent with nothing. So each load of the mailbox is preceded by a dcci of its line, each answer
 * followed by one. Around a kernel the whole cache is cleaned and invalidated: before, because its inputs and the task
 * itself may be older here than in GM; after, because its outputs have to be in GM before anyone is told of them.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

/* Forget this core's copy of a line that it has not written. */
__aicore__ static inline void refresh(__gm__ Handshake *mailbox)
{
    dcci(mailbox, SINGLE_CACHE_LINE);
}

/* Write the mailbox back, and wait until it is there. */
__aicore__ static inline void answer(__gm__ Handshake *mailbox)
{
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
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

/** aicore_execute - serve mailbox @block_idx until the AICPU says quit. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    __gm__ Handshake *mailbox = &runtime->workers[block_idx];

    /* Also before the first load: a line may have stayed from an earlier launch. */
    do {
        refresh(mailbox);
    } while (mailbox->aicpu_ready == 0);
    mailbox->aicore_done = block_idx + 1;
    answer(mailbox);

    for (;;) {
        refresh(mailbox);
        if (mailbox->control == 1)
            return;
        if (mailbox->task == NULL || mailbox->task_status != 1)
            continue;
        execute((__gm__ Task *)mailbox->task);
        mailbox->task_status = 0;
        answer(mailbox);
    }
}
