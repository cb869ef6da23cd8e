/* pool.c - see pool.h. There is one thread and no handler: the signals of interest are blocked and
 * taken by sigtimedwait, so that nothing can arrive at the wrong moment.
 */
#include "tools/explore/pool.h"

#include "model/davsim.h"
#include "tools/exit_status.h"
#include "tools/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 200, GRACE_MS = 2000, OPEN_DIRS = 16 };

/* The runs in flight. */
struct flight {
    struct pool *pool;
    const struct pool_work *work;
    struct child {
        pid_t pid; /* 0: free */
        size_t index;
        char dir[4200];
    } * children;
    unsigned running;
    size_t next, limit; /* runs from @limit on are not wanted */
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    remove(path);
    return 0; /* go on: what can be removed is */
}

void remove_tree(const char *path)
{
    nftw(path, remove_one, OPEN_DIRS, FTW_DEPTH | FTW_PHYS);
}

int pool_open(struct pool *pool)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGHUP};
    const char *tmp = getenv("TMPDIR"), *stand_in = getenv("DAVSIM_EXPLORE_PROGRAM"); /* the latter for tests */
    struct sigaction action;

    *pool = (struct pool){0};
    if (!tmp || !*tmp || access(tmp, W_OK | X_OK) != 0)
        tmp = "/tmp";
    snprintf(pool->dir, sizeof(pool->dir), "%s/davsim-explore-XXXXXX", tmp);
    if (!mkdtemp(pool->dir))
        return fail(DAV_INTERNAL, "explore: cannot make a temporary directory %s: %s", pool->dir, strerror(errno));
    ssize_t length = readlink("/proc/self/exe", pool->self, sizeof(pool->self) - 1);
    if (length < 0) {
        rmdir(pool->dir);
        return fail(DAV_INTERNAL, "explore: cannot tell where davsim is: /proc/self/exe: %s", strerror(errno));
    }
    pool->program = stand_in && *stand_in ? stand_in : pool->self;
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&pool->signals);
    sigaddset(&pool->signals, SIGCHLD);
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (sigaction(taken[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN) /* nohup stays nohup */
            sigaddset(&pool->signals, taken[i]);
    sigprocmask(SIG_BLOCK, &pool->signals, &pool->old_mask);
    return 0;
}

void pool_close(struct pool *pool)
{
    remove_tree(pool->dir);
    sigprocmask(SIG_SETMASK, &pool->old_mask, NULL);
}

void pool_wait(struct pool *pool, int milliseconds)
{
    const struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    int signal = sigtimedwait(&pool->signals, NULL, &timeout);
    if (signal > 0 && signal != SIGCHLD)
        pool->stopped_by = signal;
}

/* In the child: no terminal, what it prints into @output, temporary files into @dir; then the program. */
static void become(const struct pool *pool, const struct list *command, const char *dir, int output)
{
    int nothing = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (dir)
        setenv("TMPDIR", dir, 1);
    sigprocmask(SIG_SETMASK, &pool->old_mask, NULL);
    execvp(command->items[0], command->items);
    fail(0, "explore: cannot run %s: %s", command->items[0], strerror(errno));
    _exit(EXIT_NOT_FOUND);
}

int pool_spawn(const struct pool *pool, const struct list *command, const char *dir, const char *output)
{
    int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0666);
    if (fd < 0)
        return -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become(pool, command, dir, fd);
    if (pid > 0)
        setpgid(pid, pid); /* here too: whoever comes first */
    close(fd);
    return pid;
}

/* Begins the next run. Return: false if no process could be started. */
static bool begin(struct flight *flight)
{
    struct child *child = flight->children;
    struct list command = {0};
    char output[4300];
    while (child->pid)
        child++;
    child->index = flight->next;
    snprintf(child->dir, sizeof(child->dir), "%s/%zu", flight->pool->dir, child->index);
    snprintf(output, sizeof(output), "%s/output", child->dir);
    pid_t pid = -1;
    if (mkdir(child->dir, 0777) == 0) {
        list_add(&command, "%s", flight->pool->program);
        flight->work->command(flight->work->ctx, child->index, child->dir, &command);
        pid = pool_spawn(flight->pool, &command, child->dir, output);
    }
    list_free(&command);
    if (pid < 0) {
        remove_tree(child->dir);
        return false;
    }
    child->pid = pid;
    flight->running++;
    flight->next++;
    return true;
}

/* Takes note of a child that has ended, with whatever it left running. Return: false if it has not ended. */
static bool reap(struct flight *flight, struct child *child, int options)
{
    siginfo_t info = {0};
    int status;
    if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT | options) != 0 || info.si_pid == 0)
        return false;
    kill(-child->pid, SIGKILL); /* its id is still taken, so no other group is meant */
    waitpid(child->pid, &status, 0);
    child->pid = 0;
    flight->running--;
    if (child->index < flight->limit && !flight->pool->stopped_by &&
        flight->work->ended(flight->work->ctx, child->index, status, child->dir))
        flight->limit = child->index;
    remove_tree(child->dir);
    return true;
}

static void reap_all(struct flight *flight)
{
    for (unsigned i = 0; i < flight->work->jobs; i++)
        if (flight->children[i].pid)
            reap(flight, &flight->children[i], WNOHANG);
}

static unsigned unwanted(const struct flight *flight, int signal)
{
    unsigned count = 0;
    for (unsigned i = 0; i < flight->work->jobs; i++) {
        const struct child *child = &flight->children[i];
        if (child->pid && (child->index > flight->limit || flight->pool->stopped_by)) {
            kill(-child->pid, signal);
            count++;
        }
    }
    return count;
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Ends what is not wanted any more: a friendly signal first, so that it may tidy up. */
static void end_unwanted(struct flight *flight)
{
    if (unwanted(flight, SIGTERM) == 0)
        return;
    const long long end = now_ms() + GRACE_MS;
    while (unwanted(flight, 0) && now_ms() < end) {
        pool_wait(flight->pool, TICK_MS / 10);
        reap_all(flight);
    }
    unwanted(flight, SIGKILL);
    while (unwanted(flight, 0)) {
        pool_wait(flight->pool, TICK_MS / 10);
        reap_all(flight);
    }
}

size_t pool_run(struct pool *pool, const struct pool_work *work)
{
    struct flight flight = {pool, work, calloc(work->jobs, sizeof(*flight.children)), 0, 0, work->count};
    if (!flight.children)
        abort();
    while (!pool->stopped_by && (flight.running || flight.next < flight.limit)) {
        while (flight.running < work->jobs && flight.next < flight.limit)
            if (!begin(&flight))
                break;
        if (!flight.running && flight.next < flight.limit) {
            pool->error = fail(DAV_INTERNAL, "explore: cannot start a process: %s", strerror(errno));
            break;
        }
        pool_wait(pool, TICK_MS);
        reap_all(&flight);
        end_unwanted(&flight);
        if (work->progress)
            work->progress(work->ctx);
    }
    end_unwanted(&flight);
    free(flight.children);
    return flight.limit;
}
