/* run_options.c - see run_options.h. argp reads the options; the first word that is none begins the user's command,
 * whose own options are left alone.
 */
#include "tools/run_options.h"

#include "model/davsim.h"
#include "model/vary.h"
#include "tools/command_option.h"
#include "tools/fail.h"
#include "tools/file.h"
#include "tools/output.h"
#include "tools/run.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_CHIP = 1000,
    KEY_SET,
    KEY_TRACE,
    KEY_TRACE_LEVEL,
    KEY_TRACE_FORMAT,
    KEY_REPORT,
    KEY_SEED,
    KEY_MEMORY,
    KEY_VARY,
    KEY_MAX_TIME,
    KEY_NO_PARK,
    KEY_COMPUTE,
    KEY_RUNTIME_ROOT,
    KEY_JSON,
    KEY_SUPPRESS,
    KEY_GEN_SUPPRESSIONS,
    KEY_NOTES
};

static const struct argp_option run_table[] = {
    {"chip", KEY_CHIP, "NAME|FILE", 0, "the chip: ascend910b (default), ascend910c, minimal, or an .ini file", 0},
    {"set", KEY_SET, "SECTION.KEY=VALUE", 0, "change one parameter of the chip; may be repeated", 0},
    {"runtime-root", KEY_RUNTIME_ROOT, "PATH", 0,
     "look for runtimes in the project or folder PATH first; may be repeated", 0},
    {"trace", KEY_TRACE, "FILE", 0, "write a Perfetto trace; a name that ends in .gz is compressed", 0},
    {"trace-level", KEY_TRACE_LEVEL, "task|phase|pipe|instr|mem", 0,
     "how much the trace holds: phase adds where cores poll in vain, pipe what each AICore's pipes do, instr what each "
     "instruction is about, mem what the caches do; default task",
     0},
    {"trace-format", KEY_TRACE_FORMAT, "perfetto|json", 0, "json: the trace is Chrome's JSON; default perfetto", 0},
    {"report", KEY_REPORT, "FILE", 0, "write the report as JSON, the same bytes for the same run", 0},
    {"seed", KEY_SEED, "N", 0, "what device memory holds that nobody has written (1; 0: zeros); how --vary decides", 0},
    {"memory", KEY_MEMORY, "ordered|weak", 0, "weak: as --vary drain,load, an AICPU that orders only what fences order",
     0},
    {"vary", KEY_VARY, "LIST", 0, "perturb the run: " VARY_NAMES(", ") ", all; or kind:AGENT; commas between", 0},
    {"max-time", KEY_MAX_TIME, "TIME", 0,
     "stop after TIME (ns, us, ms, s) without task progress; default 1s, simulated", 0},
    {"no-park", KEY_NO_PARK, NULL, 0, "simulate every poll of an idle core; slower, same result", 0},
    {"compute", KEY_COMPUTE, "on|off", 0, "off: instructions of the pipes take their time and compute nothing; faster",
     0},
    {"quiet", 'q', NULL, 0, "no report and no progress line on stderr", 0},
    {"verbose", 'v', NULL, 0, "show the device's log; repeat for more", 0},
    COMMAND_HELP_ROW,
    {0},
};

static const struct argp_option check_table[] = {
    {"json", KEY_JSON, "FILE", 0, "write the findings as JSON, the same bytes for the same run", 0},
    {"suppress", KEY_SUPPRESS, "FILE", 0, "do not tell what FILE describes; may be repeated", 0},
    {"gen-suppressions", KEY_GEN_SUPPRESSIONS, NULL, 0, "show the suppression of each finding after it", 0},
    {"notes", KEY_NOTES, NULL, 0, "also tell what costs time without need", 0},
    {0},
};

bool parse_time(const char *text, uint64_t *ps)
{
    static const struct {
        const char *name;
        double ps;
    } units[] = {{"ns", 1e3}, {"us", 1e6}, {"ms", 1e9}, {"s", 1e12}};
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    double number = strtod(text, &end);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].name) == 0) {
            double value = number * units[i].ps;
            if (!(value >= 1.0) || value > 9e18)
                return false;
            *ps = (uint64_t)llround(value);
            return true;
        }
    }
    return false;
}

static error_t read_set(struct run_options *options, const char *text)
{
    const char *dot = strchr(text, '.'), *equal = strchr(text, '=');
    if (!dot || !equal || dot == text || equal < dot + 2 || !equal[1] || strchr(text, '\n')) {
        fail(DAV_BAD_INPUT, "%s: --set takes section.key=value, not '%s'", options->name, text);
        return EINVAL;
    }
    list_add(&options->sets, "%s", text);
    return 0;
}

static error_t read_seed(struct run_options *options, const char *text)
{
    char *end;
    errno = 0;
    strtoull(text, &end, 10);
    if (errno || *end || *text < '0' || *text > '9') {
        fail(DAV_BAD_INPUT, "%s: --seed takes a number from 0 to 2^64-1, not '%s'", options->name, text);
        return EINVAL;
    }
    options->seed = text;
    return 0;
}

static error_t read_suppress(struct run_options *options, const char *path)
{
    if (access(path, R_OK) != 0) {
        fail(DAV_BAD_INPUT, "%s: --suppress: cannot read %s: %s", options->name, path, strerror(errno));
        return EINVAL;
    }
    char *absolute = run_absolute(path);
    list_add(&options->suppress, "%s", absolute);
    free(absolute);
    return 0;
}

