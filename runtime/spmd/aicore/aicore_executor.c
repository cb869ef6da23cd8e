/* aicore_executor.c - the worker on each AICore: wait for the word to begin, execute the kernel of its type, answer.
 *
 * The data cache is coherent with nothing: each load of the mailbox is preceded by a dcci of its line, the kernel by a
 * dcci of everything (its code's data and arguments may be older here than in GM), the answer by one that writes the
 * kernel's results back.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

/** aicore_execute - execute one kernel. @block_idx: this core's mailbox. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    __gm__ Handshake *mailbox = &runtime->workers[block_idx];

    do {
        dcci(mailbox, SINGLE_CACHE_LINE);
    } while (mailbox->aicpu_ready == 0);
    if (mailbox->control == 1)
        return;

    dcci(mailbox, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    kernel_fn kernel = (kernel_fn)(uintptr_t)runtime->kernels[core_type];
    if (kernel)
        kernel((__gm__ int64_t *)runtime->args);
    dcci(mailbox, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    dsb(DSB_DDR);

    mailbox->aicore_done = block_idx + 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
}
