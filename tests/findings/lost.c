/* lost.c - a write-back takes along what others have written. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(two_cores, "lost-write", "")                                                                                     \
    X(three_cores, "lost-write", "")                                                                                   \
    X(beside_aicpu, "lost-write", "")                                                                                  \
    X(by_eviction, "lost-write", "")                                                                                   \
    X(late_copy, "lost-write", "")                                                                                     \
    X(own_word_late, "lost-write", "")                                                                                 \
    X(own_word_knowingly, "lost-write", "")                                                                            \
    X(from_launch_before, "lost-write", "")                                                                            \
    X(two_threads, "lost-write", "")                                                                                   \
    X(two_cores_right, "", "")                                                                                         \
    X(three_cores_right, "", "")                                                                                       \
    X(beside_aicpu_right, "", "")                                                                                      \
    X(written_again_right, "", "")                                                                                     \
    X(same_value_right, "", "")                                                                                        \
    X(own_word_late_right, "", "")                                                                                     \
    X(from_launch_before_right, "", "")                                                                                \
    X(two_threads_right, "", "")                                                                                       \
    X(last_word_right, "", "")
CASE_ENUM;

enum { LAUNCHED = 1, OLD = 5, NEW = 7, NEWER = 9, FINISHED = 3, FILL = 4096 };

typedef struct Runtime {
    Word which, launch;
    _Alignas(LINE) int64_t data[8]; /* one line for all */
    Flag held, first, second, told, done;
    Word result;
    _Alignas(LINE) int64_t fill[FILL];
} Runtime;

#ifdef PART_AICPU
static void look(Runtime *runtime)
{
    int64_t sum = 0;

    for (int i = 0; i < 8; i++)
        sum += runtime->data[i]; /* EFFECT */
    runtime->result.value = sum;
}

static void await_cond(int worker, uint32_t value)
{
    while (*window(worker, REG_COND) != value)
        SPIN_WAIT_HINT();
    rmb();
}

static void two_threads(Runtime *runtime, int which)
{
    if (dav_thread_idx() == 1) {
        runtime->data[0] = NEW;
        raise(&runtime->first);
        return;
    }
    if (which == CASE_two_threads)
        spend_ns(3000);
    else
        await(&runtime->first);
    runtime->data[0] = NEWER; /* CAUSE two_threads */
    raise(&runtime->told);
    look(runtime);
}

int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    cache_invalidate_range(&runtime->launch, sizeof(runtime->launch));
    if (which == CASE_two_threads || which == CASE_two_threads_right) {
        two_threads(runtime, which);
        return 0;
    }
    if (dav_thread_idx() != 0)
        return 0;
    if (which == CASE_beside_aicpu || which == CASE_beside_aicpu_right || which == CASE_by_eviction) {
        await(&runtime->held);
        runtime->data[0] = NEW;
        raise(&runtime->first);
    }
    if (which == CASE_own_word_late || which == CASE_own_word_late_right) {
        *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
        await_cond(1, FINISHED);
        runtime->data[0] = NEWER;
        raise(&runtime->first);
    }
    if (which == CASE_from_launch_before || which == CASE_from_launch_before_right) {
        if (runtime->launch.value == 0)
            return 0;
        runtime->data[0] = NEWER;
        raise(&runtime->first);
    }
    if (which == CASE_own_word_knowingly) {
        spend_ns(3000);
        runtime->data[0] = NEWER;
        raise(&runtime->first);
    }
    await(&runtime->done);
    if (which == CASE_written_again_right) {
        runtime->data[0] = NEWER;
        runtime->data[1] = NEWER;
    }
    look(runtime);
    return 0;
}
#endif

#ifdef PART_AICORE
static void flush(__gm__ Runtime *runtime)
{
    dcci(&runtime->data[0], SINGLE_CACHE_LINE, CACHELINE_OUT); /* CAUSE */
}

/* Worker 1 stores first; the others have fetched the line before that, if they are wrong. */
static void share(__gm__ Runtime *runtime, int worker, int which)
{
    bool right = which == CASE_two_cores_right || which == CASE_three_cores_right;

    if (worker == 0 && which != CASE_three_cores && which != CASE_three_cores_right)
        return;
    if (worker == 1) {
        await_at(&runtime->held, which == CASE_three_cores ? 2 : right ? 0 : 1);
        runtime->data[1] = which == CASE_same_value_right ? OLD : NEW;
        flush(runtime);
        raise(&runtime->first);
        return;
    }
    if (worker == 0 && right)
        await(&runtime->second);
    else if (worker == 0)
        await(&runtime->held);
    else if (right)
        await(&runtime->first);
    if (worker == 2 || !right)
        runtime->data[worker] = NEW;
    if (!right)
        raise_to(&runtime->held, worker == 0 ? 2 : 1);
    await(&runtime->first);
    if (worker == 0) {
        await(&runtime->second);
        if (right)
            runtime->data[worker] = NEW;
    }
    if (which == CASE_late_copy)
        spend_ns(2000);
    flush(runtime);
    raise(&runtime->second);
    if (worker == 0 || (which != CASE_three_cores && which != CASE_three_cores_right))
        raise(&runtime->done);
}

