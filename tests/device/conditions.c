/* conditions.c - two threads play ping-pong over a condition variable, all others wait for a broadcast; timeouts end in
 * simulated time. Expected: value[0] = 100 (turns); value[1] = threads - 2 (woken by the broadcast); value[2] =
 * nanoseconds a wait of 50 us took: 50,000 to 51,000. 2 to 4 threads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "aicpu/device_log.h"
#include "check.h"

enum { TURNS = 100 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER, start = PTHREAD_COND_INITIALIZER, never;
static pthread_barrier_t barrier;
static sem_t semaphore;
static int started;
static uint32_t arrived;

static void play(struct device_result *result, int me)
{
    pthread_mutex_lock(&mutex);
    while (result->value[0] < TURNS) {
        if (result->value[0] % 2 == me) {
            result->value[0]++;
            pthread_cond_signal(&turn);
        } else {
            pthread_cond_wait(&turn, &mutex);
        }
    }
    pthread_mutex_unlock(&mutex);
}

static void wait_for_start(struct device_result *result)
{
    pthread_mutex_lock(&mutex);
    while (!started)
        pthread_cond_wait(&start, &mutex);
    result->value[1]++;
    pthread_mutex_unlock(&mutex);
}

static int64_t nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void time_out(struct device_result *result)
{
    int64_t before = nanoseconds(), until = before + 50000;
    struct timespec deadline = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};

    pthread_mutex_lock(&mutex);
    CHECK(result, pthread_cond_clockwait(&never, &mutex, CLOCK_MONOTONIC, &deadline) == ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    result->value[2] = nanoseconds() - before;
    CHECK(result, result->value[2] >= 50000 && result->value[2] < 51000);
}

int aicpu_execute(struct device_result *result)
{
    int me = dav_thread_idx(), last;

    if (me == 0) {
        pthread_cond_init(&never, NULL);
        sem_init(&semaphore, 0, 0);
        pthread_barrier_init(&barrier, NULL, result->threads);
    }
    meet(result, &arrived, 1);
    if (me < 2)
        play(result, me);
    else
        wait_for_start(result);
    if (me == 0) {
        pthread_mutex_lock(&mutex);
        started = 1;
        pthread_cond_broadcast(&start);
        pthread_mutex_unlock(&mutex);
        time_out(result);
        for (uint32_t i = 1; i < result->threads; i++)
            sem_post(&semaphore);
    } else {
        CHECK(result, sem_wait(&semaphore) == 0);
        CHECK(result, result->value[2] >= 50000);
    }
    last = pthread_barrier_wait(&barrier);
    CHECK(result, last == 0 || last == PTHREAD_BARRIER_SERIAL_THREAD);
    CHECK(result, sem_trywait(&semaphore) == -1 && errno == EAGAIN);
    FINISH(result);
    return 0;
}
