/* trace_command.c - see trace_command.h. One timeline in memory at a time; the rules of traces are traces/'s. */
#include "tools/trace_command.h"

#include "model/davsim.h"
#include "tools/command_option.h"
#include "tools/exit_status.h"
#include "tools/fail.h"
#include "tools/run_options.h"
#include "traces/reader.h"
#include "traces/timeline_write.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_FROM = 1000, KEY_TO, KEY_ALIGN };

struct options {
    const char *what;
    const char *files[256];
    unsigned file_count;
    const char *from, *to, *align;
};

static const struct argp_option table[] = {
    {"from", KEY_FROM, "TIME", 0, "of cut: where the part begins (0; otherwise with ns, us, ms or s)", 0},
    {"to", KEY_TO, "TIME", 0, "of cut: where it ends (the end of the trace)", 0},
    {"align", KEY_ALIGN, "start", 0, "of merge: each trace begins at 0", 0},
    COMMAND_HELP_ROW,
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_FROM:
        options->from = arg;
        return 0;
    case KEY_TO:
        options->to = arg;
        return 0;
    case KEY_ALIGN:
        options->align = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (!options->what) {
            options->what = arg;
            return 0;
        }
        if (options->file_count < sizeof(options->files) / sizeof(options->files[0])) {
            options->files[options->file_count++] = arg;
            return 0;
        }
        fail(DAV_BAD_INPUT, "trace: more files than can be named at once");
        return EINVAL;
    default:
        return command_option(key, state, "davsim trace");
    }
}

static const struct argp argp = {
    table,
    parse,
    "check FILE\nconvert IN OUT\ncut [--from TIME] [--to TIME] IN OUT\nmerge [--align start] OUT IN...",
    "Check, convert, cut and merge traces.\vTraces are read in Perfetto's format or Chrome's JSON, gzipped or plain, "
    "whatever their names. OUT's name tells what is written: .pftrace, .pftrace.gz, .json or .json.gz.",
    NULL,
    NULL,
    NULL};

/* ---- files ---- */

static struct timeline *read_or_fail(const char *path, int *status)
{
    char error[512];
    struct timeline *timeline = timeline_read(path, error, sizeof(error));
    if (!timeline)
        *status = fail(DAV_BAD_INPUT, "%s", error);
    return timeline;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* NULL after one line. */
static struct trace *open_out(const char *path, int *status)
{
    char error[512];
    bool json = ends_with(path, ".json") || ends_with(path, ".json.gz");
    if (!json && !ends_with(path, ".pftrace") && !ends_with(path, ".pftrace.gz")) {
        *status =
            fail(DAV_BAD_INPUT,
                 "trace: '%s' does not tell the format: end it in .pftrace, .pftrace.gz, .json or .json.gz", path);
        return NULL;
    }
    struct trace *trace = trace_open(path, json ? TRACE_JSON : TRACE_PERFETTO, error, sizeof(error));
    if (!trace)
        *status = fail(DAV_BAD_INPUT, "%s", error);
    return trace;
}

static int close_out(struct trace *trace)
{
    char error[512];
    return trace_close(trace, error, sizeof(error)) == 0 ? 0 : fail(DAV_INTERNAL, "%s", error);
}

/* ---- the subcommands ---- */

static int check(const struct options *options)
{
    const char *path = options->files[0];
    char error[512];
    struct timeline_faults faults;
    if (access(path, R_OK) != 0)
        return fail(DAV_BAD_INPUT, "trace: cannot read %s: %s", path, strerror(errno));
    struct timeline *timeline = timeline_inspect(path, &faults, error, sizeof(error));
    if (!timeline)
        return fail(EXIT_FAILED, "%s", error);
    size_t shown = faults.count < TIMELINE_FAULT_LINES ? faults.count : TIMELINE_FAULT_LINES;
    for (size_t i = 0; i < shown; i++)
        printf("%s: %s\n", path, faults.lines[i]);
    if (faults.count > shown)
        printf("%s: and %zu more\n", path, faults.count - shown);
    size_t instants = 0;
    for (size_t i = 0; i < timeline->slice_count; i++)
        instants += timeline->slices[i].instant;
    if (faults.count == 0)
        printf("%s: %zu rows, %zu slices, %zu instants, %zu arrows, %zu samples: no faults\n", path,
               timeline->row_count, timeline->slice_count - instants, instants, timeline->flow_count,
               timeline->sample_count);
    timeline_free(timeline);
    return faults.count ? EXIT_FAILED : 0;
}

static int write_part(const char *in, const struct timeline_part *part, const char *out)
{
    int status = 0;
    struct timeline *timeline = read_or_fail(in, &status);
    struct trace *trace = timeline ? open_out(out, &status) : NULL;
    if (trace && timeline_write(timeline, part, trace) < 0) {
        trace_abandon(trace);
        status = fail(DAV_INTERNAL, "trace: out of memory");
    } else if (trace) {
        status = close_out(trace);
    }
    timeline_free(timeline);
    return status;
}

/* 0 when @text is NULL or a time; *@ns stays as it is if it is NULL. */
static int read_time(const char *option, const char *text, int64_t *ns)
{
    uint64_t ps = 0;
    if (text && strcmp(text, "0") != 0 && !parse_time(text, &ps))
        return fail(DAV_BAD_INPUT, "trace: --%s takes a time with its unit, such as 150us, not '%s'", option, text);
    if (text)
        *ns = (int64_t)(ps / 1000);
    return 0;
}

static int cut(const struct options *options)
{
    struct timeline_part part = TIMELINE_ALL;
    int status = read_time("from", options->from, &part.from_ns);
    if (status == 0)
        status = read_time("to", options->to, &part.to_ns);
    if (status == 0 && part.to_ns <= part.from_ns)
        status = fail(DAV_BAD_INPUT, "trace: nothing lies between --from %s and --to %s",
                      options->from ? options->from : "0", options->to);
    return status ? status : write_part(options->files[0], &part, options->files[1]);
}

/* The file's name without its folder and without what tells the format. */
static char *prefix_of(const char *path)
{
    static const char *const ends[] = {".gz", ".pftrace", ".json"};
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash ? slash + 1 : path), *prefix = NULL;
    for (size_t i = 0; name && i < sizeof(ends) / sizeof(ends[0]); i++)
        if (ends_with(name, ends[i]))
            name[strlen(name) - strlen(ends[i])] = '\0';
    if (!name || asprintf(&prefix, "%s: ", name) < 0)
        abort();
    free(name);
    return prefix;
}

