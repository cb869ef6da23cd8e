/* n03_spin_with_dcci.c - right: a core that spins on a line which it fetches anew, by dcci, each time.
 *
 * Each of its loads but the last gets an old value, and that is what waiting is. One flag comes from the AICPU, the
 * other from another core.
 */
#include "pattern.h"

enum { DELAY_NS = 20000 };

typedef struct Runtime {
    struct {
        _Alignas(LINE) volatile int64_t value;
        _Alignas(LINE) volatile int flag;
    } from_aicpu, from_aicore;
    _Alignas(LINE) volatile int64_t sum;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    spend_ns(DELAY_NS);
    runtime->from_aicpu.value = 30;
    wmb();
    runtime->from_aicpu.flag = 1;
    return 0;
}
#endif

#ifdef PART_AICORE
static void wait_for(__gm__ volatile int *flag)
{
    do
        dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
    while (*flag == 0);
}

/* The value is in GM before the flag is. */
static void send(__gm__ Runtime *runtime)
{
    spend_ns(2 * DELAY_NS);
    runtime->from_aicore.value = 12;
    dcci(&runtime->from_aicore.value, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
    runtime->from_aicore.flag = 1;
    dcci(&runtime->from_aicore.flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void receive(__gm__ Runtime *runtime)
{
    wait_for(&runtime->from_aicpu.flag);
    wait_for(&runtime->from_aicore.flag);
    runtime->sum = runtime->from_aicpu.value + runtime->from_aicore.value;
    dcci(&runtime->sum, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    if (block_idx == 1)
        send(runtime);
    else if (block_idx == 2)
        receive(runtime);
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {0};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.sum, 42, "sum");
    return verdict();
}
#endif
