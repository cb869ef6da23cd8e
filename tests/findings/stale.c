/* stale.c - a core uses its old copy of a line after it was told of a newer one. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(flag, "stale-read", "")                                                                                          \
    X(by_register, "stale-read", "")                                                                                   \
    X(two_hops, "stale-read", "")                                                                                      \
    X(core_to_core, "stale-read", "")                                                                                  \
    X(copied, "stale-read", "")                                                                                        \
    X(acquired, "stale-read", "")                                                                                      \
    X(own_older, "stale-read", "")                                                                                     \
    X(polled, "deadlock stale-read", "")                                                                               \
    X(flag_right, "", "")                                                                                              \
    X(by_register_right, "", "")                                                                                       \
    X(two_hops_right, "", "")                                                                                          \
    X(core_to_core_right, "", "")                                                                                      \
    X(evicted_right, "", "")                                                                                           \
    X(same_value_right, "", "")                                                                                        \
    X(own_newer_right, "", "")                                                                                         \
    X(not_told_right, "", "")                                                                                          \
    X(neighbour_right, "", "")
CASE_ENUM;

enum { OLD = 5, NEW = 7, GO = 3, FILL = 4096 };

typedef struct Runtime {
    Word which;
    Word data, neighbour; /* the line in question: of data, its first word is read, its last may be */
    Flag held, told, hop, done;
    Word result;
    _Alignas(LINE) int64_t fill[FILL]; /* as large as the cache */
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;
    int64_t new = which == CASE_same_value_right ? OLD : NEW;

    await(&runtime->held);
    if (which != CASE_core_to_core && which != CASE_core_to_core_right && which != CASE_neighbour_right)
        runtime->data.value = new; /* CAUSE flag by_register two_hops copied acquired polled own_older */
    if (which == CASE_neighbour_right)
        (&runtime->data.value)[1] = NEW;
    if (which == CASE_by_register || which == CASE_by_register_right) {
        wmb();
        *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
        *window(1, REG_DATA_MAIN_BASE) = GO;
    } else if (which == CASE_acquired) {
        __atomic_store_n(&runtime->told.up, 1, __ATOMIC_RELEASE);
    } else if (which == CASE_two_hops || which == CASE_two_hops_right) {
        raise(&runtime->hop);
    } else if (which != CASE_not_told_right && which != CASE_core_to_core && which != CASE_core_to_core_right) {
        raise(&runtime->told);
    }
    return 0;
}
#endif

#ifdef PART_AICORE
static bool drops(int which)
{
    return which == CASE_flag_right || which == CASE_by_register_right || which == CASE_two_hops_right ||
           which == CASE_core_to_core_right;
}

__attribute__((noinline)) static int64_t look(__gm__ Runtime *runtime)
{
    return runtime->data.value; /* EFFECT flag by_register two_hops core_to_core acquired own_older */
}

__attribute__((noinline)) static int64_t copy(__gm__ Runtime *runtime)
{
    int64_t value;

    __builtin_memcpy(&value, &runtime->data, sizeof(value)); /* EFFECT copied */
    return value;
}

static void wait(__gm__ Runtime *runtime, int which)
{
    if (which == CASE_by_register || which == CASE_by_register_right)
        await_register(GO);
    else if (which == CASE_not_told_right)
        spend_ns(3000);
    else
        await(&runtime->told);
}

static void read(__gm__ Runtime *runtime, int which)
{
    int64_t first = runtime->data.value, second;

    if (which == CASE_own_older || which == CASE_own_newer_right)
        runtime->data.value = OLD; /* and it stays in this core's cache */
    raise(&runtime->held);
    while (which == CASE_polled)
        if (*(__gm__ volatile int64_t *)&runtime->data.value == NEW) /* EFFECT polled */
            return;
    wait(runtime, which);
    if (drops(which))
        dcci(&runtime->data, SINGLE_CACHE_LINE, CACHELINE_OUT);
    if (which == CASE_evicted_right)
        for (int i = 0; i < FILL; i += LINE / 8)
            first += runtime->fill[i];
    if (which == CASE_own_newer_right)
        runtime->data.value = NEW;
    second = which == CASE_copied ? copy(runtime) : look(runtime);
    runtime->result.value = first + second;
    dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void write(__gm__ Runtime *runtime)
{
    await(&runtime->held);
    runtime->data.value = NEW; /* CAUSE core_to_core */
    dcci(&runtime->data, SINGLE_CACHE_LINE, CACHELINE_OUT);
    raise(&runtime->told);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx == 1) {
        read(runtime, which);
    } else if (block_idx == 0 && (which == CASE_two_hops || which == CASE_two_hops_right)) {
        await(&runtime->hop);
        raise(&runtime->told);
    } else if (block_idx == 2 && (which == CASE_core_to_core || which == CASE_core_to_core_right)) {
        write(runtime);
    }
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static Runtime runtime = {.data.value = OLD};
    void *device;
    int which = CASE_OF(argc, argv);
    bool old = which == CASE_same_value_right || which == CASE_not_told_right || which == CASE_neighbour_right;

    runtime.which.value = which;
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.result.value, OLD + (old ? OLD : NEW), "sum of both looks");
    return verdict();
}
#endif
