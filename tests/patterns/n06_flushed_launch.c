/* n06_flushed_launch.c - right: a second launch after a full flush.
 *
 * At the end of a launch the worker cleans and invalidates its whole cache, and the AICPU drops the runtime from its
 * own. So the first loads of the next launch, without a dcci, find what the host has copied meanwhile.
 */
#include "pattern.h"

enum { LAUNCHES = 3 };

typedef struct Runtime {
    _Alignas(LINE) int64_t operand; /* the host's */
    Mailbox box;
    _Alignas(LINE) volatile int64_t result; /* written by the AICPU */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    mailbox_post(&runtime->box, runtime->operand);
    runtime->result = mailbox_wait(&runtime->box);
    mailbox_quit(&runtime->box);
    cache_invalidate_range(runtime, sizeof(*runtime));
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int64_t operand = runtime->operand;

    (void)core_type;
    while (block_idx == 0 && mailbox_next(&runtime->box))
        mailbox_done(&runtime->box, operand * runtime->box.task);
    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
int main(void)
{
    void *device = device_new(sizeof(Runtime));

    for (int i = 1; i <= LAUNCHES; i++) {
        Runtime runtime = {.operand = 10 * i};

        to_device(device, &runtime, sizeof(runtime));
        launch(device, sizeof(runtime), 1);
        from_device(&runtime, device, sizeof(runtime));
        check(runtime.result, 100 * i * i, "result of launch %d", i);
    }
    return verdict();
}
#endif
