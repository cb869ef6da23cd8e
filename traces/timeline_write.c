/* timeline_write.c - see timeline_write.h. Events are told in the order of time, as a run tells them: each row has its
 * next event, and the earliest of all is told. So an arrow's start comes before its end; where both are at the same
 * time, the end lets other rows go first.
 */
#include "traces/timeline_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATIENCE = 8 };

/* A row's next event. */
struct next {
    int64_t time_ns;
    int patience; /* how often it has let others go first */
    uint32_t row, slice;
    bool is_end;
};

struct writer {
    const struct timeline *timeline;
    const struct timeline_part *part;
    struct trace *trace;
    trace_track_id *tracks; /* of rows */
    uint32_t *at, *until;   /* of rows: slices not begun yet */
    uint32_t *open;         /* of rows: the innermost open slice */
    struct next *heap;
    size_t heap_count;

    uint64_t *ids;                  /* of arrows; 0: not told */
    bool *is_started;               /* of arrows */
    uint32_t *by_from, *first_from; /* arrows by their slices */
    uint32_t *by_to, *first_to;
    uint64_t *flows_out, *flows_in; /* of the event that is told */
};

/* ---- what is told of slices ---- */

static bool is_kept(const struct writer *writer, uint32_t index)
{
    const struct trace_slice *slice = &writer->timeline->slices[index];
    const struct timeline_part *part = writer->part;
    if (writer->timeline->rows[slice->row].is_counter)
        return false;
    if (slice->begin_ns == slice->end_ns)
        return slice->begin_ns >= part->from_ns && slice->begin_ns <= part->to_ns;
    return slice->begin_ns < part->to_ns && slice->end_ns > part->from_ns;
}

static uint32_t kept_parent(const struct writer *writer, uint32_t index)
{
    uint32_t parent = writer->timeline->slices[index].parent;
    while (parent != TRACE_NONE && !is_kept(writer, parent))
        parent = writer->timeline->slices[parent].parent;
    return parent;
}

static int64_t begin_of(const struct writer *writer, uint32_t index)
{
    int64_t ns = writer->timeline->slices[index].begin_ns;
    return ns < writer->part->from_ns ? writer->part->from_ns : ns;
}

static int64_t end_of(const struct writer *writer, uint32_t index)
{
    int64_t ns = writer->timeline->slices[index].end_ns;
    return ns > writer->part->to_ns ? writer->part->to_ns : ns;
}

static uint64_t told_ps(const struct writer *writer, int64_t ns)
{
    ns += writer->part->shift_ns;
    return ns < 0 ? 0 : (uint64_t)ns * 1000;
}

/* ---- arrows ---- */

/* An arrow leaves from the end of its slice, unless its other end comes earlier. */
static bool leaves_end(const struct writer *writer, const struct trace_flow *flow)
{
    return end_of(writer, flow->from) <= begin_of(writer, flow->to);
}

static bool arrives_at_end(const struct writer *writer, const struct trace_flow *flow)
{
    return begin_of(writer, flow->from) > begin_of(writer, flow->to);
}

/* The arrows in the order of their slices: those of slice s are by[first[s]] to by[first[s + 1] - 1]. */
static void group_flows(const struct writer *writer, bool to, uint32_t *by, uint32_t *first)
{
    const struct timeline *timeline = writer->timeline;
    memset(first, 0, (timeline->slice_count + 2) * sizeof *first);
    for (size_t i = 0; i < timeline->flow_count; i++)
        if (writer->ids[i])
            first[(to ? timeline->flows[i].to : timeline->flows[i].from) + 2]++;
    for (size_t i = 1; i < timeline->slice_count + 2; i++)
        first[i] += first[i - 1];
    for (uint32_t i = 0; i < timeline->flow_count; i++)
        if (writer->ids[i])
            by[first[(to ? timeline->flows[i].to : timeline->flows[i].from) + 1]++] = i;
}