static void beside(__gm__ Runtime *runtime, int which)
{
    int64_t sum = 0;

    if (which == CASE_beside_aicpu_right) {
        raise(&runtime->held);
        await(&runtime->first);
        runtime->data[1] = NEW;
    } else {
        runtime->data[1] = NEW;
        raise(&runtime->held);
        await(&runtime->first);
    }
    if (which == CASE_by_eviction)
        for (int i = 0; i < FILL; i += LINE / 8)
            sum += runtime->fill[i]; /* CAUSE by_eviction */
    else
        flush(runtime);
    runtime->fill[0] = sum;
    raise(&runtime->done);
}

static void own_word(__gm__ Runtime *runtime, int which)
{
    runtime->data[0] = NEW;
    flush(runtime);
    if (which == CASE_own_word_late_right)
        dsb(DSB_DDR);
    write_reg(REG_COND, FINISHED);
    await(&runtime->first);
    dsb(DSB_DDR);
    raise(&runtime->done);
}

/* The AICPU does not know of this core's store; this core does know of the AICPU's. */
static void knowingly(__gm__ Runtime *runtime)
{
    runtime->data[0] = NEW;
    await(&runtime->first);
    flush(runtime);
    raise(&runtime->done);
}

static void launches(__gm__ Runtime *runtime, int which)
{
    dcci(runtime, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dcci(&runtime->launch, SINGLE_CACHE_LINE, CACHELINE_OUT);
    if (runtime->launch.value == 0) {
        runtime->data[0] = NEW;
        if (which == CASE_from_launch_before_right)
            flush(runtime);
        return;
    }
    await(&runtime->first);
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT); /* CAUSE from_launch_before */
    raise(&runtime->done);
}

static void last_word(__gm__ Runtime *runtime)
{
    runtime->data[7] = NEW;
    runtime->data[0] = NEW;
    flush(runtime);
    runtime->data[7] = NEWER;
    flush(runtime);
    raise(&runtime->done);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    switch (which) {
    case CASE_two_cores:
    case CASE_three_cores:
    case CASE_late_copy:
    case CASE_two_cores_right:
    case CASE_three_cores_right:
    case CASE_written_again_right:
    case CASE_same_value_right:
        share(runtime, block_idx, which);
        return;
    }
    if (block_idx != 1)
        return;
    switch (which) {
    case CASE_beside_aicpu:
    case CASE_by_eviction:
    case CASE_beside_aicpu_right:
        beside(runtime, which);
        break;
    case CASE_own_word_late:
    case CASE_own_word_late_right:
        own_word(runtime, which);
        break;
    case CASE_own_word_knowingly:
        knowingly(runtime);
        break;
    case CASE_from_launch_before:
    case CASE_from_launch_before_right:
        launches(runtime, which);
        break;
    case CASE_last_word_right:
        last_word(runtime);
        break;
    }
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static const int64_t wanted[CASE_COUNT] = {
        [CASE_two_cores_right] = 6 * OLD + 2 * NEW,        [CASE_three_cores_right] = 5 * OLD + 3 * NEW,
        [CASE_beside_aicpu_right] = 6 * OLD + 2 * NEW,     [CASE_written_again_right] = 5 * OLD + NEW + 2 * NEWER,
        [CASE_same_value_right] = 7 * OLD + NEW,           [CASE_own_word_late_right] = 7 * OLD + NEWER,
        [CASE_from_launch_before_right] = 7 * OLD + NEWER, [CASE_two_threads_right] = 7 * OLD + NEWER,
        [CASE_last_word_right] = 6 * OLD + NEW + NEWER,
    };
    static Runtime runtime = {.data = {OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD}};
    int which = CASE_OF(argc, argv);
    Runtime *device;

    runtime.which.value = which;
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 2);
    if (which == CASE_from_launch_before || which == CASE_from_launch_before_right) {
        runtime.launch.value = LAUNCHED;
        to_device(&device->launch, &runtime.launch, sizeof(runtime.launch));
        launch(device, sizeof(runtime), 2);
    }
    from_device(&runtime.result, &device->result, sizeof(runtime.result));
    check(runtime.result.value, wanted[which], "sum of the line");
    return verdict();
}
#endif
