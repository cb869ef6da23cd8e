// aicore_executor.cpp - the worker on each AICore. Its data cache is coherent with nothing, so all of it is written
// back and dropped before each look at the mailbox: that also brings out the results and the answer of the task before.
#include "aicore.h"
#include "runtime.h"

typedef void (*KernelFunc)(__gm__ int64_t *args);

__aicore__ static void ExecuteTask(__gm__ Task *task)
{
    KernelFunc kernel = (KernelFunc)task->functionBinAddr;
    kernel(reinterpret_cast<__gm__ int64_t *>(task->args));
}

__aicore__ __attribute__((weak)) void AicoreExecute(__gm__ Runtime *runtime, int blockIdx, int coreType)
{
    __gm__ Handshake *hank = &runtime->workers[blockIdx];
    (void)coreType;

    do {
        dcci(hank, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    } while (hank->aicpu_ready == 0);
    hank->aicore_done = blockIdx + 1;

    while (true) {
        dcci(hank, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        if (hank->control == 1)
            break;
        if (hank->task_status == 1 && hank->task != 0) {
            ExecuteTask(reinterpret_cast<__gm__ Task *>(hank->task));
            hank->task_status = 0;
        }
    }
}
