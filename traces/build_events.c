/* build_events.c - which end belongs to which begin, and what has to wait for that (build.h). */
#include "traces/build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "traces/array.h"

enum { FAR = 1024 };

/* The arguments, then the arrows' ids, lie in one piece of memory. */
struct build_waiting {
    int64_t time_ns;
    size_t order; /* in the file */
    enum build_kind kind;
    enum build_place place;
    int64_t length_ns;
    uint32_t name, category, serial;
    void *memory;
    size_t arg_count, flow_out_count, flow_in_count;
};

struct build_open {
    uint32_t slice;
    struct trace_value *args;
    size_t arg_count, arg_capacity;
};

/* ---- slices ---- */

static void add_flows(struct build *build, const uint64_t *ids, size_t count, uint32_t slice, bool in)
{
    if (count == 0)
        return;
    if (!ARRAY_ROOM(build->flows, build->flow_capacity, build->flow_count, count)) {
        build->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        build->flows[build->flow_count++] = (struct build_flow){ids[i], slice, in};
}

static bool is_kept(const struct build *build, uint32_t name)
{
    for (size_t i = 0; i < build->kept_count; i++)
        if (build->kept[i] == name)
            return true;
    return build->keeps_all;
}

/* The picoseconds that an argument tells beside the nanoseconds of its slice. */
static uint16_t rest_of(const struct trace_value *value)
{
    bool whole = value->kind == TRACE_INT || value->kind == TRACE_UINT;
    return whole && value->value.u < 1000 ? (uint16_t)value->value.u : 0;
}

static void add_args(struct build *build, struct trace_slice *slice, const struct trace_value *args, size_t count)
{
    if (build->arg_count + count >= TRACE_NONE ||
        !ARRAY_ROOM(build->args, build->arg_capacity, build->arg_count, count)) {
        build->out_of_memory = true;
        return;
    }
    slice->first_arg = (uint32_t)build->arg_count;
    for (size_t i = 0; i < count; i++) {
        if (args[i].name == build->begin_ps)
            slice->begin_rest_ps = rest_of(&args[i]);
        else if (args[i].name == build->end_ps)
            slice->end_rest_ps = rest_of(&args[i]);
        if (is_kept(build, args[i].name))
            build->args[build->arg_count++] = args[i];
    }
    slice->arg_count = (uint32_t)build->arg_count - slice->first_arg;
}

static uint32_t add_slice(struct build *build, const struct build_event *event, uint32_t serial)
{
    bool kept = build->slice_count < TRACE_NONE &&
                ARRAY_ROOM(build->slices, build->slice_capacity, build->slice_count, 1) &&
                (!build->faults || ARRAY_ROOM(build->serials, build->serial_capacity, build->slice_count, 1));
    if (!kept) {
        build->out_of_memory = true;
        return TRACE_NONE;
    }
    if (build->faults)
        build->serials[build->slice_count] = serial;
    build->slices[build->slice_count] = (struct trace_slice){
        .row = event->row,
        .name = event->name,
        .category = event->category,
        .parent = TRACE_NONE,
        .begin_ns = event->time_ns,
        .end_ns = event->time_ns,
        .instant = event->kind == BUILD_INSTANT,
    };
    return (uint32_t)build->slice_count++;
}

static void open_args(struct build *build, struct build_open *open, const struct build_event *event)
{
    if (!ARRAY_ROOM(open->args, open->arg_capacity, open->arg_count, event->arg_count)) {
        build->out_of_memory = true;
        return;
    }
    if (event->arg_count)
        memcpy(open->args + open->arg_count, event->args, event->arg_count * sizeof *event->args);
    open->arg_count += event->arg_count;
}

static void do_begin(struct build *build, struct build_row *row, const struct build_event *event, uint32_t serial)
{
    size_t before = row->open_capacity;
    uint32_t slice = add_slice(build, event, serial);
    if (slice == TRACE_NONE || !ARRAY_ROOM(row->open, row->open_capacity, row->open_count, 1)) {
        build->out_of_memory = true;
        return;
    }
    if (row->open_capacity != before)
        memset(row->open + before, 0, (row->open_capacity - before) * sizeof *row->open);
    if (row->open_count)
        build->slices[slice].parent = row->open[row->open_count - 1].slice;
    struct build_open *open = &row->open[row->open_count++];
    open->slice = slice;
    open->arg_count = 0;
    open_args(build, open, event);
    add_flows(build, event->flows_out, event->flow_out_count, slice, false);
    add_flows(build, event->flows_in, event->flow_in_count, slice, true);
}

/* Slices that overlap end in another order than the file tells, and would be drawn wrongly. */
static void check_end(struct build *build, const struct build_row *row, const struct trace_slice *slice)
{
    uint32_t serial = build->serials[slice - build->slices];
    if (build->told_ends[serial] != slice->end_ns)
        build_fault(build, "row '%s': the slice '%s' at %" PRId64 " ns overlaps another one", row->row.name,
                    build->strings.texts[slice->name], slice->begin_ns);
}

static void do_end(struct build *build, struct build_row *row, const struct build_event *event)
{
    if (row->open_count == 0) {
        build_fault(build, "row '%s': a slice ends at %" PRId64 " ns, but none has begun", row->row.name,
                    event->time_ns);
        return;
    }
    struct build_open *open = &row->open[--row->open_count];
    struct trace_slice *slice = &build->slices[open->slice];
    open_args(build, open, event);
    slice->end_ns = event->time_ns;
    add_args(build, slice, open->args, open->arg_count);
    add_flows(build, event->flows_out, event->flow_out_count, open->slice, false);
    add_flows(build, event->flows_in, event->flow_in_count, open->slice, true);
    if (build->faults)
        check_end(build, row, slice);
}

static void do_arrows(struct build *build, struct build_row *row, const struct build_event *event)
{
    uint32_t slice = row->open_count ? row->open[row->open_count - 1].slice : TRACE_NONE;
    if (slice == TRACE_NONE) {
        build_fault(build, "row '%s': an arrow at %" PRId64 " ns, where there is no slice", row->row.name,
                    event->time_ns);
        return;
    }
    add_flows(build, event->flows_out, event->flow_out_count, slice, false);
    add_flows(build, event->flows_in, event->flow_in_count, slice, true);
}

static void do_event(struct build *build, struct build_row *row, const struct build_event *event, uint32_t serial)
{
    if (event->time_ns < row->done_ns)
        build->late = true;
    row->done_ns = event->time_ns;
    if (event->kind == BUILD_BEGIN)
        do_begin(build, row, event, serial);
    else if (event->kind == BUILD_END)
        do_end(build, row, event);
    else
        do_arrows(build, row, event);
}

/* An instant is inside of what is around it in time; that is seen at the end (build_finish.c). */
static void do_instant(struct build *build, const struct build_event *event)
{
    uint32_t slice = add_slice(build, event, 0);
    if (slice == TRACE_NONE)
        return;
    add_args(build, &build->slices[slice], event->args, event->arg_count);
    add_flows(build, event->flows_out, event->flow_out_count, slice, false);
    add_flows(build, event->flows_in, event->flow_in_count, slice, true);
}

/* ---- what waits ---- */

static void wait_turn(struct build *build, struct build_row *row, const struct build_event *event, uint32_t serial)
{
    size_t flows = event->flow_out_count + event->flow_in_count;
    size_t bytes = event->arg_count * sizeof *event->args + flows * sizeof(uint64_t);
    void *memory = bytes ? malloc(bytes) : NULL;
    if ((bytes && !memory) || !ARRAY_ROOM(row->waiting, row->waiting_capacity, row->waiting_count, 1)) {
        free(memory);
        build->out_of_memory = true;
        return;
    }
    struct trace_value *args = memory;
    if (event->arg_count)
        memcpy(args, event->args, event->arg_count * sizeof *args);
    uint64_t *ids = bytes ? (uint64_t *)(args + event->arg_count) : NULL;
    if (event->flow_out_count)
        memcpy(ids, event->flows_out, event->flow_out_count * sizeof *ids);
    if (event->flow_in_count)
        memcpy(ids + event->flow_out_count, event->flows_in, event->flow_in_count * sizeof *ids);
    size_t place = row->waiting_count;
    for (; !build->hold && place && row->waiting[place - 1].time_ns > event->time_ns; place--)
        row->waiting[place] = row->waiting[place - 1];
    build->late |= row->waiting_count - place > FAR; /* one by one that would take too long */
    row->waiting[place] = (struct build_waiting){.time_ns = event->time_ns,
                                                 .order = row->waiting_count,
                                                 .kind = event->kind,
                                                 .place = event->place,
                                                 .length_ns = event->length_ns,
                                                 .name = event->name,
                                                 .category = event->category,
                                                 .serial = serial,
                                                 .memory = memory,
                                                 .arg_count = event->arg_count,
                                                 .flow_out_count = event->flow_out_count,
                                                 .flow_in_count = event->flow_in_count};
    row->waiting_count++;
}

/* Does what waits until @time_ns. */
static void let_go(struct build *build, uint32_t index, int64_t time_ns)
{
    struct build_row *row = &build->rows[index];
    size_t done = 0;
    for (; done < row->waiting_count && row->waiting[done].time_ns <= time_ns; done++) {
        const struct build_waiting *waiting = &row->waiting[done];
        const struct trace_value *args = waiting->memory;
        const uint64_t *ids = args ? (const uint64_t *)(args + waiting->arg_count) : NULL;
        const struct build_event event = {.kind = waiting->kind,
                                          .row = index,
                                          .time_ns = waiting->time_ns,
                                          .name = waiting->name,
                                          .category = waiting->category,
                                          .args = args,
                                          .arg_count = waiting->arg_count,
                                          .flows_out = ids,
                                          .flow_out_count = waiting->flow_out_count,
                                          .flows_in = ids ? ids + waiting->flow_out_count : NULL,
                                          .flow_in_count = waiting->flow_in_count};
        do_event(build, row, &event, waiting->serial);
        free(waiting->memory);
    }
    if (done)
        memmove(row->waiting, row->waiting + done, (row->waiting_count - done) * sizeof *row->waiting);
    row->waiting_count -= done;
}

/* ---- events as they come ---- */

/* What the file's own order says, for check_end and the order of begins. */
static uint32_t note_order(struct build *build, struct build_row *row, const struct build_event *event)
{
    if (event->kind == BUILD_END && row->told_count)
        build->told_ends[row->told[--row->told_count]] = event->time_ns;
    if (event->kind != BUILD_BEGIN)
        return 0;
    if (event->time_ns < row->last_begin_ns)
        build_fault(build, "row '%s': a slice that begins at %" PRId64 " ns comes after one at %" PRId64 " ns",
                    row->row.name, event->time_ns, row->last_begin_ns);
    row->last_begin_ns = event->time_ns;
    if (!ARRAY_ROOM(build->told_ends, build->begin_capacity, build->begin_count, 1) ||
        !ARRAY_ROOM(row->told, row->told_capacity, row->told_count, 1)) {
        build->out_of_memory = true;
        return 0;
    }
    build->told_ends[build->begin_count] = INT64_MIN;
    row->told[row->told_count++] = (uint32_t)build->begin_count;
    return (uint32_t)build->begin_count++;
}

void build_event(struct build *build, const struct build_event *event)
{
    if (event->row == TRACE_NONE || build->out_of_memory)
        return;
    struct build_row *row = &build->rows[event->row];
    uint32_t serial = build->faults ? note_order(build, row, event) : 0;
    if (build->out_of_memory)
        return;
    if (event->time_ns > build->latest_ns)
        build->latest_ns = event->time_ns;
    if (event->kind == BUILD_INSTANT) {
        do_instant(build, event);
    } else if (build->hold || event->kind != BUILD_BEGIN) {
        wait_turn(build, row, event, serial);
    } else {
        let_go(build, event->row, event->time_ns);
        do_event(build, row, event, serial);
    }
}

static int compare_waiting(const void *left, const void *right)
{
    const struct build_waiting *a = left, *b = right;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->length_ns != b->length_ns)
        return (a->length_ns < b->length_ns) == (a->place == BUILD_WHOLE_END) ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void build_end(struct build *build)
{
    for (uint32_t i = 0; i < build->row_count; i++) {
        struct build_row *row = &build->rows[i];
        if (build->hold && row->waiting_count)
            qsort(row->waiting, row->waiting_count, sizeof *row->waiting, compare_waiting);
        let_go(build, i, INT64_MAX);
        while (row->open_count && !build->out_of_memory) {
            const struct trace_slice *slice = &build->slices[row->open[row->open_count - 1].slice];
            if (build->faults)
                build->told_ends[build->serials[slice - build->slices]] = build->latest_ns;
            build_fault(build, "row '%s': the slice '%s' that begins at %" PRId64 " ns never ends", row->row.name,
                        build->strings.texts[slice->name], slice->begin_ns);
            do_end(build, row, &(struct build_event){.kind = BUILD_END, .row = i, .time_ns = build->latest_ns});
        }
    }
}

static void drop_row(struct build_row *row)
{
    for (size_t i = 0; i < row->waiting_count; i++)
        free(row->waiting[i].memory);
    for (size_t i = 0; i < row->open_capacity; i++)
        free(row->open[i].args);
    free(row->waiting);
    free(row->open);
    free(row->told);
}

void build_drop(struct build *build)
{
    for (size_t i = 0; i < build->row_count; i++)
        drop_row(&build->rows[i]);
    strings_clear(&build->strings);
    map_clear(&build->uuids);
    free(build->rows);
    free(build->slices);
    free(build->args);
    free(build->flows);
    free(build->samples);
    free(build->serials);
    free(build->told_ends);
    *build = (struct build){0};
}
