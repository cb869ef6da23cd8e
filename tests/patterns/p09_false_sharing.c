/* p09_false_sharing.c - every block writes its own four bytes of one array, and writes them back.
 *
 * The blocks share a line. Each core's write-back stores the whole line as this core had fetched it, with the old bytes
 * of all other blocks: [0, 0, last].
 *
 * Remedy: a line a block.
 */
#include "pattern.h"

#ifdef REPAIRED
enum { STRIDE = LINE / sizeof(int) };
#else
enum { STRIDE = 1 };
#endif

typedef struct Runtime {
    _Alignas(LINE) uint64_t kernel;
    int64_t out; /* device address of CORES values, STRIDE apart */
    Mailbox boxes[CORES];
    _Alignas(LINE) volatile int64_t sum; /* of the values, as the AICPU finds them */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    const volatile int *out = (const volatile int *)runtime->out;
    int64_t sum = 0;

    for (int i = 0; i < CORES; i++)
        mailbox_post(&runtime->boxes[i], i);
    for (int i = 0; i < CORES; i++)
        mailbox_wait(&runtime->boxes[i]);
    for (int i = 0; i < CORES; i++) {
        sum += out[i * STRIDE]; /* EFFECT */
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
        int64_t args[] = {runtime->out, box->task};

        ((void (*)(__gm__ int64_t *))runtime->kernel)(args);
        mailbox_done(box, 0);
    }
}
#endif

#ifdef PART_KERNEL
/* Arguments: out, block. */
__aicore__ void write_block(__gm__ int64_t *args)
{
    __gm__ volatile int *own = (__gm__ volatile int *)args[0] + args[1] * STRIDE;

    *own = 100 + (int)args[1];                   /* CAUSE */
    dcci(own, SINGLE_CACHE_LINE, CACHELINE_OUT); /* CAUSE */
}
#endif

#ifdef PART_HOST
int main(void)
{
    int out[CORES * STRIDE] = {0};
    Runtime runtime = {.kernel = load_kernel(0, "write_block"), .out = (int64_t)device_copy(out, sizeof(out))};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    from_device(out, (void *)runtime.out, sizeof(out));
    for (int i = 0; i < CORES; i++)
        check(out[i * STRIDE], 100 + i, "value of block %d", i);
    check(runtime.sum, 100 * CORES + CORES * (CORES - 1) / 2, "sum of all blocks");
    return verdict();
}
#endif
