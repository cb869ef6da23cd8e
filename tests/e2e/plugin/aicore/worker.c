/* worker.c - look into the mailbox, execute, answer. */
#include "aicore/aicore.h"
#include "runtime.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type);

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    __gm__ Handshake *mailbox = &runtime->workers[block_idx];

    (void)core_type;
    while (dcci(mailbox, SINGLE_CACHE_LINE), mailbox->aicpu_ready == 0) {
    }
    mailbox->aicore_done = block_idx + 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
    while (dcci(mailbox, SINGLE_CACHE_LINE), mailbox->control == 0) {
        if (mailbox->task_status == 0)
            continue;
        __gm__ Task *task = mailbox->task;
        dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        ((kernel_fn)(uintptr_t)task->function_bin_addr)((__gm__ int64_t *)task->args);
        dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        dsb(DSB_DDR);
        mailbox->task_status = 0;
        dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
    }
}
