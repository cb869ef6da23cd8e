/* compare.c - see compare.h. */
#include "traces/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- figures of the whole ---- */

/* A growing list; a figure that both runs have is one entry. */
struct list {
    struct metric *metrics;
    size_t count, capacity;
    bool second; /* of run B */
    bool failed;
};

static void add(struct list *list, const char *group, const char *name, enum metric_unit unit, double value)
{
    char full[sizeof(list->metrics->name)];
    struct metric *metric = NULL;

    snprintf(full, sizeof(full), "%s%s%s", group, *group ? ": " : "", name);
    for (size_t i = 0; i < list->count && !metric; i++)
        if (strcmp(list->metrics[i].name, full) == 0)
            metric = &list->metrics[i];
    if (!metric && list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct metric *grown = realloc(list->metrics, capacity * sizeof(*grown));

        list->failed |= !grown;
        if (!grown)
            return;
        list->metrics = grown;
        list->capacity = capacity;
    }
    if (!metric) {
        metric = &list->metrics[list->count++];
        *metric = (struct metric){.unit = unit, .a = NAN, .b = NAN};
        memcpy(metric->name, full, sizeof(full));
    }
    *(list->second ? &metric->b : &metric->a) = value;
}

static void add_spread(struct list *list, const char *group, const struct time_spread *spread)
{
    if (spread->count == 0)
        return;
    add(list, group, "min", METRIC_PS, (double)spread->min_ps);
    add(list, group, "avg", METRIC_PS, (double)spread->avg_ps);
    add(list, group, "p50", METRIC_PS, (double)spread->p50_ps);
    add(list, group, "p99", METRIC_PS, (double)spread->p99_ps);
    add(list, group, "max", METRIC_PS, (double)spread->max_ps);
}

static void add_types(struct list *list, const struct report *report)
{
    for (size_t i = 0; i < report->schedule->type_count; i++) {
        const struct type_report *type = &report->types[i];
        const char *name = report->schedule->types[i];

        add(list, name, "cores", METRIC_COUNT, (double)type->cores);
        add(list, name, "busy", METRIC_PS, (double)type->busy_ps);
        if (type->time.launch_ps)
            add(list, name, "share busy", METRIC_SHARE, (double)type->busy_ps / (double)type->time.launch_ps);
        if (type->tasks == 0)
            continue;
        for (int cause = 0; cause < IDLE_CAUSES; cause++) {
            char group[48];

            snprintf(group, sizeof(group), "%s idle", name);
            if (type->time.idle_ps[cause])
                add(list, group, idle_name((enum idle_cause)cause), METRIC_PS, (double)type->time.idle_ps[cause]);
        }
    }
}

static void add_report(struct list *list, const struct report *report)
{
    add(list, "", "simulated", METRIC_PS, (double)report->simulated_ps);
    add(list, "", "launches", METRIC_COUNT, (double)report->schedule->launch_count);
    add(list, "", "in launches", METRIC_PS, (double)report->launch_ps);
    add(list, "", "tasks", METRIC_COUNT, (double)report->schedule->task_count);
    if (report->path_sum_ps)
        add(list, "path", "tasks", METRIC_COUNT, (double)report->path_tasks);
    for (int kind = 0; kind < HOP_KINDS; kind++)
        if (report->path_ps[kind])
            add(list, "path", hop_name((enum hop_kind)kind), METRIC_PS, (double)report->path_ps[kind]);
    add_types(list, report);
    add_spread(list, "dispatch to start", &report->dispatch_to_start);
    add_spread(list, "end to seen", &report->end_to_seen);
    for (size_t i = 0; i < report->phases.all_count; i++) {
        const struct phase *phase = &report->phases.all[i];

        add(list, "scheduler", report->timeline->strings[phase->name], METRIC_PS, (double)phase->self_ps);
    }
    for (size_t i = 0; i < report->rate_count; i++)
        add(list, report->rates[i].name, "average", METRIC_GBPS, report->rates[i].average);
}

/* How far apart, in the measure of the unit. One that only one run has comes first. */
static double distance(const struct metric *metric)
{
    if (isnan(metric->a) || isnan(metric->b))
        return INFINITY;
    if (metric->unit == METRIC_PS)
        return fabs(metric->b - metric->a);
    if (metric->a == metric->b)
        return 0;
    return metric->a > 0 && metric->b > 0 ? fabs(log(metric->b / metric->a)) : INFINITY;
}

/* Times before other figures. */
static int by_distance(const void *a, const void *b)
{
    const struct metric *left = a, *right = b;
    double left_distance = distance(left), right_distance = distance(right);

    if ((left->unit == METRIC_PS) != (right->unit == METRIC_PS))
        return left->unit == METRIC_PS ? -1 : 1;
    if (left_distance != right_distance)
        return left_distance > right_distance ? -1 : 1;
    return strcmp(left->name, right->name);
}

static bool compare_metrics(struct comparison *comparison)
{
    struct list list = {0};

    add_report(&list, comparison->a);
    list.second = true;
    add_report(&list, comparison->b);
    comparison->metrics = list.metrics;
    comparison->metric_count = list.count;
    if (list.count)
        qsort(list.metrics, list.count, sizeof(*list.metrics), by_distance);
    return !list.failed;
}

/* ---- kernels ---- */

