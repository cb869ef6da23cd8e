/* options.h - what the environment asks of the library (set by `davsim run`, or by hand; see davsim(1)). */
#ifndef DAV_OPTIONS_H
#define DAV_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The most that a trace holds; each has what those before it have. */
enum trace_level {
    TRACE_TASK,  /* tasks, the scheduler's phases and waits */
    TRACE_PHASE, /* and where cores repeat polls that nothing comes of */
    TRACE_PIPE,  /* and the instructions and flags of the AICores' pipes */
    TRACE_INSTR, /* and what an instruction is about, and the scalar units' part in it */
    TRACE_MEM,   /* and what happens in the caches */
};

struct options {
    const char *chip;             /* DAVSIM_CHIP: chip file or name */
    const char *overrides;        /* DAVSIM_SET: section.key=value, one a line; NULL if none */
    const char *trace;            /* DAVSIM_TRACE: file, NULL if none */
    enum trace_level trace_level; /* DAVSIM_TRACE_LEVEL */
    bool trace_json;              /* DAVSIM_TRACE_FORMAT: json, not perfetto */
    const char *result;           /* DAVSIM_RESULT: file, NULL if none */
    bool compute;                 /* DAVSIM_COMPUTE: on, not off: what instructions of the pipes make is made */
    uint64_t max_time_ps;         /* DAVSIM_MAX_TIME */
    int progress;                 /* DAVSIM_PROGRESS: 1 draws a line on stderr while a launch lasts */
    uint64_t seed;    /* DAVSIM_SEED: of what stands in GM that nobody has written, and of what is perturbed */
    const char *vary; /* DAVSIM_VARY: what is perturbed, separated by commas (vary.h); NULL if nothing */
    int verbose;      /* DAVSIM_VERBOSE: 0 nothing, 1 the device's log, 2 and what the simulator did */
    bool colour;      /* DAVSIM_COLOR: 1 lets what is told on stderr have colours */

    bool check;             /* DAVSIM_CHECK: 1 looks for findings; without it the rest means nothing */
    bool check_notes;       /* DAVSIM_CHECK_NOTES: 1 adds notes on performance */
    bool check_generate;    /* DAVSIM_CHECK_GENERATE: 1 writes a suppression after each finding */
    const char *check_json; /* DAVSIM_CHECK_JSON: file, NULL if none */
    const char *suppress;   /* DAVSIM_SUPPRESS: files, newlines between them; NULL if none */
};

/** options_read - from the environment. Return 0, or -1 with one line in @error. */
int options_read(struct options *options, char *error, size_t error_size);

#ifdef __cplusplus
}
#endif
#endif
