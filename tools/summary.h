/* summary.h - what a run came to: the JSON that the library left, shown to people and saved for programs. */
#ifndef DAV_TOOLS_SUMMARY_H
#define DAV_TOOLS_SUMMARY_H

#include <jansson.h>
#include <stdio.h>

/** summary_print - the short report of a run, for people.
 *  @result: what libdavsim wrote. @host_seconds: wall-clock time of the program. */
void summary_print(FILE *out, json_t *result, double host_seconds);

/** summary_save - write the result to @path without what differs between equal runs (file names; no host time is in
 * it). Return: 0 or one of enum dav_status after one line. */
int summary_save(json_t *result, const char *path);

#endif