static void choose_flows(struct writer *writer)
{
    const struct timeline *timeline = writer->timeline;
    for (size_t i = 0; i < timeline->flow_count; i++) {
        const struct trace_flow *flow = &timeline->flows[i];
        bool told = flow->from != TRACE_NONE && flow->to != TRACE_NONE && is_kept(writer, flow->from) &&
                    is_kept(writer, flow->to);
        writer->ids[i] = told ? trace_new_flow(writer->trace) : 0;
    }
    group_flows(writer, false, writer->by_from, writer->first_from);
    group_flows(writer, true, writer->by_to, writer->first_to);
}

/* Does an arrow that ends at @next start at the same time, and has not? */
static bool waits(const struct writer *writer, const struct next *next)
{
    for (uint32_t i = writer->first_to[next->slice]; i < writer->first_to[next->slice + 1]; i++) {
        const struct trace_flow *flow = &writer->timeline->flows[writer->by_to[i]];
        if (!writer->is_started[writer->by_to[i]] && flow->from != flow->to &&
            arrives_at_end(writer, flow) == next->is_end)
            return true;
    }
    return false;
}

/* The arrows of an event; an instant has all of its slice's. */
static void add_flows(struct writer *writer, const struct next *next, bool is_instant, struct trace_event *event)
{
    const struct trace_flow *flows = writer->timeline->flows;
    event->flows_out = writer->flows_out;
    event->flows_in = writer->flows_in;
    for (uint32_t i = writer->first_from[next->slice]; i < writer->first_from[next->slice + 1]; i++) {
        uint32_t flow = writer->by_from[i];
        if (!is_instant && leaves_end(writer, &flows[flow]) != next->is_end)
            continue;
        writer->flows_out[event->flow_out_count++] = writer->ids[flow];
        writer->is_started[flow] = true;
    }
    for (uint32_t i = writer->first_to[next->slice]; i < writer->first_to[next->slice + 1]; i++) {
        uint32_t flow = writer->by_to[i];
        if (is_instant || arrives_at_end(writer, &flows[flow]) == next->is_end)
            writer->flows_in[event->flow_in_count++] = writer->ids[flow];
    }
}

/* ---- events ---- */

static void add_arg(const struct writer *writer, const struct trace_value *value, struct trace_arg *arg)
{
    const struct timeline *timeline = writer->timeline;
    *arg = (struct trace_arg){.name = timeline->strings[value->name], .kind = value->kind};
    if (value->kind == TRACE_STRING)
        arg->value.s = timeline->strings[value->value.s];
    else if (value->kind == TRACE_BOOL)
        arg->value.b = value->value.b;
    else
        arg->value.u = value->value.u; /* or i, or d: the same bytes */
}

/* The first ones with the begin, further ones with the end. What a clipped end does not have any more is left out. */
static void add_args(const struct writer *writer, const struct next *next, struct trace_event *event,
                     struct trace_arg *args)
{
    const struct timeline *timeline = writer->timeline;
    const struct trace_slice *slice = &timeline->slices[next->slice];
    bool no_begin = slice->begin_ns<writer->part->from_ns, no_end = slice->end_ns> writer->part->to_ns;
    uint32_t seen = 0;
    for (uint32_t i = 0; i < slice->arg_count; i++) {
        const struct trace_value *value = &timeline->args[slice->first_arg + i];
        const char *name = timeline->strings[value->name];
        if ((no_begin && strcmp(name, "begin ps") == 0) || (no_end && strcmp(name, "end ps") == 0))
            continue;
        uint32_t place = seen++;
        if (next->is_end == (place >= TRACE_MAX_ARGS) && event->arg_count + next->is_end < TRACE_MAX_ARGS)
            add_arg(writer, value, &args[event->arg_count++]);
    }
    if (next->is_end && (no_begin || no_end))
        args[event->arg_count++] = trace_arg_string("clipped", !no_end ? "begin" : !no_begin ? "end" : "begin and end");
    event->args = args;
}

