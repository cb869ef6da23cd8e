/* pack.c - see pack.h. Columns are listed first, so that the JSON can tell where each will stand; then they are filled.
 * Slices come sorted by row, so a row only tells its first slice and how many it has.
 */
#include "tools/view/pack.h"

#include "tools/json_text.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER != __LITTLE_ENDIAN
#error "columns are written as they stand in memory"
#endif

enum { ALIGNMENT = 8, HEADER = 16, DEEPEST = 255 };
enum column_type { F64, U32, U8 };

/* value - what stands at @i in the column. */
struct column {
    const char *name;
    enum column_type type;
    double (*value)(const struct timeline *timeline, size_t i);
};

static double slice_begin(const struct timeline *timeline, size_t i)
{
    return (double)timeline->slices[i].begin_ns;
}

static double slice_end(const struct timeline *timeline, size_t i)
{
    return (double)timeline->slices[i].end_ns;
}

static double slice_name(const struct timeline *timeline, size_t i)
{
    return timeline->slices[i].name;
}

static double slice_category(const struct timeline *timeline, size_t i)
{
    return timeline->slices[i].category;
}

static double slice_depth(const struct timeline *timeline, size_t i)
{
    uint32_t depth = timeline->slices[i].depth;
    return depth < DEEPEST ? depth : DEEPEST;
}

static double slice_instant(const struct timeline *timeline, size_t i)
{
    return timeline->slices[i].instant;
}

/* The task's number, by which it is looked for. */
static double slice_task(const struct timeline *timeline, size_t i)
{
    const struct trace_slice *slice = &timeline->slices[i];
    const struct trace_value *task = timeline_arg(timeline, slice, "task");
    if (!task)
        task = timeline_arg(timeline, slice, "ordinal");
    if (task && task->kind == TRACE_INT && task->value.i >= 0 && task->value.i < TRACE_NONE)
        return (double)task->value.i;
    if (task && task->kind == TRACE_UINT && task->value.u < TRACE_NONE)
        return (double)task->value.u;
    return TRACE_NONE;
}

static double flow_from(const struct timeline *timeline, size_t i)
{
    return timeline->flows[i].from;
}

static double flow_to(const struct timeline *timeline, size_t i)
{
    return timeline->flows[i].to;
}

static double sample_time(const struct timeline *timeline, size_t i)
{
    return (double)timeline->samples[i].time_ns;
}

static double sample_value(const struct timeline *timeline, size_t i)
{
    return timeline->samples[i].value;
}

