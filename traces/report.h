/* report.h - what a run came to, as its trace tells it. */
#ifndef DAV_TRACES_REPORT_H
#define DAV_TRACES_REPORT_H

#include "traces/critical_path.h"
#include "traces/idle.h"
#include "traces/kernel_times.h"
#include "traces/phases.h"
#include "traces/rates.h"
#include "traces/time_spread.h"

/* All cores of a type. */
struct type_report {
    size_t cores, tasks;
    uint64_t busy_ps; /* in tasks; an AICPU: in its programs */
    uint64_t program_ps;
    struct core_time time;
};

enum { REPORT_NOTES = 16, REPORT_NOTE_LENGTH = 400 };

struct report {
    const struct timeline *timeline;
    struct schedule *schedule;
    uint64_t simulated_ps;       /* where the last slice ends */
    uint64_t launch_ps;          /* the sum of the launches' lengths */
    struct critical_path *paths; /* one a launch */
    size_t path_tasks;
    uint64_t path_ps[HOP_KINDS], path_sum_ps; /* over all launches that have tasks */
    struct core_time *times;                  /* as schedule->cores */
    struct type_report *types;                /* as schedule->types */
    struct kernel_time *kernels;              /* most time first */
    size_t kernel_count;
    struct phases phases;
    struct time_spread dispatch_to_start, end_to_seen;
    struct rate rates[2];
    size_t rate_count;
    char notes[REPORT_NOTES][REPORT_NOTE_LENGTH]; /* what the run or the trace lacks, a line each */
    size_t note_count;
};

/** report_args - the arguments of slices that a report reads, for timeline_read_args. */
extern const char *const report_args[];

/** report_new - Return NULL without memory. @timeline must outlive it. */
struct report *report_new(const struct timeline *timeline);
void report_free(struct report *report);

#endif
