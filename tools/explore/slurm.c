/* slurm.c - see slurm.h. Nothing but sbatch and scancel is asked of Slurm: `sbatch --wait` ends when
 * the job has ended, which needs no accounting and no right to list the queue; what the tasks came to stands in their
 * files. The job has a name that no other has, for scancel: sbatch tells the job's number only when it ends.
 */
#include "tools/explore/slurm.h"

#include "model/davsim.h"
#include "tools/exit_status.h"
#include "tools/explore/progress.h"
#include "tools/fail.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLL_MS = 250 };
/* After the job's end its files may take this long to be seen through a network file system. */
enum { FILES_MS = 5000 };

struct job {
    struct pool *pool;
    struct runs *runs;
    const struct explore_options *options;
    char dir[PATH_MAX]; /* ours, in the shared directory */
    const char *name;   /* of the job: that of the directory */
    pid_t sbatch;       /* 0: has ended */
    int sbatch_status;  /* how, as waitpid gives it */
    bool *in;           /* [slurm_tasks]: the outcomes of that part are known */
    size_t stop;        /* the lowest run that an exploration stops at */
};

static int make_dir(struct job *job)
{
    const char *base = job->options->slurm_dir ? job->options->slurm_dir : ".";
    char absolute[PATH_MAX];
    if ((mkdir(base, 0777) != 0 && errno != EEXIST) || !realpath(base, absolute))
        return fail(DAV_BAD_INPUT, "explore: --slurm-dir: cannot use %s: %s", base, strerror(errno));
    if (snprintf(job->dir, sizeof(job->dir), "%s/davsim-explore-XXXXXX", absolute) >= (int)sizeof(job->dir))
        errno = ENAMETOOLONG;
    else if (mkdtemp(job->dir))
        errno = 0;
    if (errno)
        return fail(DAV_BAD_INPUT, "explore: --slurm: cannot make a directory in %s: %s; --slurm-dir names another",
                    absolute, strerror(errno));
    job->name = strrchr(job->dir, '/') + 1;
    return 0;
}

/* The script of a task: this very exploration, but only its part of the runs. */
static int write_script(const struct job *job, const char *path)
{
    const struct explore_options *options = job->options;
    struct list words = {0};
    FILE *file = fopen(path, "we");
    if (!file)
        return fail(DAV_INTERNAL, "explore: cannot write %s: %s", path, strerror(errno));
    list_add(&words, "--part-dir=%s", job->dir);
    list_add(&words, "--part-runs=%" PRIu64, options->part.runs);
    list_add(&words, "--runs=%" PRIu64, options->runs);
    list_add(&words, "--seed=%" PRIu64, options->seed);
    list_add(&words, "--jobs=%u", options->jobs ? options->jobs : 1);
    list_add(&words, "--vary=%s", options->vary);
    if (options->keep_going)
        list_add(&words, "--keep-going");
    if (options->no_check)
        list_add(&words, "--no-check");
    for (size_t i = 0; i < options->passed_on.count; i++)
        list_add(&words, "%s", options->passed_on.items[i]);
    for (char **word = options->command; *word; word++)
        list_add(&words, "%s", *word);
    struct list self = {0};
    list_add(&self, "%s", job->pool->self);
    char *program = list_words(&self), *arguments = list_words(&words);
    fprintf(
        file,
        "#!/bin/sh\n# Some runs of a `davsim explore --slurm`.\nexec %s explore --part=\"$SLURM_ARRAY_TASK_ID\" %s\n",
        program, arguments);
    free(program);
    free(arguments);
    list_free(&self);
    list_free(&words);
    return fclose(file) == 0 ? 0 : fail(DAV_INTERNAL, "explore: cannot write %s: %s", path, strerror(errno));
}

static int submit(struct job *job)
{
    const struct explore_options *options = job->options;
    char script[PATH_MAX + 16], output[PATH_MAX + 16];
    struct list command = {0};
    snprintf(script, sizeof(script), "%s/task.sh", job->dir);
    snprintf(output, sizeof(output), "%s/sbatch.out", job->dir);
    int status = write_script(job, script);
    if (status != 0)
        return status;
    list_add(&command, "sbatch");
    list_add(&command, "--wait");
    list_add(&command, "--parsable");
    list_add(&command, "--job-name=%s", job->name);
    list_add(&command, "--array=0-%" PRIu64, options->slurm_tasks - 1);
    list_add(&command, "--output=%s/task-%%a.out", job->dir);
    list_add(&command, "--cpus-per-task=%u", options->jobs ? options->jobs : 1);
    for (size_t i = 0; i < options->slurm_options.count; i++)
        list_add(&command, "%s", options->slurm_options.items[i]);
    list_add(&command, "%s", script);
    job->sbatch = pool_spawn(job->pool, &command, NULL, output);
    list_free(&command);
    if (job->sbatch > 0)
        return 0;
    job->sbatch = 0;
    return fail(DAV_INTERNAL, "explore: cannot start sbatch: %s", strerror(errno));
}

