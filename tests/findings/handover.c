/* handover.c - right: news that comes by a detour, or of which the order does not matter. */
#include "cases.h"

#ifdef PART_AICPU
#include <pthread.h>
#endif

#define CASES(X)                                                                                                       \
    X(fetch_or_flag, "", "")                                                                                           \
    X(lock_then_register, "", "")                                                                                      \
    X(store_after_arrival, "", "")                                                                                     \
    X(store_before_arrival, "", "")                                                                                    \
    X(two_flags, "", "")
CASE_ENUM;

enum { OLD = 5, NEW = 7, GO = 3 };

typedef struct Runtime {
    Word which;
    Word data;
    Flag flag, quit, told;
    Word result;
} Runtime;

#ifdef PART_AICPU
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool ready; /* guarded by it */

/* One thread writes the data, another dispatches. */
static void lock_then_register(Runtime *runtime, int me)
{
    for (bool go = false; !go;) {
        pthread_mutex_lock(&mutex);
        if (me == 0)
            runtime->data.value = NEW;
        ready |= me == 0;
        go = ready;
        pthread_mutex_unlock(&mutex);
    }
    if (me == 0)
        return;
    *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
    *window(1, REG_DATA_MAIN_BASE) = GO;
}

/* The worker's value is followed by this thread's own, which the other one reads. */
static void store_after(Runtime *runtime, int me)
{
    if (me == 0) {
        *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
        while (*window(1, REG_COND) != GO)
            SPIN_WAIT_HINT();
        rmb();
        runtime->data.value = NEW;
        raise(&runtime->told);
    } else {
        await(&runtime->told);
        runtime->result.value = runtime->data.value;
    }
}

int aicpu_execute(Runtime *runtime)
{
    int me = dav_thread_idx();

    switch (runtime->which.value) {
    case CASE_lock_then_register:
        lock_then_register(runtime, me);
        return 0;
    case CASE_store_after_arrival:
    case CASE_store_before_arrival:
        store_after(runtime, me);
        return 0;
    }
    if (me != 0)
        return 0;
    if (runtime->which.value == CASE_fetch_or_flag) {
        runtime->data.value = NEW;
        __atomic_fetch_or(&runtime->flag.up, 1, __ATOMIC_RELEASE);
    } else {
        runtime->quit.up = 0;
        runtime->flag.up = 1;
        spend_ns(2000);
        runtime->quit.up = 1;
    }
    return 0;
}
#endif

#ifdef PART_AICORE
static void give(__gm__ Runtime *runtime, int64_t result)
{
    runtime->result.value = result;
    dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void obey(__gm__ Runtime *runtime)
{
    do {
        dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        if (runtime->flag.up)
            runtime->result.value = NEW;
    } while (!runtime->quit.up);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1)
        return;
    switch (which) {
    case CASE_fetch_or_flag:
        await(&runtime->flag);
        give(runtime, runtime->data.value);
        break;
    case CASE_lock_then_register:
        await_register(GO);
        give(runtime, runtime->data.value);
        break;
    case CASE_store_after_arrival:
    case CASE_store_before_arrival: /* then the write-back brings what stands there already: the value of both */
        runtime->data.value = which == CASE_store_after_arrival ? OLD : NEW;
        dcci(&runtime->data, SINGLE_CACHE_LINE, CACHELINE_OUT);
        if (which == CASE_store_after_arrival)
            dsb(DSB_DDR);
        write_reg(REG_COND, GO);
        break;
    case CASE_two_flags:
        obey(runtime);
        break;
    }
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    Runtime runtime = {0};
    Runtime *device;

    runtime.which.value = CASE_OF(argc, argv);
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 2);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.result.value, NEW, "result");
    return verdict();
}
#endif
