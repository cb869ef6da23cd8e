/* launches.c - right: several launches in one process, memory that comes and goes, large copies. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(flushed, "", "")                                                                                                 \
    X(dropped_first, "", "")                                                                                           \
    X(freed_between, "", "")                                                                                           \
    X(host_only_between, "", "")                                                                                       \
    X(large, "", "")                                                                                                   \
    X(tiny_cache, "", "--set aicore.dcache.size=512B")                                                                 \
    X(tiny_aicpu_cache, "", "--set aicpu.cache.size=4KiB --set aicpu.cache.ways=1")                                    \
    X(minimal, "", "--chip minimal")                                                                                   \
    X(end_of_memory, "", "--set gm.size=1MiB")
CASE_ENUM;

enum { LAUNCHES = 4, COUNT = 256, LARGE = 64 << 20 };

typedef struct Runtime {
    Word which;
    int64_t *input, *output;
    _Alignas(LINE) volatile int64_t sum;
    Flag go, done;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    int64_t sum = 0;

    cache_invalidate_range(runtime, sizeof(*runtime));
    raise(&runtime->go);
    await(&runtime->done);
    for (int i = 0; i < COUNT; i++)
        sum += runtime->output[i];
    runtime->sum = sum;
    cache_invalidate_range(runtime, sizeof(*runtime));
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    if (block_idx != 1)
        return;
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    await(&runtime->go);
    for (int i = 0; i < COUNT; i++)
        runtime->output[i] = runtime->input[i] + 1;
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    raise(&runtime->done);
    if (runtime->which.value == CASE_flushed)
        dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
static void one(int which, int number, void *device, int64_t *input, int64_t *output)
{
    static int64_t values[COUNT];
    Runtime runtime = {.which.value = which, .input = input, .output = output};

    for (int i = 0; i < COUNT; i++)
        values[i] = number * i;
    to_device(input, values, sizeof(values));
    to_device(device, &runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(values, output, sizeof(values));
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.sum, number * COUNT * (COUNT - 1) / 2 + COUNT, "sum of launch %d", number);
    check(values[COUNT - 1], number * (COUNT - 1) + 1, "last output of launch %d", number);
}

static void large(void)
{
    char *host = malloc(LARGE), *device = device_new(LARGE), *back = malloc(LARGE);

    memset(host, 7, LARGE);
    to_device(device, host, LARGE);
    from_device(back, device, LARGE);
    check(memcmp(host, back, LARGE), 0, "the copy");
    device_free(device);
    free(host);
    free(back);
}

/* The last allocation ends with the memory: its last line is the last there is. */
static int64_t *at_the_end(void)
{
    char *low = device_new(COUNT * sizeof(int64_t)), *high;

    device_free(low);
    high = low + (1 << 20) - ((uintptr_t)low & ((1 << 20) - 1)) - COUNT * sizeof(int64_t);
    (void)device_new((size_t)(high - low));
    return device_new(COUNT * sizeof(int64_t));
}

int main(int argc, char **argv)
{
    int which = CASE_OF(argc, argv);
    void *device = device_new(sizeof(Runtime));
    int64_t *input = device_new(COUNT * sizeof(*input));
    int64_t *output = which == CASE_end_of_memory ? at_the_end() : device_new(COUNT * sizeof(*output));

    for (int i = 1; i <= LAUNCHES; i++) {
        if (which == CASE_large)
            large();
        one(which, i, device, input, output);
        if (which == CASE_freed_between) {
            device_free(input);
            device_free(output);
            output = device_new(COUNT * sizeof(*output)); /* where the input was */
            input = device_new(COUNT * sizeof(*input));
        }
        if (which == CASE_host_only_between)
            to_device(output, &(int64_t){0}, sizeof(int64_t));
    }
    return verdict();
}
#endif
