/* options.c - see options.h. What belongs to a single run (the chip, its limits) is handed on unread:
 * the first run, which is not perturbed, says what is wrong with it.
 */
#include "tools/explore/options.h"

#include "model/davsim.h"
#include "tools/command_option.h"
#include "tools/fail.h"
#include "tools/output.h"

#include <argp.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    KEY_RUNS = 1000,
    KEY_SEED,
    KEY_JOBS,
    KEY_VARY,
    KEY_KEEP_GOING,
    KEY_NO_CHECK,
    KEY_REDUCE_RUNS,
    KEY_JSON,
    KEY_SLURM,
    KEY_SLURM_DIR,
    KEY_SLURM_TASKS,
    KEY_SLURM_OPTION,
    KEY_PART,
    KEY_PART_DIR,
    KEY_PART_RUNS,
    KEY_TRACE,
    KEY_REPORT,
    KEY_PASSED_ON, /* from here on: options of a run */
};

enum { DEFAULT_RUNS = 100, DEFAULT_SEED = 1, DEFAULT_REDUCE_RUNS = 1000, MOST_RUNS = 10000000, MOST_JOBS = 1024 };
enum { DEFAULT_PART_RUNS = 8, DEFAULT_MOST_TASKS = 64 };

/* JSON has signed integers. */
#define MOST_SEED ((uint64_t)INT64_MAX - MOST_RUNS)

static const struct argp_option options_table[] = {
    {"runs", KEY_RUNS, "N", 0, "how many perturbed runs to make (100)", 1},
    {"seed", KEY_SEED, "S", 0, "run i has the seed S+i (1)", 1},
    {"jobs", KEY_JOBS, "J", 0, "runs side by side; default: the processors of this machine", 1},
    {"vary", KEY_VARY, "LIST", 0, "what to perturb, as for `davsim check` (all)", 1},
    {"keep-going", KEY_KEEP_GOING, NULL, 0, "make all runs instead of stopping at the first that fails", 1},
    {"no-check", KEY_NO_CHECK, NULL, 0, "no checkers: only a program that fails counts; faster", 1},
    {"reduce-runs", KEY_REDUCE_RUNS, "N", 0,
     "the most runs for reducing the perturbations of a failing run (1000); 0: do not reduce", 1},
    {"json", KEY_JSON, "FILE", 0, "write what was found as JSON, the same bytes for the same exploration", 1},
    {"quiet", 'q', NULL, 0, "no table and no progress bar", 1},
    {"slurm", KEY_SLURM, NULL, 0, "make the runs in a Slurm job array", 2},
    {"slurm-dir", KEY_SLURM_DIR, "DIR", 0, "a directory that all nodes see; default: the current one", 2},
    {"slurm-tasks", KEY_SLURM_TASKS, "N", 0, "tasks of the array; default: one for 8 runs, but at most 64", 2},
    {"slurm-option", KEY_SLURM_OPTION, "OPTION", 0, "an option for sbatch; may be repeated", 2},
    {"part", KEY_PART, "N", OPTION_HIDDEN, NULL, 2},
    {"part-dir", KEY_PART_DIR, "DIR", OPTION_HIDDEN, NULL, 2},
    {"part-runs", KEY_PART_RUNS, "N", OPTION_HIDDEN, NULL, 2},
    {"trace", KEY_TRACE, "FILE", OPTION_HIDDEN, NULL, 2},
    {"report", KEY_REPORT, "FILE", OPTION_HIDDEN, NULL, 2},
    {"chip", KEY_PASSED_ON, "NAME|FILE", 0, "Options of each run, see `davsim check --help`:", 3},
    {"set", KEY_PASSED_ON + 1, "SECTION.KEY=VALUE", 0, NULL, 3},
    {"max-time", KEY_PASSED_ON + 2, "TIME", 0, NULL, 3},
    {"no-park", KEY_PASSED_ON + 3, NULL, 0, NULL, 3},
    {"memory", KEY_PASSED_ON + 4, "ordered|weak", 0, NULL, 3},
    {"suppress", KEY_PASSED_ON + 5, "FILE", 0, NULL, 3},
    {"compute", KEY_PASSED_ON + 6, "on|off", 0, NULL, 3},
    {"runtime-root", KEY_PASSED_ON + 7, "PATH", 0, NULL, 3},
    COMMAND_HELP_ROW,
    {0},
};

static error_t read_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (!errno && !*end && *text >= '0' && *text <= '9' && *number >= least && *number <= most)
        return 0;
    fail(DAV_BAD_INPUT, "explore: --%s takes a number from %llu to %llu, not '%s'", option, (unsigned long long)least,
         (unsigned long long)most, text);
    return EINVAL;
}

static error_t pass_on(struct list *passed_on, int key, const char *arg)
{
    for (const struct argp_option *option = options_table; option->name; option++)
        if (option->key == key)
            list_add(passed_on, arg ? "--%s=%s" : "--%s", option->name, arg);
    return 0;
}

static error_t refuse(const char *option)
{
    fail(DAV_BAD_INPUT, "explore: --%s is for a single run: replay the one that failed with `davsim check --%s FILE`",
         option, option);
    return EINVAL;
}

