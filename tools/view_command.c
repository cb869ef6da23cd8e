/* view_command.c - see view_command.h. */
#include "tools/view_command.h"

#include "model/davsim.h"
#include "tools/command_option.h"
#include "tools/fail.h"
#include "tools/output.h"
#include "tools/view/picture.h"
#include "tools/view/serve.h"
#include "traces/reader.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_PNG = 1000, KEY_PORT, KEY_NO_BROWSER };

struct options {
    const char *trace, *png;
    uint16_t port;
    bool browser;
};

static const struct argp_option table[] = {
    {"png", KEY_PNG, "FILE", 0, "draw the timeline into a picture, and serve nothing", 0},
    {"port", KEY_PORT, "N", 0, "the port of 127.0.0.1 to serve at (any that is free)", 0},
    {"no-browser", KEY_NO_BROWSER, NULL, 0, "open no browser; the address is printed anyway", 0},
    COMMAND_HELP_ROW,
    {0},
};

static error_t read_port(const char *text, uint16_t *port)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno || *end || *text < '0' || *text > '9' || number == 0 || number > UINT16_MAX) {
        fail(DAV_BAD_INPUT, "view: --port takes a number from 1 to 65535, not '%s'", text);
        return EINVAL;
    }
    *port = (uint16_t)number;
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_PNG:
        options->png = arg;
        return 0;
    case KEY_PORT:
        return read_port(arg, &options->port);
    case KEY_NO_BROWSER:
        options->browser = false;
        return 0;
    case ARGP_KEY_ARG:
        if (!options->trace) {
            options->trace = arg;
            return 0;
        }
        fail(DAV_BAD_INPUT, "view: '%s' is one trace too many", arg);
        return EINVAL;
    default:
        return command_option(key, state, "davsim view");
    }
}

static const struct argp argp = {table,
                                 parse,
                                 "TRACE",
                                 "Look at a trace: a timeline, tables and the graph of tasks, in a browser. The page "
                                 "is served to this machine only and "
                                 "needs no network; Ctrl-C ends it.",
                                 NULL,
                                 NULL,
                                 NULL};

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

int view_main(int argc, char **argv)
{
    struct options options = {.browser = true};
    char error[512];

    argv[0] = "davsim: view"; /* how getopt begins its line */
    if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &options) != 0)
        return DAV_BAD_INPUT;
    if (!options.trace)
        return fail(DAV_BAD_INPUT, "view: which trace? `davsim run --trace FILE` writes one");
    int status = output_check("view", "--png", options.png);
    if (status)
        return status;
    struct timeline *timeline = timeline_read(options.trace, error, sizeof(error));
    if (!timeline)
        return fail(DAV_BAD_INPUT, "view: %s", error);
    struct view view = {.timeline = timeline, .path = options.trace, .title = file_name(options.trace)};
    if (options.png)
        status = picture_write(timeline, view.title, options.png);
    else
        status = serve(&view, options.port, options.browser);
    timeline_free(timeline);
    return status;
}