static uint64_t apart(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static int by_total(const void *a, const void *b)
{
    const struct kernel_change *left = a, *right = b;
    uint64_t left_ps = apart(left->a.sum_ps, left->b.sum_ps), right_ps = apart(right->a.sum_ps, right->b.sum_ps);

    if (left_ps != right_ps)
        return left_ps > right_ps ? -1 : 1;
    return strcmp(left->name, right->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct kernel_change *)a)->name, ((const struct kernel_change *)b)->name);
}

static bool compare_kernels(struct comparison *comparison)
{
    const struct report *a = comparison->a, *b = comparison->b;
    struct kernel_change *changes = calloc(a->kernel_count + b->kernel_count + 1, sizeof(*changes));
    size_t count = 0, kept = 0;

    comparison->kernels = changes;
    if (!changes)
        return false;
    for (size_t i = 0; i < a->kernel_count; i++)
        changes[count++] =
            (struct kernel_change){.name = a->timeline->strings[a->kernels[i].name], .a = a->kernels[i].spread};
    for (size_t i = 0; i < b->kernel_count; i++)
        changes[count++] =
            (struct kernel_change){.name = b->timeline->strings[b->kernels[i].name], .b = b->kernels[i].spread};
    qsort(changes, count, sizeof(*changes), by_name);
    for (size_t i = 0; i < count; i++) {
        if (kept && strcmp(changes[kept - 1].name, changes[i].name) == 0) {
            if (changes[i].a.count)
                changes[kept - 1].a = changes[i].a;
            else
                changes[kept - 1].b = changes[i].b;
        } else {
            changes[kept++] = changes[i];
        }
    }
    comparison->kernel_count = kept;
    qsort(changes, kept, sizeof(*changes), by_total);
    return true;
}

/* ---- tasks ---- */

/* A task that is executed more than once in a launch: the first with the first, and so on. */
struct key {
    uint32_t launch, task;
    int64_t id;
};

static int by_key(const void *a, const void *b)
{
    const struct key *left = a, *right = b;

    if (left->launch != right->launch)
        return left->launch < right->launch ? -1 : 1;
    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    return (left->task > right->task) - (left->task < right->task);
}

static struct key *keys_of(const struct schedule *schedule, size_t *count)
{
    struct key *keys = malloc((schedule->task_count + 1) * sizeof(*keys));

    *count = 0;
    for (size_t i = 0; keys && i < schedule->task_count; i++)
        if (schedule->tasks[i].has_id && schedule->tasks[i].launch != TRACE_NONE)
            keys[(*count)++] = (struct key){schedule->tasks[i].launch, (uint32_t)i, schedule->tasks[i].id};
    if (keys)
        qsort(keys, *count, sizeof(*keys), by_key);
    return keys;
}

/* A task and by how much its kernel's time changed, while they are sorted. */
struct mover {
    uint64_t apart_ps;
    struct task_change change;
};

static int by_move(const void *a, const void *b)
{
    const struct mover *left = a, *right = b;

    if (left->apart_ps != right->apart_ps)
        return left->apart_ps > right->apart_ps ? -1 : 1;
    return (left->change.a > right->change.a) - (left->change.a < right->change.a);
}

static uint64_t length_of(const struct schedule *schedule, uint32_t task)
{
    return schedule->tasks[task].end_ps - schedule->tasks[task].begin_ps;
}

/* Both lists are sorted: one walk through them. Return how many pairs there are. */
static size_t pair_up(const struct comparison *comparison, const struct key *a, size_t a_count, const struct key *b,
                      size_t b_count, struct mover *movers)
{
    size_t count = 0;

    for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
        struct key left = a[i], right = b[j];
        int order;

        left.task = right.task = 0;
        order = by_key(&left, &right);
        if (order == 0) {
            movers[count++] = (struct mover){
                apart(length_of(comparison->a->schedule, a[i].task), length_of(comparison->b->schedule, b[j].task)),
                {a[i].task, b[j].task}};
        }
        i += order <= 0;
        j += order >= 0;
    }
    return count;
}

static bool compare_tasks(struct comparison *comparison)
{
    const struct schedule *first = comparison->a->schedule, *second = comparison->b->schedule;
    size_t a_count = 0, b_count = 0;
    struct key *a = keys_of(first, &a_count), *b = keys_of(second, &b_count);
    struct mover *movers = malloc(((a_count < b_count ? a_count : b_count) + 1) * sizeof(*movers));
    bool room;

    comparison->tasks = malloc(((a_count < b_count ? a_count : b_count) + 1) * sizeof(*comparison->tasks));
    room = a && b && movers && comparison->tasks;
    if (room) {
        comparison->task_count = pair_up(comparison, a, a_count, b, b_count, movers);
        qsort(movers, comparison->task_count, sizeof(*movers), by_move);
        for (size_t i = 0; i < comparison->task_count; i++)
            comparison->tasks[i] = movers[i].change;
        comparison->only_a = first->task_count - comparison->task_count;
        comparison->only_b = second->task_count - comparison->task_count;
    }
    free(a);
    free(b);
    free(movers);
    return room;
}

struct comparison *comparison_new(const struct report *a, const struct report *b)
{
    struct comparison *comparison = calloc(1, sizeof(*comparison));

    if (!comparison)
        return NULL;
    comparison->a = a;
    comparison->b = b;
    if (compare_metrics(comparison) && compare_kernels(comparison) && compare_tasks(comparison))
        return comparison;
    comparison_free(comparison);
    return NULL;
}

void comparison_free(struct comparison *comparison)
{
    if (!comparison)
        return;
    free(comparison->metrics);
    free(comparison->kernels);
    free(comparison->tasks);
    free(comparison);
}