static void tell(struct writer *writer, const struct next *next)
{
    const struct trace_slice *slice = &writer->timeline->slices[next->slice];
    struct trace_arg args[TRACE_MAX_ARGS];
    struct trace_event event = {.name = writer->timeline->strings[slice->name],
                                .category = writer->timeline->strings[slice->category]};
    trace_track_id track = writer->tracks[next->row];
    uint64_t time_ps = told_ps(writer, next->time_ns);
    event.name = *event.name ? event.name : NULL;
    event.category = *event.category ? event.category : NULL;
    add_args(writer, next, &event, args);
    add_flows(writer, next, slice->instant, &event);
    if (slice->instant)
        trace_instant(writer->trace, track, time_ps, &event);
    else if (next->is_end)
        trace_end(writer->trace, track, time_ps, &event);
    else
        trace_begin(writer->trace, track, time_ps, &event);
}

/* ---- rows side by side ---- */

static bool before(const struct next *a, const struct next *b)
{
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns;
    return a->patience != b->patience ? a->patience < b->patience : a->row < b->row;
}

static void push(struct writer *writer, struct next next)
{
    size_t place = writer->heap_count++;
    for (; place && before(&next, &writer->heap[(place - 1) / 2]); place = (place - 1) / 2)
        writer->heap[place] = writer->heap[(place - 1) / 2];
    writer->heap[place] = next;
}

static struct next pop(struct writer *writer)
{
    struct next top = writer->heap[0], last = writer->heap[--writer->heap_count];
    size_t place = 0, below;
    while ((below = 2 * place + 1) < writer->heap_count) {
        if (below + 1 < writer->heap_count && before(&writer->heap[below + 1], &writer->heap[below]))
            below++;
        if (!before(&writer->heap[below], &last))
            break;
        writer->heap[place] = writer->heap[below];
        place = below;
    }
    writer->heap[place] = last;
    return top;
}

/* Finds the next event of @row: the end of what is open, unless a slice inside of it comes first. */
static void push_row(struct writer *writer, uint32_t row)
{
    while (writer->at[row] < writer->until[row] && !is_kept(writer, writer->at[row]))
        writer->at[row]++;
    uint32_t open = writer->open[row], at = writer->at[row];
    bool more = at < writer->until[row];
    if (open != TRACE_NONE && (!more || kept_parent(writer, at) != open))
        push(writer, (struct next){end_of(writer, open), 0, row, open, true});
    else if (more)
        push(writer, (struct next){begin_of(writer, at), 0, row, at, false});
}

static void tell_slices(struct writer *writer)
{
    const struct timeline *timeline = writer->timeline;
    for (uint32_t i = 0; i < timeline->slice_count; i++) {
        uint32_t row = timeline->slices[i].row;
        if (i == 0 || timeline->slices[i - 1].row != row)
            writer->at[row] = i;
        writer->until[row] = i + 1;
    }
    for (uint32_t row = 0; row < timeline->row_count; row++) {
        writer->open[row] = TRACE_NONE;
        push_row(writer, row);
    }
    while (writer->heap_count && !trace_failed(writer->trace)) {
        struct next next = pop(writer);
        if (next.patience < MAX_PATIENCE && waits(writer, &next)) {
            next.patience++;
            push(writer, next);
            continue;
        }
        tell(writer, &next);
        if (next.is_end)
            writer->open[next.row] = kept_parent(writer, next.slice);
        else if (writer->at[next.row]++, !timeline->slices[next.slice].instant)
            writer->open[next.row] = next.slice;
        push_row(writer, next.row);
    }
}

/* A curve that is cut begins with the value that it had there. */
static void tell_samples(struct writer *writer)
{
    const struct timeline *timeline = writer->timeline;
    for (size_t i = 0; i < timeline->sample_count; i++) {
        const struct trace_sample *sample = &timeline->samples[i], *after = sample + 1;
        bool is_last = i + 1 == timeline->sample_count || after->row != sample->row;
        int64_t time_ns = sample->time_ns;
        if (!timeline->rows[sample->row].is_counter || time_ns > writer->part->to_ns)
            continue;
        if (time_ns < writer->part->from_ns) {
            if (!is_last && after->time_ns <= writer->part->from_ns)
                continue;
            time_ns = writer->part->from_ns;
        }
        trace_counter(writer->trace, writer->tracks[sample->row], told_ps(writer, time_ns), sample->value);
    }
}

