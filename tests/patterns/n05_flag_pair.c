/* n05_flag_pair.c - right: a producer and a consumer on two cores, ordered by a pair of flags.
 *
 * `full` says that the buffer may be read, `empty` that it may be written again. Each flag has one writer and a line of
 * its own.
 */
#include "pattern.h"

enum { ROUNDS = 10, COUNT = 24 };

typedef struct Runtime {
    _Alignas(LINE) volatile int full;              /* rounds filled; written by the producer */
    _Alignas(LINE) volatile int empty;             /* rounds emptied; written by the consumer */
    _Alignas(LINE) volatile int64_t buffer[COUNT]; /* written by the producer */
    _Alignas(LINE) volatile int64_t sums[ROUNDS];  /* written by the consumer */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    (void)runtime;
    return 0;
}
#endif

#ifdef PART_AICORE
static void wait_for(__gm__ volatile int *flag, int round)
{
    do
        dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
    while (*flag != round);
}

static void set(__gm__ volatile int *flag, int round)
{
    dsb(DSB_DDR);
    *flag = round;
    dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void drop_buffer(__gm__ Runtime *runtime)
{
    for (int i = 0; i < COUNT; i += LINE / sizeof(int64_t))
        dcci(&runtime->buffer[i], SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void produce(__gm__ Runtime *runtime)
{
    for (int round = 1; round <= ROUNDS; round++) {
        wait_for(&runtime->empty, round - 1);
        for (int i = 0; i < COUNT; i++)
            runtime->buffer[i] = round * i;
        drop_buffer(runtime);
        set(&runtime->full, round);
    }
}

static void consume(__gm__ Runtime *runtime)
{
    for (int round = 1; round <= ROUNDS; round++) {
        int64_t sum = 0;

        wait_for(&runtime->full, round);
        drop_buffer(runtime);
        for (int i = 0; i < COUNT; i++)
            sum += runtime->buffer[i];
        runtime->sums[round - 1] = sum;
        set(&runtime->empty, round);
    }
    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    if (block_idx == 1)
        produce(runtime);
    else if (block_idx == 2)
        consume(runtime);
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {0};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < ROUNDS; i++)
        check(runtime.sums[i], (i + 1) * COUNT * (COUNT - 1) / 2, "sum of round %d", i + 1);
    return verdict();
}
#endif
