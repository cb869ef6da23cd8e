/* recorder_pipes.c - see recorder_pipes.h.
 *
 * The latest slice of a row is held back until the next one comes: the sets behind it are heard of in between, and
 * their arrows leave from its end. Arrows that arrive wait for the first instruction that was issued after the wait: a
 * pipe may take a flag while an instruction before that is still under way.
 */
#include "model/recorder_pipes.h"

#include <stdio.h>
#include <stdlib.h>

#include "isa/isa.h"
#include "model/chip_state.h"
#include "traces/array.h"

enum { PS_PER_NS = 1000 }; /* what a trace can tell apart */

/* Arrows, and the set or the wait that each has at the end that is known. */
struct arrow_end {
    uint64_t flow, serial, time_ps;
    int id;
};

struct arrow_ends {
    struct arrow_end *ends;
    size_t count, capacity;
};

struct flows {
    uint64_t *ids;
    size_t count, capacity;
};

struct pipe_row {
    trace_track_id track; /* TRACE_NO_TRACK until the pipe is used */
    uint64_t latest_ps;   /* nothing on it begins earlier */
    bool held;            /* there is a slice that is not told yet: */
    struct event slice;
    struct pipe_detail detail; /* of it, if it has any */
    struct flows in, out;      /* its arrows */
    struct arrow_ends waiting; /* those of the slice that comes next */
};

struct core_rows {
    struct pipe_row row[ISA_PIPES];
    trace_track_id track;   /* of the core */
    struct arrow_ends sets; /* that nobody has waited for yet */
};

struct recorder_pipes {
    struct trace *trace;
    const struct chip_state *chip;
    struct core_rows *cores; /* AICores, as chip->cores */
};

/* ---- arrows ---- */

/* Without memory an arrow less is the least of the worries. */
static void ends_add(struct arrow_ends *list, const struct arrow_end *end)
{
    if (ARRAY_ROOM(list->ends, list->capacity, list->count, 1))
        list->ends[list->count++] = *end;
}

/* The arrow of set @serial, which leaves the list; 0 if it is not there. */
static uint64_t ends_take(struct arrow_ends *list, uint64_t serial)
{
    for (size_t i = 0; i < list->count; i++) {
        uint64_t flow = list->ends[i].flow;

        if (list->ends[i].serial != serial)
            continue;
        list->ends[i] = list->ends[--list->count];
        return flow;
    }
    return 0;
}

static void flows_add(struct flows *list, uint64_t id)
{
    if (ARRAY_ROOM(list->ids, list->capacity, list->count, 1))
        list->ids[list->count++] = id;
}

/* ---- rows ---- */

static struct pipe_row *row_of(struct recorder_pipes *pipes, const struct core *core, int pipe, trace_track_id track)
{
    static const int order[ISA_PIPES] = {
        [ISA_V] = 0, [ISA_M] = 1, [ISA_MTE1] = 2, [ISA_MTE2] = 3, [ISA_MTE3] = 4, [ISA_FIX] = 5};
    struct pipe_row *row = &pipes->cores[core - pipes->chip->cores].row[pipe];

    if (row->track == TRACE_NO_TRACK)
        row->track =
            pipe == ISA_S ? track : trace_track(pipes->trace, track, isa_pipe_name((enum isa_pipe)pipe), order[pipe]);
    return row;
}

/* ---- what an instruction is about: level instr ---- */

enum { DETAIL_ARGS = 14 };

struct detail_text {
    char reads[200], writes[200], operands[128];
};

/* "UB 0x0 to 0x1fff, GM 0x2000... to 0x...": around what it touches. */
static void name_places(const struct pipe_detail *detail, enum isa_access access, char *text, size_t size)
{
    const struct pipe_gm *gm = &detail->gm[access];
    size_t used = 0;

    text[0] = 0;
    for (int space = 0; space < ISA_BUFFERS && used < size; space++) {
        const struct pipe_box *box = &detail->boxes[access][space];

        if (box->high > box->low)
            used += (size_t)snprintf(text + used, size - used, "%s%s 0x%x to 0x%x", used ? ", " : "",
                                     isa_space_name((enum isa_space)space), box->low, box->high - 1);
    }
    if (gm->pieces && used < size)
        snprintf(text + used, size - used, "%sGM 0x%llx to 0x%llx", used ? ", " : "", (unsigned long long)gm->low,
                 (unsigned long long)gm->high - 1);
}

