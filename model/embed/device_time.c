/* device_time.c - clocks and sleeps in simulated time. Every clock shows the time since the chip was elaborated, the
 * real-time clock from a fixed date on, so that a run repeats.
 */
#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "model/embed/device_process.h"
#include "model/embed/device_sync.h"

#define PS_PER_SECOND    1000000000000ull
#define REALTIME_START_S 1735689600ull /* 2025-01-01 00:00 UTC */

static uint64_t start_s(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI ? REALTIME_START_S : 0;
}

/* @when in ps, CLOCK_NEVER where 64 bits do not hold it. */
static uint64_t ps_of(uint64_t seconds, uint64_t nanoseconds)
{
    return seconds < CLOCK_NEVER / PS_PER_SECOND - 1 ? seconds * PS_PER_SECOND + nanoseconds * 1000 : CLOCK_NEVER - 1;
}

uint64_t sync_until(clockid_t clock, const struct timespec *when)
{
    uint64_t start = start_s(clock);

    if (when->tv_sec < 0 || (uint64_t)when->tv_sec < start)
        return 0;
    return ps_of((uint64_t)when->tv_sec - start, (uint64_t)when->tv_nsec);
}

/* The simulated time of a call, which takes some itself. */
static uint64_t now_ps(void)
{
    libc_call();
    return dav_running->agent.now;
}

static struct timespec show(clockid_t clock)
{
    uint64_t now = now_ps();

    return (struct timespec){.tv_sec = (time_t)(now / PS_PER_SECOND + start_s(clock)),
                             .tv_nsec = (long)(now % PS_PER_SECOND / 1000)};
}

DEVICE_CALL int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    struct timespec time = show(clock);

    port_store_block(out, &time, 0, sizeof(time));
    return 0;
}

DEVICE_CALL int __wrap_timespec_get(struct timespec *out, int base)
{
    return base == TIME_UTC && __wrap_clock_gettime(CLOCK_REALTIME, out) == 0 ? base : 0;
}

DEVICE_CALL int __wrap_gettimeofday(struct timeval *out, void *zone)
{
    struct timespec time = show(CLOCK_REALTIME);
    struct timeval value = {.tv_sec = time.tv_sec, .tv_usec = time.tv_nsec / 1000};

    (void)zone;
    port_store_block(out, &value, 0, sizeof(value));
    return 0;
}

DEVICE_CALL time_t __wrap_time(time_t *out)
{
    time_t seconds = show(CLOCK_REALTIME).tv_sec;

    if (out)
        port_store_block(out, &seconds, 0, sizeof(seconds));
    return seconds;
}

DEVICE_CALL clock_t __wrap_clock(void)
{
    return (clock_t)(now_ps() / (PS_PER_SECOND / CLOCKS_PER_SEC));
}

/* ---- sleeping ---- */

static void sleep_until(struct core *core, uint64_t until_ps)
{
    libc_charge(core);
    if (until_ps > core->agent.now) {
        uint64_t begin_ps = core->agent.now;

        core_wait(core, until_ps);
        sync_waited(core, SYNC_NOTHING, begin_ps);
    }
    core_leave(core);
}

static void sleep_for(const char *name, uint64_t ps)
{
    struct core *core = libc_enter_aicpu(name);

    if (core)
        sleep_until(core, ps < CLOCK_NEVER - 1 - core->agent.now ? core->agent.now + ps : CLOCK_NEVER - 1);
}

DEVICE_CALL unsigned __wrap_sleep(unsigned seconds)
{
    sleep_for("sleep", ps_of(seconds, 0));
    return 0;
}

DEVICE_CALL int __wrap_usleep(useconds_t microseconds)
{
    sleep_for("usleep", (uint64_t)microseconds * 1000000);
    return 0;
}

DEVICE_CALL int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)left;
    if (wanted->tv_sec < 0 || wanted->tv_nsec < 0 || wanted->tv_nsec >= 1000000000) {
        errno = EINVAL;
        return -1;
    }
    sleep_for("nanosleep", ps_of((uint64_t)wanted->tv_sec, (uint64_t)wanted->tv_nsec));
    return 0;
}

DEVICE_CALL int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
    struct core *core;
    uint64_t until;

    if (!(flags & TIMER_ABSTIME))
        return __wrap_nanosleep(wanted, left) == 0 ? 0 : EINVAL;
    until = sync_until(clock, wanted);
    core = libc_enter_aicpu("clock_nanosleep");
    if (core)
        sleep_until(core, until);
    return 0;
}

/** poll - a file of the device's is always ready; waiting for none is another way to sleep. */
DEVICE_CALL int __wrap_poll(struct pollfd *files, nfds_t count, int milliseconds)
{
    for (nfds_t i = 0; i < count; i++) {
        port_load_range(&files[i], sizeof(*files));
        port_store_block(&files[i].revents, &files[i].events, 0, sizeof(files[i].revents));
    }
    if (!count)
        sleep_for("poll", ps_of(0, (uint64_t)(milliseconds > 0 ? milliseconds : 0) * 1000000));
    return (int)count;
}

/** select - only to sleep. */
DEVICE_CALL int __wrap_select(int count, fd_set *reading, fd_set *writing, fd_set *exceptions,
                              const struct timeval *time)
{
    if (reading || writing || exceptions || !time)
        return process_refuse("select");
    (void)count;
    sleep_for("select", ps_of((uint64_t)time->tv_sec, (uint64_t)time->tv_usec * 1000));
    return 0;
}
