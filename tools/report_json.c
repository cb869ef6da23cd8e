/* report_json.c - the report of a trace as JSON: keys are described in davsim(1). Times are whole picoseconds. Tasks
 * and hops may be millions: they are written one by one, behind what fits into memory.
 */
#include "tools/json_text.h"
#include "tools/report_command.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_VERSION = 1 };

static void set(json_t *object, const char *key, uint64_t value)
{
    json_object_set_new(object, key, json_integer((json_int_t)value));
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_text(text));
}

static void set_known(json_t *object, const char *key, uint64_t ps)
{
    if (ps != SCHEDULE_UNKNOWN)
        set(object, key, ps);
}

/* "waiting for a core" as waiting_for_a_core_ps. */
static void set_named(json_t *object, const char *name, uint64_t ps)
{
    char key[64];
    size_t length = 0;

    for (; *name && length < sizeof(key) - 4; name++)
        if (*name != ',')
            key[length++] = *name == ' ' || *name == '-' ? '_' : *name;
    strcpy(key + length, "_ps");
    set(object, key, ps);
}

static json_t *spread_json(const struct time_spread *spread)
{
    json_t *object = json_object();

    set(object, "count", spread->count);
    set(object, "total", spread->sum_ps);
    set(object, "min", spread->min_ps);
    set(object, "avg", spread->avg_ps);
    set(object, "p50", spread->p50_ps);
    set(object, "p99", spread->p99_ps);
    set(object, "max", spread->max_ps);
    return object;
}

static json_t *path_json(const uint64_t ps[HOP_KINDS], size_t tasks)
{
    json_t *object = json_object();

    set(object, "tasks", tasks);
    for (int kind = 0; kind < HOP_KINDS; kind++)
        set_named(object, hop_name((enum hop_kind)kind), ps[kind]);
    return object;
}

static json_t *launches_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->schedule->launch_count; i++) {
        const struct schedule_launch *launch = &report->schedule->launches[i];
        json_t *object = json_object();

        if (launch->device >= 0)
            set(object, "device", (uint64_t)launch->device);
        set(object, "begin_ps", launch->begin_ps);
        set(object, "end_ps", launch->end_ps);
        set(object, "tasks", launch->task_count);
        set(object, "edges", launch->edge_count);
        json_object_set_new(object, "all_edges_known", json_boolean(schedule_knows_edges(launch)));
        if (launch->task_count)
            json_object_set_new(object, "critical_path", path_json(report->paths[i].ps, report->paths[i].task_count));
        json_array_append_new(array, object);
    }
    return array;
}

static void set_idle(json_t *object, const struct core_time *time)
{
    json_t *idle = json_object();

    set(object, "launch_ps", time->launch_ps);
    for (int cause = 0; cause < IDLE_CAUSES; cause++)
        set_named(idle, idle_name((enum idle_cause)cause), time->idle_ps[cause]);
    json_object_set_new(object, "idle", idle);
}

static bool is_aicpu(const struct report *report, uint32_t type)
{
    return strcmp(report->schedule->types[type], "AICPU") == 0;
}

static json_t *types_json(const struct report *report)
{
    json_t *object = json_object();

    for (uint32_t i = 0; i < report->schedule->type_count; i++) {
        const struct type_report *type = &report->types[i];
        json_t *entry = json_object();

        set(entry, "used", type->cores);
        set(entry, "tasks", type->tasks);
        set(entry, "busy_ps", type->busy_ps);
        set(entry, "program_ps", type->program_ps);
        if (!is_aicpu(report, i))
            set_idle(entry, &type->time);
        if (json_object_set_new(object, report->schedule->types[i], entry) != 0)
            json_object_set_new(object, "?", json_object());
    }
    return object;
}

