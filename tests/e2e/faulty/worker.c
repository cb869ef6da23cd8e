/* worker.c - does the worker's part of a case, before or instead of what the runtime's own worker does. */
#include "runtime.h"

#include "aicore/aicore.h"
#include "faults.h"

#include <stdlib.h>

void aicore_execute_well(__gm__ Runtime *runtime, int block_idx, int core_type);

static int overflow(volatile int *deeper, int depth)
{
    volatile int room[256];
    room[depth % 256] = *deeper + depth;
    return overflow(room, depth + 1) + room[0];
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    volatile int zero = 0;
    dcci(runtime, ENTIRE_DATA_CACHE);
    uint64_t fault = ((__gm__ Task *)runtime->tasks)->args[0];
    switch (core_type == RUNTIME_AIC ? fault : FAULT_nothing) {
    case FAULT_worker_wild:
        *(__gm__ volatile int *)16 = 1; /* worker_wild */
        break;
    case FAULT_worker_divide:
        zero = 7 / zero; /* worker_divide */
        break;
    case FAULT_worker_trap:
        __builtin_trap(); /* worker_trap */
        break;
    case FAULT_worker_abort:
        abort(); /* worker_abort */
    case FAULT_worker_exit:
        exit(3); /* worker_exit */
    case FAULT_worker_overflow:
        zero = overflow(&zero, 0);
        break;
    case FAULT_worker_endless:
        while (!zero) /* worker_endless */
            ;
        break;
    case FAULT_worker_absent:
        return;
    default:
        break;
    }
    aicore_execute_well(runtime, block_idx, core_type);
}
