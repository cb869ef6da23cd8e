/* report_text.c - the report of a trace as tables for people. Long lists lose their middle, except the one asked for.
 */
#include "tools/report_command.h"
#include "tools/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ENDS = 5, TOP = 10 }; /* rows at each end of a list, and of a list that is sorted */

/* Whether row @i of @count is shown; where the gap begins, it is told. */
static bool is_shown(FILE *out, size_t i, size_t count)
{
    if (count <= 2 * ENDS + 1 || i < ENDS || i >= count - ENDS)
        return true;
    if (i == ENDS)
        fprintf(out, "    ... %zu more ...\n", count - 2 * ENDS);
    return false;
}

static const char *string(const struct report *report, uint32_t index)
{
    return report->timeline->strings[index];
}

static const char *task_name(const struct schedule_task *task, char text[32])
{
    snprintf(text, 32, "%s%" PRId64, task->has_id ? "" : "#", task->id);
    return text;
}

static const char *core_name(const struct report *report, uint32_t core)
{
    return report->timeline->rows[report->schedule->cores[core].row].name;
}

/* A time that may be unknown. */
static const char *known_time(char text[32], uint64_t ps)
{
    if (ps == SCHEDULE_UNKNOWN)
        snprintf(text, 32, "-");
    else
        show_time(text, (double)ps);
    return text;
}

/* In ns with picoseconds, as for comparing with a viewer. */
static const char *exact_time(char text[32], uint64_t ps)
{
    if (ps == SCHEDULE_UNKNOWN)
        snprintf(text, 32, "-");
    else
        snprintf(text, 32, "%" PRIu64 ".%03" PRIu64, ps / 1000, ps % 1000);
    return text;
}

/* ---- the summary ---- */

static void print_head(FILE *out, const struct report *report, const char *path)
{
    const struct schedule *schedule = report->schedule;
    char tasks[32], launched[32], simulated[32];

    fprintf(out, "davsim: %s: %s task%s in %zu launch%s, %s in launches, %s simulated\n", path,
            show_count(tasks, (long long)schedule->task_count), schedule->task_count == 1 ? "" : "s",
            schedule->launch_count, schedule->launch_count == 1 ? "" : "es",
            show_time(launched, (double)report->launch_ps), show_time(simulated, (double)report->simulated_ps));
    for (size_t i = 0; i < report->note_count; i++)
        fprintf(out, "  note: %s\n", report->notes[i]);
}

static void print_launches(FILE *out, const struct report *report)
{
    const struct schedule *schedule = report->schedule;

    if (schedule->launch_count == 0)
        return;
    fprintf(out, "  launches                 begin     length      tasks   on the critical path\n");
    for (size_t i = 0; i < schedule->launch_count; i++) {
        const struct schedule_launch *launch = &schedule->launches[i];
        char begin[32], length[32], tasks[32], on_path[32], number[32];

        if (!is_shown(out, i, schedule->launch_count))
            continue;
        snprintf(number, sizeof(number), launch->device < 0 ? "%zu" : "%zu of device %d", i, (int)launch->device);
        fprintf(out, "    %-18s %9s %10s %10s %10s\n", number, show_time(begin, (double)launch->begin_ps),
                show_time(length, (double)(launch->end_ps - launch->begin_ps)), show_count(tasks, launch->task_count),
                show_count(on_path, (long long)report->paths[i].task_count));
    }
}

static void print_path(FILE *out, const struct report *report)
{
    if (report->path_sum_ps == 0)
        return;
    fprintf(out, "  critical path             time      share%s\n",
            report->schedule->launch_count > 1 ? "   (of all launches)" : "");
    for (int kind = 0; kind < HOP_KINDS; kind++) {
        char time[32], share[32];

        if (report->path_ps[kind])
            fprintf(out, "    %-18s %9s %10s\n", hop_name((enum hop_kind)kind),
                    show_time(time, (double)report->path_ps[kind]),
                    show_share(share, (double)report->path_ps[kind], (double)report->path_sum_ps));
    }
}

/* Of a hop that is not there, a dash. */
static const char *hop_time(char text[32], uint64_t ps)
{
    return known_time(text, ps ? ps : SCHEDULE_UNKNOWN);
}

/* One line a task: the hops that led to it, its kernel, and until it was seen. */
static void print_step(FILE *out, const struct report *report, const struct hop *hops, size_t count)
{
    const struct schedule_task *task = &report->schedule->tasks[hops[0].task];
    uint64_t ps[HOP_KINDS] = {0};
    char texts[7][32];

    for (size_t i = 0; i < count; i++)
        ps[hops[i].kind] += hops[i].end_ps - hops[i].begin_ps;
    fprintf(out, "    %8s %-18.18s %-8s %9s %9s %9s %9s %9s %10s\n", task_name(task, texts[0]),
            string(report, task->kernel), core_name(report, task->core), hop_time(texts[1], ps[HOP_SCHEDULER]),
            hop_time(texts[2], ps[HOP_WAIT_CORE]), hop_time(texts[3], ps[HOP_DISPATCH]),
            hop_time(texts[4], ps[HOP_HAND_OVER]), hop_time(texts[5], ps[HOP_KERNEL]),
            hop_time(texts[6], ps[HOP_COMPLETION]));
}

