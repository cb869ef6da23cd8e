/* options.c - see options.h. */
#include "model/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A simulated second without any task progress. */
#define DEFAULT_MAX_TIME_PS 1000000000000ull
#define DEFAULT_SEED        1

static const char *text(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value && *value ? value : otherwise;
}

static int number(const char *name, uint64_t otherwise, uint64_t *value, char *error, size_t error_size)
{
    const char *given = text(name, NULL);
    char *end;

    *value = otherwise;
    if (!given)
        return 0;
    errno = 0;
    *value = strtoull(given, &end, 10);
    if (errno == 0 && *end == '\0' && given[0] != '-')
        return 0;
    snprintf(error, error_size, "environment: %s=%s is not a whole number", name, given);
    return -1;
}

/* One of two words, the first if none is given. */
static int either(const char *name, const char *first, const char *second, bool *is_second, char *error,
                  size_t error_size)
{
    const char *given = text(name, first);

    *is_second = strcmp(given, second) == 0;
    if (*is_second || strcmp(given, first) == 0)
        return 0;
    snprintf(error, error_size, "environment: %s=%s is neither %s nor %s", name, given, first, second);
    return -1;
}

static int read_level(enum trace_level *level, char *error, size_t error_size)
{
    static const char *const names[] = {[TRACE_TASK] = "task",
                                        [TRACE_PHASE] = "phase",
                                        [TRACE_PIPE] = "pipe",
                                        [TRACE_INSTR] = "instr",
                                        [TRACE_MEM] = "mem"};
    const char *given = text("DAVSIM_TRACE_LEVEL", "task");

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        *level = (enum trace_level)i;
        if (strcmp(given, names[i]) == 0)
            return 0;
    }
    snprintf(error, error_size, "environment: DAVSIM_TRACE_LEVEL=%s is neither task, phase, pipe, instr nor mem",
             given);
    return -1;
}

/* A switch is off unless it is 1. */
static bool is_on(const char *name)
{
    return strcmp(text(name, "0"), "1") == 0;
}

int options_read(struct options *options, char *error, size_t error_size)
{
    uint64_t verbose, progress;
    bool compute_off;

    options->chip = text("DAVSIM_CHIP", "ascend910b");
    options->overrides = text("DAVSIM_SET", NULL);
    options->trace = text("DAVSIM_TRACE", NULL);
    options->result = text("DAVSIM_RESULT", NULL);
    options->vary = text("DAVSIM_VARY", NULL);
    if (number("DAVSIM_MAX_TIME", DEFAULT_MAX_TIME_PS, &options->max_time_ps, error, error_size) != 0 ||
        number("DAVSIM_SEED", DEFAULT_SEED, &options->seed, error, error_size) != 0 ||
        number("DAVSIM_VERBOSE", 0, &verbose, error, error_size) != 0 ||
        number("DAVSIM_PROGRESS", 0, &progress, error, error_size) != 0 ||
        either("DAVSIM_TRACE_FORMAT", "perfetto", "json", &options->trace_json, error, error_size) != 0 ||
        read_level(&options->trace_level, error, error_size) != 0 ||
        either("DAVSIM_COMPUTE", "on", "off", &compute_off, error, error_size) != 0)
        return -1;
    options->compute = !compute_off;
    options->verbose = (int)verbose;
    options->progress = progress == 1;
    options->colour = is_on("DAVSIM_COLOR");
    options->check = is_on("DAVSIM_CHECK");
    options->check_notes = is_on("DAVSIM_CHECK_NOTES");
    options->check_generate = is_on("DAVSIM_CHECK_GENERATE");
    options->check_json = text("DAVSIM_CHECK_JSON", NULL);
    options->suppress = text("DAVSIM_SUPPRESS", NULL);
    return 0;
}
