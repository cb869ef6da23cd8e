/* command_option.h - what the options of all commands have in common: --help, and one line for one that is wrong. */
#ifndef DAVSIM_COMMAND_OPTION_H
#define DAVSIM_COMMAND_OPTION_H

#include <argp.h>

/* The row of --help in a command's table; the commands' own keys are other numbers. */
enum { COMMAND_HELP = 900 };
#define COMMAND_HELP_ROW                                                                                               \
    {                                                                                                                  \
        "help", COMMAND_HELP, NULL, 0, "show this and exit", -1                                                        \
    }

/** command_option - what a parser does with a @key that is not of its own. @command: "davsim view". */
error_t command_option(int key, struct argp_state *state, const char *command);

#endif
