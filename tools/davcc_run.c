/* davcc_run.c - see davcc_run.h. */
#include "tools/davcc_run.h"

#include "tools/exit_status.h"

#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int complain(int status, const char *format, ...)
{
    char message[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    fprintf(stderr, "davcc: %s\n", message);
    return status;
}

int command_run(const struct list *command)
{
    extern char **environ;
    pid_t pid;
    int status;

    int error = posix_spawnp(&pid, command->items[0], NULL, NULL, command->items, environ);
    if (error == ENOENT)
        return complain(1, "%s is not installed or not on PATH: apt-get install clang-19 lld-19", command->items[0]);
    if (error)
        return complain(1, "cannot run %s: %s", command->items[0], strerror(error));
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return complain(1, "lost track of %s: %s", command->items[0], strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNAL + WTERMSIG(status);
}

void command_show(const struct list *command)
{
    for (size_t i = 0; i < command->count; i++) {
        printf(i ? " '" : "'");
        for (const char *c = command->items[i]; *c; c++)
            if (*c == '\'')
                printf("'\\''");
            else
                putchar(*c);
        putchar('\'');
    }
    putchar('\n');
}

int command_step(struct list *command, bool show)
{
    int status = 0;
    if (show)
        command_show(command);
    else
        status = command_run(command);
    list_free(command);
    return status;
}