static void print_steps(FILE *out, const struct report *report)
{
    uint32_t longest = 0;
    const struct critical_path *path;
    size_t step = 0;

    for (uint32_t i = 1; i < report->schedule->launch_count; i++) {
        const struct schedule_launch *best = &report->schedule->launches[longest],
                                     *launch = &report->schedule->launches[i];

        if (launch->task_count &&
            (!best->task_count || launch->end_ps - launch->begin_ps > best->end_ps - best->begin_ps))
            longest = i;
    }
    path = &report->paths[longest];
    if (report->schedule->launch_count == 0 || path->task_count == 0)
        return;
    fprintf(out,
            "  along it, launch %" PRIu32
            "\n        task kernel             core     scheduler  for core  dispatch hand-over"
            "    kernel completion\n",
            longest);
    for (size_t i = 0, next; i < path->count; i = next) {
        next = i + 1;
        if (path->hops[i].task == TRACE_NONE)
            continue;
        while (next < path->count && path->hops[next].task == path->hops[i].task)
            next++;
        if (is_shown(out, step++, path->task_count))
            print_step(out, report, &path->hops[i], next - i);
    }
}

static void print_core_heading(FILE *out, const char *title)
{
    fprintf(out, "  %-12s %6s %9s %8s | idle, by cause\n", title, "", "", "");
    fprintf(out, "  %-12s %6s %9s %8s | %8s %8s %8s %8s %8s %8s %8s\n", "", "used", "tasks", "busy", "start-up",
            "dispatch", "unseen", "ready", "nothing", "shutdown", "unknown");
}

/* Shares of the time in launches. */
static void print_core(FILE *out, const char *name, size_t cores, size_t tasks, uint64_t busy_ps,
                       const struct core_time *time, bool causes)
{
    char count[32], share[32];

    fprintf(out, "    %-10s %6zu %9s %8s", name, cores, show_count(count, (long long)tasks),
            show_share(share, (double)busy_ps, (double)time->launch_ps));
    fprintf(out, "%s", causes ? " |" : "");
    for (int cause = 0; causes && cause < IDLE_CAUSES; cause++)
        fprintf(out, " %8s", show_share(share, (double)time->idle_ps[cause], (double)time->launch_ps));
    fputc('\n', out);
}

static void print_types(FILE *out, const struct report *report)
{
    if (report->schedule->type_count == 0)
        return;
    print_core_heading(out, "cores");
    for (size_t i = 0; i < report->schedule->type_count; i++) {
        const struct type_report *type = &report->types[i];

        print_core(out, report->schedule->types[i], type->cores, type->tasks, type->busy_ps, &type->time,
                   strcmp(report->schedule->types[i], "AICPU") != 0);
    }
}

static void print_spread_heading(FILE *out, const char *title)
{
    fprintf(out, "  %-24s %9s %9s %9s %9s %9s %9s\n", title, "number", "min", "average", "median", "p99", "max");
}

static void print_spread(FILE *out, const char *name, const struct time_spread *spread)
{
    char texts[6][32];

    fprintf(out, "    %-22.22s %9s %9s %9s %9s %9s %9s", name, show_count(texts[0], (long long)spread->count),
            show_time(texts[1], (double)spread->min_ps), show_time(texts[2], (double)spread->avg_ps),
            show_time(texts[3], (double)spread->p50_ps), show_time(texts[4], (double)spread->p99_ps),
            show_time(texts[5], (double)spread->max_ps));
}

static void print_overheads(FILE *out, const struct report *report)
{
    if (report->dispatch_to_start.count + report->end_to_seen.count == 0)
        return;
    print_spread_heading(out, "overhead of a task");
    if (report->dispatch_to_start.count) {
        print_spread(out, "dispatch -> start", &report->dispatch_to_start);
        fputc('\n', out);
    }
    if (report->end_to_seen.count) {
        print_spread(out, "end -> seen", &report->end_to_seen);
        fputc('\n', out);
    }
}

static void print_kernels(FILE *out, const struct report *report, size_t most)
{
    uint64_t sum_ps = 0;

    if (report->kernel_count == 0)
        return;
    for (size_t i = 0; i < report->kernel_count; i++)
        sum_ps += report->kernels[i].spread.sum_ps;
    fprintf(out, "  %-24s %9s %9s %9s %9s %9s %9s %10s %8s\n", "kernels", "number", "min", "average", "median", "p99",
            "max", "total", "share");
    for (size_t i = 0; i < report->kernel_count && i < most; i++) {
        const struct kernel_time *kernel = &report->kernels[i];
        char total[32], share[32];

        print_spread(out, string(report, kernel->name), &kernel->spread);
        fprintf(out, " %10s %8s\n", show_time(total, (double)kernel->spread.sum_ps),
                show_share(share, (double)kernel->spread.sum_ps, (double)sum_ps));
    }
    if (report->kernel_count > most)
        fprintf(out, "    ... %zu more: davsim report --by kernel ...\n", report->kernel_count - most);
}

