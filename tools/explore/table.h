/* table.h - what an exploration found, for people and for other programs. Nothing in it depends on the host, on
 * time or on how many runs were made side by side.
 */
#ifndef DAV_TOOLS_EXPLORE_TABLE_H
#define DAV_TOOLS_EXPLORE_TABLE_H

#include "tools/explore/reduce.h"
#include "tools/explore/summary.h"

#include <stdio.h>

/** table_print - counts, findings, the smallest failing set of perturbations, commands for a replay. */
void table_print(FILE *out, const struct runs *runs, const struct reduction *reduction, bool interrupted);

/** table_replay - the command that repeats the reduced run with @vary; "" for no perturbation, NULL for all that were
 *  asked for. */
struct list table_replay(const struct runs *runs, const struct reduction *reduction, const char *vary);

/** table_save - the same as JSON into the file @path. Return: 0, or DAV_INTERNAL after one line. */
int table_save(const char *path, const struct runs *runs, const struct reduction *reduction, bool interrupted);

#endif
