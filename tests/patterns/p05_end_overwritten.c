/* p05_end_overwritten.c - COND is one register, and the newest value wins.
 *
 * Each core is given its next task while it still runs one. It ends the first and acknowledges the second within some
 * ns; the AICPU, which polls one core after the other at 100 ns each, only sees the acknowledgement. The end of the
 * first is never counted: near the end of the run the AICPU waits for something that will not come.
 *
 * Remedy: who has begun the next task has ended the one before.
 */
#include "pattern.h"

enum { TASKS = 4, RUN_NS = 1000 };

typedef struct Runtime {
    struct {
        _Alignas(LINE) volatile int runs; /* written by its worker */
    } cores[CORES];
} Runtime;

#ifdef PART_AICPU
/* Tasks of a core are 1, 2, ...; 0 is none. */
typedef struct Core {
    volatile uint32_t *data_main_base, *cond;
    int running, pending, last, ended;
} Core;

static void look_at(Core *core)
{
    uint32_t cond = *core->cond; /* EFFECT */

    if (core->pending && EXTRACT_TASK_ID(cond) == core->pending) {
#ifdef REPAIRED
        if (core->running)
            core->ended++;
#endif
        core->running = core->pending;
        core->pending = 0;
    }
    if (core->running && cond == MAKE_FIN_VALUE(core->running)) {
        core->running = 0;
        core->ended++;
    }
    if (!core->pending && core->last < TASKS)
        *core->data_main_base = (uint32_t)(core->pending = ++core->last);
}

int aicpu_execute(Runtime *runtime)
{
    Core cores[CORES];
    int ended;

    (void)runtime;
    for (int i = 0; i < CORES; i++) {
        open_window(i);
        cores[i] = (Core){.data_main_base = window(i, REG_DATA_MAIN_BASE), .cond = window(i, REG_COND)};
    }
    do {
        ended = 0;
        for (int i = 0; i < CORES; i++) {
            look_at(&cores[i]);
            ended += cores[i].ended;
        }
    } while (ended < CORES * TASKS);
    for (int i = 0; i < CORES; i++)
        close_window(i);
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    uint32_t task, before = 0;

    (void)core_type;
    write_reg(REG_COND, AICORE_IDLE_VALUE);
    while ((task = (uint32_t)read_reg(REG_DATA_MAIN_BASE)) != AICORE_EXIT_SIGNAL) { /* EFFECT */
        if (task == before)
            continue;
        write_reg(REG_COND, MAKE_ACK_VALUE(task));
        spend_ns(RUN_NS);
        runtime->cores[block_idx].runs++;
        write_reg(REG_COND, MAKE_FIN_VALUE(task));
        before = task;
    }
    dcci(&runtime->cores[block_idx].runs, SINGLE_CACHE_LINE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {0};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < CORES; i++)
        check(runtime.cores[i].runs, TASKS, "tasks that ran on core %d", i);
    return verdict();
}
#endif
