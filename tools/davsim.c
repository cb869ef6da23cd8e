/* davsim.c - the command: picks the subcommand and hands over. */
#include "model/davsim.h"
#include "tools/compare_command.h"
#include "tools/explore/explore.h"
#include "tools/fail.h"
#include "tools/new.h"
#include "tools/report_command.h"
#include "tools/run.h"
#include "tools/trace_command.h"
#include "tools/view_command.h"

#include <stdio.h>
#include <string.h>

struct subcommand {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *text;
};

static const struct subcommand subcommands[] = {
    {"run", run_main, "run a host program or an example on the simulated chip"},
    {"check", run_main, "the same, and tell what its device code would do wrong on silicon"},
    {"explore", explore_main, "check many times, perturbed, until a run fails; reduce what it takes"},
    {"view", view_main, "look at a trace in a browser, or draw it into a picture"},
    {"new", new_main, "make the files of a new runtime, or of an example for one"},
    {"report", report_command_main, "tell from a trace what a run came to, and why it took so long"},
    {"compare", compare_command_main, "compare two traces, the biggest changes first"},
    {"trace", trace_main, "check, convert, cut and merge traces"},
};

enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static int usage(void)
{
    printf("Usage: davsim SUBCOMMAND [OPTION...] [ARG...]\n"
           "Simulate an Ascend-style chip and the programs that run on it.\n\n");
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        printf("  %-10s %s\n", subcommands[i].name, subcommands[i].text);
    printf("\n  --help     show this; `davsim SUBCOMMAND --help` shows its options\n"
           "  --version  show the version\n");
    return DAV_OK;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return fail(DAV_BAD_INPUT, "no subcommand given; `davsim --help` lists them");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return usage();
    if (strcmp(argv[1], "--version") == 0) {
        printf("davsim %s\n", DAV_VERSION);
        return DAV_OK;
    }
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(argv[1], subcommands[i].name) == 0)
            return subcommands[i].main(argc - 1, argv + 1);
    return fail(DAV_BAD_INPUT, "'%s' is not a subcommand; `davsim --help` lists them", argv[1]);
}
