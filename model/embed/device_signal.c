/* device_signal.c - signals and other processes. The host's handlers are the simulator's, its processes are nobody's
 * business: handlers and masks are accepted and mean nothing, a signal that is sent ends the launch, and no process can
 * be made.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "model/embed/device_process.h"

DEVICE_CALL int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
    const struct sigaction none = {.sa_handler = SIG_DFL};

    (void)number;
    (void)action;
    libc_call();
    if (old)
        port_store_block(old, &none, 0, sizeof(none));
    return 0;
}

DEVICE_CALL void (*__wrap_signal(int number, void (*handler)(int)))(int)
{
    (void)number;
    (void)handler;
    libc_call();
    return SIG_DFL;
}

static int no_mask(sigset_t *old)
{
    sigset_t none;

    libc_call();
    sigemptyset(&none);
    if (old)
        port_store_block(old, &none, 0, sizeof(none));
    return 0;
}

DEVICE_CALL int __wrap_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    (void)how;
    (void)set;
    return no_mask(old);
}

DEVICE_CALL int __wrap_pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    (void)how;
    (void)set;
    return no_mask(old);
}

DEVICE_CALL int __wrap_raise(int number)
{
    port_fail("%s raises signal %d (%s)", dav_running->name, number, strsignal(number));
}

DEVICE_CALL int __wrap_kill(int pid, int number)
{
    if (pid == DEVICE_PID && number)
        return __wrap_raise(number);
    libc_call();
    if (pid == DEVICE_PID)
        return 0;
    errno = ESRCH;
    return -1;
}

DEVICE_CALL int __wrap_pthread_kill(unsigned long thread, int number)
{
    (void)thread;
    return number ? __wrap_raise(number) : 0;
}

DEVICE_CALL int __wrap_pthread_cancel(unsigned long thread)
{
    (void)thread;
    process_refuse("pthread_cancel");
    return ENOSYS;
}

DEVICE_CALL int __wrap_fork(void)
{
    return process_refuse("fork");
}

DEVICE_CALL int __wrap_vfork(void)
{
    return process_refuse("vfork");
}

DEVICE_CALL int __wrap_system(const char *command)
{
    return command ? process_refuse("system") : 0;
}

DEVICE_CALL FILE *__wrap_popen(const char *command, const char *mode)
{
    (void)command;
    (void)mode;
    process_refuse("popen");
    return NULL;
}

DEVICE_CALL int __wrap_execve(const char *path, char *const *args, char *const *environment)
{
    (void)path;
    (void)args;
    (void)environment;
    return process_refuse("execve");
}

DEVICE_CALL int __wrap_execv(const char *path, char *const *args)
{
    return __wrap_execve(path, args, NULL);
}

DEVICE_CALL int __wrap_execvp(const char *path, char *const *args)
{
    return __wrap_execve(path, args, NULL);
}
