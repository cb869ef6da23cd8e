/* compare_command.c - see compare_command.h. People see what changed, the biggest changes first; JSON has all of it. */
#include "tools/compare_command.h"

#include "model/davsim.h"
#include "tools/command_option.h"
#include "tools/fail.h"
#include "tools/json_text.h"
#include "tools/report_command.h"
#include "tools/show.h"
#include "traces/compare.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_JSON = 1000 };
enum { COMPARE_VERSION = 1, TOP = 20 };

static const struct argp_option table[] = {
    {"json", KEY_JSON, NULL, 0, "write JSON, as described in davsim(1)", 0},
    COMMAND_HELP_ROW,
    {0},
};

struct options {
    const char *paths[2];
    bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case KEY_JSON:
        options->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num < 2) {
            options->paths[state->arg_num] = arg;
            return 0;
        }
        fail(DAV_BAD_INPUT, "compare: '%s' is one argument too many: give two traces", arg);
        return EINVAL;
    default:
        return command_option(key, state, "davsim compare");
    }
}

static const struct argp argp = {table,
                                 parse,
                                 "A B",
                                 "Compare two traces: B's figures as multiples of A's, the biggest changes first. "
                                 "Kernels are matched by name, tasks "
                                 "by launch and id.",
                                 NULL,
                                 NULL,
                                 NULL};

/* ---- for people ---- */

static const char *show_metric(char text[32], enum metric_unit unit, double value)
{
    if (isnan(value))
        snprintf(text, 32, "-");
    else if (unit == METRIC_PS)
        show_time(text, value);
    else if (unit == METRIC_COUNT)
        show_count(text, (long long)value);
    else if (unit == METRIC_SHARE)
        show_share(text, value, 1);
    else
        snprintf(text, 32, "%.2f GB/s", value);
    return text;
}

static void print_metrics(const struct comparison *comparison)
{
    size_t same = 0;

    printf("  %-42s %12s %12s %9s\n", "figures", "A", "B", "B / A");
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct metric *metric = &comparison->metrics[i];
        char a[32], b[32], ratio[32];

        if (metric->a == metric->b)
            same++;
        else
            printf("    %-40.40s %12s %12s %9s\n", metric->name, show_metric(a, metric->unit, metric->a),
                   show_metric(b, metric->unit, metric->b), show_ratio(ratio, metric->a, metric->b));
    }
    if (same)
        printf("    %zu figure%s the same\n", same, same == 1 ? " is" : "s are");
}

static void print_kernels(const struct comparison *comparison)
{
    if (comparison->kernel_count == 0)
        return;
    printf("  %-24s %9s %9s  %10s %10s %9s  %10s %10s %9s\n", "kernels", "number A", "B", "total A", "B", "B / A",
           "average A", "B", "B / A");
    for (size_t i = 0; i < comparison->kernel_count && i < TOP; i++) {
        const struct kernel_change *kernel = &comparison->kernels[i];
        const struct time_spread *a = &kernel->a, *b = &kernel->b;
        char texts[8][32];

        printf("    %-22.22s %9s %9s  %10s %10s %9s  %10s %10s %9s\n", kernel->name,
               show_count(texts[0], (long long)a->count), show_count(texts[1], (long long)b->count),
               show_time(texts[2], (double)a->sum_ps), show_time(texts[3], (double)b->sum_ps),
               show_ratio(texts[4], (double)a->sum_ps, (double)b->sum_ps), show_time(texts[5], (double)a->avg_ps),
               show_time(texts[6], (double)b->avg_ps), show_ratio(texts[7], (double)a->avg_ps, (double)b->avg_ps));
    }
    if (comparison->kernel_count > TOP)
        printf("    ... %zu more ...\n", comparison->kernel_count - TOP);
}

static uint64_t length_of(const struct schedule_task *task)
{
    return task->end_ps - task->begin_ps;
}

