/* n01_aicpu_reads.c - right: an AICPU that reads, without invalidating, a line that an AICore has dcci-ed.
 *
 * The AICPU's caches see the write-backs of AICores; only host DMA passes them by.
 */
#include "pattern.h"

enum { TASKS = 8 };

typedef struct Runtime {
    Mailbox box;
    _Alignas(LINE) volatile int64_t square; /* written by the worker, again and again */
    _Alignas(LINE) volatile int64_t sum;    /* written by the AICPU */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    int64_t sum = runtime->square; /* the line is in the cache from now on */

    for (int i = 1; i <= TASKS; i++) {
        mailbox_post(&runtime->box, i);
        mailbox_wait(&runtime->box);
        sum += runtime->square;
    }
    runtime->sum = sum;
    mailbox_quit(&runtime->box);
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    while (block_idx == 0 && mailbox_next(&runtime->box)) {
        runtime->square = runtime->box.task * runtime->box.task;
        dcci(&runtime->square, SINGLE_CACHE_LINE, CACHELINE_OUT);
        mailbox_done(&runtime->box, 0);
    }
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {0};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.sum, TASKS * (TASKS + 1) * (2 * TASKS + 1) / 6, "sum of squares");
    return verdict();
}
#endif