static json_t *cores_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->schedule->core_count; i++) {
        const struct schedule_core *core = &report->schedule->cores[i];
        bool aicpu = is_aicpu(report, core->type);
        json_t *object = json_object();

        set_text(object, "core", report->timeline->rows[core->row].name);
        if (core->device >= 0)
            set(object, "device", (uint64_t)core->device);
        set_text(object, "type", report->schedule->types[core->type]);
        set(object, "tasks", core->task_count);
        set(object, "busy_ps", aicpu ? core->program_ps : core->busy_ps);
        set(object, "program_ps", core->program_ps);
        if (!aicpu)
            set_idle(object, &report->times[i]);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *kernels_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->kernel_count; i++) {
        json_t *object = json_object();

        set_text(object, "kernel", report->timeline->strings[report->kernels[i].name]);
        json_object_set_new(object, "time_ps", spread_json(&report->kernels[i].spread));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *phases_json(const struct report *report, const struct phase *phases, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *object = json_object();

        if (phases[i].row != TRACE_NONE)
            set_text(object, "thread", report->timeline->rows[phases[i].row].name);
        set_text(object, "phase", report->timeline->strings[phases[i].name]);
        set_text(object, "category", report->timeline->strings[phases[i].category]);
        set(object, "count", phases[i].count);
        set(object, "self_ps", phases[i].self_ps);
        set(object, "longest_ps", phases[i].longest_ps);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *bandwidth_json(const struct report *report)
{
    json_t *array = json_array();

    for (size_t i = 0; i < report->rate_count; i++) {
        json_t *object = json_object();

        set_text(object, "name", report->rates[i].name);
        json_object_set_new(object, "average_gb_per_s", json_real(report->rates[i].average));
        json_object_set_new(object, "highest_gb_per_s", json_real(report->rates[i].highest));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *root_json(const struct report *report, enum report_by by)
{
    json_t *root = json_object(), *overhead = json_object(), *notes = json_array();

    set_text(root, "schema", "davsim-report");
    set(root, "version", REPORT_VERSION);
    set(root, "simulated_ps", report->simulated_ps);
    set(root, "launch_ps", report->launch_ps);
    set(root, "tasks", report->schedule->task_count);
    json_object_set_new(root, "launches", launches_json(report));
    if (report->path_sum_ps)
        json_object_set_new(root, "critical_path", path_json(report->path_ps, report->path_tasks));
    json_object_set_new(root, "cores", types_json(report));
    if (report->dispatch_to_start.count)
        json_object_set_new(overhead, "dispatch_to_start_ps", spread_json(&report->dispatch_to_start));
    if (report->end_to_seen.count)
        json_object_set_new(overhead, "end_to_seen_ps", spread_json(&report->end_to_seen));
    json_object_set_new(root, "overhead", overhead);
    json_object_set_new(root, "scheduler", phases_json(report, report->phases.all, report->phases.all_count));
    json_object_set_new(root, "bandwidth", bandwidth_json(report));
    json_object_set_new(root, "kernels", kernels_json(report));
    if (by == REPORT_BY_CORE)
        json_object_set_new(root, "each_core", cores_json(report));
    if (by == REPORT_BY_PHASE)
        json_object_set_new(root, "each_phase", phases_json(report, report->phases.each, report->phases.each_count));
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, json_text(report->notes[i]));
    json_object_set_new(root, "notes", notes);
    return root;
}

/* ---- one by one ---- */

static json_t *task_json(const struct report *report, const struct schedule_task *task)
{
    json_t *object = json_object();

    if (task->launch != TRACE_NONE)
        set(object, "launch", task->launch);
    json_object_set_new(object, task->has_id ? "task" : "ordinal", json_integer(task->id));
    set_text(object, "kernel", report->timeline->strings[task->kernel]);
    set_text(object, "core", report->timeline->rows[report->schedule->cores[task->core].row].name);
    set_known(object, "dispatched_ps", task->dispatched_ps);
    set(object, "begin_ps", task->begin_ps);
    set(object, "end_ps", task->end_ps);
    set_known(object, "seen_ps", task->seen_ps);
    if (task->unfinished)
        json_object_set_new(object, "unfinished", json_true());
    return object;
}

static json_t *hop_json(const struct report *report, uint32_t launch, const struct hop *hop)
{
    json_t *object = json_object();

    set(object, "launch", launch);
    set_text(object, "hop", hop_name(hop->kind));
    if (hop->task != TRACE_NONE) {
        const struct schedule_task *task = &report->schedule->tasks[hop->task];

        json_object_set_new(object, task->has_id ? "task" : "ordinal", json_integer(task->id));
    }
    set(object, "begin_ps", hop->begin_ps);
    set(object, "end_ps", hop->end_ps);
    return object;
}

/* An element of an array; takes @object. */
static int dump_element(FILE *out, json_t *object, bool *first)
{
    int written = -1;

    if (fputs(*first ? "\n    " : ",\n    ", out) >= 0)
        written = json_dumpf(object, out, JSON_COMPACT);
    *first = false;
    json_decref(object);
    return written;
}

static int dump_tasks(FILE *out, const struct report *report)
{
    int failed = fputs(",\n  \"each_task\": [", out) < 0;
    bool first = true;

    for (size_t i = 0; !failed && i < report->schedule->task_count; i++)
        failed = dump_element(out, task_json(report, &report->schedule->tasks[i]), &first);
    failed = failed || fputs("\n  ],\n  \"each_hop\": [", out) < 0;
    first = true;
    for (uint32_t i = 0; !failed && i < report->schedule->launch_count; i++)
        for (size_t hop = 0; !failed && hop < report->paths[i].count; hop++)
            failed = dump_element(out, hop_json(report, i, &report->paths[i].hops[hop]), &first);
    return failed || fputs("\n  ]", out) < 0 ? -1 : 0;
}

int report_json(FILE *out, const struct report *report, enum report_by by)
{
    json_t *root = root_json(report, by);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    size_t length = text ? strlen(text) : 0;
    int failed = 0;

    json_decref(root);
    if (length < 2) {
        free(text);
        errno = ENOMEM;
        return -1;
    }
    text[length - 2] = '\0'; /* without "\n}" */
    failed = fputs(text, out) < 0;
    free(text);
    if (!failed && by == REPORT_BY_TASK)
        failed = dump_tasks(out, report);
    return failed || fputs("\n}\n", out) < 0 ? -1 : 0;
}