static void print_phase(FILE *out, const struct report *report, const char *thread, const struct phase *phase,
                        uint64_t whole_ps)
{
    char count[32], self[32], longest[32], share[32];

    fprintf(out, "    %-10s %-22.22s %9s %10s %10s %8s\n", thread, string(report, phase->name),
            show_count(count, (long long)phase->count), show_time(longest, (double)phase->longest_ps),
            show_time(self, (double)phase->self_ps), show_share(share, (double)phase->self_ps, (double)whole_ps));
}

static void print_phase_heading(FILE *out)
{
    fprintf(out, "  %-12s %-22s %9s %10s %10s %8s\n", "schedulers", "phase", "number", "longest", "itself", "share");
}

static void print_phases(FILE *out, const struct report *report)
{
    if (report->phases.all_count == 0)
        return;
    print_phase_heading(out);
    for (size_t i = 0; i < report->phases.all_count; i++)
        print_phase(out, report, "all", &report->phases.all[i], report->phases.sum_ps);
}

static void print_rates(FILE *out, const struct report *report)
{
    for (size_t i = 0; i < report->rate_count; i++)
        fprintf(out, "%s    %-18s %7.2f GB/s on average, %7.2f GB/s at most\n",
                i == 0 ? "  bandwidth in launches\n" : "", report->rates[i].name, report->rates[i].average,
                report->rates[i].highest);
}

/* ---- each of them ---- */

static void print_each_core(FILE *out, const struct report *report)
{
    print_core_heading(out, "cores");
    for (uint32_t i = 0; i < report->schedule->core_count; i++) {
        const struct schedule_core *core = &report->schedule->cores[i];
        bool scheduler = strcmp(report->schedule->types[core->type], "AICPU") == 0;

        print_core(out, core_name(report, i), 1, core->task_count, scheduler ? core->program_ps : core->busy_ps,
                   &report->times[i], !scheduler);
    }
}

static void print_each_phase(FILE *out, const struct report *report)
{
    uint64_t whole_ps = 0;

    print_phase_heading(out);
    for (size_t i = 0, next = 0; i < report->phases.each_count; i++) {
        const struct phase *phase = &report->phases.each[i];

        if (i == next)
            for (whole_ps = 0; next < report->phases.each_count && report->phases.each[next].row == phase->row; next++)
                whole_ps += report->phases.each[next].self_ps;
        print_phase(out, report, report->timeline->rows[phase->row].name, phase, whole_ps);
    }
}

static void print_each_task(FILE *out, const struct report *report)
{
    const struct schedule *schedule = report->schedule;
    uint8_t *on_path = calloc(schedule->task_count + 1, 1);

    for (size_t i = 0; on_path && i < schedule->launch_count; i++)
        for (size_t hop = 0; hop < report->paths[i].count; hop++)
            if (report->paths[i].hops[hop].kind == HOP_KERNEL)
                on_path[report->paths[i].hops[hop].task] = 1;
    fprintf(out, "  launch     task kernel             core      dispatched, ns        begin, ns          end, ns"
                 "         seen, ns  to start    kernel   to seen  *: on the critical path\n");
    for (size_t i = 0; i < schedule->task_count; i++) {
        const struct schedule_task *task = &schedule->tasks[i];
        char launch[32], texts[8][32];

        snprintf(launch, sizeof(launch), "%" PRIu32, task->launch);
        fprintf(out, "  %6s %8s %-18.18s %-8s %16s %16s %16s %16s %9s %9s %9s%s\n",
                task->launch == TRACE_NONE ? "-" : launch, task_name(task, texts[0]), string(report, task->kernel),
                core_name(report, task->core), exact_time(texts[1], task->dispatched_ps),
                exact_time(texts[2], task->begin_ps), exact_time(texts[3], task->end_ps),
                exact_time(texts[4], task->seen_ps), known_time(texts[5], schedule_head(task)),
                show_time(texts[6], (double)(task->end_ps - task->begin_ps)), known_time(texts[7], schedule_tail(task)),
                on_path && on_path[i] ? "  *" : "");
    }
    free(on_path);
}

void report_text(FILE *out, const struct report *report, const char *path, enum report_by by)
{
    print_head(out, report, path);
    switch (by) {
    case REPORT_BY_NOTHING:
        print_launches(out, report);
        print_path(out, report);
        print_steps(out, report);
        print_types(out, report);
        print_overheads(out, report);
        print_phases(out, report);
        print_rates(out, report);
        print_kernels(out, report, TOP);
        break;
    case REPORT_BY_CORE:
        print_each_core(out, report);
        break;
    case REPORT_BY_KERNEL:
        print_kernels(out, report, SIZE_MAX);
        break;
    case REPORT_BY_TASK:
        print_each_task(out, report);
        break;
    case REPORT_BY_PHASE:
        print_each_phase(out, report);
        break;
    }
}
