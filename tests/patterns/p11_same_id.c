/* p11_same_id.c - the worker takes a task when DATA_MAIN_BASE has changed, and two tasks have the same id.
 *
 * Each ring of tasks counts its ids from 1. When two of the same id reach one core in a row, the register does not
 * change, the second task never runs, and the AICPU waits for its end.
 *
 * Remedy: a sequence number of the core, beside the id.
 */
#include "pattern.h"

enum { RINGS = 2, TASKS = 3, ID_BITS = 16 };

typedef struct Runtime {
    _Alignas(LINE) volatile int ring; /* of the task that is dispatched; written by the AICPU */
    struct {
        _Alignas(LINE) volatile int runs[TASKS + 1]; /* written by the worker */
    } rings[RINGS];
} Runtime;

#ifdef PART_AICPU
/* COND counts the tasks that have ended. */
static void run(Runtime *runtime, int ring, uint32_t id)
{
    static uint32_t sequence, dispatched;

    runtime->ring = ring;
    wmb();
#ifdef REPAIRED
    id |= ++sequence << ID_BITS;
#else
    (void)sequence;
#endif
    *window(0, REG_DATA_MAIN_BASE) = id;
    dispatched++;
    while (*window(0, REG_COND) != MAKE_FIN_VALUE(dispatched)) /* EFFECT */
        SPIN_WAIT_HINT();
    rmb();
}

int aicpu_execute(Runtime *runtime)
{
    open_window(0);
    for (uint32_t id = 1; id <= TASKS; id++)
        for (int ring = 0; ring < RINGS; ring++)
            run(runtime, ring, id);
    close_window(0);
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    uint32_t value, before = 0, ended = 0;

    (void)core_type;
    if (block_idx != 0)
        return;
    write_reg(REG_COND, AICORE_IDLE_VALUE);
    while ((value = (uint32_t)read_reg(REG_DATA_MAIN_BASE)) != AICORE_EXIT_SIGNAL) { /* EFFECT */
        if (value == before)
            continue;
        dcci(&runtime->ring, SINGLE_CACHE_LINE, CACHELINE_OUT);
        runtime->rings[runtime->ring].runs[value & ((1u << ID_BITS) - 1)]++;
        write_reg(REG_COND, MAKE_FIN_VALUE(++ended));
        before = value;
    }
    dcci(&runtime->ring, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {0};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int ring = 0; ring < RINGS; ring++)
        for (int id = 1; id <= TASKS; id++)
            check(runtime.rings[ring].runs[id], 1, "runs of task %d of ring %d", id, ring);
    return verdict();
}
#endif
