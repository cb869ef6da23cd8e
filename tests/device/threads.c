/* threads.c - each thread of the launch makes two more and joins them; thread_local objects; pthread_once.
 * Expected: value[0] = 1 (initializations); value[1] = 2 x threads (threads made); value[2] = sum of what they
 * returned, 3 x threads. 1 to 3 threads.
 */
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include "check.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct device_result *all;
static _Thread_local int mine = 7;
static _Thread_local struct {
    char bytes[100];
} zeros;

static void initialize(void)
{
    thrd_sleep(&(struct timespec){.tv_nsec = 3000}, NULL); /* the others have to wait */
    all->value[0]++;
}

static void *child(void *number)
{
    pthread_once(&once, initialize);
    CHECK(all, all->value[0] == 1);
    CHECK(all, mine == 7 && zeros.bytes[99] == 0);
    mine += (int)(intptr_t)number;
    zeros.bytes[99] = 1;
    __atomic_fetch_add(&all->value[1], 1, __ATOMIC_RELAXED);
    sched_yield();
    CHECK(all, mine == 7 + (int)(intptr_t)number);
    if ((intptr_t)number == 2)
        pthread_exit((void *)(intptr_t)(mine - 7));
    return number;
}

static int c11_child(void *number)
{
    return -(int)(intptr_t)number;
}

int aicpu_execute(struct device_result *result)
{
    pthread_t threads[2];
    thrd_t last;
    void *one, *two;
    int number = 0;

    all = result;
    mine = 100;
    zeros.bytes[99] = 100;
    CHECK(result, pthread_create(&threads[0], NULL, child, (void *)1) == 0);
    CHECK(result, pthread_create(&threads[1], NULL, child, (void *)2) == 0);
    CHECK(result, !pthread_equal(threads[0], threads[1]) && !pthread_equal(threads[0], pthread_self()));
    CHECK(result, pthread_join(threads[0], &one) == 0);
    CHECK(result, pthread_join(threads[1], &two) == 0);
    CHECK(result, pthread_join(threads[1], NULL) == ESRCH);
    CHECK(result, (intptr_t)one == 1 && (intptr_t)two == 2);
    __atomic_fetch_add(&result->value[2], (intptr_t)one + (intptr_t)two, __ATOMIC_RELAXED);
    CHECK(result, mine == 100 && zeros.bytes[99] == 100);

    CHECK(result, thrd_create(&last, c11_child, (void *)5) == thrd_success);
    CHECK(result, thrd_join(last, &number) == thrd_success && number == -5);
    CHECK(result, pthread_create(&threads[0], NULL, child, (void *)0) == 0);
    CHECK(result, pthread_detach(threads[0]) == 0);
    __atomic_fetch_sub(&result->value[1], 1, __ATOMIC_RELAXED); /* the detached one counts itself, at some time */
    FINISH(result);
    return 0;
}
