/* run.c - the user's program is a child whose environment carries the options; libdavsim, which that program loads,
 * obeys them and leaves its result in a temporary file as the process ends. What the run came to is decided here:
 * a failure that the library recorded, else how the program itself ended.
 */
#include "tools/run.h"

#include "model/davsim.h"
#include "tools/check_command.h"
#include "tools/example.h"
#include "tools/exit_status.h"
#include "tools/fail.h"
#include "tools/paths.h"
#include "tools/run_options.h"
#include "tools/summary.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Exit statuses of a shell, which users and scripts know. */
static volatile sig_atomic_t child_pid;

/* A signal sent to us goes on to the program; one typed at the terminal has reached it already. */
static void forward(int signal, siginfo_t *info, void *context)
{
    (void)context;
    if (child_pid > 0 && info->si_code != SI_KERNEL)
        kill(child_pid, signal);
}

static void forward_signals(void)
{
    struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
}

char *run_absolute(const char *path)
{
    char cwd[4096], *absolute = NULL;
    int length = path[0] == '/' || !getcwd(cwd, sizeof(cwd)) ? asprintf(&absolute, "%s", path)
                                                             : asprintf(&absolute, "%s/%s", cwd, path);
    if (length < 0)
        abort();
    return absolute;
}

/* The program may change its directory, so the files it is told of are named from the root. */
static void set_file(const char *variable, const char *path)
{
    char *absolute = run_absolute(path);
    setenv(variable, absolute, 1);
    free(absolute);
}

/* @roots come before what is in DAVSIM_RUNTIME_PATH. */
static void set_runtime_path(const struct list *roots)
{
    const char *own = getenv("DAVSIM_RUNTIME_PATH");
    struct list path = {0};
    list_add_all(&path, roots);
    if (own && *own)
        list_add(&path, "%s", own);
    if (roots->count) {
        char *joined = list_join(&path, ":");
        setenv("DAVSIM_RUNTIME_PATH", joined, 1);
        free(joined);
    }
    list_free(&path);
}

/* A script finds python/ by itself in its own project; else ours, behind what the user has. */
static void set_python_path(void)
{
    const char *own = getenv("PYTHONPATH");
    struct list path = {0};
    if (own && *own)
        list_add(&path, "%s", own);
    list_add(&path, "%s/python", paths_share());
    char *joined = list_join(&path, ":");
    setenv("PYTHONPATH", joined, 1);
    free(joined);
    list_free(&path);
}

static void set_environment(const struct run_options *options, const char *result_path)
{
    char text[32];
    if (options->chip && access(options->chip, F_OK) == 0 && strpbrk(options->chip, "/."))
        set_file("DAVSIM_CHIP", options->chip);
    else if (options->chip)
        setenv("DAVSIM_CHIP", options->chip, 1);
    if (options->sets.count) {
        char *sets = list_join(&options->sets, "\n");
        setenv("DAVSIM_SET", sets, 1);
        free(sets);
    }
    set_runtime_path(&options->roots);
    setenv("DAVSIM_LIBDIR", paths_libdir(), 1); /* for python/ */
    set_python_path();
    if (options->trace)
        set_file("DAVSIM_TRACE", options->trace);
    if (options->trace_level)
        setenv("DAVSIM_TRACE_LEVEL", options->trace_level, 1);
    if (options->trace_format)
        setenv("DAVSIM_TRACE_FORMAT", options->trace_format, 1);
    if (options->compute)
        setenv("DAVSIM_COMPUTE", options->compute, 1);
    if (options->seed)
        setenv("DAVSIM_SEED", options->seed, 1);
    if (options->vary_given) {
        char *vary = list_join(&options->vary, ",");
        setenv("DAVSIM_VARY", vary, 1);
        free(vary);
    }
    if (options->max_time_ps) {
        snprintf(text, sizeof(text), "%" PRIu64, options->max_time_ps);
        setenv("DAVSIM_MAX_TIME", text, 1);
    }
    if (options->no_park)
        setenv("DAVSIM_PARK", "0", 1);
    if (options->verbose) {
        snprintf(text, sizeof(text), "%d", options->verbose);
        setenv("DAVSIM_VERBOSE", text, 1);
    }
    if (!options->quiet && isatty(STDERR_FILENO))
        setenv("DAVSIM_PROGRESS", "1", 1);
    if (options->check)
        check_environment(options);
    setenv("DAVSIM_RESULT", result_path, 1);
}

