/* aicore_executor.cpp - the worker on each AICore, in the later form of the protocol: it greets a second time when its
 * registers are open, for before that DATA_MAIN_BASE is 0, a task's number; and when it is told to leave it says so.
 */
#include "runtime.h"

#include "aicore/aicore.h"
#include "protocol.h"

typedef void (*KernelFunc)(__gm__ int64_t *args);

__aicore__ static void execute(__gm__ Task *task)
{
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    KernelFunc kernel = reinterpret_cast<KernelFunc>(task->function_bin_addr);
    kernel(reinterpret_cast<__gm__ int64_t *>(task->args));
    OUT_OF_ORDER_STORE_BARRIER();
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    dsb(DSB_DDR);
}

__aicore__ static void greet(__gm__ Handshake *mailbox, int block_idx, CoreType core_type)
{
    do
        dcci(mailbox, SINGLE_CACHE_LINE);
    while (mailbox->aicpu_ready == 0);
    mailbox->physical_core_id = get_physical_core_id();
    mailbox->core_type = core_type;
    mailbox->aicore_regs_ready = 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
    do
        dcci(mailbox, SINGLE_CACHE_LINE);
    while (mailbox->aicpu_regs_ready == 0);
    write_reg(RegId::COND, AICORE_IDLE_VALUE);
    mailbox->aicore_done = static_cast<uint32_t>(block_idx) + 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

__aicore__ __attribute__((weak)) void aicore_execute(__gm__ Runtime *runtime, int block_idx, CoreType core_type)
{
    uint32_t last = OFFER_NONE;

    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    greet(&runtime->workers[block_idx], block_idx, core_type);
    for (;;) {
        const uint32_t offer = static_cast<uint32_t>(read_reg(RegId::DATA_MAIN_BASE));
        if (offer == AICORE_EXIT_SIGNAL)
            break;
        if (offer == OFFER_NONE || offer == last) {
            SPIN_WAIT_HINT();
            continue;
        }
        write_reg(RegId::COND, MAKE_ACK_VALUE(offer));
        execute(&runtime->tasks[task_of(offer)]);
        last = offer;
        write_reg(RegId::COND, MAKE_FIN_VALUE(offer));
    }
    write_reg(RegId::COND, AICORE_EXITED_VALUE);
}
