/* device_process.c - see device_process.h; and who the process and its threads are. Nothing that the host knows of
 * itself may show in a result: not its process numbers, not how many processors it has.
 */
#include "model/embed/device_process.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "isa/core_port.h"
#include "model/embed/device_log.h"
#include "model/embed/device_string.h"

struct turn {
    struct effect effect;
    struct core *core;
};

static void turn_comes(struct effect *effect)
{
    struct core *core = ((struct turn *)effect)->core;

    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

struct core *process_enter(const char *name)
{
    struct core *core = libc_enter_aicpu(name);
    struct turn *turn;

    if (!core)
        return NULL;
    libc_charge(core);
    aicpu_after_stores(core);
    turn = clock_effect(&core->chip->clock);
    *turn = (struct turn){.effect.apply = turn_comes, .core = core};
    clock_schedule(&core->chip->clock, &core->agent, turn, core->agent.now + core->chip->file.aicpu.rmw_ps);
    core_block(core);
    return core;
}

void process_leave(struct core *core)
{
    if (core)
        core_leave(core);
}

void *process_part(struct process_part **parts, size_t size, void (*forget)(void *part))
{
    struct chip_state *chip = libc_nobody() ? dav_chip : dav_running->chip;
    struct module_set *set = &chip->modules;
    unsigned generation = module_generation(set);
    struct process_part *part = *parts;

    while (part && part->of != set)
        part = part->next;
    if (part && part->generation == generation)
        return part;
    if (part) {
        forget(part);
        memset(part + 1, 0, size - sizeof(*part));
    } else {
        part = port_scratch(size);
        memset(part, 0, size);
        part->of = set;
        part->next = *parts;
        *parts = part;
    }
    part->generation = generation;
    return part;
}

void process_say(int level, const char *format, ...)
{
    char line[640];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(line, sizeof(line) - 1, format, args);
    va_end(args);
    if (size > (int)sizeof(line) - 2)
        size = (int)sizeof(line) - 2;
    line[size] = '\n';
    device_log_text(dav_running, level, line, (size_t)size + 1);
}

int process_refuse(const char *name)
{
    libc_call();
    process_say(DAV_LOG_WARN, "%s: the simulated device has no such call; it fails with ENOSYS", name);
    errno = ENOSYS;
    return -1;
}

bool process_text(char *copy, size_t size, const char *text)
{
    size_t length = device_strnlen(text, size);

    if (length == size) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return true;
}

/* ---- who we are ---- */

/* The threads of a launch keep their numbers from one launch to the next. */
static pid_t thread_id(void)
{
    return DEVICE_PID + (libc_nobody() ? 0 : dav_running->number);
}

static long processors(void)
{
    return libc_nobody() || !dav_running->coherent ? 1 : (long)dav_running->chip->file.aicpu.threads;
}

DEVICE_CALL pid_t __wrap_getpid(void)
{
    return DEVICE_PID;
}

DEVICE_CALL pid_t __wrap_getppid(void)
{
    return 1;
}

DEVICE_CALL pid_t __wrap_gettid(void)
{
    return thread_id();
}

DEVICE_CALL long __wrap_sysconf(int name)
{
    switch (name) {
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
        return processors();
    case _SC_PHYS_PAGES:
    case _SC_AVPHYS_PAGES:
        errno = EINVAL;
        return -1;
    default:
        return sysconf(name);
    }
}

DEVICE_CALL int __wrap_get_nprocs(void)
{
    return (int)processors();
}

DEVICE_CALL int __wrap_get_nprocs_conf(void)
{
    return (int)processors();
}

/** syscall - those that have no function of their own in older C libraries. */
DEVICE_CALL long __wrap_syscall(long number, ...)
{
    switch (number) {
    case SYS_gettid:
        return thread_id();
    case SYS_getpid:
        return DEVICE_PID;
    default:
        return process_refuse("syscall()");
    }
}

/* ---- where threads run: each has an AICPU core to itself ---- */

static int own_processor(size_t size, cpu_set_t *set)
{
    cpu_set_t only;

    if (size > sizeof(only))
        size = sizeof(only);
    memset(&only, 0, sizeof(only));
    CPU_SET((unsigned)(libc_nobody() ? 0 : dav_running->number), &only);
    libc_call();
    port_store_block(set, &only, 0, size);
    return 0;
}

DEVICE_CALL int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
    (void)pid;
    return own_processor(size, set);
}

DEVICE_CALL int __wrap_sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
    (void)pid;
    (void)size;
    (void)set;
    libc_call();
    return 0;
}

/* A pthread_t of the device means nothing to the host's library, so none of these may reach it. */
DEVICE_CALL int __wrap_pthread_getaffinity_np(unsigned long thread, size_t size, cpu_set_t *set)
{
    (void)thread;
    return own_processor(size, set);
}

DEVICE_CALL int __wrap_pthread_setaffinity_np(unsigned long thread, size_t size, const cpu_set_t *set)
{
    (void)thread;
    return __wrap_sched_setaffinity(0, size, set);
}

DEVICE_CALL int __wrap_pthread_setname_np(unsigned long thread, const char *name)
{
    (void)thread;
    (void)name;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_pthread_getname_np(unsigned long thread, char *name, size_t size)
{
    char ours[24];

    (void)thread;
    snprintf(ours, sizeof(ours), "AICPU_%d", libc_nobody() ? 0 : dav_running->number);
    libc_call();
    if (size <= strlen(ours))
        return ERANGE;
    port_store_block(name, ours, 0, strlen(ours) + 1);
    return 0;
}

DEVICE_CALL int __wrap_pthread_setschedparam(unsigned long thread, int policy, const struct sched_param *param)
{
    (void)thread;
    (void)policy;
    (void)param;
    libc_call();
    return 0;
}

DEVICE_CALL int __wrap_pthread_getschedparam(unsigned long thread, int *policy, struct sched_param *param)
{
    const struct sched_param none = {0};
    const int other = SCHED_OTHER;

    (void)thread;
    libc_call();
    port_store_block(policy, &other, 0, sizeof(other));
    port_store_block(param, &none, 0, sizeof(none));
    return 0;
}

DEVICE_CALL int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
    (void)pid;
    return __wrap_pthread_setschedparam(0, policy, param);
}

DEVICE_CALL int __wrap_prctl(int option, ...)
{
    (void)option;
    libc_call();
    return 0;
}
