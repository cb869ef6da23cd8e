/* device_c11.c - the threads of C11 (<threads.h>), which are POSIX threads under other names, on Linux as here. */
#include <errno.h>
#include <threads.h>

#include "model/embed/device_libc.h"
#include "model/embed/device_pthread.h"

static int result_of(int status)
{
    switch (status) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

DEVICE_CALL int __wrap_thrd_create(thrd_t *thread, thrd_start_t body, void *argument)
{
    /* Both kinds of function leave their result where the other's would be. */
    void *(*start)(void *) = (void *(*)(void *))(uintptr_t)body;

    return result_of(__wrap_pthread_create(thread, NULL, start, argument));
}

DEVICE_CALL int __wrap_thrd_join(thrd_t thread, int *result)
{
    void *value = NULL;
    int status = __wrap_pthread_join(thread, &value), number = (int)(intptr_t)value;

    if (status == 0 && result)
        port_store_block(result, &number, 0, sizeof(number));
    return result_of(status);
}

DEVICE_CALL int __wrap_thrd_detach(thrd_t thread)
{
    return result_of(__wrap_pthread_detach(thread));
}

DEVICE_CALL thrd_t __wrap_thrd_current(void)
{
    return __wrap_pthread_self();
}

DEVICE_CALL void __wrap_thrd_exit(int result)
{
    __wrap_pthread_exit((void *)(intptr_t)result);
}

DEVICE_CALL void __wrap_thrd_yield(void)
{
    __wrap_sched_yield();
}

DEVICE_CALL int __wrap_thrd_sleep(const struct timespec *wanted, struct timespec *left)
{
    return __wrap_nanosleep(wanted, left);
}

DEVICE_CALL void __wrap_call_once(once_flag *flag, void (*initialize)(void))
{
    __wrap_pthread_once((pthread_once_t *)flag, initialize);
}

DEVICE_CALL int __wrap_mtx_init(mtx_t *mutex, int type)
{
    pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

    if (type & mtx_recursive)
        fresh.__data.__kind = PTHREAD_MUTEX_RECURSIVE;
    libc_call();
    port_store_block(mutex, &fresh, 0, sizeof(fresh));
    return thrd_success;
}

DEVICE_CALL void __wrap_mtx_destroy(mtx_t *mutex)
{
    __wrap_pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

DEVICE_CALL int __wrap_mtx_lock(mtx_t *mutex)
{
    return result_of(__wrap_pthread_mutex_lock((pthread_mutex_t *)mutex));
}

DEVICE_CALL int __wrap_mtx_trylock(mtx_t *mutex)
{
    return result_of(__wrap_pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

DEVICE_CALL int __wrap_mtx_timedlock(mtx_t *mutex, const struct timespec *until)
{
    return result_of(__wrap_pthread_mutex_timedlock((pthread_mutex_t *)mutex, until));
}

DEVICE_CALL int __wrap_mtx_unlock(mtx_t *mutex)
{
    return result_of(__wrap_pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

DEVICE_CALL int __wrap_cnd_init(cnd_t *condition)
{
    return result_of(__wrap_pthread_cond_init((pthread_cond_t *)condition, NULL));
}

DEVICE_CALL void __wrap_cnd_destroy(cnd_t *condition)
{
    __wrap_pthread_cond_destroy((pthread_cond_t *)condition);
}

DEVICE_CALL int __wrap_cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return result_of(__wrap_pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}

DEVICE_CALL int __wrap_cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until)
{
    return result_of(__wrap_pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until));
}

DEVICE_CALL int __wrap_cnd_signal(cnd_t *condition)
{
    return result_of(__wrap_pthread_cond_signal((pthread_cond_t *)condition));
}

DEVICE_CALL int __wrap_cnd_broadcast(cnd_t *condition)
{
    return result_of(__wrap_pthread_cond_broadcast((pthread_cond_t *)condition));
}