static error_t parse_slurm(int key, char *arg, struct explore_options *options)
{
    switch (key) {
    case KEY_SLURM:
        options->slurm = true;
        return 0;
    case KEY_SLURM_DIR:
        options->slurm_dir = arg;
        return 0;
    case KEY_SLURM_TASKS:
        return read_number("slurm-tasks", arg, 1, MOST_RUNS, &options->slurm_tasks);
    case KEY_SLURM_OPTION:
        list_add(&options->slurm_options, "%s", arg);
        return 0;
    case KEY_PART:
        return read_number("part", arg, 0, MOST_RUNS, &options->part.task);
    case KEY_PART_DIR:
        options->part.dir = arg;
        return 0;
    case KEY_PART_RUNS:
        return read_number("part-runs", arg, 1, MOST_RUNS, &options->part.runs);
    default:
        return key >= KEY_PASSED_ON ? pass_on(&options->passed_on, key, arg) : ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct explore_options *options = state->input;
    uint64_t number;
    error_t error;
    switch (key) {
    case ARGP_KEY_INIT:
    case COMMAND_HELP:
        return command_option(key, state, "davsim explore");
    case KEY_RUNS:
        return read_number("runs", arg, 1, MOST_RUNS, &options->runs);
    case KEY_SEED:
        return read_number("seed", arg, 0, MOST_SEED, &options->seed);
    case KEY_JOBS:
        error = read_number("jobs", arg, 1, MOST_JOBS, &number);
        options->jobs = (unsigned)number;
        return error;
    case KEY_REDUCE_RUNS:
        return read_number("reduce-runs", arg, 0, MOST_RUNS, &options->reduce_runs);
    case KEY_VARY:
        options->vary = arg;
        return 0;
    case KEY_KEEP_GOING:
        options->keep_going = true;
        return 0;
    case KEY_NO_CHECK:
        options->no_check = true;
        return 0;
    case KEY_JSON:
        options->json = arg;
        return 0;
    case 'q':
        options->quiet = true;
        return 0;
    case KEY_TRACE:
        return refuse("trace");
    case KEY_REPORT:
        return refuse("report");
    case ARGP_KEY_ARG:
        options->command = &state->argv[state->next - 1];
        state->next = state->argc;
        return 0;
    default:
        return parse_slurm(key, arg, options);
    }
}

/* Parts of equal length, so many that nodes have something to share, and so few that each is worth a task. */
static void cut_into_parts(struct explore_options *options)
{
    uint64_t tasks = options->slurm_tasks;
    if (!tasks)
        tasks = (options->runs + DEFAULT_PART_RUNS - 1) / DEFAULT_PART_RUNS;
    if (!options->slurm_tasks && tasks > DEFAULT_MOST_TASKS)
        tasks = DEFAULT_MOST_TASKS;
    if (tasks > options->runs)
        tasks = options->runs;
    options->part.runs = (options->runs + tasks - 1) / tasks;
    options->slurm_tasks = (options->runs + options->part.runs - 1) / options->part.runs;
}

int explore_options_parse(struct explore_options *options, int argc, char **argv)
{
    static const struct argp argp = {
        options_table,
        parse,
        "COMMAND [ARG...]\nexamples/NAME [ARG...]",
        "Run a program many times, each time with the chip perturbed in another way within what its chip file declares "
        "unknown or variable; stop at the first run that fails, and say how to replay it with as few perturbations as "
        "possible.\v"
        "Exit status: 0 nothing found, 1 the program failed in a run, 3 findings, 2 bad input. davsim(1) says more.",
        NULL,
        NULL,
        NULL};
    *options = (struct explore_options){
        .runs = DEFAULT_RUNS, .seed = DEFAULT_SEED, .reduce_runs = DEFAULT_REDUCE_RUNS, .vary = "all"};
    argv[0] = "davsim: explore"; /* how getopt begins its line */
    if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP, NULL, options) != 0)
        return DAV_BAD_INPUT;
    if (!options->command)
        return fail(DAV_BAD_INPUT, "explore: no command to run; `davsim explore --help` says more");
    if (!*options->vary)
        return fail(DAV_BAD_INPUT, "explore: --vary is empty: nothing would differ from run to run");
    if (!options->slurm && (options->slurm_dir || options->slurm_tasks || options->slurm_options.count))
        return fail(DAV_BAD_INPUT, "explore: --slurm-dir, --slurm-tasks and --slurm-option need --slurm");
    if (options->slurm)
        cut_into_parts(options);
    return output_check("explore", "--json", options->json);
}

void explore_options_free(struct explore_options *options)
{
    list_free(&options->slurm_options);
    list_free(&options->passed_on);
}

unsigned explore_jobs(const struct explore_options *options)
{
    cpu_set_t set;
    if (options->jobs)
        return options->jobs;
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > MOST_JOBS ? MOST_JOBS : (unsigned)count;
}

void explore_command(const struct explore_options *options, uint64_t seed, const char *vary, const char *dir,
                     struct list *command)
{
    list_add(command, options->no_check ? "run" : "check");
    if (dir) {
        list_add(command, "--quiet");
        list_add(command, "--report=%s/report.json", dir);
        if (!options->no_check)
            list_add(command, "--json=%s/findings.json", dir);
    }
    list_add(command, "--seed");
    list_add(command, "%llu", (unsigned long long)seed);
    if (vary && *vary) {
        list_add(command, "--vary");
        list_add(command, "%s", vary);
    }
    for (size_t i = 0; i < options->passed_on.count; i++)
        list_add(command, "%s", options->passed_on.items[i]);
    for (char **word = options->command; *word; word++)
        list_add(command, "%s", *word);
}
