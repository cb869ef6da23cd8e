/* dma.c - the host copies, and caches do not see it: old lines from an earlier launch, and lines that come too late. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(residual, "residual-line", "")                                                                                   \
    X(residual_block, "residual-line", "")                                                                             \
    X(not_invalidated, "dma-not-invalidated", "")                                                                      \
    X(invalidated_before, "dma-not-invalidated", "")                                                                   \
    X(dirty_line, "dma-clobbered", "")                                                                                 \
    X(dirty_word, "dma-clobbered", "")                                                                                 \
    X(late_invalidate, "dma-clobbered", "")                                                                            \
    X(residual_right, "", "")                                                                                          \
    X(left_clean_right, "", "")                                                                                        \
    X(same_input_right, "", "")                                                                                        \
    X(invalidated_right, "", "")                                                                                       \
    X(snooped_right, "", "--set aicpu.dma_snooped=yes")                                                                \
    X(dirty_line_right, "", "")                                                                                        \
    X(overwritten_right, "", "")
CASE_ENUM;

enum { LAUNCHES = 2 };

typedef struct Runtime {
    Word which, launch;
    Word input; /* the host's */
    Word result;
    Flag go, done;
} Runtime;

#ifdef PART_AICPU
static int64_t input_of(const Runtime *runtime)
{
    return runtime->input.value; /* EFFECT not_invalidated invalidated_before */
}

int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    cache_invalidate_range(&runtime->launch, sizeof(runtime->launch));
    switch (which) {
    case CASE_invalidated_right:
        cache_invalidate_range(&runtime->input, sizeof(runtime->input));
        break;
    case CASE_late_invalidate:
        if (runtime->launch.value == 0)
            runtime->input.value = 1; /* dirty in the cluster's cache */
        else
            cache_invalidate_range(&runtime->input, sizeof(runtime->input)); /* CAUSE late_invalidate */
        break;
    }
    if (which == CASE_not_invalidated || which == CASE_invalidated_before || which == CASE_invalidated_right ||
        which == CASE_snooped_right || which == CASE_late_invalidate)
        runtime->result.value =
            which == CASE_late_invalidate ? runtime->input.value : input_of(runtime); /* EFFECT late_invalidate */
    if (which == CASE_invalidated_before && runtime->launch.value == 0) {
        cache_invalidate_range(&runtime->input, sizeof(runtime->input));
        runtime->result.value = runtime->input.value;
    }
    return 0;
}
#endif

#ifdef PART_AICORE
__attribute__((noinline)) static int64_t look(__gm__ Runtime *runtime)
{
    return runtime->input.value; /* EFFECT residual dirty_line dirty_word */
}

__attribute__((noinline)) static int64_t look_at_block(__gm__ Runtime *runtime)
{
    int64_t copy;

    __builtin_memcpy(&copy, &runtime->input, sizeof(copy)); /* EFFECT residual_block */
    return copy;
}

__attribute__((noinline)) static void drop(__gm__ Runtime *runtime)
{
    dcci(&runtime->input, SINGLE_CACHE_LINE, CACHELINE_OUT); /* CAUSE dirty_line dirty_word */
}

static void give(__gm__ Runtime *runtime, int64_t result)
{
    runtime->result.value = result;
    dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1)
        return;
    dcci(&runtime->launch, SINGLE_CACHE_LINE, CACHELINE_OUT);
    switch (which) {
    case CASE_residual:
    case CASE_same_input_right:
        give(runtime, look(runtime));
        break;
    case CASE_residual_block:
        give(runtime, look_at_block(runtime));
        break;
    case CASE_residual_right:
        dcci(&runtime->input, SINGLE_CACHE_LINE, CACHELINE_OUT);
        give(runtime, runtime->input.value);
        break;
    case CASE_left_clean_right:
        give(runtime, runtime->input.value);
        dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        break;
    case CASE_dirty_line: /* what it wrote is not what the host writes, but in the same line */
    case CASE_dirty_word:
    case CASE_dirty_line_right:
        if (runtime->launch.value == 0) {
            (&runtime->input.value)[which == CASE_dirty_line] = 5;
            if (which == CASE_dirty_line_right)
                dcci(&runtime->input, SINGLE_CACHE_LINE, CACHELINE_OUT);
            break;
        }
        drop(runtime);
        give(runtime, look(runtime));
        break;
    case CASE_overwritten_right:
        if (runtime->launch.value == 0) {
            (&runtime->input.value)[1] = 5;
            break;
        }
        dcci(&runtime->input, SINGLE_CACHE_LINE, CACHELINE_OUT); /* nobody has read what the host brought ... */
        runtime->input.value = 20;                               /* ... before it is replaced */
        give(runtime, runtime->input.value);
        break;
    }
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    Runtime runtime = {0};
    int which = CASE_OF(argc, argv);
    Runtime *device = device_new(sizeof(Runtime));

    for (int i = 0; i < LAUNCHES; i++) {
        int64_t input = which == CASE_same_input_right ? 10 : 10 * (i + 1);

        runtime.which.value = which;
        if (i == 0)
            to_device(device, &runtime, sizeof(runtime));
        to_device(&device->launch, &(Word){i}, sizeof(Word));
        to_device(&device->input, &(int64_t){input}, sizeof(int64_t));
        launch(device, sizeof(runtime), 1);
        if (i + 1 < LAUNCHES &&
            (which == CASE_late_invalidate || which == CASE_dirty_line || which == CASE_dirty_word ||
             which == CASE_dirty_line_right || which == CASE_overwritten_right))
            continue;
        from_device(&runtime.result, &device->result, sizeof(runtime.result));
        check(runtime.result.value, input, "result of launch %d", i + 1);
    }
    return verdict();
}
#endif
