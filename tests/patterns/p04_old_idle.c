/* p04_old_idle.c - the AICPU stores a new task to DATA_MAIN_BASE and reads COND, which is still that of the task
 * before.
 *
 * The store is posted: it crosses to the core while the load of COND is on its way already. "Idle" is taken for the end
 * of the new task; its successor starts on another core and reads what nobody has written yet.
 *
 * Remedy: only the new task's own id in COND is its end.
 */
#include "pattern.h"

enum { COUNT = 64, PRODUCE = 1, CONSUME = 2 }; /* ids of the two tasks */

typedef struct Runtime {
    _Alignas(LINE) volatile int64_t *between; /* COUNT values from the producer to the consumer */
    _Alignas(LINE) volatile int task[CORES];  /* each core's task */
    _Alignas(LINE) volatile int64_t sum;      /* written by the consumer */
} Runtime;

#ifdef PART_AICPU
static void run(Runtime *runtime, int worker, int task)
{
    runtime->task[worker] = task;
    wmb();
    *window(worker, REG_DATA_MAIN_BASE) = (uint32_t)task;
#ifdef REPAIRED
    while (*window(worker, REG_COND) != MAKE_FIN_VALUE(task))
#else
    while (EXTRACT_TASK_STATE(*window(worker, REG_COND)) != TASK_FIN_STATE)
#endif
        SPIN_WAIT_HINT();
    rmb();
}

int aicpu_execute(Runtime *runtime)
{
    for (int i = 0; i < CORES; i++)
        open_window(i);
    run(runtime, 1, PRODUCE);
    run(runtime, 2, CONSUME);
    for (int i = 0; i < CORES; i++)
        close_window(i);
    return 0;
}
#endif

#ifdef PART_AICORE
static void produce(__gm__ volatile int64_t *between)
{
    for (int i = 0; i < COUNT; i++)
        between[i] = i; /* CAUSE */
}

static int64_t consume(const __gm__ volatile int64_t *between)
{
    int64_t sum = 0;

    for (int i = 0; i < COUNT; i++)
        sum += between[i]; /* EFFECT */
    return sum;
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    uint32_t value, before = 0;

    (void)core_type;
    write_reg(REG_COND, AICORE_IDLE_VALUE);
    while ((value = (uint32_t)read_reg(REG_DATA_MAIN_BASE)) != AICORE_EXIT_SIGNAL) {
        if (value == before)
            continue;
        dcci(&runtime->task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        int task = runtime->task[block_idx];
        write_reg(REG_COND, MAKE_ACK_VALUE(value));
        if (task == PRODUCE)
            produce(runtime->between);
        else
            runtime->sum = consume(runtime->between);
        dcci(&runtime->task, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        dsb(DSB_DDR);
        write_reg(REG_COND, MAKE_FIN_VALUE(value));
        before = value;
    }
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {.between = device_new(COUNT * sizeof(int64_t))};
    void *device = device_copy(&runtime, sizeof(runtime));

    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.sum, COUNT * (COUNT - 1) / 2, "sum");
    return verdict();
}
#endif
