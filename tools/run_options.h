/* run_options.h - the command line of `davsim run` and `davsim check`, checked. */
#ifndef DAV_TOOLS_RUN_OPTIONS_H
#define DAV_TOOLS_RUN_OPTIONS_H

#include "tools/list.h"

#include <stdbool.h>
#include <stdint.h>

struct run_options {
    const char *name;         /* "run" or "check" */
    const char *chip;         /* name or file, NULL: the library's default */
    struct list sets;         /* section.key=value */
    struct list roots;        /* absolute: projects, or folders of runtimes */
    const char *trace;        /* NULL: no trace */
    const char *trace_level;  /* "task", "phase", "pipe", "instr" or "mem", NULL: the library's default */
    const char *trace_format; /* "perfetto" or "json", NULL: the library's default */
    const char *compute;      /* "on" or "off", NULL: the library's default */
    const char *report;       /* NULL: no report file */
    const char *seed;         /* decimal, NULL: the library's default */
    struct list vary;         /* what is perturbed: DAVSIM_VARY's items, or lists of them */
    bool vary_given;          /* by --vary or --memory: DAVSIM_VARY of the environment does not count */
    uint64_t max_time_ps;     /* 0: the library's default */
    bool no_park;
    bool quiet;
    int verbose;
    bool check;
    const char *json;     /* findings as JSON, NULL: no file */
    struct list suppress; /* files */
    bool gen_suppressions;
    bool notes;
    char **command; /* the program and its arguments, NULL at the end */
};

/** run_options_parse - read @argv, whose first item is the word "run" or "check"; the latter knows more options.
 *  --help prints the options and ends the process.
 *  Return: 0, or DAV_BAD_INPUT after one line. */
int run_options_parse(struct run_options *options, int argc, char **argv);

/** run_options_free - give back the lists. */
void run_options_free(struct run_options *options);

/** parse_time - "500us", "1.5ms", "2s", "100ns" as picoseconds. Return: false if @text is no such time. */
bool parse_time(const char *text, uint64_t *ps);

#endif