/* The first task that has to be waited for, options->slurm_tasks if none. */
static uint64_t first_missing(const struct job *job)
{
    uint64_t task = 0, needed = job->options->slurm_tasks;
    if (job->stop != RUNS_NONE)
        needed = (job->stop - 1) / job->options->part.runs + 1;
    while (task < needed && job->in[task])
        task++;
    return task < needed ? task : job->options->slurm_tasks;
}

static int collect(struct job *job)
{
    DIR *dir = opendir(job->dir); /* makes a network file system look again */
    if (dir)
        closedir(dir);
    for (uint64_t task = 0; task < job->options->slurm_tasks; task++) {
        int in = job->in[task] ? 1 : part_load(job->runs, job->dir, task, &job->stop);
        if (in < 0)
            return fail(DAV_INTERNAL, "explore: --slurm: what task %" PRIu64 " left in %s is damaged", task, job->dir);
        job->in[task] = in;
    }
    progress_runs(job->options, job->runs->done, job->runs->bad);
    return 0;
}

static bool sbatch_runs(struct job *job)
{
    if (job->sbatch && waitpid(job->sbatch, &job->sbatch_status, WNOHANG) == job->sbatch)
        job->sbatch = 0;
    return job->sbatch != 0;
}

/* The last line of a file that says something, without sbatch's own prefix. @first: the first line instead. */
static void read_line(const char *dir, const char *name, bool first, char *text, size_t size)
{
    char path[PATH_MAX + 64], line[512];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "re");
    snprintf(text, size, "nothing was said");
    while (file && fgets(line, sizeof(line), file)) {
        const char *from = strncmp(line, "sbatch: ", 8) == 0 ? line + 8 : line;
        line[strcspn(line, "\n")] = '\0';
        if (*from)
            snprintf(text, size, "%s", from);
        if (first && *from)
            break;
    }
    if (file)
        fclose(file);
}

static bool no_sbatch(const struct job *job)
{
    return WIFEXITED(job->sbatch_status) && WEXITSTATUS(job->sbatch_status) == EXIT_NOT_FOUND;
}

/* The job has ended without all that is needed. Return: a status, after one line. */
static int tell_failure(const struct job *job, uint64_t task, bool *keep)
{
    char name[64], id[64], said[512];
    if (no_sbatch(job))
        return fail(DAV_BAD_INPUT, "explore: --slurm: there is no sbatch here: install Slurm's commands, or leave out "
                                   "--slurm to use this machine");
    read_line(job->dir, "sbatch.out", true, id, sizeof(id));
    if (id[0] < '0' || id[0] > '9') {
        read_line(job->dir, "sbatch.out", false, said, sizeof(said));
        return fail(DAV_INTERNAL, "explore: --slurm: sbatch did not submit the job: %s", said);
    }
    snprintf(name, sizeof(name), "task-%" PRIu64 ".out", task);
    read_line(job->dir, name, false, said, sizeof(said));
    *keep = true;
    return fail(DAV_INTERNAL, "explore: --slurm: task %" PRIu64 " of job %s ended without a result: %s; see %s/%s",
                task, id, said, job->dir, name);
}

/* Until all that is needed is in, the job has ended, or a signal came. Return: 0 or a status, after one line. */
static int wait_for_job(struct job *job, bool *keep)
{
    int patience_ms = FILES_MS;
    while (!job->pool->stopped_by) {
        bool running = sbatch_runs(job);
        int status = collect(job);
        uint64_t missing = first_missing(job);
        if (status != 0 || missing == job->options->slurm_tasks)
            return status;
        if (!running && (patience_ms <= 0 || !WIFEXITED(job->sbatch_status) || no_sbatch(job)))
            return tell_failure(job, missing, keep);
        if (!running)
            patience_ms -= POLL_MS;
        pool_wait(job->pool, POLL_MS);
    }
    return 0;
}

/* Ends what still runs of the job. */
static void end_job(struct job *job)
{
    struct list command = {0};
    char output[PATH_MAX + 16];
    if (!job->sbatch)
        return;
    snprintf(output, sizeof(output), "%s/scancel.out", job->dir);
    list_add(&command, "scancel");
    list_add(&command, "--name=%s", job->name);
    pid_t pid = pool_spawn(job->pool, &command, NULL, output);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    list_free(&command);
    kill(-job->sbatch, SIGKILL); /* it only waits */
    waitpid(job->sbatch, NULL, 0);
}

size_t slurm_explore(struct pool *pool, struct runs *runs)
{
    struct job job = {.pool = pool, .runs = runs, .options = runs->options, .stop = RUNS_NONE};
    bool keep = false;
    job.in = calloc(runs->options->slurm_tasks, sizeof(*job.in));
    if (!job.in)
        abort();
    pool->error = make_dir(&job);
    if (pool->error == 0) {
        pool->error = submit(&job);
        if (pool->error == 0)
            pool->error = wait_for_job(&job, &keep);
        end_job(&job);
        if (!keep)
            remove_tree(job.dir);
    }
    free(job.in);
    return job.stop;
}
