/* pool.h - many runs as processes side by side, without the result depending on how many.
 *
 * Runs have numbers and are begun in their order. When one asks to stop, those with higher numbers are ended, those
 * with lower ones are waited for: the lowest that asks is the one that counts, whichever came first. Each run has a
 * directory of its own for all that it writes (TMPDIR too), its own process group, no terminal, and its output goes
 * into a file; all of it is gone when the pool is closed.
 */
#ifndef DAV_TOOLS_EXPLORE_POOL_H
#define DAV_TOOLS_EXPLORE_POOL_H

#include "tools/list.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct pool {
    char dir[4096];      /* holds the runs' directories */
    char self[4096];     /* davsim, by its absolute name */
    const char *program; /* what makes a run: the same, but for tests */
    sigset_t signals;    /* those we wait for */
    sigset_t old_mask;   /* for the children */
    int stopped_by;      /* the signal that ended the pool's work, 0: none */
    int error;           /* DAV_INTERNAL, after one line, if no process can be started at all */
};

/* Some runs to make. */
struct pool_work {
    size_t count;
    unsigned jobs;
    void *ctx;
    /* Appends the arguments of run @index to @command, which holds the program. It may write into @dir only. */
    void (*command)(void *ctx, size_t index, const char *dir, struct list *command);
    /* Run @index has ended as waitpid tells; @dir is removed afterwards. Return: true to stop at this run. */
    bool (*ended)(void *ctx, size_t index, int wait_status, const char *dir);
    /* Called a few times a second; may be NULL. */
    void (*progress)(void *ctx);
};

/** pool_open - make the directory, and take SIGINT, SIGTERM and SIGHUP to end the work.
 *  Return: 0, or DAV_INTERNAL after one line. */
int pool_open(struct pool *pool);

void pool_close(struct pool *pool);

/** pool_run - make the runs. Runs above the one returned may have been judged too: forget those.
 *  Return: the lowest run that asked to stop, or the count of runs; pool->stopped_by tells of a signal. */
size_t pool_run(struct pool *pool, const struct pool_work *work);

/** pool_spawn - start a process in its own group. @dir: its TMPDIR, NULL to leave that
 *  alone. @output: a file for what it prints.
 *  Return: its id, or -1 with errno. */
int pool_spawn(const struct pool *pool, const struct list *command, const char *dir, const char *output);

/** pool_wait - wait for a child to end, for one of our signals or for @milliseconds; notes a signal in stopped_by. */
void pool_wait(struct pool *pool, int milliseconds);

/** remove_tree - delete a directory with all that is in it; nothing is said if that fails. */
void remove_tree(const char *path);

#endif
