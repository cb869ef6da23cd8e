/* recorder_rows.c - see recorder_rows.h. */
#include "model/recorder_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"

enum { ORDER_SCHEDULER = 1, ORDER_CLUSTER = 2, ORDER_MEMORY = 999, ORDERS = 1000 };

struct recorder_rows {
    struct trace *trace;
    const struct chip_state *chip;
    bool another;
    trace_track_id scheduler, memory;
    trace_track_id *clusters;
    struct recorder_row *rows; /* as chip->cores */
};

static trace_track_id add_group(const struct recorder_rows *rows, const char *name, int order)
{
    int device = rows->chip->device_id;
    char text[48];

    if (rows->another) {
        snprintf(text, sizeof(text), "dev%d %s", device, name);
        name = text;
        order += ORDERS * (1 + device);
    }
    return trace_process(rows->trace, name, order);
}

struct recorder_rows *rows_new(struct trace *trace, const struct chip_state *chip, bool another)
{
    struct recorder_rows *rows = calloc(1, sizeof(*rows));

    if (!rows)
        return NULL;
    rows->rows = calloc(chip->aicores + chip->aicpus, sizeof(*rows->rows));
    rows->clusters = calloc(chip->file.chip.clusters, sizeof(*rows->clusters));
    if (!rows->rows || !rows->clusters) {
        rows_free(rows);
        return NULL;
    }
    rows->trace = trace;
    rows->chip = chip;
    rows->another = another;
    rows->scheduler = add_group(rows, "AICPU Scheduler", ORDER_SCHEDULER);
    return rows;
}

void rows_free(struct recorder_rows *rows)
{
    if (!rows)
        return;
    for (uint32_t i = 0; rows->rows && i < rows->chip->aicores; i++)
        queue_free(&rows->rows[i].queue);
    free(rows->rows);
    free(rows->clusters);
    free(rows);
}

trace_track_id rows_scheduler(struct recorder_rows *rows)
{
    return rows->scheduler;
}

trace_track_id rows_memory(struct recorder_rows *rows)
{
    if (rows->memory == TRACE_NO_TRACK)
        rows->memory = add_group(rows, "Memory", ORDER_MEMORY);
    return rows->memory;
}

static trace_track_id cluster_group(struct recorder_rows *rows, uint32_t cluster)
{
    trace_track_id *group = &rows->clusters[cluster];
    char name[32];

    if (*group == TRACE_NO_TRACK) {
        snprintf(name, sizeof(name), "Cluster %u", cluster);
        *group = add_group(rows, name, ORDER_CLUSTER + (int)cluster);
    }
    return *group;
}

/* Its name among the threads; with several devices a core's name begins with the device's, and so does this. */
static trace_track_id add_thread(const struct recorder_rows *rows, const struct core *core)
{
    const char *dot = strchr(core->name, '.');
    char name[32];

    snprintf(name, sizeof(name), "%.*sSched_%d", dot ? (int)(dot + 1 - core->name) : 0, core->name, core->number);
    return trace_track(rows->trace, rows->scheduler, name, core->number);
}

static trace_track_id add_aicore(struct recorder_rows *rows, const struct core *core)
{
    const struct chip *file = &rows->chip->file;
    uint32_t number = (uint32_t)core->number;
    int place = core->kind == CORE_AIC ? 0 : 1 + (int)chip_subblock(file, number);

    return trace_track(rows->trace, cluster_group(rows, chip_cluster(file, number)), core->name, place);
}

struct recorder_row *rows_of(struct recorder_rows *rows, const struct core *core)
{
    struct recorder_row *row = &rows->rows[core - rows->chip->cores];

    if (row->track == TRACE_NO_TRACK)
        row->track = core->kind == CORE_AICPU ? add_thread(rows, core) : add_aicore(rows, core);
    return row;
}

static uint64_t not_before(const struct recorder_row *row, uint64_t time_ps)
{
    return time_ps < row->latest_ps ? row->latest_ps : time_ps;
}

/* The rest below a nanosecond, which the file's times leave out. */
static void add_rest(struct trace_event *what, struct trace_arg *args, const char *name, uint64_t time_ps)
{
    for (size_t i = 0; i < what->arg_count; i++)
        args[i] = what->args[i];
    args[what->arg_count++] = trace_arg_uint(name, time_ps % 1000);
    what->args = args;
}

uint64_t rows_open(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, struct trace_event *what)
{
    struct trace_arg args[TRACE_MAX_ARGS];

    row->latest_ps = not_before(row, time_ps);
    add_rest(what, args, "begin ps", row->latest_ps);
    queue_tell(&row->queue, rows->trace, row->track, true, row->latest_ps, what, 0);
    return row->latest_ps;
}

static void close_slice(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps,
                        struct trace_event *what, uint64_t waits_for)
{
    struct trace_arg args[TRACE_MAX_ARGS];

    row->latest_ps = not_before(row, time_ps);
    add_rest(what, args, "end ps", row->latest_ps);
    queue_tell(&row->queue, rows->trace, row->track, false, row->latest_ps, what, waits_for);
}

void rows_close(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, struct trace_event *what)
{
    close_slice(rows, row, time_ps, what, 0);
}

void rows_close_task(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, struct trace_event *what,
                     uint64_t number)
{
    if (number > CORE_ENDS) /* of more, nothing is heard any more */
        rows_seen(rows, row, number - CORE_ENDS, 0);
    close_slice(rows, row, time_ps, what, number);
}

bool rows_waits(const struct recorder_row *row, uint64_t number)
{
    return queue_waits(&row->queue, number);
}

void rows_seen(struct recorder_rows *rows, struct recorder_row *row, uint64_t number, uint64_t flow)
{
    queue_seen(&row->queue, rows->trace, row->track, number, flow);
}

void rows_flush(struct recorder_rows *rows)
{
    for (uint32_t i = 0; i < rows->chip->aicores; i++)
        queue_flush(&rows->rows[i].queue, rows->trace, rows->rows[i].track);
}

void rows_close_phases(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps)
{
    for (; row->phases; row->phases--)
        rows_close(rows, row, time_ps, &(struct trace_event){0});
}

void rows_close_all(struct recorder_rows *rows, uint64_t time_ps, const struct trace_event *what)
{
    for (uint32_t i = 0; i < rows->chip->aicores; i++) {
        struct recorder_row *row = &rows->rows[i];

        rows_close_phases(rows, row, time_ps);
        for (int open = row->task + row->program; open; open--) {
            struct trace_event copy = *what;

            rows_close(rows, row, time_ps, &copy);
        }
        row->task = row->program = false;
    }
    rows_flush(rows);
}