static const struct column columns[] = {
    {"begin", F64, slice_begin},        {"end", F64, slice_end},
    {"name", U32, slice_name},          {"category", U32, slice_category},
    {"task", U32, slice_task},          {"depth", U8, slice_depth},
    {"instant", U8, slice_instant},     {"flowFrom", U32, flow_from},
    {"flowTo", U32, flow_to},           {"sampleTime", F64, sample_time},
    {"sampleValue", F64, sample_value},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static size_t column_length(const struct timeline *timeline, const struct column *column)
{
    if (strncmp(column->name, "flow", 4) == 0)
        return timeline->flow_count;
    if (strncmp(column->name, "sample", 6) == 0)
        return timeline->sample_count;
    return timeline->slice_count;
}

static size_t column_size(const struct timeline *timeline, const struct column *column)
{
    static const size_t sizes[] = {[F64] = sizeof(double), [U32] = sizeof(uint32_t), [U8] = sizeof(uint8_t)};
    size_t bytes = column_length(timeline, column) * sizes[column->type];
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void column_fill(const struct timeline *timeline, const struct column *column, unsigned char *at)
{
    size_t count = column_length(timeline, column);
    for (size_t i = 0; i < count; i++) {
        double value = column->value(timeline, i);
        switch (column->type) {
        case F64:
            ((double *)at)[i] = value;
            break;
        case U32:
            ((uint32_t *)at)[i] = (uint32_t)value;
            break;
        case U8:
            at[i] = (uint8_t)value;
            break;
        }
    }
}

/* A list that is sorted by row: for each row where its own begin, and how many they are. */
struct span {
    size_t first, count;
};

#define SPANS_BY_ROW(spans, list, length)                                                                              \
    for (size_t i = (length); i-- > 0;) {                                                                              \
        (spans)[(list)[i].row].first = i;                                                                              \
        (spans)[(list)[i].row].count++;                                                                                \
    }

static json_t *span_json(struct span span)
{
    return json_pack("[I,I]", (json_int_t)span.first, (json_int_t)span.count);
}

static json_t *rows_json(const struct timeline *timeline)
{
    json_t *rows = json_array();
    struct span *slices = calloc(timeline->row_count + 1, sizeof(*slices));
    struct span *samples = calloc(timeline->row_count + 1, sizeof(*samples));
    if (!slices || !samples)
        abort();
    SPANS_BY_ROW(slices, timeline->slices, timeline->slice_count)
    SPANS_BY_ROW(samples, timeline->samples, timeline->sample_count)
    for (size_t i = 0; i < timeline->row_count; i++) {
        const struct trace_row *row = &timeline->rows[i];
        json_t *json = json_object();
        json_object_set_new(json, "name", json_text(row->name ? row->name : ""));
        json_object_set_new(json, "parent", json_integer(row->parent == TRACE_NONE ? -1 : (json_int_t)row->parent));
        if (row->unit)
            json_object_set_new(json, "unit", json_text(row->unit));
        json_object_set_new(json, "group", json_boolean(row->is_group));
        json_object_set_new(json, "counter", json_boolean(row->is_counter));
        json_object_set_new(json, "slices", span_json(slices[i]));
        json_object_set_new(json, "samples", span_json(samples[i]));
        json_array_append_new(rows, json);
    }
    free(slices);
    free(samples);
    return rows;
}

/* Offsets count from the end of the JSON, whose length they would change. */
static json_t *columns_json(const struct timeline *timeline, size_t *size)
{
    static const char *const types[] = {[F64] = "f64", [U32] = "u32", [U8] = "u8"};
    json_t *list = json_object();
    *size = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        json_t *json = json_object();
        json_object_set_new(json, "type", json_string(types[columns[i].type]));
        json_object_set_new(json, "offset", json_integer((json_int_t)*size));
        json_object_set_new(json, "count", json_integer((json_int_t)column_length(timeline, &columns[i])));
        json_object_set_new(list, columns[i].name, json);
        *size += column_size(timeline, &columns[i]);
    }
    return list;
}

unsigned char *pack_timeline(const struct timeline *timeline, const char *title, size_t *size)
{
    json_t *root = json_object(), *strings = json_array();
    size_t columns_size;
    int64_t first_ns, last_ns;
    timeline_span(timeline, &first_ns, &last_ns);
    for (size_t i = 0; i < timeline->string_count; i++)
        json_array_append_new(strings, json_text(timeline->strings[i]));
    json_object_set_new(root, "title", json_text(title));
    json_object_set_new(root, "origin", json_integer(first_ns));
    json_object_set_new(root, "strings", strings);
    json_object_set_new(root, "rows", rows_json(timeline));
    json_object_set_new(root, "columns", columns_json(timeline, &columns_size));
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    if (!text)
        abort();

    /* Blanks at the end of the JSON bring the columns to their place. */
    size_t length = strlen(text), padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    *size = HEADER + padded + columns_size;
    unsigned char *pack = calloc(1, *size), *at = pack + HEADER + padded;
    if (!pack)
        abort();
    memcpy(pack, "DAVVIEW1", 8);
    memcpy(pack + 8, &(uint32_t){(uint32_t)padded}, sizeof(uint32_t));
    memset(pack + HEADER, ' ', padded);
    memcpy(pack + HEADER, text, length);
    free(text);
    for (size_t i = 0; i < COLUMNS; i++) {
        column_fill(timeline, &columns[i], at);
        at += column_size(timeline, &columns[i]);
    }
    return pack;
}
