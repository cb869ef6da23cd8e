/* locks.c - mutexes of three kinds, a spin lock and a read-write lock guard plain counters.
 * Expected: value[0] = value[1] = value[2] = 100 x threads; value[3] = threads (once each). 1 to 4 threads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>

#include "check.h"

enum { TURNS = 100 };

static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint32_t arrived;

static void make_spin(void)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
}

static void count(struct device_result *result)
{
    for (int i = 0; i < TURNS; i++) {
        pthread_mutex_lock(&plain);
        result->value[0]++;
        pthread_mutex_unlock(&plain);
        pthread_spin_lock(&spin);
        result->value[1]++;
        pthread_spin_unlock(&spin);
        pthread_rwlock_wrlock(&shared);
        result->value[2]++;
        pthread_rwlock_unlock(&shared);
        pthread_rwlock_rdlock(&shared);
        CHECK(result, result->value[2] > i);
        pthread_rwlock_unlock(&shared);
    }
}

int aicpu_execute(struct device_result *result)
{
    pthread_once(&once, make_spin);
    meet(result, &arrived, 1);
    count(result);

    CHECK(result, pthread_mutex_lock(&recursive) == 0);
    CHECK(result, pthread_mutex_lock(&recursive) == 0);
    result->value[3]++;
    CHECK(result, pthread_mutex_unlock(&recursive) == 0);
    CHECK(result, pthread_mutex_unlock(&recursive) == 0);

    CHECK(result, pthread_mutex_lock(&checking) == 0);
    CHECK(result, pthread_mutex_lock(&checking) == EDEADLK);
    CHECK(result, pthread_mutex_trylock(&checking) == EBUSY);
    CHECK(result, pthread_mutex_unlock(&checking) == 0);
    CHECK(result, pthread_mutex_unlock(&checking) == EPERM);
    FINISH(result);
    return 0;
}