static void print_task(const struct comparison *comparison, const struct task_change *change)
{
    const struct schedule_task *a = &comparison->a->schedule->tasks[change->a];
    const struct schedule_task *b = &comparison->b->schedule->tasks[change->b];
    const char *a_core = comparison->a->timeline->rows[comparison->a->schedule->cores[a->core].row].name;
    const char *b_core = comparison->b->timeline->rows[comparison->b->schedule->cores[b->core].row].name;
    char texts[3][32];

    printf("    %6" PRIu32 " %8" PRId64 " %-18.18s %-10s %-10s %12s %12s %9s\n", a->launch, a->id,
           comparison->a->timeline->strings[a->kernel], a_core, b_core, show_time(texts[0], (double)length_of(a)),
           show_time(texts[1], (double)length_of(b)), show_ratio(texts[2], (double)length_of(a), (double)length_of(b)));
}

static bool differs(const struct comparison *comparison, const struct task_change *change)
{
    return length_of(&comparison->a->schedule->tasks[change->a]) !=
           length_of(&comparison->b->schedule->tasks[change->b]);
}

static void print_tasks(const struct comparison *comparison)
{
    size_t changed = 0;
    char tasks[32], more[32];

    while (changed < comparison->task_count && differs(comparison, &comparison->tasks[changed]))
        changed++; /* they are sorted */
    printf("  tasks: %s in both, of which %s took another time; %zu only in A, %zu only in B\n",
           show_count(tasks, (long long)comparison->task_count), show_count(more, (long long)changed),
           comparison->only_a, comparison->only_b);
    if (changed)
        printf("    launch     task kernel             core in A  core in B         A            B     B / A\n");
    for (size_t i = 0; i < changed && i < TOP; i++)
        print_task(comparison, &comparison->tasks[i]);
    if (changed > TOP)
        printf("    ... %zu more ...\n", changed - TOP);
}

static void print_text(const struct comparison *comparison, const struct options *options)
{
    char a[32], b[32], ratio[32];
    uint64_t a_ps = comparison->a->launch_ps, b_ps = comparison->b->launch_ps;

    printf("davsim: A: %s\n        B: %s\n", options->paths[0], options->paths[1]);
    for (int i = 0; i < 2; i++) {
        const struct report *report = i ? comparison->b : comparison->a;

        for (size_t line = 0; line < report->note_count; line++)
            printf("  note: %s: %s\n", i ? "B" : "A", report->notes[line]);
    }
    printf("  in launches: %s, then %s: %s\n", show_time(a, (double)a_ps), show_time(b, (double)b_ps),
           show_ratio(ratio, (double)a_ps, (double)b_ps));
    print_metrics(comparison);
    print_kernels(comparison);
    print_tasks(comparison);
}

/* ---- for programs ---- */

static void set_real(json_t *object, const char *key, double value)
{
    if (isfinite(value))
        json_object_set_new(object, key, json_real(value));
}

static void set(json_t *object, const char *key, uint64_t value)
{
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_text(text));
}

static double ratio_of(double a, double b)
{
    return a > 0 ? b / a : NAN;
}

