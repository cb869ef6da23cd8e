/* report.c - see report.h: puts together what the files beside it find, and notes what could not be found. */
#include "traces/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const report_args[] = {
    "task",   "ordinal", "unfinished", "more successors", "dispatch to start, ps", "end to seen, ps",
    "device", "clipped", NULL};

static bool sum_paths(struct report *report)
{
    const struct schedule *schedule = report->schedule;

    report->paths = calloc(schedule->launch_count + 1, sizeof(*report->paths));
    if (!report->paths)
        return false;
    for (uint32_t i = 0; i < schedule->launch_count; i++) {
        const struct schedule_launch *launch = &schedule->launches[i];

        if (!critical_path_find(schedule, i, &report->paths[i]))
            return false;
        report->launch_ps += launch->end_ps - launch->begin_ps;
        report->path_tasks += report->paths[i].task_count;
        if (launch->task_count)
            report->path_sum_ps += launch->end_ps - launch->begin_ps;
        for (int kind = 0; kind < HOP_KINDS; kind++)
            report->path_ps[kind] += report->paths[i].ps[kind];
    }
    return true;
}

static bool sum_types(struct report *report)
{
    const struct schedule *schedule = report->schedule;

    report->times = calloc(schedule->core_count + 1, sizeof(*report->times));
    report->types = calloc(schedule->type_count + 1, sizeof(*report->types));
    if (!report->times || !report->types || !idle_find(schedule, report->times))
        return false;
    for (size_t i = 0; i < schedule->core_count; i++) {
        const struct schedule_core *core = &schedule->cores[i];
        const struct core_time *time = &report->times[i];
        struct type_report *type = &report->types[core->type];

        type->cores++;
        type->tasks += core->task_count;
        type->busy_ps += strcmp(schedule->types[core->type], "AICPU") == 0 ? core->program_ps : core->busy_ps;
        type->program_ps += core->program_ps;
        type->time.launch_ps += time->launch_ps;
        type->time.busy_ps += time->busy_ps;
        for (int cause = 0; cause < IDLE_CAUSES; cause++)
            type->time.idle_ps[cause] += time->idle_ps[cause];
    }
    return true;
}

static bool sum_overheads(struct report *report)
{
    const struct schedule *schedule = report->schedule;
    uint64_t *samples = malloc((schedule->task_count + 1) * sizeof(*samples));
    size_t count = 0;

    if (!samples)
        return false;
    for (size_t i = 0; i < schedule->task_count; i++)
        if (schedule->tasks[i].dispatched_ps != SCHEDULE_UNKNOWN)
            samples[count++] = schedule_head(&schedule->tasks[i]);
    report->dispatch_to_start = time_spread(samples, count);
    count = 0;
    for (size_t i = 0; i < schedule->task_count; i++)
        if (schedule->tasks[i].seen_ps != SCHEDULE_UNKNOWN)
            samples[count++] = schedule_tail(&schedule->tasks[i]);
    report->end_to_seen = time_spread(samples, count);
    free(samples);
    return true;
}

static void find_end(struct report *report)
{
    for (size_t i = 0; i < report->timeline->slice_count; i++) {
        uint64_t end_ps = timeline_end_ps(report->timeline, &report->timeline->slices[i]);

        if (end_ps > report->simulated_ps)
            report->simulated_ps = end_ps;
    }
}

/* ---- what it lacks ---- */

static void note(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct report *report, const char *format, ...)
{
    va_list values;

    if (report->note_count == REPORT_NOTES)
        return;
    va_start(values, format);
    vsnprintf(report->notes[report->note_count++], REPORT_NOTE_LENGTH, format, values);
    va_end(values);
}

/* "1 task", "3 tasks". */
static const char *tasks_text(char text[32], size_t count)
{
    snprintf(text, 32, "%zu task%s", count, count == 1 ? "" : "s");
    return text;
}

