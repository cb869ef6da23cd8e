/* check_command.h - what `davsim check` does beyond `davsim run`. */
#ifndef DAV_TOOLS_CHECK_COMMAND_H
#define DAV_TOOLS_CHECK_COMMAND_H

#include "tools/run_options.h"

#include <jansson.h>

/** check_environment - tell the library, through the environment, what to check. */
void check_environment(const struct run_options *options);

/** check_status - the exit status of a checked run.
 *  @result: what the library left, NULL if nothing. @status: what `davsim run` would end with. */
int check_status(json_t *result, int status);

#endif