static json_t *metrics_json(const struct comparison *comparison)
{
    static const char *const units[] = {
        [METRIC_PS] = "ps", [METRIC_COUNT] = "count", [METRIC_SHARE] = "share", [METRIC_GBPS] = "GB/s"};
    json_t *array = json_array();

    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct metric *metric = &comparison->metrics[i];
        json_t *object = json_object();

        set_text(object, "name", metric->name);
        set_text(object, "unit", units[metric->unit]);
        set_real(object, "a", metric->a);
        set_real(object, "b", metric->b);
        set_real(object, "ratio", ratio_of(metric->a, metric->b));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *kernels_json(const struct comparison *comparison)
{
    json_t *array = json_array();

    for (size_t i = 0; i < comparison->kernel_count; i++) {
        const struct kernel_change *kernel = &comparison->kernels[i];
        const struct time_spread *spreads[] = {&kernel->a, &kernel->b};
        json_t *object = json_object();

        set_text(object, "kernel", kernel->name);
        for (int run = 0; run < 2; run++) {
            json_t *one = json_object();

            set(one, "count", spreads[run]->count);
            set(one, "total_ps", spreads[run]->sum_ps);
            set(one, "avg_ps", spreads[run]->avg_ps);
            json_object_set_new(object, run ? "b" : "a", one);
        }
        set_real(object, "ratio_total", ratio_of((double)kernel->a.sum_ps, (double)kernel->b.sum_ps));
        set_real(object, "ratio_avg", ratio_of((double)kernel->a.avg_ps, (double)kernel->b.avg_ps));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *tasks_json(const struct comparison *comparison)
{
    json_t *array = json_array();

    for (size_t i = 0; i < comparison->task_count && differs(comparison, &comparison->tasks[i]) && i < TOP; i++) {
        const struct schedule_task *a = &comparison->a->schedule->tasks[comparison->tasks[i].a];
        const struct schedule_task *b = &comparison->b->schedule->tasks[comparison->tasks[i].b];
        json_t *object = json_object();

        set(object, "launch", a->launch);
        json_object_set_new(object, "task", json_integer(a->id));
        set_text(object, "kernel", comparison->a->timeline->strings[a->kernel]);
        set(object, "a_ps", length_of(a));
        set(object, "b_ps", length_of(b));
        set_real(object, "ratio", ratio_of((double)length_of(a), (double)length_of(b)));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *notes_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(array, json_text(report->notes[i]));
    return array;
}

static int print_json(const struct comparison *comparison)
{
    json_t *root = json_object();
    int written;

    set_text(root, "schema", "davsim-compare");
    set(root, "version", COMPARE_VERSION);
    json_object_set_new(root, "metrics", metrics_json(comparison));
    json_object_set_new(root, "kernels", kernels_json(comparison));
    set(root, "matched_tasks", comparison->task_count);
    set(root, "tasks_only_in_a", comparison->only_a);
    set(root, "tasks_only_in_b", comparison->only_b);
    json_object_set_new(root, "tasks", tasks_json(comparison));
    json_object_set_new(root, "notes_a", notes_json(comparison->a));
    json_object_set_new(root, "notes_b", notes_json(comparison->b));
    written = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(root);
    return written == 0 && putchar('\n') != EOF ? 0 : -1;
}

static int compare(const struct report *a, const struct report *b, const struct options *options)
{
    struct comparison *comparison = comparison_new(a, b);
    int written = 0;

    if (!comparison)
        return fail(DAV_INTERNAL, "compare: out of memory");
    if (options->json)
        written = print_json(comparison);
    else
        print_text(comparison, options);
    comparison_free(comparison);
    if (written != 0 || fflush(stdout) != 0 || ferror(stdout))
        return fail(DAV_INTERNAL, "compare: cannot write the comparison: %s", strerror(errno));
    return 0;
}

int compare_command_main(int argc, char **argv)
{
    struct options options = {0};
    struct timeline *timelines[2] = {NULL, NULL};
    struct report *reports[2] = {NULL, NULL};
    int status = 0;

    argv[0] = "davsim: compare"; /* how getopt begins its line */
    if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &options) != 0)
        return DAV_BAD_INPUT;
    if (!options.paths[1])
        return fail(DAV_BAD_INPUT, "compare: give two traces that davsim run --trace wrote");
    for (int i = 0; i < 2 && status == 0; i++)
        status = report_open("compare", options.paths[i], &timelines[i], &reports[i]);
    if (status == 0)
        status = compare(reports[0], reports[1], &options);
    for (int i = 0; i < 2; i++) {
        report_free(reports[i]);
        timeline_free(timelines[i]);
    }
    return status;
}
