/* pto_capture.c - see pto_capture.h. What may run in a signal handler here only calls what such may call. */
#include "tools/pto_capture.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

/* The capture that goes on; descriptor 2 is one for the whole process, so there is only one. */
static struct capture {
    int file, stderr_copy;
    bool active, at_exit;
    struct sigaction before[FAULTS];
} capture;

static void restore_stderr(void)
{
    dup2(capture.stderr_copy, STDERR_FILENO);
    close(capture.stderr_copy);
    capture.active = false;
}

/* The process ends: what was kept is shown after all. */
static void show(void)
{
    char part[1024];
    off_t at = 0;
    if (!capture.active)
        return;
    restore_stderr();
    for (ssize_t n; (n = pread(capture.file, part, sizeof(part), at)) > 0; at += n)
        if (write(STDERR_FILENO, part, (size_t)n) < 0)
            return;
}

/* A fault comes again when this returns, and finds the handler that was there before; abort() does not, so it is sent
 * again. */
static void on_fault(int signal)
{
    show();
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &capture.before[i], NULL);
    if (signal == SIGABRT)
        raise(signal);
}

int pto_capture_begin(void)
{
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
    if (capture.active)
        return -1;
    fflush(stderr);
    capture.stderr_copy = dup(STDERR_FILENO);
    capture.file = capture.stderr_copy < 0 ? -1 : memfd_create("stderr", MFD_CLOEXEC);
    if (capture.file < 0 || dup2(capture.file, STDERR_FILENO) < 0) {
        close(capture.stderr_copy);
        close(capture.file);
        return -1;
    }
    capture.active = true;
    if (!capture.at_exit)
        capture.at_exit = atexit(show) == 0;
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &action, &capture.before[i]);
    return 0;
}

void pto_capture_end(struct pto_blob *out)
{
    struct stat status;
    *out = (struct pto_blob){0};
    if (!capture.active)
        return;
    fflush(stderr);
    for (size_t i = 0; i < FAULTS; i++)
        sigaction(faults[i], &capture.before[i], NULL);
    restore_stderr();
    if (fstat(capture.file, &status) == 0 && status.st_size > 0)
        out->data = malloc((size_t)status.st_size);
    if (out->data) {
        ssize_t got = pread(capture.file, out->data, (size_t)status.st_size, 0);
        out->size = got > 0 ? (size_t)got : 0;
    }
    close(capture.file);
}
