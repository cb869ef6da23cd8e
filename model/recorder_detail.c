/* recorder_detail.c - see recorder_detail.h. A core does one thing after the other, so slices of a row never overlap. A
 * core that a launch left behind may be heard of with a clock that is past the launch's end: nothing on a row begins
 * before what was told last. */
#include "model/recorder_detail.h"

#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"
#include "model/chip_state.h"

/* Behind the pipes' (recorder_pipes.c). */
enum detail_row { SCALAR, CACHE, ROWS };
enum { FIRST_ORDER = 6, MAX_ARGS = 6 };

struct row {
    trace_track_id track; /* TRACE_NO_TRACK until it is used */
    uint64_t latest_ps;
};

struct recorder_detail {
    struct trace *trace;
    const struct chip_state *chip;
    struct row (*rows)[ROWS]; /* as chip->cores */
};

static struct row *row_of(struct recorder_detail *detail, const struct core *core, enum detail_row which,
                          trace_track_id parent)
{
    static const char *const names[ROWS] = {"S", "cache"};
    struct row *row = &detail->rows[core - detail->chip->cores][which];

    if (row->track == TRACE_NO_TRACK)
        row->track = trace_track(detail->trace, parent, names[which], FIRST_ORDER + (int)which);
    return row;
}

static void tell(struct recorder_detail *detail, struct row *row, const struct event *event, struct trace_event *what)
{
    uint64_t begin_ps = event->begin_ps < row->latest_ps ? row->latest_ps : event->begin_ps;
    uint64_t end_ps = event->time_ps < begin_ps ? begin_ps : event->time_ps;

    if (event->begin_ps == event->time_ps) {
        trace_instant(detail->trace, row->track, event->time_ps, what);
        return;
    }
    trace_slice(detail->trace, row->track, begin_ps, end_ps, what);
    row->latest_ps = end_ps;
}

static void tell_scalar(struct recorder_detail *detail, const struct event *event, trace_track_id core)
{
    struct trace_arg args[MAX_ARGS];
    struct trace_event what = {.name = event->text, .category = "instr", .args = args};
    bool wait_flag = strcmp(event->text, "wait_flag") == 0;

    if (wait_flag || strcmp(event->text, "queue is full") == 0)
        args[what.arg_count++] = trace_arg_string("pipe", isa_pipe_name((enum isa_pipe)event->pipe));
    if (wait_flag || strcmp(event->text, "wait_flag_dev") == 0)
        args[what.arg_count++] = trace_arg_int("id", event->level);
    if (strcmp(event->text, "set special register") == 0) {
        args[what.arg_count++] = trace_arg_int("register", event->level);
        args[what.arg_count++] = trace_arg_pointer("value", event->args);
    } else if (strcmp(event->text, "set_vector_mask") == 0) {
        args[what.arg_count++] = trace_arg_pointer("high", event->image);
        args[what.arg_count++] = trace_arg_pointer("low", event->args);
    } else if (event->bytes) {
        args[what.arg_count++] = trace_arg_pointer("address", event->args);
        args[what.arg_count++] = trace_arg_uint("bytes", event->bytes);
    }
    if (event->time_ps > event->begin_ps)
        args[what.arg_count++] = trace_arg_uint("cycles", core_cycles(event->core, event->time_ps - event->begin_ps));
    tell(detail, row_of(detail, event->core, SCALAR, core), event, &what);
}

static void tell_cache(struct recorder_detail *detail, const struct event *event, trace_track_id core)
{
    static const char *const names[] = {[CACHE_FILL] = "fill",
                                        [CACHE_WRITE_BACK] = "write-back",
                                        [CACHE_REPLACE] = "replaced",
                                        [CACHE_INVALIDATE] = "dcci"};
    struct trace_arg args[MAX_ARGS];
    struct trace_event what = {.name = names[event->level], .category = "cache", .args = args};
    char where[96];

    if (event->args) {
        chip_where(detail->chip, event->args, where, sizeof(where));
        args[what.arg_count++] = trace_arg_pointer("line", event->args);
        args[what.arg_count++] = trace_arg_string("where", where);
    }
    if (event->level != CACHE_REPLACE)
        args[what.arg_count++] = trace_arg_uint("bytes", event->bytes);
    if (event->level == CACHE_INVALIDATE)
        what.name = event->text;
    else if (event->text)
        args[what.arg_count++] = trace_arg_string("for", event->text);
    if (event->level == CACHE_WRITE_BACK)
        args[what.arg_count++] =
            trace_arg_uint("cycles until in GM", core_cycles(event->core, event->ended_ps - event->begin_ps));
    else if (event->time_ps > event->begin_ps)
        args[what.arg_count++] = trace_arg_uint("cycles", core_cycles(event->core, event->time_ps - event->begin_ps));
    tell(detail, row_of(detail, event->core, CACHE, core), event, &what);
}

void recorder_detail_event(struct recorder_detail *detail, const struct event *event, trace_track_id core)
{
    if (event->kind == EVENT_SCALAR)
        tell_scalar(detail, event, core);
    else
        tell_cache(detail, event, core);
}

struct recorder_detail *recorder_detail_new(struct trace *trace, const struct chip_state *chip)
{
    struct recorder_detail *detail = calloc(1, sizeof(*detail));

    if (detail)
        detail->rows = calloc(chip->aicores + chip->aicpus, sizeof(*detail->rows));
    if (!detail || !detail->rows) {
        free(detail);
        return NULL;
    }
    detail->trace = trace;
    detail->chip = chip;
    return detail;
}

void recorder_detail_free(struct recorder_detail *detail)
{
    if (!detail)
        return;
    free(detail->rows);
    free(detail);
}
