/* p07_old_graph.c - the second launch of a process: the host copies a new graph to the same device address.
 *
 * The AICPU's caches do not see what the host's DMA writes: the AICPU schedules the old graph.
 *
 * Remedy: cache_invalidate_range over what the host has copied, before the first load of it. The lines are clean then:
 * what the AICPU has written during a launch, it has dropped at the end.
 */
#include "pattern.h"

enum { LAUNCHES = 2, MOST = 8 };

typedef struct Runtime {
    /* Written by the host. */
    _Alignas(LINE) int task_count;
    int64_t operands[MOST];
    /* Written on the device. */
    _Alignas(LINE) volatile int64_t results[MOST];
    Mailbox box;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
#ifdef REPAIRED
    cache_invalidate_range(runtime, offsetof(Runtime, results));
#endif
    for (int i = 0; i < runtime->task_count; i++) {        /* EFFECT */
        mailbox_post(&runtime->box, runtime->operands[i]); /* EFFECT */
        runtime->results[i] = mailbox_wait(&runtime->box);
    }
    mailbox_quit(&runtime->box);
    cache_invalidate_range(&runtime->results, sizeof(*runtime) - offsetof(Runtime, results));
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    while (block_idx == 0 && mailbox_next(&runtime->box))
        mailbox_done(&runtime->box, runtime->box.task * runtime->box.task);
}
#endif

#ifdef PART_HOST
int main(void)
{
    void *device = device_new(sizeof(Runtime));

    for (int round = 1; round <= LAUNCHES; round++) {
        Runtime runtime = {.task_count = 2 + round};

        for (int i = 0; i < runtime.task_count; i++)
            runtime.operands[i] = 10 * round + i;
        to_device(device, &runtime, sizeof(runtime));
        launch(device, sizeof(runtime), 1);
        from_device(&runtime, device, sizeof(runtime));
        for (int i = 0; i < runtime.task_count; i++)
            check(runtime.results[i], (10 * round + i) * (10 * round + i), "result %d of launch %d", i, round);
    }
    return verdict();
}
#endif
