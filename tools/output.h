/* output.h - the files that the user names for what a command writes. */
#ifndef DAV_TOOLS_OUTPUT_H
#define DAV_TOOLS_OUTPUT_H

#include <jansson.h>

/** output_check - @path must be in a directory that can be written into: better said now than after the run.
 *  @command, @option: who wants to know, for the line. @path: NULL: nothing to check.
 *  Return: 0, or DAV_BAD_INPUT after one line. */
int output_check(const char *command, const char *option, const char *path);

/** output_json - write @root as @path. Return: 0, or -1 with errno. */
int output_json(json_t *root, const char *path);

#endif
