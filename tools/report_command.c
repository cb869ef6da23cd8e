/* report_command.c - see report_command.h. */
#include "tools/report_command.h"

#include "model/davsim.h"
#include "tools/command_option.h"
#include "tools/fail.h"

#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_JSON = 1000, KEY_BY };

static const struct argp_option table[] = {
    {"json", KEY_JSON, NULL, 0, "write JSON, as described in davsim(1)", 0},
    {"by", KEY_BY, "core|kernel|task|phase", 0, "show each core, kernel, task, or phase of each scheduler", 0},
    COMMAND_HELP_ROW,
    {0},
};

struct options {
    const char *path;
    bool json;
    enum report_by by;
};

static error_t read_by(struct options *options, const char *text)
{
    static const char *const names[] = {[REPORT_BY_CORE] = "core",
                                        [REPORT_BY_KERNEL] = "kernel",
                                        [REPORT_BY_TASK] = "task",
                                        [REPORT_BY_PHASE] = "phase"};

    for (int by = REPORT_BY_CORE; by <= REPORT_BY_PHASE; by++)
        if (strcmp(text, names[by]) == 0) {
            options->by = (enum report_by)by;
            return 0;
        }
    fail(DAV_BAD_INPUT, "report: --by is core, kernel, task or phase, not '%s'", text);
    return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case KEY_JSON:
        options->json = true;
        return 0;
    case KEY_BY:
        return read_by(options, arg);
    case ARGP_KEY_ARG:
        if (!options->path) {
            options->path = arg;
            return 0;
        }
        fail(DAV_BAD_INPUT, "report: '%s' is one argument too many: give one trace, or two to davsim compare", arg);
        return EINVAL;
    default:
        return command_option(key, state, "davsim report");
    }
}

static const struct argp argp = {
    table,
    parse,
    "TRACE",
    "Tell from a trace what a run came to: how long it took and why (the critical path through the graph of tasks), "
    "how "
    "busy cores were and why they were not, what scheduling cost, and which kernels took the time.",
    NULL,
    NULL,
    NULL};

int report_open(const char *command, const char *path, struct timeline **timeline, struct report **report)
{
    char error[512];

    *timeline = timeline_read_args(path, report_args, error, sizeof(error));
    if (!*timeline)
        return fail(DAV_BAD_INPUT, "%s: %s", command, error);
    *report = report_new(*timeline);
    if (*report)
        return 0;
    timeline_free(*timeline);
    *timeline = NULL;
    return fail(DAV_INTERNAL, "%s: %s: out of memory", command, path);
}

int report_command_main(int argc, char **argv)
{
    struct options options = {0};
    struct timeline *timeline;
    struct report *report;
    int status, written = 0;

    argv[0] = "davsim: report"; /* how getopt begins its line */
    if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &options) != 0)
        return DAV_BAD_INPUT;
    if (!options.path)
        return fail(DAV_BAD_INPUT, "report: give the trace that davsim run --trace wrote");
    status = report_open("report", options.path, &timeline, &report);
    if (status != 0)
        return status;
    if (options.json)
        written = report_json(stdout, report, options.by);
    else
        report_text(stdout, report, options.path, options.by);
    if (written != 0 || fflush(stdout) != 0 || ferror(stdout))
        status = fail(DAV_INTERNAL, "report: cannot write the report: %s", strerror(errno));
    report_free(report);
    timeline_free(timeline);
    return status;
}
