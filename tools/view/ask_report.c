/* ask_report.c - see ask_report.h. The command is run as a process of its own: what it allocates goes with it, and a
 * trace that it cannot make sense of (a foreign one) costs the page nothing but the report.
 */
#include "tools/view/ask_report.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool start(const char *path, int output, pid_t *pid)
{
    char *argv[] = {"davsim", "report", "--json", "--", (char *)path, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;

    sigemptyset(&none); /* the server has blocked some */
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error == 0;
}

static char *read_all(int input)
{
    char *text = NULL;
    size_t size;
    FILE *from = fdopen(input, "r");
    if (!from || getdelim(&text, &size, '\0', from) < 0) {
        free(text);
        text = NULL;
    }
    if (from)
        fclose(from);
    return text;
}

char *ask_report(const char *path)
{
    int ends[2], status;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return NULL;
    bool started = start(path, ends[1], &pid);
    close(ends[1]);
    char *text = read_all(ends[0]);
    if (started && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return text;
    free(text);
    return NULL;
}
