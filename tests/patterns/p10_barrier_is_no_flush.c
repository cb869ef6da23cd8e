/* p10_barrier_is_no_flush.c - a kernel stores a scalar result to GM and ends with pipe_barrier(PIPE_ALL).
 *
 * The value stays in a dirty line of its core's cache: a barrier waits for pipes and touches no cache. The next kernel,
 * on another core, reads what GM held before.
 *
 * Remedy: dcci the line.
 */
#include "pattern.h"

enum { COUNT = 32 };

typedef struct Runtime {
    _Alignas(LINE) uint64_t produce; /* the kernels */
    uint64_t consume;
    int64_t scalar, out; /* device addresses: a scalar between the two, COUNT results */
    Mailbox boxes[CORES];
} Runtime;

#ifdef PART_AICPU
static void run(Mailbox *box, uint64_t kernel)
{
    mailbox_post(box, (int64_t)kernel);
    mailbox_wait(box);
}

int aicpu_execute(Runtime *runtime)
{
    run(&runtime->boxes[1], runtime->produce);
    run(&runtime->boxes[2], runtime->consume);
    for (int i = 0; i < CORES; i++)
        mailbox_quit(&runtime->boxes[i]);
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    __gm__ Mailbox *box = &runtime->boxes[block_idx];

    (void)core_type;
    while (mailbox_next(box)) {
        ((void (*)(__gm__ int64_t *))box->task)(&runtime->scalar);
        mailbox_done(box, 0);
    }
}
#endif

#ifdef PART_KERNEL
/* Arguments: scalar, out. */
__aicore__ void produce(__gm__ int64_t *args)
{
    __gm__ volatile int64_t *scalar = (__gm__ volatile int64_t *)args[0];
    int64_t sum = 0;

    for (int i = 0; i < COUNT; i++)
        sum += i;
    *scalar = sum; /* CAUSE */
#ifdef REPAIRED
    dcci(scalar, SINGLE_CACHE_LINE, CACHELINE_OUT);
#endif
    pipe_barrier(PIPE_ALL);
}

/* Arguments: scalar, out. */
__aicore__ void consume(__gm__ int64_t *args)
{
    const __gm__ volatile int64_t *scalar = (const __gm__ volatile int64_t *)args[0];
    __gm__ int64_t *out = (__gm__ int64_t *)args[1];
    int64_t offset = *scalar; /* EFFECT */

    for (int i = 0; i < COUNT; i++)
        out[i] = offset + i;
    dcci(out, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
int main(void)
{
    int64_t scalar = 0, out[COUNT] = {0};
    Runtime runtime = {.produce = load_kernel(0, "produce"),
                       .consume = load_kernel(1, "consume"),
                       .scalar = (int64_t)device_copy(&scalar, sizeof(scalar)),
                       .out = (int64_t)device_copy(out, sizeof(out))};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(out, (void *)runtime.out, sizeof(out));
    for (int i = 0; i < COUNT; i++)
        check(out[i], COUNT * (COUNT - 1) / 2 + i, "out[%d]", i);
    return verdict();
}
#endif
