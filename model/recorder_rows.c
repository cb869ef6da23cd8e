/* recorder_rows.c - see recorder_rows.h. */
#include "model/recorder_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/chip_state.h"

struct recorder_rows {
    struct trace *trace;
    const struct chip_state *chip;
    trace_track_id groups[CORE_AICPU + 1];
    struct recorder_row *rows; /* as chip->cores */
};

static void add_group(struct recorder_rows *rows, bool another, enum core_kind kind, const char *name, int order)
{
    int device = rows->chip->device_id;
    char text[32];

    if (another) {
        snprintf(text, sizeof(text), "dev%d %s", device, name);
        name = text;
        order += 3 * (1 + device);
    }
    rows->groups[kind] = trace_process(rows->trace, name, order);
}

struct recorder_rows *rows_new(struct trace *trace, const struct chip_state *chip, bool another)
{
    struct recorder_rows *rows = calloc(1, sizeof(*rows));

    if (rows)
        rows->rows = calloc(chip->aicores + chip->aicpus, sizeof(*rows->rows));
    if (!rows || !rows->rows) {
        free(rows);
        return NULL;
    }
    rows->trace = trace;
    rows->chip = chip;
    add_group(rows, another, CORE_AICPU, "AICPU", 1);
    add_group(rows, another, CORE_AIC, "AIC", 2);
    add_group(rows, another, CORE_AIV, "AIV", 3);
    return rows;
}

void rows_free(struct recorder_rows *rows)
{
    if (rows)
        free(rows->rows);
    free(rows);
}

struct recorder_row *rows_of(struct recorder_rows *rows, const struct core *core)
{
    struct recorder_row *row = &rows->rows[core - rows->chip->cores];

    if (row->track == TRACE_NO_TRACK)
        row->track = trace_track(rows->trace, rows->groups[core->kind], core->name, chip_place(core));
    return row;
}

static uint64_t not_before(const struct recorder_row *row, uint64_t time_ps)
{
    return time_ps < row->latest_ps ? row->latest_ps : time_ps;
}

void rows_open(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, const struct trace_event *what)
{
    row->latest_ps = not_before(row, time_ps);
    row->open = true;
    trace_begin(rows->trace, row->track, row->latest_ps, what);
}

void rows_close(struct recorder_rows *rows, struct recorder_row *row, uint64_t time_ps, const struct trace_event *what)
{
    row->latest_ps = not_before(row, time_ps);
    row->open = false;
    trace_end(rows->trace, row->track, row->latest_ps, what);
}

void rows_close_all(struct recorder_rows *rows, uint64_t time_ps, const struct trace_event *what)
{
    for (uint32_t i = 0; i < rows->chip->aicores + rows->chip->aicpus; i++)
        if (rows->rows[i].open)
            rows_close(rows, &rows->rows[i], time_ps, what);
}
