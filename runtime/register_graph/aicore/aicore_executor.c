/* aicore_executor.c - the worker on each AICore: look at DATA_MAIN_BASE, execute, answer through COND.
 *
 * The data cache is coherent with nothing. It is empty when a kernel begins, for the worker cleans and invalidates it
 * whole at its start and after each kernel: so each kernel's inputs come from GM, and its outputs are there before
 * anybody is told of its end. The worker itself loads nothing in between but the next task, which does not change.
 */
#include "runtime.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

/* What the worker needs to know of the runtime. */
typedef struct Worker {
    __gm__ Task *tasks;
    uint32_t task_count;
    uint32_t taken; /* the last offer that was taken */
} Worker;

/* Is there a new offer? Neither 0 nor the AICPU's signals are a task's number + 1. */
__aicore__ static inline int is_offer(const Worker *worker, uint32_t value)
{
    return value != worker->taken && value - 1 < worker->task_count;
}

/* Write the data cache back. While that takes its time, fetch the next task if it is known by now. */
__aicore__ static void publish(const Worker *worker)
{
    dcci(worker->tasks, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    uint32_t value = (uint32_t)read_reg(REG_DATA_MAIN_BASE);
    if (is_offer(worker, value))
        (void)*(volatile __gm__ uint64_t *)&worker->tasks[value - 1].function_bin_addr;
    dsb(DSB_DDR);
}

/* The mailbox is used once. Return: whether there is something to do. */
__aicore__ static int greet(__gm__ Handshake *mailbox, int number)
{
    /* Also before the first load: a line may have stayed from an earlier launch. */
    do {
        dcci(mailbox, SINGLE_CACHE_LINE);
    } while (mailbox->aicpu_ready == 0);
    if (mailbox->control == 1)
        return 0;
    write_reg(REG_COND, AICORE_IDLE_VALUE);
    mailbox->physical_id = (int)get_physical_core_id();
    mailbox->aicore_done = number + 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
    return 1;
}

/** aicore_execute - execute what the AICPU offers to this core until it says quit. */
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    if (!greet(&runtime->workers[block_idx], block_idx))
        return;
    Worker worker = {.tasks = runtime->tasks, .task_count = (uint32_t)runtime->task_count};
    for (;;) {
        uint32_t value = (uint32_t)read_reg(REG_DATA_MAIN_BASE);
        if (value == AICORE_EXIT_SIGNAL)
            break;
        if (!is_offer(&worker, value))
            continue;
        worker.taken = value;
        write_reg(REG_COND, MAKE_ACK_VALUE(value));
        __gm__ Task *task = &worker.tasks[value - 1];
        kernel_fn kernel = (kernel_fn)(uintptr_t)task->function_bin_addr;
        kernel((__gm__ int64_t *)task->args);
        publish(&worker);
        write_reg(REG_COND, MAKE_FIN_VALUE(value));
    }
    write_reg(REG_COND, AICORE_EXITED_VALUE);
}
