/* publish.c - what a core wrote is still in its cache, or on its way, when the reader comes. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(to_core, "missing-dcci-publish", "")                                                                             \
    X(to_aicpu, "missing-dcci-publish", "")                                                                            \
    X(to_host, "missing-dcci-publish", "")                                                                             \
    X(all_to_host, "missing-dcci-publish", "")                                                                         \
    X(fresh_to_host, "missing-dcci-publish", "")                                                                       \
    X(some_bytes, "missing-dcci-publish", "")                                                                          \
    X(wrong_line, "missing-dcci-publish", "")                                                                          \
    X(barrier_only, "missing-dcci-publish", "")                                                                        \
    X(next_launch, "missing-dcci-publish", "")                                                                         \
    X(only_dropped, "missing-dcci-publish", "--set aicore.dcci_two_args_clean=no")                                     \
    X(cond_early, "early-signal", "")                                                                                  \
    X(to_core_right, "", "")                                                                                           \
    X(to_aicpu_right, "", "")                                                                                          \
    X(to_host_right, "", "")                                                                                           \
    X(other_bytes_right, "", "")                                                                                       \
    X(not_told_right, "", "")                                                                                          \
    X(same_value_right, "", "")                                                                                        \
    X(evicted_right, "", "")                                                                                           \
    X(only_dropped_right, "", "--set aicore.dcci_two_args_clean=no")                                                   \
    X(kept_order_right, "", "")                                                                                        \
    X(cond_right, "", "")
CASE_ENUM;

enum { OLD = 5, NEW = 7, DONE = 3, FILL = 4096 };

typedef struct Runtime {
    Word which;
    int64_t *block;
    _Alignas(LINE) int64_t data[8]; /* one line, written by worker 1 */
    Flag told;
    _Alignas(LINE) int64_t fill[FILL];
    Word result;
} Runtime;

#ifdef PART_AICPU
static void await_cond(int worker, uint32_t value)
{
    while (*window(worker, REG_COND) != value)
        SPIN_WAIT_HINT();
    rmb();
}

static int64_t look(const Runtime *runtime)
{
    return runtime->data[0] + runtime->data[2]; /* EFFECT to_aicpu barrier_only some_bytes cond_early */
}

int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    switch (which) {
    case CASE_cond_early:
    case CASE_cond_right:
        *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
        await_cond(1, DONE);
        break;
    case CASE_to_aicpu:
    case CASE_to_aicpu_right:
    case CASE_other_bytes_right:
    case CASE_same_value_right:
    case CASE_barrier_only:
    case CASE_wrong_line:
    case CASE_evicted_right:
    case CASE_some_bytes:
    case CASE_only_dropped:
    case CASE_only_dropped_right:
    case CASE_kept_order_right:
        await(&runtime->told);
        break;
    case CASE_not_told_right:
        spend_ns(3000);
        break;
    default:
        return 0;
    }
    if (which == CASE_other_bytes_right)
        runtime->result.value = runtime->data[1] + runtime->data[3];
    else
        runtime->result.value = look(runtime);
    return 0;
}
#endif

#ifdef PART_AICORE
__attribute__((noinline)) static void write_one_more(__gm__ Runtime *runtime)
{
    runtime->data[2] = NEW; /* CAUSE some_bytes */
}

__attribute__((noinline)) static void drop(__gm__ Runtime *runtime)
{
    dcci(&runtime->data[0], SINGLE_CACHE_LINE); /* CAUSE only_dropped */
}

static void publish(__gm__ Runtime *runtime, int which)
{
    int64_t sum = 0;

    switch (which) {
    case CASE_barrier_only:
        pipe_barrier(PIPE_ALL);
        dsb(DSB_DDR);
        break;
    case CASE_wrong_line:
        dcci(&runtime->data[8], SINGLE_CACHE_LINE, CACHELINE_OUT);
        break;
    case CASE_some_bytes:
        dcci(&runtime->data[0], SINGLE_CACHE_LINE, CACHELINE_OUT);
        write_one_more(runtime);
        break;
    case CASE_evicted_right:
        for (int i = 0; i < FILL; i += LINE / 8)
            sum += runtime->fill[i];
        runtime->data[7] = sum;
        break;
    case CASE_only_dropped:
        drop(runtime);
        break;
    case CASE_only_dropped_right: /* it holds nothing by now */
        dcci(&runtime->data[0], SINGLE_CACHE_LINE, CACHELINE_OUT);
        dcci(&runtime->data[0], SINGLE_CACHE_LINE);
        break;
    case CASE_to_core_right:
    case CASE_to_aicpu_right:
    case CASE_to_host_right:
    case CASE_cond_early:
    case CASE_kept_order_right:
    case CASE_cond_right:
        dcci(&runtime->data[0], SINGLE_CACHE_LINE, CACHELINE_OUT); /* CAUSE cond_early */
        break;
    }
}

static void write(__gm__ Runtime *runtime, int which)
{
    int64_t new = which == CASE_same_value_right ? OLD : NEW;

    runtime->data[0] = new; /* CAUSE to_core to_aicpu barrier_only wrong_line */
    if (which == CASE_to_host || which == CASE_next_launch)
        runtime->data[0] = NEW; /* CAUSE to_host next_launch */
    if (which == CASE_fresh_to_host)
        for (int i = 0; i < LINE; i++)
            runtime->block[i] = NEW; /* CAUSE fresh_to_host */
    if (which == CASE_all_to_host)
        for (int i = 0; i < FILL / 64; i++)
            runtime->fill[i] = NEW; /* CAUSE all_to_host */
    publish(runtime, which);
    if (which == CASE_cond_early || which == CASE_cond_right) {
        if (which == CASE_cond_right)
            dsb(DSB_DDR);
        write_reg(REG_COND, DONE);
    } else if (which == CASE_kept_order_right) {
        hint(&runtime->told);
    } else {
        raise(&runtime->told);
    }
    if (which == CASE_not_told_right)
        spend_ns(20000);
    if (which == CASE_not_told_right || which == CASE_other_bytes_right || which == CASE_same_value_right)
        dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx == 1 && runtime->told.up == 0)
        write(runtime, which);
    if (block_idx != 2 || (which != CASE_to_core && which != CASE_to_core_right && which != CASE_next_launch))
        return;
    await(&runtime->told);
    runtime->result.value = runtime->data[0] + runtime->data[2]; /* EFFECT to_core next_launch */
    dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static Runtime runtime = {.data = {OLD, OLD, OLD, OLD}};
    int which = CASE_OF(argc, argv);
    Runtime *device;

    runtime.which.value = which;
    runtime.block = device_new(LINE * sizeof(int64_t));
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    if (which == CASE_next_launch)
        launch(device, sizeof(runtime), 1);
    from_device(&runtime.result, &device->result, sizeof(runtime.result));
    if (which == CASE_to_host || which == CASE_to_host_right)
        from_device(&runtime, device, sizeof(runtime));
    if (which == CASE_all_to_host)
        from_device(runtime.fill, device->fill, FILL / 64);
    if (which == CASE_fresh_to_host)
        from_device(runtime.fill, runtime.block, LINE * sizeof(int64_t));
    if (which == CASE_to_host_right)
        check(runtime.data[0], NEW, "the copy");
    else if (which == CASE_other_bytes_right || which == CASE_same_value_right || which == CASE_not_told_right)
        check(runtime.result.value, OLD + OLD, "result");
    else
        check(runtime.result.value, OLD + NEW, "result");
    return verdict();
}
#endif
