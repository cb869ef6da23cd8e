/* options.h - the command line of `davsim explore`, checked, and the command of a single run made from it. */
#ifndef DAV_TOOLS_EXPLORE_OPTIONS_H
#define DAV_TOOLS_EXPLORE_OPTIONS_H

#include "tools/list.h"

#include <stdbool.h>
#include <stdint.h>

/* A part of an exploration, made by one task of a Slurm job; an internal matter of slurm.c. */
struct explore_part {
    const char *dir; /* where to leave the outcome; NULL: this is no part, but the whole */
    uint64_t task;   /* which part, from 0 */
    uint64_t runs;   /* in a part */
};

struct explore_options {
    uint64_t runs; /* perturbed runs; run i of 1 .. runs has the seed @seed + i, run 0 is not perturbed */
    uint64_t seed;
    uint64_t reduce_runs; /* the most runs that reducing may take; 0: do not reduce */
    unsigned jobs;        /* runs side by side; 0: not said */
    bool keep_going;
    bool no_check; /* `davsim run` instead of `davsim check` */
    bool quiet;
    const char *vary; /* what is perturbed; "all" if not said */
    const char *json; /* NULL: no file */
    bool slurm;
    const char *slurm_dir;     /* a directory that all nodes see */
    uint64_t slurm_tasks;      /* of part.runs runs each, the last one perhaps of fewer */
    struct list slurm_options; /* sbatch's own */
    struct list passed_on;     /* options that each run gets as they are */
    struct explore_part part;
    char **command; /* the user's, NULL at the end */
};

/** explore_options_parse - read @argv, whose first item is the word "explore".
 *  --help prints the options and ends the process.
 *  Return: 0, or DAV_BAD_INPUT after one line. */
int explore_options_parse(struct explore_options *options, int argc, char **argv);

void explore_options_free(struct explore_options *options);

/** explore_jobs - how many runs to make side by side on this machine. */
unsigned explore_jobs(const struct explore_options *options);

/** explore_command - append the command of one run, from the subcommand on: "check", options, the user's command.
 *  @vary: the perturbations, NULL or "" for none.
 *  @dir: where the run leaves its report and findings; NULL: nowhere, as a user would type it. */
void explore_command(const struct explore_options *options, uint64_t seed, const char *vary, const char *dir,
                     struct list *command);

#endif