static void note_tasks(struct report *report)
{
    const struct schedule *schedule = report->schedule;
    size_t outside = 0, unfinished = 0, nameless = 0;
    char count[32];

    for (size_t i = 0; i < schedule->task_count; i++) {
        outside += schedule->tasks[i].launch == TRACE_NONE;
        unfinished += schedule->tasks[i].unfinished;
        nameless += !schedule->tasks[i].has_id;
    }
    if (outside && schedule->launch_count)
        note(report, "%s outside of all launches: not in critical path and idle time", tasks_text(count, outside));
    if (unfinished)
        note(report, "%s had not finished when the launch ended: counted up to there", tasks_text(count, unfinished));
    if (nameless)
        note(report, "%s without an id: they cannot be compared one by one", tasks_text(count, nameless));
}

static void note_links(struct report *report)
{
    const struct schedule *schedule = report->schedule;
    size_t unlinked = 0, partly = 0, clipped = 0;
    char count[32];

    for (size_t i = 0; i < schedule->launch_count; i++) {
        const struct schedule_launch *launch = &schedule->launches[i];

        clipped += launch->clipped;
        unlinked += launch->edge_count == 0 && launch->task_count > 1;
        partly += launch->edge_count > 0 && !schedule_knows_edges(launch);
    }
    if (clipped)
        note(report, "the trace was cut: of %zu launch%s it has a part", clipped, clipped == 1 ? "" : "es");
    if (unlinked)
        note(report,
             "no edges between the tasks of %zu launch%s: the critical path follows cores and the scheduler, and "
             "what was ready when is not known",
             unlinked, unlinked == 1 ? "" : "es");
    if (partly)
        note(report,
             "of %zu launch%s the trace has not all edges: where it has none the critical path follows cores and "
             "the scheduler, and what was ready when is not known",
             partly, partly == 1 ? "" : "es");
    if (report->dispatch_to_start.count < schedule->task_count)
        note(report, "no dispatch of %s: dispatch latency and scheduler appear as hand-over",
             tasks_text(count, schedule->task_count - report->dispatch_to_start.count));
    if (report->end_to_seen.count < schedule->task_count)
        note(report, "no completion of %s: when a scheduler saw them end is not known",
             tasks_text(count, schedule->task_count - report->end_to_seen.count));
}

/* Why the first launches that were given up were. */
static void note_stops(struct report *report)
{
    const struct timeline *timeline = report->timeline;
    uint32_t stop = timeline_string(timeline, "stop");
    size_t left = 3;

    for (size_t i = 0; i < timeline->slice_count && stop != TRACE_NONE && left; i++) {
        const struct trace_slice *slice = &timeline->slices[i];

        if (slice->instant && slice->category == stop) {
            note(report, "a launch was given up: %s", timeline->strings[slice->name]);
            left--;
        }
    }
}

static void note_lacks(struct report *report)
{
    const struct schedule *schedule = report->schedule;

    note_stops(report);
    if (schedule->launch_count == 0)
        note(report, "no launches (slices of category launch): no critical path, no idle time");
    if (schedule->task_count == 0)
        note(report, "no tasks (slices of category task): no kernels, no critical path");
    note_tasks(report);
    note_links(report);
    if (report->phases.all_count == 0)
        note(report, "no programs of AICPU threads: no time of schedulers");
    if (report->rate_count < 2)
        note(report, "no curves of GM bandwidth");
}

struct report *report_new(const struct timeline *timeline)
{
    struct report *report = calloc(1, sizeof(*report));

    if (!report)
        return NULL;
    report->timeline = timeline;
    report->schedule = schedule_new(timeline);
    if (!report->schedule || !sum_paths(report) || !sum_types(report) || !sum_overheads(report) ||
        !kernel_times_find(report->schedule, &report->kernels, &report->kernel_count) ||
        !phases_find(report->schedule, &report->phases)) {
        report_free(report);
        return NULL;
    }
    report->rate_count = rates_find(report->schedule, report->rates);
    find_end(report);
    note_lacks(report);
    return report;
}

void report_free(struct report *report)
{
    if (!report)
        return;
    for (size_t i = 0; report->paths && i < report->schedule->launch_count; i++)
        critical_path_fini(&report->paths[i]);
    free(report->paths);
    free(report->times);
    free(report->types);
    free(report->kernels);
    phases_fini(&report->phases);
    schedule_free(report->schedule);
    free(report);
}
