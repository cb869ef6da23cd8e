/* n04_line_read_by_two.c - right: several cores that read one line.
 *
 * It was written by the AICPU before they were told to, and each of them writes a line of its own.
 */
#include "pattern.h"

enum { COUNT = LINE / sizeof(int64_t) };

typedef struct Runtime {
    Mailbox boxes[CORES];
    _Alignas(LINE) volatile int64_t values[COUNT]; /* written by the AICPU */
    _Alignas(LINE) volatile int64_t sum;           /* of all cores' answers */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    int64_t sum = 0;

    for (int i = 0; i < COUNT; i++)
        runtime->values[i] = i;
    for (int i = 0; i < CORES; i++)
        mailbox_post(&runtime->boxes[i], i + 1);
    for (int i = 0; i < CORES; i++) {
        sum += mailbox_wait(&runtime->boxes[i]);
        mailbox_quit(&runtime->boxes[i]);
    }
    runtime->sum = sum;
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    __gm__ Mailbox *box = &runtime->boxes[block_idx];

    (void)core_type;
    while (mailbox_next(box)) {
        int64_t sum = 0;

        dcci(runtime->values, SINGLE_CACHE_LINE, CACHELINE_OUT);
        for (int i = 0; i < COUNT; i++)
            sum += runtime->values[i];
        mailbox_done(box, sum * box->task);
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
    check(runtime.sum, COUNT * (COUNT - 1) / 2 * CORES * (CORES + 1) / 2, "sum");
    return verdict();
}
#endif
