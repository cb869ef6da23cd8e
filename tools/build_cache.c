/* build_cache.c - see build_cache.h. */
#include "tools/build_cache.h"

#include "model/davsim.h"
#include "tools/build_key.h"
#include "tools/fail.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Creates @path and the directories above it. */
static int make_dirs(const char *path)
{
    char part[4096];
    snprintf(part, sizeof(part), "%s", path);
    for (char *slash = part + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(part, 0777);
        *slash = '/';
    }
    return mkdir(part, 0777) == 0 || errno == EEXIST ? 0 : -1;
}

static int cache_dir(char *dir, size_t size)
{
    const char *own = getenv("DAVSIM_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

    if (own && *own)
        snprintf(dir, size, "%s", own);
    else if (xdg && *xdg)
        snprintf(dir, size, "%s/davsim", xdg);
    else if (home && *home)
        snprintf(dir, size, "%s/.cache/davsim", home);
    else
        snprintf(dir, size, "/tmp/davsim-cache-%u", (unsigned)getuid());
    if (make_dirs(dir) != 0 || access(dir, W_OK) != 0)
        return fail(DAV_INTERNAL, "cannot write to the cache directory %s: %s; DAVSIM_CACHE names another", dir,
                    strerror(errno));
    return 0;
}

static int job_key(const struct build_job *job, char hex[BUILD_KEY_HEX], bool *open_ended)
{
    struct build_key key;
    build_key_init(&key);
    build_key_text(&key, job->kind);
    for (size_t i = 0; i < job->command->count; i++)
        build_key_text(&key, job->command->items[i]);
    for (size_t i = 0; i < job->extra->count; i++)
        if (build_key_file(&key, job->extra->items[i]) != 0)
            build_key_tree(&key, job->extra->items[i]);
    const char *missing = NULL;
    for (size_t i = 0; i < job->sources->count && !missing; i++)
        if (build_key_source(&key, job->sources->items[i], job->includes) != 0)
            missing = job->sources->items[i];
    *open_ended = key.open_ended;
    build_key_finish(&key, hex);
    if (missing)
        return fail(DAV_BAD_INPUT, "cannot read source file %s (%s): %s", missing, job->what, strerror(errno));
    return 0;
}

/* Copies what @file holds to stderr, and keeps the first line that tells of an error: @error, "" if there is none. */
static void show_messages(int file, char *error, size_t size)
{
    char *line = NULL;
    size_t capacity = 0;
    FILE *messages = fdopen(file, "r");

    *error = '\0';
    if (!messages)
        return;
    rewind(messages);
    while (getline(&line, &capacity, messages) > 0) {
        fputs(line, stderr);
        if (!*error && (strstr(line, "error: ") || strncmp(line, "davcc: ", 7) == 0))
            snprintf(error, size, ": %.*s", (int)strcspn(line, "\n"), line);
    }
    free(line);
    fclose(messages);
}

/* Starts @command with its stderr going to @messages, and waits. Return: 0 or errno; *@status as from waitpid. */
static int run_command(const struct list *command, int messages, int *status)
{
    extern char **environ;
    posix_spawn_file_actions_t actions;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    if (messages >= 0)
        posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    int error = posix_spawnp(&pid, command->items[0], &actions, NULL, command->items, environ);
    posix_spawn_file_actions_destroy(&actions);
    while (!error && waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            error = errno;
    return error;
}

/* Runs the job's command with `-o output`; the result will be moved to @path. */
static int compile(const struct build_job *job, const char *output, const char *path)
{
    struct list command = {0};
    char why[1024] = "";
    int status = 0, result = 0, messages = memfd_create("messages", MFD_CLOEXEC);

    list_add_all(&command, job->command);
    list_add(&command, "-o");
    list_add(&command, "%s", output);
    setenv("DAVCC_DEBUG_PATH", path, 1);
    int error = run_command(&command, messages, &status);
    unsetenv("DAVCC_DEBUG_PATH");
    if (messages >= 0)
        show_messages(messages, why, sizeof(why));
    if (error)
        result = fail(DAV_INTERNAL, "cannot run the compiler %s: %s", command.items[0], strerror(error));
    else if (WIFSIGNALED(status))
        result =
            fail(DAV_INTERNAL, "compiling %s: %s died of signal %d", job->what, command.items[0], WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        result =
            fail(DAV_BAD_INPUT, "compiling %s failed%s", job->what, *why ? why : "; the compiler's messages are above");
    list_free(&command);
    return result;
}

int build_cached(const struct build_job *job, char **path)
{
    char dir[4000], hex[BUILD_KEY_HEX], temporary[4200];
    bool open_ended;
    int status = cache_dir(dir, sizeof(dir));
    if (status == 0)
        status = job_key(job, hex, &open_ended);
    if (status != 0)
        return status;
    if (asprintf(path, "%s/%s-%s", dir, job->kind, hex) < 0)
        abort();
    if (!open_ended && access(*path, R_OK) == 0)
        return 0;

    snprintf(temporary, sizeof(temporary), "%s/%s-%s.%d", dir, job->kind, hex, (int)getpid());
    status = compile(job, temporary, *path);
    if (status == 0 && rename(temporary, *path) != 0)
        status = fail(DAV_INTERNAL, "cannot move %s to %s: %s", temporary, *path, strerror(errno));
    if (status != 0) {
        unlink(temporary);
        free(*path);
        *path = NULL;
    }
    return status;
}
