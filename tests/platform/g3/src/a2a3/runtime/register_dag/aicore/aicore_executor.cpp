/* aicore_executor.cpp - the worker on each AICore, in the first form of the protocol: what DATA_MAIN_BASE offers is
 * taken once, and answered through COND. Told to leave, it just leaves.
 *
 * The core's data cache is emptied before and after each kernel: its inputs come from GM, its outputs are there.
 */
#include "runtime.h"

#include "aicore/aicore.h"
#include "aicore/performance_collector_aicore.h"
#include "protocol.h"

typedef void (*KernelFunc)(__gm__ int64_t *args);

__aicore__ static void execute(__gm__ Task *task)
{
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT); /* fresh inputs */
    KernelFunc kernel = reinterpret_cast<KernelFunc>(task->function_bin_addr);
    kernel(reinterpret_cast<__gm__ int64_t *>(task->args));
    pipe_barrier(PIPE_ALL);
    dcci(task, ENTIRE_DATA_CACHE, CACHELINE_OUT); /* all outputs */
    dsb(DSB_DDR);
}

__aicore__ static void greet(__gm__ Handshake *mailbox, int block_idx, CoreType core_type)
{
    do
        dcci(mailbox, SINGLE_CACHE_LINE);
    while (mailbox->aicpu_ready == 0);
    write_reg(RegId::COND, AICORE_IDLE_VALUE);
    mailbox->physical_core_id = get_physical_core_id();
    mailbox->core_type = core_type;
    mailbox->aicore_regs_ready = 1;
    mailbox->aicore_done = static_cast<uint32_t>(block_idx) + 1;
    dcci(mailbox, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

__aicore__ __attribute__((weak)) void aicore_execute(__gm__ Runtime *runtime, int block_idx, CoreType core_type)
{
    __gm__ Handshake *mailbox = &runtime->workers[block_idx];
    uint32_t last = OFFER_NONE;

    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT); /* fresh inputs */
    greet(mailbox, block_idx, core_type);
    const bool profiling = runtime->enable_profiling;
    __gm__ PerfBuffer *records = reinterpret_cast<__gm__ PerfBuffer *>(mailbox->perf_records_addr);
    const uint64_t ready = get_sys_cnt_aicore();
    for (;;) {
        const uint32_t offer = static_cast<uint32_t>(read_reg(RegId::DATA_MAIN_BASE));
        if (offer == AICORE_EXIT_SIGNAL)
            return;
        if (offer == OFFER_NONE || offer == last) {
            SPIN_WAIT_HINT();
            continue;
        }
        const uint32_t id = static_cast<uint32_t>(task_of(offer));
        write_reg(RegId::COND, MAKE_ACK_VALUE(id));
        const uint64_t start = get_sys_cnt_aicore();
        __gm__ Task *task = &runtime->tasks[id];
        execute(task);
        if (profiling)
            perf_aicore_record_task(records, id, static_cast<uint32_t>(task->func_id), start, get_sys_cnt_aicore(),
                                    ready, core_type);
        last = offer;
        write_reg(RegId::COND, MAKE_FIN_VALUE(id));
    }
}
