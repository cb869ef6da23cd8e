/* stuck.c - launches that cannot go on, or go on without getting anywhere; and what only takes long. */
#include "cases.h"

#ifdef PART_AICPU
#include <pthread.h>
#endif

#define CASES(X)                                                                                                       \
    X(stale_poll, "deadlock", "")                                                                                      \
    X(lost_signal, "deadlock", "")                                                                                     \
    X(lock_held, "deadlock", "")                                                                                       \
    X(spin_lock_held, "deadlock livelock", "")                                                                         \
    X(register_never, "deadlock livelock", "")                                                                         \
    X(goes_round, "livelock", "")                                                                                      \
    X(long_wait_right, "", "")                                                                                         \
    X(lock_right, "", "")                                                                                              \
    X(spin_lock_right, "", "")
CASE_ENUM;

typedef struct Runtime {
    Word which;
    Flag flag, other;
    Word lock, count, result;
} Runtime;

#ifdef PART_AICPU
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) static void take(void)
{
    pthread_mutex_lock(&mutex); /* EFFECT lock_held */
}

static void spin(int64_t *lock)
{
    while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE)) /* EFFECT spin_lock_held */
        SPIN_WAIT_HINT();
}

int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    switch (which) {
    case CASE_lock_held:
    case CASE_lock_right:
        take();
        runtime->count.value++;
        if (which == CASE_lock_right)
            pthread_mutex_unlock(&mutex);
        break;
    case CASE_spin_lock_held:
    case CASE_spin_lock_right:
        spin(&runtime->lock.value);
        runtime->count.value++;
        if (which == CASE_spin_lock_right)
            __atomic_store_n(&runtime->lock.value, 0, __ATOMIC_RELEASE);
        break;
    case CASE_register_never:
        while (dav_thread_idx() == 0 && *window(1, REG_COND) != 3) /* EFFECT register_never */
            SPIN_WAIT_HINT();
        break;
    case CASE_lost_signal:
        runtime->flag.up = 1; /* the worker has not looked yet ... */
        runtime->flag.up = 0; /* CAUSE lost_signal */
        break;
    case CASE_stale_poll:
    case CASE_long_wait_right:
        spend_ns(500000);
        raise(&runtime->flag);
        break;
    case CASE_goes_round:
        for (volatile int turns = 0; dav_thread_idx() == 0; turns++) /* EFFECT goes_round */
            spend_ns(100);                                           /* EFFECT goes_round */
        break;
    }
    return 0;
}
#endif

#ifdef PART_AICORE
__attribute__((noinline)) static void poll(__gm__ Runtime *runtime)
{
    while (runtime->flag.up == 0) /* EFFECT stale_poll */
        SPIN_WAIT_HINT();
}

__attribute__((noinline)) static void poll_anew(__gm__ volatile int *flag)
{
    do
        dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT); /* EFFECT lost_signal */
    while (*flag == 0);                               /* EFFECT lost_signal */
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1)
        return;
    if (which == CASE_stale_poll)
        poll(runtime);
    if (which == CASE_lost_signal) {
        for (uint64_t end = get_sys_cnt() + 100; get_sys_cnt() < end;)
            SPIN_WAIT_HINT();
        poll_anew(&runtime->flag.up);
    }
    if (which == CASE_long_wait_right)
        poll_anew(&runtime->flag.up);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    Runtime runtime = {0};
    int which = CASE_OF(argc, argv);
    Runtime *device;

    runtime.which.value = which;
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 2);
    from_device(&runtime, device, sizeof(runtime));
    if (which == CASE_lock_right || which == CASE_spin_lock_right)
        check(runtime.count.value, 2, "count");
    return verdict();
}
#endif
