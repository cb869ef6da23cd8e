/* n08_barriers.c - right: a tree of sums in UB, each level behind a barrier of V; instructions of one level touch
 * different bytes and need none. Scalar and vector accesses to UB are ordered by flags.
 */
#include "pattern.h"

enum { ROWS = 64, COLUMNS = 64, BYTES = ROWS * COLUMNS * 4 };

typedef struct Runtime {
    _Alignas(LINE) float in[ROWS][COLUMNS];
    _Alignas(LINE) float out[COLUMNS]; /* sums of the columns, and of all in out[0] */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    (void)runtime;
    return 0;
}
#endif

#ifdef PART_AICORE
#include "cce.h"

#define UB(type, offset) ((__ubuf__ type *)(uintptr_t)(offset))

static void pass(pipe_t from, pipe_t to)
{
    set_flag(from, to, EVENT_ID0);
    wait_flag(from, to, EVENT_ID0);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    float sum = 0;

    (void)core_type;
    if (block_idx != 1)
        return;
    copy_gm_to_ubuf(UB(void, 0), (__gm__ void *)runtime->in, 0, 1, BYTES / 32, 0, 0);
    pass(PIPE_MTE2, PIPE_V);
    for (uint32_t rows = ROWS / 2; rows; rows /= 2) {
        for (uint32_t row = 0; row < rows; row++)
            vadd(UB(float, row *COLUMNS * 4), UB(float, row *COLUMNS * 4), UB(float, (row + rows) * COLUMNS * 4), 1, 1,
                 1, 1, 8, 8, 8);
        pipe_barrier(PIPE_V);
    }
    pass(PIPE_V, PIPE_S);
    for (uint32_t i = 0; i < COLUMNS; i++)
        sum += *(volatile __ubuf__ float *)UB(float, i * 4);
    *(volatile __ubuf__ float *)UB(float, 0) = sum;
    pass(PIPE_S, PIPE_V);
    vadd(UB(float, BYTES), UB(float, 0), UB(float, 0), 1, 1, 1, 1, 8, 8, 8);
    pass(PIPE_V, PIPE_MTE3);
    copy_ubuf_to_gm((__gm__ void *)runtime->out, UB(void, BYTES), 0, 1, COLUMNS * 4 / 32, 0, 0);
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_HOST
int main(void)
{
    static Runtime runtime;
    void *device;

    for (int i = 0; i < ROWS * COLUMNS; i++)
        runtime.in[i / COLUMNS][i % COLUMNS] = (float)(i % COLUMNS);
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    check((int64_t)runtime.out[0], 2 * ROWS * COLUMNS * (COLUMNS - 1) / 2, "sum of all");
    for (int i = 1; i < COLUMNS; i++)
        check((int64_t)runtime.out[i], 2 * ROWS * i, "sum of column %d", i);
    return verdict();
}
#endif