static error_t read_root(struct run_options *options, const char *path)
{
    char *absolute = realpath(path, NULL);
    error_t error = EINVAL;
    if (!absolute)
        fail(DAV_BAD_INPUT, "%s: --runtime-root: cannot read %s: %s", options->name, path, strerror(errno));
    else if (!file_is_dir(absolute) || strchr(absolute, ':'))
        fail(DAV_BAD_INPUT, "%s: --runtime-root takes a directory without a colon in its name, not '%s'", options->name,
             path);
    else
        error = 0;
    if (!error)
        list_add(&options->roots, "%s", absolute);
    free(absolute);
    return error;
}

static error_t read_memory(struct run_options *options, const char *text)
{
    options->vary_given = true;
    if (strcmp(text, "weak") == 0) {
        list_add(&options->vary, "drain,load");
    } else if (strcmp(text, "ordered") != 0) {
        fail(DAV_BAD_INPUT, "%s: --memory is ordered or weak, not '%s'", options->name, text);
        return EINVAL;
    }
    return 0;
}

/* One of two words. */
static error_t read_either(const struct run_options *options, const char *option, const char *text, const char *first,
                           const char *second, const char **word)
{
    *word = text;
    if (strcmp(text, first) == 0 || strcmp(text, second) == 0)
        return 0;
    fail(DAV_BAD_INPUT, "%s: --%s is %s or %s, not '%s'", options->name, option, first, second, text);
    return EINVAL;
}

static error_t read_level(struct run_options *options, const char *text)
{
    static const char *const levels[] = {"task", "phase", "pipe", "instr", "mem"};
    options->trace_level = text;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (strcmp(text, levels[i]) == 0)
            return 0;
    fail(DAV_BAD_INPUT, "%s: --trace-level is task, phase, pipe, instr or mem, not '%s'", options->name, text);
    return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        if (state->child_inputs)
            state->child_inputs[0] = options;
        return command_option(key, state, NULL);
    case KEY_CHIP:
        options->chip = arg;
        return 0;
    case KEY_SET:
        return read_set(options, arg);
    case KEY_RUNTIME_ROOT:
        return read_root(options, arg);
    case KEY_TRACE:
        options->trace = arg;
        return 0;
    case KEY_TRACE_LEVEL:
        return read_level(options, arg);
    case KEY_TRACE_FORMAT:
        return read_either(options, "trace-format", arg, "perfetto", "json", &options->trace_format);
    case KEY_REPORT:
        options->report = arg;
        return 0;
    case KEY_SEED:
        return read_seed(options, arg);
    case KEY_MEMORY:
        return read_memory(options, arg);
    case KEY_VARY:
        options->vary_given = true;
        list_add(&options->vary, "%s", arg);
        return 0;
    case KEY_MAX_TIME:
        if (parse_time(arg, &options->max_time_ps))
            return 0;
        fail(DAV_BAD_INPUT, "%s: --max-time takes a time with its unit (ns, us, ms, s) such as 500us, not '%s'",
             options->name, arg);
        return EINVAL;
    case KEY_NO_PARK:
        options->no_park = true;
        return 0;
    case KEY_COMPUTE:
        return read_either(options, "compute", arg, "on", "off", &options->compute);
    case 'q':
        options->quiet = true;
        return 0;
    case 'v':
        options->verbose++;
        return 0;
    case KEY_JSON:
        options->json = arg;
        return 0;
    case KEY_SUPPRESS:
        return read_suppress(options, arg);
    case KEY_GEN_SUPPRESSIONS:
        options->gen_suppressions = true;
        return 0;
    case KEY_NOTES:
        options->notes = true;
        return 0;
    case ARGP_KEY_ARG:
        options->command = &state->argv[state->next - 1];
        state->next = state->argc;
        return 0;
    default:
        return command_option(key, state, options->check ? "davsim check" : "davsim run");
    }
}

#define ARGUMENTS "COMMAND [ARG...]\nexamples/NAME [ARG...]\nSCRIPT.py [ARG...]"
#define MORE      "\vThe options reach the program through its environment; davsim(1) lists the variables and exit statuses."

static const struct argp run_argp = {
    run_table, parse, ARGUMENTS, "Run a host program on the simulated chip, or build and run an example." MORE,
    NULL,      NULL,  NULL};

static const struct argp_child check_children[] = {
    {&(const struct argp){.options = run_table, .parser = parse}, 0, "", 0}, {0}};
static const struct argp check_argp = {
    check_table,
    parse,
    ARGUMENTS,
    "Run a host program as `davsim run` does, and tell what its device code would do wrong on silicon." MORE,
    check_children,
    NULL,
    NULL};

int run_options_parse(struct run_options *options, int argc, char **argv)
{
    *options = (struct run_options){.name = argv[0], .check = strcmp(argv[0], "check") == 0};
    argv[0] = options->check ? "davsim: check" : "davsim: run"; /* how getopt begins its line */
    if (argp_parse(options->check ? &check_argp : &run_argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP, NULL, options) !=
        0)
        return DAV_BAD_INPUT;
    if (!options->command)
        return fail(DAV_BAD_INPUT, "%s: no command to run; `davsim %s --help` says more", options->name, options->name);
    if (options->trace_level && !options->trace && !getenv("DAVSIM_TRACE"))
        return fail(DAV_BAD_INPUT, "%s: --trace-level says what a trace holds: give --trace FILE too", options->name);
    if (options->trace_format && !options->trace && !getenv("DAVSIM_TRACE"))
        return fail(DAV_BAD_INPUT, "%s: --trace-format says how a trace is written: give --trace FILE too",
                    options->name);
    int status = output_check(options->name, "--trace", options->trace);
    if (status == 0)
        status = output_check(options->name, "--report", options->report);
    return status ? status : output_check(options->name, "--json", options->json);
}

void run_options_free(struct run_options *options)
{
    list_free(&options->sets);
    list_free(&options->roots);
    list_free(&options->vary);
    list_free(&options->suppress);
}