static int merge_one(const char *path, bool align, int *groups, struct trace *trace)
{
    int status = 0, count;
    struct timeline_part part = TIMELINE_ALL;
    int64_t first_ns, last_ns;
    struct timeline *timeline = read_or_fail(path, &status);
    if (timeline && timeline->origin_ns && !align)
        status = fail(DAV_BAD_INPUT,
                      "trace '%s': its times are too late to stay as they are: merge needs --align start", path);
    if (status == 0) {
        char *prefix = prefix_of(path);
        timeline_span(timeline, &first_ns, &last_ns);
        part.prefix = prefix;
        part.first_order = *groups;
        part.shift_ns = align ? -first_ns : 0;
        count = timeline_write(timeline, &part, trace);
        if (count < 0)
            status = fail(DAV_INTERNAL, "trace: out of memory");
        *groups += count;
        free(prefix);
    }
    timeline_free(timeline);
    return status;
}

static int merge(const struct options *options)
{
    int status = 0, groups = 0;
    if (options->align && strcmp(options->align, "start") != 0)
        return fail(DAV_BAD_INPUT, "trace: --align is start, not '%s'", options->align);
    struct trace *trace = open_out(options->files[0], &status);
    for (unsigned i = 1; trace && i < options->file_count && status == 0; i++)
        status = merge_one(options->files[i], options->align, &groups, trace);
    if (trace && status != 0)
        trace_abandon(trace);
    return status || !trace ? status : close_out(trace);
}

static int convert(const struct options *options)
{
    const struct timeline_part all = TIMELINE_ALL;
    return write_part(options->files[0], &all, options->files[1]);
}

static const struct {
    const char *name, *files;
    unsigned least, most;
    int (*main)(const struct options *options);
} commands[] = {
    {"check", "FILE", 1, 1, check},
    {"convert", "IN OUT", 2, 2, convert},
    {"cut", "IN OUT", 2, 2, cut},
    {"merge", "OUT IN...", 2, 256, merge},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

int trace_main(int argc, char **argv)
{
    struct options options = {0};
    argv[0] = "davsim: trace"; /* how getopt begins its line */
    if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &options) != 0)
        return DAV_BAD_INPUT;
    if (!options.what)
        return fail(DAV_BAD_INPUT, "trace: say what: check, convert, cut or merge");
    bool cuts = strcmp(options.what, "cut") == 0, merges = strcmp(options.what, "merge") == 0;
    if (!cuts && (options.from || options.to))
        return fail(DAV_BAD_INPUT, "trace: --from and --to are for `davsim trace cut`");
    if (!merges && options.align)
        return fail(DAV_BAD_INPUT, "trace: --align is for `davsim trace merge`");
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, options.what) != 0)
            continue;
        if (options.file_count < commands[i].least || options.file_count > commands[i].most)
            return fail(DAV_BAD_INPUT, "trace: %s takes %s", options.what, commands[i].files);
        return commands[i].main(&options);
    }
    return fail(DAV_BAD_INPUT, "trace: '%s' is nothing that can be done: check, convert, cut or merge", options.what);
}