static void name_operands(const struct pipe_detail *detail, char *text, size_t size)
{
    size_t used = 0;

    for (int i = 0; i < ISA_WORDS && used < size; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s0x%llx", i ? " " : "", (unsigned long long)detail->words[i]);
}

/* What it costs beyond L2: level mem. */
static size_t memory_args(const struct event *slice, struct trace_arg *args)
{
    const struct pipe_detail *detail = slice->detail;
    size_t count = 0;

    args[count++] = trace_arg_uint("GM pieces", detail->gm[ISA_READ].pieces + detail->gm[ISA_WRITE].pieces);
    args[count++] = trace_arg_uint("L2 misses, bytes", detail->missed_bytes);
    args[count++] = trace_arg_uint("HBM, bytes", detail->hbm_bytes);
    args[count++] = trace_arg_uint("cycles of latency", core_cycles(slice->core, detail->latency_ps));
    return count;
}

static size_t detail_args(const struct recorder_pipes *pipes, const struct event *slice, struct trace_arg *args,
                          struct detail_text *text)
{
    const struct pipe_detail *detail = slice->detail;
    const struct isa_entry *entry = detail->entry;
    size_t count = 0;

    name_places(detail, ISA_READ, text->reads, sizeof(text->reads));
    name_places(detail, ISA_WRITE, text->writes, sizeof(text->writes));
    name_operands(detail, text->operands, sizeof(text->operands));
    args[count++] = trace_arg_uint("cycles in queue", core_cycles(slice->core, slice->begin_ps - detail->issued_ps));
    if (text->writes[0])
        args[count++] = trace_arg_string("writes", text->writes);
    if (text->reads[0])
        args[count++] = trace_arg_string("reads", text->reads);
    if (entry->types[0])
        args[count++] = trace_arg_string("types", entry->types);
    if (entry->unit != ISA_GMBYTE && entry->unit != ISA_ONCE)
        args[count++] = trace_arg_uint(isa_unit_name(entry->unit), detail->units);
    if (entry->pipe == ISA_V) {
        args[count++] = trace_arg_pointer("mask, high", detail->mask[1]);
        args[count++] = trace_arg_pointer("mask, low", detail->mask[0]);
    }
    args[count++] = trace_arg_string("operands", text->operands);
    if (pipes->chip->tell_cache && entry->unit == ISA_GMBYTE)
        count += memory_args(slice, args + count);
    return count;
}

/* Tell the slice that is held. @cut_ps: it did not get further. */
static void tell_held(struct recorder_pipes *pipes, struct pipe_row *row, uint64_t cut_ps)
{
    const struct event *slice = &row->slice;
    struct trace_arg args[3 + DETAIL_ARGS], unfinished = trace_arg_bool("unfinished", true);
    struct trace_event begin = {.name = slice->text, .category = "pipe", .args = args}, end = {0};
    struct detail_text text;
    uint64_t begin_ps = slice->begin_ps < row->latest_ps ? row->latest_ps : slice->begin_ps;
    uint64_t end_ps = slice->time_ps < cut_ps ? slice->time_ps : cut_ps;

    if (!row->held)
        return;
    if (slice->bytes)
        args[begin.arg_count++] = trace_arg_uint("bytes", slice->bytes);
    args[begin.arg_count++] = trace_arg_uint("cycles", core_cycles(slice->core, slice->time_ps - slice->begin_ps));
    args[begin.arg_count++] =
        trace_arg_uint("cycles until done", core_cycles(slice->core, slice->ended_ps - slice->begin_ps));
    if (slice->detail)
        begin.arg_count += detail_args(pipes, slice, args + begin.arg_count, &text);
    begin.flow_in_count = row->in.count;
    begin.flows_in = row->in.ids;
    trace_begin(pipes->trace, row->track, begin_ps, &begin);
    end.flow_out_count = row->out.count;
    end.flows_out = row->out.ids;
    if (slice->time_ps > cut_ps) {
        end.args = &unfinished;
        end.arg_count = 1;
    }
    row->latest_ps = end_ps < begin_ps ? begin_ps : end_ps;
    trace_end(pipes->trace, row->track, row->latest_ps, &end);
    row->held = false;
    row->in.count = row->out.count = 0;
}

/* A set or a wait that no slice stands for. */
static void tell_instant(struct recorder_pipes *pipes, trace_track_id track, const char *name,
                         const struct arrow_end *at, bool leaves)
{
    struct trace_arg id = trace_arg_int("id", at->id);
    struct trace_event instant = {.name = name, .category = "flag", .args = &id, .arg_count = 1};

    if (leaves) {
        instant.flows_out = &at->flow;
        instant.flow_out_count = 1;
    } else {
        instant.flows_in = &at->flow;
        instant.flow_in_count = at->flow != 0;
    }
    trace_instant(pipes->trace, track, at->time_ps, &instant);
}

static void tell_barrier(struct recorder_pipes *pipes, trace_track_id track, const struct event *event)
{
    struct trace_arg cycles = trace_arg_uint("cycles", core_cycles(event->core, event->time_ps - event->begin_ps));
    struct trace_event instant = {.name = "pipe_barrier", .category = "instr", .args = &cycles, .arg_count = 1};

    trace_instant(pipes->trace, track, event->time_ps, &instant);
}

/* ---- events ---- */

static void hold(struct recorder_pipes *pipes, struct pipe_row *row, const struct event *event)
{
    size_t left = 0;

    tell_held(pipes, row, UINT64_MAX);
    row->held = true;
    row->slice = *event;
    if (event->detail) {
        row->detail = *event->detail;
        row->slice.detail = &row->detail;
    }
    for (size_t i = 0; i < row->waiting.count; i++) {
        const struct arrow_end *end = &row->waiting.ends[i];

        if (end->serial < event->serial)
            flows_add(&row->in, end->flow);
        else
            row->waiting.ends[left++] = *end;
    }
    row->waiting.count = left;
}

static void set(struct recorder_pipes *pipes, struct pipe_row *row, const struct event *event)
{
    const struct arrow_end end = {trace_new_flow(pipes->trace), event->serial, event->ended_ps, event->level};

    ends_add(&pipes->cores[event->core - pipes->chip->cores].sets, &end);
    if (row->held)
        flows_add(&row->out, end.flow);
    else
        tell_instant(pipes, row->track, "set_flag", &end, true);
}

static void waited(struct recorder_pipes *pipes, struct pipe_row *from, struct pipe_row *to, const struct event *event)
{
    struct arrow_ends *sets = &pipes->cores[event->core - pipes->chip->cores].sets;
    const struct arrow_end end = {ends_take(sets, event->set_serial), event->serial, event->time_ps, event->level};

    if (from->held && from->slice.time_ps / PS_PER_NS >= event->time_ps / PS_PER_NS)
        tell_held(pipes, from, UINT64_MAX); /* an arrow's begin is told first, or earlier */
    if (event->to_pipe == ISA_S)
        tell_instant(pipes, to->track, "wait_flag", &end, false);
    else if (end.flow)
        ends_add(&to->waiting, &end);
}

static void crossed(struct recorder_pipes *pipes, const struct event *event, trace_track_id core, trace_track_id by)
{
    const uint64_t flow = trace_new_flow(pipes->trace);
    const struct arrow_end left = {flow, 0, event->begin_ps, event->level};
    const struct arrow_end arrived = {flow, 0, event->time_ps, event->level};

    tell_instant(pipes, row_of(pipes, event->by, event->pipe, by)->track, "ffts_cross_core_sync", &left, true);
    tell_instant(pipes, core, "wait_flag_dev", &arrived, false);
}

void recorder_pipes_event(struct recorder_pipes *pipes, const struct event *event, trace_track_id core,
                          trace_track_id by)
{
    pipes->cores[event->core - pipes->chip->cores].track = core;
    switch (event->kind) {
    case EVENT_INSTR:
        hold(pipes, row_of(pipes, event->core, event->pipe, core), event);
        break;
    case EVENT_SET:
        set(pipes, row_of(pipes, event->core, event->pipe, core), event);
        break;
    case EVENT_FLAG:
        waited(pipes, row_of(pipes, event->core, event->pipe, core), row_of(pipes, event->core, event->to_pipe, core),
               event);
        break;
    case EVENT_BARRIER:
        tell_barrier(pipes, row_of(pipes, event->core, event->pipe, core)->track, event);
        break;
    case EVENT_CROSS:
        crossed(pipes, event, core, by);
        break;
    default:
        break;
    }
}

/* Sets that nobody has waited for: their arrows end with the launch. */
static void tell_unwaited(struct recorder_pipes *pipes, struct core_rows *core, uint64_t time_ps)
{
    for (size_t i = 0; i < core->sets.count; i++) {
        struct arrow_end *set = &core->sets.ends[i];

        if (time_ps != UINT64_MAX && time_ps > set->time_ps)
            set->time_ps = time_ps;
        tell_instant(pipes, core->track, "no wait_flag", set, false);
    }
    core->sets.count = 0;
}

void recorder_pipes_end_launch(struct recorder_pipes *pipes, uint64_t time_ps)
{
    for (uint32_t i = 0; i < pipes->chip->aicores; i++) {
        struct core_rows *core = &pipes->cores[i];

        for (int pipe = 0; pipe < ISA_PIPES; pipe++)
            tell_held(pipes, &core->row[pipe], time_ps);
        for (int pipe = 0; pipe < ISA_PIPES; pipe++) {
            struct pipe_row *row = &core->row[pipe];

            for (size_t k = 0; k < row->waiting.count; k++)
                tell_instant(pipes, row->track, "wait_flag", &row->waiting.ends[k], false);
            row->waiting.count = 0;
        }
        tell_unwaited(pipes, core, time_ps);
    }
}

/* ---- from beginning to end ---- */

struct recorder_pipes *recorder_pipes_new(struct trace *trace, const struct chip_state *chip)
{
    struct recorder_pipes *pipes = calloc(1, sizeof(*pipes));

    if (pipes)
        pipes->cores = calloc(chip->aicores, sizeof(*pipes->cores));
    if (!pipes || !pipes->cores) {
        free(pipes);
        return NULL;
    }
    pipes->trace = trace;
    pipes->chip = chip;
    return pipes;
}

void recorder_pipes_free(struct recorder_pipes *pipes)
{
    if (!pipes)
        return;
    for (uint32_t i = 0; i < pipes->chip->aicores; i++) {
        for (int pipe = 0; pipe < ISA_PIPES; pipe++) {
            free(pipes->cores[i].row[pipe].in.ids);
            free(pipes->cores[i].row[pipe].out.ids);
            free(pipes->cores[i].row[pipe].waiting.ends);
        }
        free(pipes->cores[i].sets.ends);
    }
    free(pipes->cores);
    free(pipes);
}
