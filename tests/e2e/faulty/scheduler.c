/* scheduler.c - does the AICPU's part of a case, before or instead of what the runtime's own scheduler does. */
#include "runtime.h"

#include "aicpu/platform_regs.h"
#include "faults.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

int aicpu_execute_well(Runtime *runtime);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static volatile int flag;
static volatile int zero;

static int overflow(volatile int *deeper, int depth)
{
    volatile int room[1024];
    room[depth % 1024] = *deeper + depth;
    return overflow(room, depth + 1) + room[0];
}

/* Functions of their own: the compiler would make one call of equal ones. */
static __attribute__((noinline)) void lock_nothing(void)
{
    pthread_mutex_lock((pthread_mutex_t *)16); /* aicpu_wild_lock */
    zero = 0;
}

static __attribute__((noinline)) void lock_twice(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex); /* aicpu_lock_twice */
    zero = 0;
}

static __attribute__((noinline)) void lock_and_stay(void)
{
    pthread_mutex_lock(&mutex); /* aicpu_lock_kept */
    while (!flag)
        ;
}

int aicpu_execute(Runtime *runtime)
{
    cache_invalidate_range(runtime->tasks, sizeof(Task));
    switch (runtime->tasks[0].args[0]) {
    case FAULT_aicpu_null:
        runtime = (Runtime *)(uintptr_t)zero;
        runtime->task_count = 1; /* aicpu_null */
        break;
    case FAULT_aicpu_wild:
        *(volatile int *)0x500000000000ull = 1; /* aicpu_wild */
        break;
    case FAULT_aicpu_wild_lock:
        lock_nothing();
        break;
    case FAULT_aicpu_divide:
        flag = 7 / zero; /* aicpu_divide */
        break;
    case FAULT_aicpu_trap:
        __builtin_trap(); /* aicpu_trap */
        break;
    case FAULT_aicpu_abort:
        abort(); /* aicpu_abort */
    case FAULT_aicpu_exit:
        exit(3); /* aicpu_exit */
    case FAULT_aicpu_assert:
        assert(zero == 1);
        break;
    case FAULT_aicpu_overflow:
        flag = overflow(&flag, 0);
        break;
    case FAULT_aicpu_endless:
        for (;;)
            flag++; /* aicpu_endless */
        break;
    case FAULT_aicpu_spin:
        while (!flag) /* aicpu_spin */
            ;
        break;
    case FAULT_aicpu_fails:
        return -3;
    case FAULT_aicpu_absent:
        return 0;
    case FAULT_aicpu_lock_twice:
        lock_twice();
        break;
    case FAULT_aicpu_lock_kept:
        lock_and_stay();
        break;
    case FAULT_aicpu_lock_left:
        pthread_mutex_lock(&mutex); /* aicpu_lock_left */
        break;
    case FAULT_aicpu_no_signal:
        pthread_mutex_lock(&mutex);
        pthread_cond_wait(&changed, &mutex); /* aicpu_no_signal */
        break;
    case FAULT_aicpu_bad_free:
        free((void *)(uintptr_t)(16 + zero)); /* aicpu_bad_free */
        break;
    default:
        break;
    }
    return aicpu_execute_well(runtime);
}