/* Starts the program. Return: 0, or the exit status after one line. */
static int start(const struct run_options *options, const char *program, const char *result_path)
{
    int report[2]; /* closed by a successful exec; else carries errno */
    if (pipe2(report, O_CLOEXEC) != 0)
        return fail(DAV_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        set_environment(options, result_path);
        execvp(program, options->command);
        int error = errno;
        _exit(write(report[1], &error, sizeof(error)) == sizeof(error) ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
    }
    close(report[1]);
    if (pid < 0) {
        close(report[0]);
        return fail(DAV_INTERNAL, "cannot start a process: %s", strerror(errno));
    }
    child_pid = pid;
    int error = 0;
    ssize_t got;
    while ((got = read(report[0], &error, sizeof(error))) < 0 && errno == EINTR)
        ;
    close(report[0]);
    if (got != sizeof(error))
        return 0;
    waitpid(pid, NULL, 0);
    return fail(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE, "%s: cannot run %s: %s", options->name, program,
                strerror(error));
}

/* Waits for the program. Return: its exit status as a shell would give it. */
static int wait_for_program(void)
{
    int status;
    while (waitpid(child_pid, &status, 0) < 0)
        if (errno != EINTR)
            return fail(DAV_INTERNAL, "lost the program: %s", strerror(errno));
    child_pid = 0;
    return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The library's result into *@result, NULL if it left none. Return: 0, or DAV_INTERNAL if it cannot be read. */
static int read_result(const char *path, json_t **result)
{
    json_error_t error;
    struct stat file;
    *result = NULL;
    if (stat(path, &file) != 0 || file.st_size == 0)
        return 0;
    *result = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!*result)
        return fail(DAV_INTERNAL, "the result that libdavsim left is damaged (line %d: %s)", error.line, error.text);
    return 0;
}

/* Does a program that ends with @status pass on the failure of a call, which has had its line on stderr already? */
static bool is_passed_on(int status)
{
    return status == DAV_BAD_INPUT || status == DAV_FAULT || status == DAV_DEADLOCK || status == DAV_TIMEOUT ||
           status == DAV_INTERNAL;
}

/* How a program that left no result ended: it was stopped, or it never launched anything. */
static int no_result(const struct run_options *options, const char *program, int status, bool launched)
{
    const char *name = options->name;

    if (status > EXIT_SIGNAL)
        fail(status, "%s: %s was ended by signal %d (%s) %s", name, program, status - EXIT_SIGNAL,
             strsignal(status - EXIT_SIGNAL),
             launched && options->trace ? "in or after a launch: there is no report and no trace"
             : launched                 ? "in or after a launch: there is no report"
                                        : "before it launched anything on the chip");
    else if (launched)
        fail(status, "%s: %s ended with status %d past exit(), as by _exit: there is no report%s", name, program,
             status, options->trace ? " and no trace" : "");
    else if (!is_passed_on(status))
        fail(status, "%s: %s ended with status %d without launching anything on the chip", name, program, status);
    return status ? status : EXIT_FAILED;
}

/* Reports, and decides the exit status. */
static int conclude(const struct run_options *options, const char *program, int status, json_t *result,
                    double host_seconds)
{
    int failure = (int)json_integer_value(json_object_get(result, "status"));
    long long launches = json_integer_value(json_object_get(result, "launches"));
    if (launches == 0 && failure == 0)
        return no_result(options, program, status, json_is_true(json_object_get(result, "unfinished")));
    if (!options->quiet) {
        fflush(stdout);
        summary_print(stderr, result, host_seconds);
    }
    if (options->report) {
        json_object_set_new(result, "exit_status", json_integer(status)); /* the program's own */
        int saved = summary_save(result, options->report);
        if (saved != 0 && failure == 0 && status == 0)
            status = saved;
    }
    if (failure == 0 && status > EXIT_SIGNAL && !json_object_get(result, "interrupted"))
        fail(status, "%s: %s was ended by signal %d (%s) after its last launch", options->name, program,
             status - EXIT_SIGNAL, strsignal(status - EXIT_SIGNAL));
    return failure ? failure : status;
}

/* A trace that a killed program was writing has still its temporary name (traces/sink.c). */
static void remove_unfinished_trace(const char *path, pid_t pid)
{
    char temporary[4200];
    if (!path || snprintf(temporary, sizeof(temporary), "%s.tmp-%ld-0", path, (long)pid) >= (int)sizeof(temporary))
        return;
    unlink(temporary);
}

static int run_program(const struct run_options *options, const char *program)
{
    char result_path[4200];
    struct timespec from, to;
    const char *tmp = getenv("TMPDIR");
    snprintf(result_path, sizeof(result_path), "%s/davsim-result-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    int fd = mkostemp(result_path, O_CLOEXEC);
    if (fd < 0)
        return fail(DAV_INTERNAL, "cannot make a temporary file %s: %s", result_path, strerror(errno));
    close(fd);

    forward_signals();
    clock_gettime(CLOCK_MONOTONIC, &from);
    int status = start(options, program, result_path);
    if (status == 0) {
        pid_t pid = child_pid;
        status = wait_for_program();
        remove_unfinished_trace(options->trace, pid);
        clock_gettime(CLOCK_MONOTONIC, &to);
        json_t *result;
        int damaged = read_result(result_path, &result);
        status = damaged ? damaged
                         : conclude(options, program, status, result,
                                    (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
        if (options->check && !damaged)
            status = check_status(result, status);
        json_decref(result);
    }
    unlink(result_path);
    return status;
}

/* A script is run by python3: @words become the command, if it is one that is here or came with davsim. */
static void find_script(struct run_options *options, struct list *words)
{
    const char *name = options->command[0], *dot = strrchr(name, '.');
    char shipped[4200];
    bool here = access(name, F_OK) == 0;
    if (snprintf(shipped, sizeof(shipped), "%s/%s", paths_share(), name) >= (int)sizeof(shipped) || !dot ||
        strcmp(dot, ".py") != 0 || (!here && (strncmp(name, "examples/", 9) != 0 || access(shipped, F_OK) != 0)))
        return;
    list_add(words, "python3");
    list_add(words, "%s", here ? name : shipped);
    for (size_t i = 1; options->command[i]; i++)
        list_add(words, "%s", options->command[i]);
    options->command = words->items;
}

int run_main(int argc, char **argv)
{
    struct run_options options;
    struct list script = {0};
    char *dir = NULL, *program = NULL;
    int status = run_options_parse(&options, argc, argv);
    if (status == 0)
        find_script(&options, &script);
    if (status == 0 && !script.count && example_find(options.command[0], &dir))
        status = example_build(dir, &program);
    if (status == 0)
        status = run_program(&options, program ? program : options.command[0]);
    free(dir);
    free(program);
    list_free(&script);
    run_options_free(&options);
    return status;
}
