/* explore.c - see explore.h. Run 0 is not perturbed: it tells bad input before anything else is done, fills the cache
 * of compiled modules so that the runs side by side need not all compile them, and shows what is wrong without any
 * help. Then come the perturbed runs, here or as a Slurm job, and for the first that fails the reduction.
 */
#include "tools/explore/explore.h"

#include "model/davsim.h"
#include "tools/exit_status.h"
#include "tools/explore/pool.h"
#include "tools/explore/progress.h"
#include "tools/explore/reduce.h"
#include "tools/explore/runs.h"
#include "tools/explore/slurm.h"
#include "tools/explore/table.h"
#include "tools/fail.h"

#include <stdio.h>
#include <string.h>

/* Some of the runs, as work for the pool. */
struct stretch {
    struct runs *runs;
    size_t first;
};

static void command(void *ctx, size_t index, const char *dir, struct list *command)
{
    const struct stretch *stretch = ctx;
    const struct explore_options *options = stretch->runs->options;
    size_t run = stretch->first + index;
    explore_command(options, runs_seed(stretch->runs, run), run ? options->vary : NULL, dir, command);
}

static bool ended(void *ctx, size_t index, int wait_status, const char *dir)
{
    const struct stretch *stretch = ctx;
    struct outcome outcome;
    outcome_read(&outcome, wait_status, !stretch->runs->options->no_check, dir);
    return runs_add(stretch->runs, stretch->first + index, &outcome);
}

static void progress(void *ctx)
{
    const struct stretch *stretch = ctx;
    progress_runs(stretch->runs->options, stretch->runs->done, stretch->runs->bad);
}

/* Makes @count runs from @first on. Return: the one to stop at, or RUNS_NONE. */
static size_t make_runs(struct pool *pool, struct runs *runs, size_t first, size_t count)
{
    struct stretch stretch = {runs, first};
    struct pool_work work = {count, explore_jobs(runs->options), &stretch, command, ended, progress};
    size_t stop = pool_run(pool, &work);
    if (pool->stopped_by || stop == count)
        return RUNS_NONE;
    runs_forget_above(runs, first + stop);
    return first + stop;
}

/* A task of a Slurm job. */
static int make_part(struct pool *pool, struct runs *runs)
{
    make_runs(pool, runs, part_first(runs->options), part_count(runs->options));
    if (pool->error)
        return pool->error;
    return pool->stopped_by ? EXIT_SIGNAL + pool->stopped_by : part_save(runs);
}

static void show_output(const struct runs *runs, size_t run)
{
    const char *text = runs->outcomes[run].output;
    if (!text || runs->options->quiet)
        return;
    fprintf(stderr, "davsim: explore: the %srun with seed %llu printed:\n", run ? "" : "unperturbed ",
            (unsigned long long)runs_seed(runs, run));
    fprintf(stderr, "%s%s", text, text[strlen(text) - 1] == '\n' ? "" : "\n");
}

/* A run could not be made: its own line says why. Return: the exit status. */
static int tell_broken(const struct runs *runs, size_t run)
{
    const struct outcome *outcome = &runs->outcomes[run];
    if (outcome->status > EXIT_SIGNAL)
        return fail(DAV_INTERNAL, "explore: the run with seed %llu was ended by signal %d (%s)",
                    (unsigned long long)runs_seed(runs, run), outcome->status - EXIT_SIGNAL,
                    strsignal(outcome->status - EXIT_SIGNAL));
    if (!outcome->output)
        return fail(outcome->status, "explore: the run with seed %llu ended with status %d and said nothing",
                    (unsigned long long)runs_seed(runs, run), outcome->status);
    fputs(outcome->output, stderr);
    return outcome->status;
}

/* All runs that are needed. */
static void make_all(struct pool *pool, struct runs *runs)
{
    const struct explore_options *options = runs->options;
    progress_runs(options, 0, 0);
    if (make_runs(pool, runs, 0, 1) == 0 || pool->stopped_by || pool->error)
        return;
    if (options->slurm) {
        size_t stop = slurm_explore(pool, runs);
        if (stop != RUNS_NONE)
            runs_forget_above(runs, stop);
    } else {
        make_runs(pool, runs, 1, options->runs);
    }
}

static int conclude(struct pool *pool, const struct runs *runs)
{
    const struct explore_options *options = runs->options;
    size_t run = 0;
    enum verdict worst = runs_worst(runs, &run);
    struct reduction reduction;
    progress_clear(options);
    if (worst == VERDICT_BROKEN)
        return tell_broken(runs, run);
    if (pool->error)
        return pool->error;
    if (outcome_is_bad(&runs->outcomes[0]) && runs->subject == RUNS_NONE)
        show_output(runs, 0);
    else if (runs->subject != RUNS_NONE)
        show_output(runs, runs->subject);
    reduction_make(&reduction, pool, runs);
    progress_clear(options);
    int status = pool->error;
    if (status == 0 && !options->quiet)
        table_print(stdout, runs, &reduction, pool->stopped_by != 0);
    if (status == 0 && options->json)
        status = table_save(options->json, runs, &reduction, pool->stopped_by != 0);
    reduction_free(&reduction);
    if (status == 0 && pool->stopped_by)
        return EXIT_SIGNAL + pool->stopped_by;
    if (status != 0)
        return status;
    if (runs_found(runs))
        return EXIT_FINDINGS; /* whatever else happened, as `davsim check` has it */
    return worst == VERDICT_FAILED ? EXIT_FAILED : DAV_OK;
}

int explore_main(int argc, char **argv)
{
    struct explore_options options;
    struct pool pool;
    struct runs runs;
    int status = explore_options_parse(&options, argc, argv);
    if (status == 0 && (status = pool_open(&pool)) == 0) {
        runs_init(&runs, &options);
        if (options.part.dir) {
            status = make_part(&pool, &runs);
        } else {
            make_all(&pool, &runs);
            status = conclude(&pool, &runs);
        }
        fflush(stdout);
        pool_close(&pool);
        runs_free(&runs);
    }
    explore_options_free(&options);
    return status;
}