/* ---- rows ---- */

static bool orders_fit(const struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->row_count; i++) {
        const struct trace_row *row = &timeline->rows[i];
        if (row->parent != TRACE_NONE && timeline->rows[row->parent].is_group && (row->order < 0 || row->order > 998))
            return false;
    }
    return true;
}

/* Their number among the siblings, where the file's own does not fit. */
static int place_of(const struct timeline *timeline, uint32_t index)
{
    int place = 0;
    for (uint32_t i = 0; i < index; i++)
        place += timeline->rows[i].parent == timeline->rows[index].parent;
    return place;
}

static int tell_rows(struct writer *writer)
{
    const struct timeline *timeline = writer->timeline;
    bool fit = orders_fit(timeline);
    int groups = 0;
    for (uint32_t i = 0; i < timeline->row_count; i++) {
        const struct trace_row *row = &timeline->rows[i];
        trace_track_id above = row->parent == TRACE_NONE ? TRACE_NO_TRACK : writer->tracks[row->parent];
        int order = fit ? row->order : place_of(timeline, i);
        char *name = NULL;
        if (asprintf(&name, "%s%s", writer->part->prefix && row->is_group ? writer->part->prefix : "", row->name) < 0)
            return -1;
        if (row->is_group && row->parent == TRACE_NONE)
            writer->tracks[i] = trace_process(
                writer->trace, name, writer->part->first_order < 0 ? order : writer->part->first_order + groups++);
        else if (row->is_counter)
            writer->tracks[i] = trace_counter_track(writer->trace, above, name, row->unit, order);
        else
            writer->tracks[i] = trace_track(writer->trace, above, name, order);
        free(name);
    }
    return groups;
}

int timeline_write(const struct timeline *timeline, const struct timeline_part *part, struct trace *trace)
{
    size_t rows = timeline->row_count + 1, slices = timeline->slice_count + 2, flows = timeline->flow_count + 1;
    struct writer writer = {
        .timeline = timeline,
        .part = part,
        .trace = trace,
        .tracks = calloc(rows, sizeof *writer.tracks),
        .at = calloc(rows, sizeof *writer.at),
        .until = calloc(rows, sizeof *writer.until),
        .open = calloc(rows, sizeof *writer.open),
        .heap = calloc(rows, sizeof *writer.heap),
        .ids = calloc(flows, sizeof *writer.ids),
        .is_started = calloc(flows, sizeof *writer.is_started),
        .by_from = calloc(flows, sizeof *writer.by_from),
        .first_from = calloc(slices, sizeof *writer.first_from),
        .by_to = calloc(flows, sizeof *writer.by_to),
        .first_to = calloc(slices, sizeof *writer.first_to),
        .flows_out = calloc(flows, sizeof *writer.flows_out),
        .flows_in = calloc(flows, sizeof *writer.flows_in),
    };
    int groups = -1;
    if (writer.tracks && writer.at && writer.until && writer.open && writer.heap && writer.ids && writer.is_started &&
        writer.by_from && writer.first_from && writer.by_to && writer.first_to && writer.flows_out && writer.flows_in)
        groups = tell_rows(&writer);
    if (groups >= 0) {
        tell_samples(&writer);
        choose_flows(&writer);
        tell_slices(&writer);
        trace_texts_move(trace);
    }
    void *all[] = {writer.tracks,   writer.at,         writer.until,   writer.open,       writer.heap,
                   writer.ids,      writer.is_started, writer.by_from, writer.first_from, writer.by_to,
                   writer.first_to, writer.flows_out,  writer.flows_in};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return groups;
}
