/* report_command.h - `davsim report`: what a run came to, from its trace. */
#ifndef DAV_TOOLS_REPORT_COMMAND_H
#define DAV_TOOLS_REPORT_COMMAND_H

#include "traces/report.h"

#include <stdio.h>

/* What is told in full; REPORT_BY_NOTHING: the summary. */
enum report_by { REPORT_BY_NOTHING, REPORT_BY_CORE, REPORT_BY_KERNEL, REPORT_BY_TASK, REPORT_BY_PHASE };

/** report_command_main - the subcommand; @argv[0] is its name. Return: the exit status. */
int report_command_main(int argc, char **argv);

/** report_open - the report of the trace @path, and its timeline. @command: who asks, for the line.
 *  Return: 0 or one of enum dav_status after one line. */
int report_open(const char *command, const char *path, struct timeline **timeline, struct report **report);

/** report_text - for people. */
void report_text(FILE *out, const struct report *report, const char *path, enum report_by by);

/** report_json - for programs. Return: 0, or -1 with errno. */
int report_json(FILE *out, const struct report *report, enum report_by by);

#endif
