/* n02_idle_dcci.c - right: a dcci that finds nothing to do.
 *
 * A line that the cache does not hold, one that is clean, one that was written back a moment ago, an empty cache.
 */
#include "pattern.h"

typedef struct Runtime {
    Mailbox box;
    _Alignas(LINE) volatile int64_t operand; /* the host's */
    _Alignas(LINE) volatile int64_t unused;
    _Alignas(LINE) volatile int64_t result; /* written by the worker */
    _Alignas(LINE) volatile int64_t copy;   /* written by the AICPU */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    mailbox_post(&runtime->box, 1);
    mailbox_wait(&runtime->box);
    runtime->copy = runtime->result;
    mailbox_quit(&runtime->box);
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    while (block_idx == 0 && mailbox_next(&runtime->box)) {
        dcci(&runtime->unused, SINGLE_CACHE_LINE, CACHELINE_OUT);
        int64_t operand = runtime->operand;
        dcci(&runtime->operand, SINGLE_CACHE_LINE, CACHELINE_OUT);
        runtime->result = operand + runtime->operand;
        dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
        dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
        mailbox_done(&runtime->box, 0);
        dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    }
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {.operand = 21};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.result, 42, "result");
    check(runtime.copy, 42, "result as the AICPU saw it");
    return verdict();
}
#endif
