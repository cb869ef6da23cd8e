// aicore_executor.cpp - the worker on each AICore: says which kind of core it is, then runs one payload after another.
#include "aicore/aicore.h"
#include "runtime.h"

typedef void (*KernelFunc)(__gm__ int64_t *);

__aicore__ static void execute(__gm__ DispatchPayload *payload)
{
    KernelFunc kernel = (KernelFunc)payload->function_bin_addr;
    kernel(reinterpret_cast<__gm__ int64_t *>(payload->args));
}

__aicore__ __attribute__((weak)) void aicore_execute(__gm__ Runtime *runtime, int block_idx, CoreType core_type)
{
    __gm__ Handshake *hank = &runtime->workers[block_idx];

    do {
        dcci(hank, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    } while (hank->aicpu_ready == 0);
    hank->core_type = core_type;
    hank->aicore_done = block_idx + 1;

    while (true) {
        dcci(hank, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        if (hank->control == 1)
            break;
        if (hank->task_status == 1 && hank->task != 0) {
            execute(reinterpret_cast<__gm__ DispatchPayload *>(hank->task));
            hank->task_status = 0;
        }
    }
}
