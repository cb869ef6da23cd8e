/* worker.c - the bench's AICore part: call the kernel that the order names, once, with this core's arguments. */
#include "bench/loops.h"

#include "aicore/aicore.h"

typedef void (*kernel_fn)(__gm__ int64_t *args);

__aicore__ void aicore_execute(__gm__ struct order *order, int block_idx, int core_type)
{
    (void)core_type;
    dcci(order, ENTIRE_DATA_CACHE, CACHELINE_OUT); /* an order of an earlier launch may have stayed */
    if (order->kernel && block_idx < order->workers)
        ((kernel_fn)(uintptr_t)order->kernel)(order->args[block_idx]);
}
