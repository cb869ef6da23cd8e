/* command_option.c - see command_option.h. */
#include "tools/command_option.h"

#include <stdio.h>
#include <stdlib.h>

error_t command_option(int key, struct argp_state *state, const char *command)
{
    switch (key) {
    case ARGP_KEY_INIT:
        state->err_stream = NULL; /* getopt's own line is enough: no "Try ... --help" after it */
        return 0;
    case COMMAND_HELP:
        argp_help(state->root_argp, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK, (char *)command);
        exit(0);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
