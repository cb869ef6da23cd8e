/* summary.c - see summary.h. A key that the library did not write is left out of the report, not guessed. */
#include "tools/summary.h"

#include "model/davsim.h"
#include "tools/fail.h"
#include "tools/output.h"
#include "tools/show.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static double number(json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void print_head(FILE *out, json_t *result, double host_seconds)
{
    char simulated[32], tasks[32];
    const char *chip = json_string_value(json_object_get(result, "chip"));
    double task_count = number(result, "tasks"), launches = number(result, "launches");
    fprintf(out, "davsim: %s: %s task%s in %.0f launch%s, %s simulated, %.2f s on the host", chip ? chip : "chip",
            show_count(tasks, (long long)task_count), task_count == 1 ? "" : "s", launches, launches == 1 ? "" : "es",
            show_time(simulated, number(result, "simulated_ps")), host_seconds);
    if (number(result, "status") != 0)
        fprintf(out, "; stopped early");
    fputc('\n', out);
}

/* Busy time is a share of the time inside launches. */
static void print_cores(FILE *out, json_t *result)
{
    const char *type;
    json_t *cores = json_object_get(result, "cores"), *group;
    double launch_ps = number(result, "launch_ps");
    if (json_object_size(cores) == 0)
        return;
    fprintf(out, "  cores                   number       used       busy\n");
    json_object_foreach (cores, type, group) {
        double count = number(group, "count"), all = count * launch_ps;
        char used[32] = "";
        if (json_object_get(group, "used"))
            snprintf(used, sizeof(used), "%.0f", number(group, "used"));
        fprintf(out, "    %-18s %9.0f %10s %8.1f %%\n", type, count, used,
                all > 0 ? 100 * number(group, "busy_ps") / all : 0);
    }
}

/* What pipes were busy, as a share of the time their kind of core was in kernels, or in programs if they know none. */
static void print_pipes(FILE *out, json_t *result)
{
    const char *type, *name;
    json_t *kind, *pipe, *pipes = json_object_get(result, "pipes");
    bool kernels = true;
    if (json_object_size(pipes) == 0)
        return;
    json_object_foreach (pipes, type, kind)
        kernels &= number(json_object_get(json_object_get(result, "cores"), type), "busy_ps") > 0;
    fprintf(out, "  pipes             instructions       busy %s\n", kernels ? "of kernels" : "of programs");
    json_object_foreach (pipes, type, kind) {
        double all =
            number(json_object_get(json_object_get(result, "cores"), type), kernels ? "busy_ps" : "program_ps");
        json_object_foreach (kind, name, pipe) {
            char row[32], count[32], busy[32];
            snprintf(row, sizeof(row), "%s %s", type, name);
            fprintf(out, "    %-10s %17s %10s %8.1f %%\n", row,
                    show_count(count, (long long)number(pipe, "instructions")),
                    show_time(busy, number(pipe, "busy_ps")), all > 0 ? 100 * number(pipe, "busy_ps") / all : 0);
        }
    }
}

static void print_overhead(FILE *out, json_t *result)
{
    static const struct {
        const char *key, *text;
    } rows[] = {{"dispatch_to_start_ps", "dispatch -> start"}, {"end_to_seen_ps", "end -> seen"}};
    json_t *overhead = json_object_get(result, "overhead");
    if (json_object_size(overhead) == 0 || number(result, "tasks") == 0)
        return;
    fprintf(out, "  overhead of a task     average     median    longest\n");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *row = json_object_get(overhead, rows[i].key);
        char average[32], median[32], longest[32];
        if (row)
            fprintf(out, "    %-18s %9s %10s %10s\n", rows[i].text, show_time(average, number(row, "avg")),
                    show_time(median, number(row, "p50")), show_time(longest, number(row, "max")));
    }
}

/* An object of numbers, two a line, as "key value". */
static void print_numbers(FILE *out, const char *title, json_t *numbers)
{
    const char *key;
    json_t *value;
    size_t column = 0;
    if (json_object_size(numbers) == 0)
        return;
    fprintf(out, "  %s", title);
    json_object_foreach (numbers, key, value) {
        char name[64], count[32];
        snprintf(name, sizeof(name), "%s", key);
        for (char *c = name; *c; c++)
            if (*c == '_')
                *c = ' ';
        fprintf(out, "%s%-18s %15s", column % 2 ? "    " : "\n    ", name,
                show_count(count, (long long)json_number_value(value)));
        column++;
    }
    fputc('\n', out);
}

void summary_print(FILE *out, json_t *result, double host_seconds)
{
    const char *trace = json_string_value(json_object_get(result, "trace"));
    print_head(out, result, host_seconds);
    print_cores(out, result);
    print_pipes(out, result);
    print_overhead(out, result);
    print_numbers(out, "counters", json_object_get(result, "counters"));
    print_numbers(out, "deepest stack, bytes", json_object_get(result, "stacks"));
    if (trace && *trace)
        fprintf(out, "  trace  %s  (open it at https://ui.perfetto.dev)\n", trace);
}

int summary_save(json_t *result, const char *path)
{
    json_t *copy = json_deep_copy(result);
    if (!copy)
        return fail(DAV_INTERNAL, "cannot write the report %s: out of memory", path);
    json_object_del(copy, "trace");
    int written = output_json(copy, path);
    json_decref(copy);
    return written == 0 ? 0 : fail(DAV_INTERNAL, "cannot write the report %s: %s", path, strerror(errno));
}
