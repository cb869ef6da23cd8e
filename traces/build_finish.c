/* build_finish.c - what a reader has put together becomes a timeline: rows in the order of a viewer, slices and samples
 * sorted, instants inside of what is around them, the two ends of each arrow joined.
 */
#include <stdlib.h>
#include <string.h>

#include "traces/build.h"

/* ---- rows ---- */

/* A thread that names no parent belongs to the group with its process id. */
static void find_parents(struct build *build)
{
    struct map groups = {0};
    for (uint32_t i = 0; i < build->row_count; i++)
        if (build->rows[i].row.is_group && !map_set(&groups, (uint32_t)build->rows[i].pid, i))
            build->out_of_memory = true;
    for (uint32_t i = 0; i < build->row_count; i++) {
        struct build_row *row = &build->rows[i];
        if (row->has_parent)
            row->row.parent = map_get(&build->uuids, row->parent_uuid);
        else if (row->is_thread)
            row->row.parent = map_get(&groups, (uint32_t)row->pid);
        if (row->row.parent == i)
            row->row.parent = TRACE_NONE;
    }
    map_clear(&groups);
}

struct sibling {
    uint32_t row, parent; /* as they were made; the parent plus one, 0 is none */
    int32_t order;
};

static int compare_siblings(const void *left, const void *right)
{
    const struct sibling *a = left, *b = right;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Places rows from the roots down. @next is where the siblings below each row go on. A row that no root leads to, as
 * in a damaged file, becomes a root. */
static void place_rows(const struct build *build, const struct sibling *siblings, uint32_t *next, uint32_t *places)
{
    uint32_t count = (uint32_t)build->row_count, placed = 0;
    memset(places, 0xff, count * sizeof *places);
    for (uint32_t i = 0; i < count; i++) /* none has a row below it so far */
        next[i] = TRACE_NONE;
    for (uint32_t i = count; i-- > 0;)
        if (siblings[i].parent)
            next[siblings[i].parent - 1] = i;
    for (uint32_t root = 0; placed < count; root++) {
        /* the roots stand first among the siblings; then come rows that may have been missed */
        uint32_t row = siblings[root].row;
        if (places[row] != TRACE_NONE)
            continue;
        build->rows[row].row.parent = TRACE_NONE;
        for (places[row] = placed++; row != TRACE_NONE;) {
            uint32_t below = next[row];
            if (below < count && siblings[below].parent == row + 1) {
                next[row] = below + 1;
                if (places[siblings[below].row] == TRACE_NONE)
                    places[row = siblings[below].row] = placed++;
            } else {
                row = build->rows[row].row.parent;
            }
        }
    }
}

/* The index that each row will have. NULL when out of memory. */
static uint32_t *order_rows(struct build *build)
{
    size_t count = build->row_count;
    struct sibling *siblings = malloc((count + 1) * sizeof *siblings);
    uint32_t *next = malloc((count + 1) * sizeof *next), *places = malloc((count + 1) * sizeof *places);
    if (siblings && next && places) {
        find_parents(build);
        for (uint32_t i = 0; i < count; i++)
            siblings[i] = (struct sibling){i, build->rows[i].row.parent + 1, build->rows[i].row.order};
        qsort(siblings, count, sizeof *siblings, compare_siblings);
        place_rows(build, siblings, next, places);
    } else {
        free(places);
        places = NULL;
    }
    free(siblings);
    free(next);
    return places;
}

static bool make_rows(struct build *build, const uint32_t *places, struct timeline *timeline)
{
    timeline->rows = malloc((build->row_count + 1) * sizeof *timeline->rows);
    if (!timeline->rows)
        return false;
    timeline->row_count = build->row_count;
    for (size_t i = 0; i < build->row_count; i++) {
        struct trace_row *row = &timeline->rows[places[i]];
        *row = build->rows[i].row;
        if (row->parent != TRACE_NONE)
            row->parent = places[row->parent];
    }
    return true;
}

/* ---- slices and samples ---- */

/* Indices of @count items of @size bytes at @items, which begin with their row, sorted by row; those of a row stay in
 * order. @starts: receives where each row's begin; room for one more than there are rows. */
static void sort_by_row(const void *items, size_t count, size_t size, const uint32_t *places, size_t row_count,
                        size_t *starts, uint32_t *sorted)
{
    const char *item = items;
    memset(starts, 0, (row_count + 1) * sizeof *starts);
    for (size_t i = 0; i < count; i++)
        starts[places[*(const uint32_t *)(item + i * size)] + 1]++;
    for (size_t i = 0; i < row_count; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++)
        sorted[starts[places[*(const uint32_t *)(item + i * size)]]++] = (uint32_t)i;
    memmove(starts + 1, starts, row_count * sizeof *starts); /* each has come to the begin of the next one */
    starts[0] = 0;
}

static int compare_slices(const void *left, const void *right, void *context)
{
    const struct trace_slice *slices = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (slices[a].begin_ns != slices[b].begin_ns)
        return slices[a].begin_ns < slices[b].begin_ns ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int compare_samples(const void *left, const void *right, void *context)
{
    const struct trace_sample *samples = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (samples[a].time_ns != samples[b].time_ns)
        return samples[a].time_ns < samples[b].time_ns ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* Most rows are in order already; instants, and what a scheduler tells of others, are not. */
static void sort_rows(uint32_t *sorted, const size_t *starts, size_t row_count,
                      int (*compare)(const void *, const void *, void *), void *items)
{
    for (size_t row = 0; row < row_count; row++) {
        size_t i = starts[row] + 1;
        while (i < starts[row + 1] && compare(&sorted[i - 1], &sorted[i], items) < 0)
            i++;
        if (i < starts[row + 1])
            qsort_r(sorted + starts[row], starts[row + 1] - starts[row], sizeof *sorted, compare, items);
    }
}

/* Depths, and the slices around instants. */
static void nest(struct timeline *timeline)
{
    uint32_t last = TRACE_NONE; /* the last slice that has begun on this row */
    for (uint32_t i = 0; i < timeline->slice_count; i++) {
        struct trace_slice *slice = &timeline->slices[i];
        if (last != TRACE_NONE && timeline->slices[last].row != slice->row)
            last = TRACE_NONE;
        if (slice->instant) {
            slice->parent = last;
            while (slice->parent != TRACE_NONE && timeline->slices[slice->parent].end_ns < slice->begin_ns)
                slice->parent = timeline->slices[slice->parent].parent;
        } else {
            last = i;
        }
        slice->depth = slice->parent == TRACE_NONE ? 0 : timeline->slices[slice->parent].depth + 1;
    }
}

/* Sorts the slices into @timeline; @moved: receives where each has gone. */
static bool make_slices(struct build *build, const uint32_t *places, size_t *starts, struct timeline *timeline,
                        uint32_t *moved)
{
    size_t count = build->slice_count;
    uint32_t *sorted = malloc((count + 1) * sizeof *sorted);
    timeline->slices = malloc((count + 1) * sizeof *timeline->slices);
    if (!sorted || !timeline->slices) {
        free(sorted);
        return false;
    }
    timeline->slice_count = count;
    sort_by_row(build->slices, count, sizeof *build->slices, places, build->row_count, starts, sorted);
    sort_rows(sorted, starts, build->row_count, compare_slices, build->slices);
    for (size_t i = 0; i < count; i++)
        moved[sorted[i]] = (uint32_t)i;
    for (size_t i = 0; i < count; i++) {
        struct trace_slice *slice = &timeline->slices[i];
        *slice = build->slices[sorted[i]];
        slice->row = places[slice->row];
        if (slice->parent != TRACE_NONE)
            slice->parent = moved[slice->parent];
    }
    free(sorted);
    free(build->slices);
    build->slices = NULL;
    nest(timeline);
    return true;
}

static bool make_samples(struct build *build, const uint32_t *places, size_t *starts, struct timeline *timeline)
{
    size_t count = build->sample_count;
    uint32_t *sorted = malloc((count + 1) * sizeof *sorted);
    timeline->samples = malloc((count + 1) * sizeof *timeline->samples);
    bool made = sorted && timeline->samples;
    if (made) {
        sort_by_row(build->samples, count, sizeof *build->samples, places, build->row_count, starts, sorted);
        sort_rows(sorted, starts, build->row_count, compare_samples, build->samples);
        for (size_t i = 0; i < count; i++) {
            timeline->samples[i] = build->samples[sorted[i]];
            timeline->samples[i].row = places[timeline->samples[i].row];
        }
        timeline->sample_count = count;
    }
    free(sorted);
    return made;
}

/* ---- arrows ---- */

/* By id; those with the same id stay in order. Ids are small numbers or large noise: a pass of the radix sort whose
 * digit is the same everywhere has nothing to do. */
static bool sort_ends(struct build_flow *ends, size_t count)
{
    enum { BITS = 11, DIGITS = 1 << BITS };
    struct build_flow *other = malloc((count + 1) * sizeof *other), *from = ends, *to = other;
    size_t *places = malloc((DIGITS + 1) * sizeof *places);
    for (int shift = 0; other && places && shift < 64; shift += BITS) {
        memset(places, 0, (DIGITS + 1) * sizeof *places);
        for (size_t i = 0; i < count; i++)
            places[(from[i].id >> shift) % DIGITS + 1]++;
        if (count && places[(from[0].id >> shift) % DIGITS + 1] == count)
            continue;
        for (int digit = 0; digit < DIGITS; digit++)
            places[digit + 1] += places[digit];
        for (size_t i = 0; i < count; i++)
            to[places[(from[i].id >> shift) % DIGITS]++] = from[i];
        struct build_flow *swap = from;
        from = to;
        to = swap;
    }
    bool done = other && places;
    if (done && from != ends)
        memcpy(ends, from, count * sizeof *ends);
    free(places);
    free(other);
    return done;
}

static int compare_ends(const void *left, const void *right, void *context)
{
    const struct trace_slice *slices = context;
    const struct build_flow *a = left, *b = right;
    int64_t first = slices[a->slice].begin_ns, second = slices[b->slice].begin_ns;
    if (first != second)
        return first < second ? -1 : 1;
    return a->in != b->in ? a->in - b->in : a->slice < b->slice ? -1 : a->slice > b->slice;
}

/* The @count ends of one arrow. Ours have one start and one end. Elsewhere an arrow goes on from slice to slice in the
 * order of time, until an end. */
static void join(struct timeline *timeline, struct build_flow *ends, size_t count)
{
    if (count == 2 && ends[0].in != ends[1].in) {
        const struct build_flow *from = &ends[ends[0].in], *to = &ends[!ends[0].in];
        timeline->flows[timeline->flow_count++] = (struct trace_flow){from->slice, to->slice, from->id};
        return;
    }
    qsort_r(ends, count, sizeof *ends, compare_ends, timeline->slices);
    uint32_t from = TRACE_NONE;
    bool drawn = true; /* an arrow leads to or from what is at @from */
    for (size_t i = 0; i < count; i++) {
        if (from != TRACE_NONE || ends[i].in)
            timeline->flows[timeline->flow_count++] = (struct trace_flow){from, ends[i].slice, ends[i].id};
        drawn = from != TRACE_NONE || ends[i].in;
        from = ends[i].in ? TRACE_NONE : ends[i].slice;
    }
    if (!drawn)
        timeline->flows[timeline->flow_count++] = (struct trace_flow){from, TRACE_NONE, ends[0].id};
}

/* Arrows as ours: numbered without large gaps, with one start and one end each, so each has a place. False: they are
 * not, or there is no memory; nothing has changed then. */
static bool place_flows(const struct build_flow *ends, size_t count, struct timeline *timeline)
{
    uint64_t first = UINT64_MAX, last = 0;
    for (size_t i = 0; i < count; i++) {
        first = ends[i].id < first ? ends[i].id : first;
        last = ends[i].id > last ? ends[i].id : last;
    }
    if (count == 0 || last - first >= count)
        return false;
    struct trace_flow *flows = malloc((last - first + 1) * sizeof *flows);
    if (!flows)
        return false;
    for (uint64_t i = 0; i <= last - first; i++)
        flows[i] = (struct trace_flow){TRACE_NONE, TRACE_NONE, first + i};
    for (size_t i = 0; i < count; i++) {
        struct trace_flow *flow = &flows[ends[i].id - first];
        uint32_t *end = ends[i].in ? &flow->to : &flow->from;
        if (*end != TRACE_NONE) {
            free(flows);
            return false;
        }
        *end = ends[i].slice;
    }
    for (uint64_t i = 0; i <= last - first; i++)
        if (flows[i].from != TRACE_NONE || flows[i].to != TRACE_NONE)
            flows[timeline->flow_count++] = flows[i];
    timeline->flows = flows;
    return true;
}

static bool make_flows(struct build *build, const uint32_t *moved, struct timeline *timeline)
{
    size_t count = build->flow_count;
    struct build_flow *ends = build->flows;
    for (size_t i = 0; i < count; i++)
        ends[i].slice = moved[ends[i].slice];
    if (place_flows(ends, count, timeline))
        return true;
    timeline->flows = malloc((count + 1) * sizeof *timeline->flows);
    if (!timeline->flows || !sort_ends(ends, count))
        return false;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && ends[to].id == ends[from].id;)
            to++;
        join(timeline, ends + from, to - from);
    }
    return true;
}

/* ---- all of it ---- */

/* Clocks that count from 1970 have come further than picoseconds in 64 bits do: then time begins with the trace. */
static void begin_at_zero(struct timeline *timeline)
{
    int64_t first_ns, last_ns;
    timeline_span(timeline, &first_ns, &last_ns);
    if (last_ns <= INT64_MAX / 1000)
        return;
    timeline->origin_ns = first_ns;
    for (size_t i = 0; i < timeline->slice_count; i++) {
        timeline->slices[i].begin_ns -= first_ns;
        timeline->slices[i].end_ns -= first_ns;
    }
    for (size_t i = 0; i < timeline->sample_count; i++)
        timeline->samples[i].time_ns -= first_ns;
}

static bool make(struct build *build, struct timeline *timeline)
{
    uint32_t *places = order_rows(build);
    uint32_t *moved = malloc((build->slice_count + 1) * sizeof *moved);
    size_t *starts = malloc((build->row_count + 2) * sizeof *starts);
    bool made = places && moved && starts && !build->out_of_memory && make_rows(build, places, timeline) &&
                make_slices(build, places, starts, timeline, moved) && make_samples(build, places, starts, timeline) &&
                make_flows(build, moved, timeline);
    if (made)
        begin_at_zero(timeline);
    free(places);
    free(moved);
    free(starts);
    return made;
}

struct timeline *build_finish(struct build *build)
{
    struct whole *whole = calloc(1, sizeof *whole);
    if (whole && !make(build, &whole->timeline)) {
        timeline_free(&whole->timeline);
        whole = NULL;
    }
    if (whole) {
        struct timeline *timeline = &whole->timeline;
        whole->strings = build->strings;
        build->strings = (struct strings){0};
        timeline->strings = whole->strings.texts;
        timeline->string_count = whole->strings.count;
        timeline->args = build->args;
        timeline->arg_count = build->arg_count;
        build->args = NULL;
    }
    build_drop(build);
    return whole ? &whole->timeline : NULL;
}
