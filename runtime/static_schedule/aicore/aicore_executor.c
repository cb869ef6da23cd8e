/* aicore_executor.c - the worker on each AICore: walk the list of orders, wait for other cores where it says so.
 *
 * The data cache is coherent with nothing. So a line that another core writes is dropped before each look. Behind a
 * kernel the whole cache is cleaned and invalidated: its outputs have to be in GM before anyone is told of them, and
 * nothing that it has read may be there when the next kernel begins. The count of executed tasks goes out behind the
 * outputs; nobody here waits until it has arrived.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

__aicore__ static void execute(__gm__ Task *task)
{
    kernel_fn kernel = (kernel_fn)(uintptr_t)task->function_bin_addr;
    kernel((__gm__ int64_t *)task->args);
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

/* Until the core at @mailbox has executed @number tasks. */
__aicore__ static void wait_for(__gm__ Handshake *mailbox, int number)
{
    do {
        dcci(mailbox, SINGLE_CACHE_LINE);
    } while (mailbox->task_status < number);
}

__aicore__ static void walk(__gm__ Runtime *runtime, __gm__ Handshake *mailbox, __gm__ const Order *order)
{
    __gm__ Task *tasks = runtime->tasks;
    int blocks = runtime->block_dim, executed = 0;

    for (; order->place != ORDER_END; order++) {
        int place = order->place, number = order->number;
        if (place == ORDER_EXECUTE) {
            execute(&tasks[number]);
            mailbox->task_status = ++executed;
            dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
        } else {
            int worker = place < RUNTIME_MAX_BLOCKS ? place : place - RUNTIME_MAX_BLOCKS + blocks;
            wait_for(&runtime->workers[worker], number);
        }
    }
}

/** aicore_execute - do what the list in mailbox @block_idx says. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    __gm__ Handshake *mailbox = &runtime->workers[block_idx];

    do {
        dcci(mailbox, SINGLE_CACHE_LINE);
    } while (mailbox->aicpu_ready == 0);
    if (mailbox->control == 1)
        return;
    __gm__ const Order *orders = (__gm__ const Order *)mailbox->task;
    dcci(mailbox, ENTIRE_DATA_CACHE, CACHELINE_OUT); /* what an earlier launch has left in it */
    walk(runtime, mailbox, orders);
    mailbox->aicore_done = block_idx + 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
}
