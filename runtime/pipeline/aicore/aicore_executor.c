/* aicore_executor.c - the worker on each AICore: take the next ticket, wait for whom it names, execute, count.
 *
 * The data cache is coherent with nothing. It is empty when a kernel begins, but for what the worker itself has loaded:
 * the ticket, the task, the counts of other cores. For it is cleaned and invalidated whole at the start and after each
 * kernel: so a kernel's inputs come from GM, and its outputs are there before the count that tells of them. A line that
 * changes, a ticket or a count, is looked at first as it stands in the cache, for it cannot be older than the last
 * kernel's end and nothing there is ever taken back; then it is dropped before each further look.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

__aicore__ static inline __gm__ Ticket *ticket_of(__gm__ Handshake *self, uint32_t number)
{
    return &self->queue[(number - 1) % RUNTIME_QUEUE];
}

__aicore__ static __gm__ Ticket *await_ticket(__gm__ Handshake *self, uint32_t number)
{
    __gm__ Ticket *ticket = ticket_of(self, number);
    while (ticket->number != number)
        dcci(ticket, SINGLE_CACHE_LINE);
    return ticket;
}

/* Until those whom the ticket names have got that far. */
__aicore__ static void await_marks(__gm__ Runtime *runtime, __gm__ const Ticket *ticket)
{
    for (int i = 0; i < ticket->wait_count; i++) {
        Mark mark = ticket->waits[i];
        __gm__ Handshake *other = &runtime->workers[(mark >> MARK_NUMBER_BITS) - 1];
        while (other->ended < (mark & MARK_NUMBER_MASK))
            dcci(&other->ended, SINGLE_CACHE_LINE);
    }
}

/* Write the data cache back. While that takes its time, fetch the next ticket and its task, if they are there. */
__aicore__ static void publish(__gm__ Handshake *self, uint32_t number)
{
    dcci(self, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    __gm__ Ticket *next = ticket_of(self, number + 1);
    if (next->number == number + 1 && next->task)
        (void)*(volatile __gm__ uint64_t *)&next->task->function_bin_addr;
    dsb(DSB_DDR);
}

/* It has done with a ticket; the write-back may take its time. */
__aicore__ static void count(__gm__ Handshake *self, uint32_t number)
{
    self->ended = number;
    dcci(&self->ended, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

/* Return: whether there is something to do. */
__aicore__ static int greet(__gm__ Handshake *self, int number)
{
    do {
        dcci(self, SINGLE_CACHE_LINE);
    } while (self->aicpu_ready == 0);
    if (self->control == 1)
        return 0;
    self->aicore_done = number + 1;
    count(self, 0);
    return 1;
}

/** aicore_execute - execute what the tickets of this core say, until one says nothing. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    __gm__ Handshake *self = &runtime->workers[block_idx];
    /* Before the first load: a line may have stayed from an earlier launch. */
    dcci(self, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    if (!greet(self, block_idx))
        return;
    for (uint32_t number = 1;; number++) {
        __gm__ Ticket *ticket = await_ticket(self, number);
        __gm__ Task *task = ticket->task;
        if (!task) {
            count(self, number);
            return;
        }
        await_marks(runtime, ticket);
        kernel_fn kernel = (kernel_fn)(uintptr_t)task->function_bin_addr;
        kernel((__gm__ int64_t *)task->args);
        publish(self, number);
        count(self, number);
    }
}
