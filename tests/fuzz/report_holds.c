/* report_holds.c - see report_holds.h. */
#include "tests/fuzz/report_holds.h"

#include <stdlib.h>

#include "tools/report_command.h"
#include "traces/compare.h"

static const char *look_at_path(const struct schedule_launch *launch, const struct critical_path *path)
{
    uint64_t at_ps = launch->begin_ps, sum_ps = 0;

    if (launch->task_count == 0)
        return path->count ? "without tasks there is no path" : NULL;
    for (size_t i = 0; i < path->count; i++) {
        if (path->hops[i].begin_ps != at_ps)
            return "a hop begins where the one before ends";
        at_ps = path->hops[i].end_ps;
    }
    for (int kind = 0; kind < HOP_KINDS; kind++)
        sum_ps += path->ps[kind];
    if (path->count && at_ps != launch->end_ps)
        return "hops lead to the launch's end";
    if (sum_ps != launch->end_ps - launch->begin_ps)
        return "hops sum to the launch's length";
    return path->task_count >= 1 && path->task_count <= launch->task_count ? NULL : "a path has each task once at most";
}

static const char *look_at(const struct report *report)
{
    const char *wrong = NULL;

    for (size_t i = 0; i < report->schedule->launch_count && !wrong; i++)
        wrong = look_at_path(&report->schedule->launches[i], &report->paths[i]);
    for (size_t i = 0; i < report->schedule->core_count; i++) {
        uint64_t sum_ps = report->times[i].busy_ps;

        for (int cause = 0; cause < IDLE_CAUSES; cause++)
            sum_ps += report->times[i].idle_ps[cause];
        if (sum_ps != report->times[i].launch_ps)
            return "busy and idle time are all of a core's time";
    }
    return wrong;
}

const char *report_holds(const struct timeline *timeline)
{
    struct report *report = report_new(timeline);
    const char *wrong = report ? look_at(report) : "there is memory";
    struct comparison *comparison = report && !wrong ? comparison_new(report, report) : NULL;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!wrong && (!comparison || comparison->only_a != comparison->only_b))
        wrong = "a report can be compared with itself";
    if (!wrong && report_json(out, report, REPORT_BY_TASK) != 0)
        wrong = "a report can be told as JSON";
    fclose(out);
    free(text);
    comparison_free(comparison);
    report_free(report);
    return wrong;
}
