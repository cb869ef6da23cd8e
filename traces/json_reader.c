/* json_reader.c - Chrome's trace event format, as json.c writes it and as others do. Events of kinds that a timeline
 * has no place for (asynchronous ones, objects, samples) are passed over.
 */
#include "traces/packets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traces/array.h"
#include "traces/json_source.h"

/* Keys of rows: of a group its pid; of a thread its group's row and its tid; of a counter its group's row and its name.
 */
#define GROUP   (1ull << 63)
#define COUNTER (1ull << 62)
#define NAMED   (1ull << 32) /* an id that is a text: its index stands below */

/* An instant that has arrows, which are told between its begin and its end. */
struct point {
    bool is_open;
    struct build_event event;
    uint64_t *flows_out, *flows_in;
    size_t out_capacity, in_capacity;
};

struct reader {
    struct build *build;
    struct map rows; /* by key */
    struct trace_value *args;
    size_t arg_capacity;
    uint64_t events;
    struct point point;
    uint64_t uuids;
};

static uint32_t text(struct reader *reader, const char *string)
{
    return build_string(reader->build, string, strlen(string));
}

static const char *member_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Process and thread ids are numbers, in some traces names. */
static uint64_t member_id(struct reader *reader, const json_t *object, const char *name)
{
    const json_t *id = json_object_get(object, name);
    if (json_is_string(id))
        return text(reader, json_string_value(id)) | NAMED;
    return (uint32_t)json_integer_value(id);
}

/* ---- rows ---- */

static uint32_t find_row(struct reader *reader, uint64_t key, bool *is_new)
{
    uint32_t index = map_get(&reader->rows, key);
    *is_new = index == MAP_NONE;
    if (!*is_new)
        return index;
    index = build_row(reader->build, ++reader->uuids);
    if (index == TRACE_NONE || !map_set(&reader->rows, key, index)) {
        reader->build->out_of_memory = true;
        return TRACE_NONE;
    }
    reader->build->rows[index].is_described = true;
    return index;
}

/* What a row is called until the file says it. */
static const char *id_name(struct reader *reader, const char *what, uint64_t id)
{
    char name[40];
    if (id & NAMED)
        return reader->build->strings.texts[(uint32_t)id];
    snprintf(name, sizeof name, "%s %" PRIu64, what, id);
    return build_text(reader->build, name);
}

static uint32_t group_row(struct reader *reader, uint64_t pid)
{
    bool is_new;
    uint32_t index = find_row(reader, GROUP | pid, &is_new);
    if (is_new && index != TRACE_NONE) {
        struct build_row *row = &reader->build->rows[index];
        row->row.is_group = true;
        row->row.name = id_name(reader, "process", pid);
    }
    return index;
}

static void put_below(struct reader *reader, uint32_t index, uint32_t above)
{
    if (index == TRACE_NONE || above == TRACE_NONE)
        return;
    reader->build->rows[index].has_parent = true;
    reader->build->rows[index].parent_uuid = reader->build->rows[above].row.uuid;
}

static uint64_t key_below(uint32_t group, uint64_t id)
{
    return (uint64_t)(group % (1u << 28)) << 33 | id;
}

static uint32_t thread_row(struct reader *reader, uint64_t pid, uint64_t tid)
{
    bool is_new;
    uint32_t group = group_row(reader, pid);
    uint32_t index = find_row(reader, key_below(group, tid), &is_new);
    if (is_new && index != TRACE_NONE) {
        put_below(reader, index, group);
        reader->build->rows[index].row.name = id_name(reader, "thread", tid);
        reader->build->rows[index].row.order = (int32_t)(tid & INT32_MAX);
    }
    return index;
}

static uint32_t counter_row(struct reader *reader, uint64_t pid, const char *name)
{
    bool is_new;
    uint32_t group = group_row(reader, pid), string = text(reader, name);
    uint32_t index = find_row(reader, COUNTER | key_below(group, string), &is_new);
    if (is_new && index != TRACE_NONE) {
        put_below(reader, index, group);
        reader->build->rows[index].row.is_counter = true;
        reader->build->rows[index].row.name = reader->build->strings.texts[string];
    }
    return index;
}

/* What json.c adds for a reader like this one. */
static void read_our_row(struct reader *reader, uint32_t index, uint64_t pid, const json_t *args)
{
    const json_t *above = json_object_get(args, "above");
    const char *name = member_text(args, "row"), *unit = member_text(args, "unit");
    if (!name)
        return;
    uint32_t parent = above ? thread_row(reader, pid, (uint32_t)json_integer_value(above)) : TRACE_NONE;
    struct build_row *row = &reader->build->rows[index];
    row->row.name = build_text(reader->build, name);
    row->row.order = (int32_t)json_integer_value(json_object_get(args, "order"));
    row->is_ordered = true;
    if (unit)
        row->row.unit = build_text(reader->build, unit);
    put_below(reader, index, parent);
}

static void read_metadata(struct reader *reader, const json_t *event)
{
    const char *what = member_text(event, "name");
    const json_t *args = json_object_get(event, "args");
    const char *name = member_text(args, "name");
    uint64_t pid = member_id(reader, event, "pid"), tid = member_id(reader, event, "tid");
    bool is_process = what && strncmp(what, "process_", 8) == 0;
    bool is_thread = what && strncmp(what, "thread_", 7) == 0;
    bool is_counter = what && strcmp(what, "counter_name") == 0 && name;
    if (is_thread && json_is_true(json_object_get(args, "group"))) {
        uint32_t group = group_row(reader, pid);
        if (group == TRACE_NONE || !map_set(&reader->rows, key_below(group, tid), group))
            reader->build->out_of_memory = true;
        return;
    }
    uint32_t index = is_process   ? group_row(reader, pid)
                     : is_thread  ? thread_row(reader, pid, tid)
                     : is_counter ? counter_row(reader, pid, name)
                                  : TRACE_NONE;
    if (index == TRACE_NONE)
        return;
    struct build_row *row = &reader->build->rows[index];
    if (strstr(what, "_sort_index") && !row->is_ordered) {
        row->row.order = (int32_t)json_integer_value(json_object_get(args, "sort_index"));
    } else if (strstr(what, "_name") && name) {
        row->row.name = build_text(reader->build, name);
        read_our_row(reader, index, pid, args);
    }
}

/* ---- events ---- */

/* Numbers that doubles do not hold, and addresses, are strings in JSON. */
static void read_string(struct reader *reader, const char *string, struct trace_value *value)
{
    char *end = NULL;
    bool is_hex =
        strncmp(string, "0x", 2) == 0 && string[2] && strspn(string + 2, "0123456789abcdef") == strlen(string + 2);
    bool is_long = strlen(string) >= 16 && strlen(string) <= 20 &&
                   strspn(string + (*string == '-'), "0123456789") == strlen(string) - (*string == '-');
    value->kind = TRACE_STRING;
    if (is_hex && strlen(string) <= 18) {
        value->kind = TRACE_POINTER;
        value->value.u = strtoull(string, &end, 16);
    } else if (is_long && *string == '-') {
        value->kind = TRACE_INT;
        value->value.i = strtoll(string, &end, 10);
    } else if (is_long) {
        value->kind = TRACE_UINT;
        value->value.u = strtoull(string, &end, 10);
    } else if (strcmp(string, "nan") == 0 || strcmp(string, "-nan") == 0 || strcmp(string, "inf") == 0 ||
               strcmp(string, "-inf") == 0) {
        value->kind = TRACE_DOUBLE;
        value->value.d = strtod(string, &end);
    } else {
        value->value.s = text(reader, string);
    }
}

static bool read_arg(struct reader *reader, const json_t *json, struct trace_value *value)
{
    if (json_is_integer(json)) {
        value->kind = TRACE_INT;
        value->value.i = json_integer_value(json);
    } else if (json_is_real(json)) {
        value->kind = TRACE_DOUBLE;
        value->value.d = json_real_value(json);
    } else if (json_is_boolean(json)) {
        value->kind = TRACE_BOOL;
        value->value.b = json_is_true(json);
    } else if (json_is_string(json)) {
        read_string(reader, json_string_value(json), value);
    } else {
        return false; /* nested */
    }
    return true;
}

static size_t read_args(struct reader *reader, const json_t *event)
{
    json_t *args = json_object_get(event, "args"), *value;
    const char *name;
    size_t count = 0;
    if (!ARRAY_ROOM(reader->args, reader->arg_capacity, 0, json_object_size(args) + 1)) {
        reader->build->out_of_memory = true;
        return 0;
    }
    json_object_foreach (args, name, value) {
        memset(&reader->args[count], 0, sizeof *reader->args);
        reader->args[count].name = text(reader, name);
        count += read_arg(reader, value, &reader->args[count]);
    }
    return count;
}

/* Microseconds, a number with a fraction. */
static bool read_time(const json_t *event, const char *name, int64_t *ns)
{
    const json_t *us = json_object_get(event, name);
    double value = json_number_value(us) * 1000;
    if (!json_is_number(us) || !(value >= 0) || value > 9e18)
        return false;
    *ns = llround(value);
    return true;
}

/* Others tell arrows apart by category and name, too. */
static uint64_t arrow_id(struct reader *reader, const json_t *event)
{
    const json_t *id = json_object_get(event, "id");
    const char *name = member_text(event, "name"), *category = member_text(event, "cat");
    uint64_t value =
        json_is_string(id) ? text(reader, json_string_value(id)) | 1ull << 31 : (uint64_t)json_integer_value(id);
    if (category && strcmp(category, "arrow") == 0)
        return value;
    return value ^ (uint64_t)text(reader, name ? name : "") << 40 ^
           (uint64_t)text(reader, category ? category : "") << 52;
}

static void point_arrow(struct reader *reader, uint64_t id, bool in)
{
    struct point *point = &reader->point;
    if (!ARRAY_ROOM(point->flows_in, point->in_capacity, point->event.flow_in_count, 1) ||
        !ARRAY_ROOM(point->flows_out, point->out_capacity, point->event.flow_out_count, 1)) {
        reader->build->out_of_memory = true;
        return;
    }
    if (in)
        point->flows_in[point->event.flow_in_count++] = id;
    else
        point->flows_out[point->event.flow_out_count++] = id;
}

static void tell_point(struct reader *reader)
{
    struct point *point = &reader->point;
    if (!point->is_open)
        return;
    point->is_open = false;
    point->event.flows_out = point->flows_out;
    point->event.flows_in = point->flows_in;
    build_event(reader->build, &point->event);
}

static void read_arrow(struct reader *reader, const json_t *event, struct build_event *built, char phase)
{
    uint64_t id = arrow_id(reader, event);
    if (reader->point.is_open && reader->point.event.row == built->row) {
        point_arrow(reader, id, phase == 'f');
        return;
    }
    built->kind = BUILD_ARROWS;
    if (phase == 'f') {
        built->flows_in = &id;
        built->flow_in_count = 1;
    } else {
        built->flows_out = &id;
        built->flow_out_count = 1;
    }
    build_event(reader->build, built);
}

static void read_slice(struct reader *reader, const json_t *event, struct build_event *built, char phase)
{
    const char *name = member_text(event, "name"), *category = member_text(event, "cat");
    int64_t length_ns = 0;
    tell_point(reader);
    built->name = name ? text(reader, name) : 0;
    built->category = category ? text(reader, category) : 0;
    built->arg_count = read_args(reader, event);
    built->args = reader->args;
    built->kind = phase == 'E' ? BUILD_END : phase == 'B' || phase == 'X' ? BUILD_BEGIN : BUILD_INSTANT;
    if (json_is_true(json_object_get(event, "instant"))) {
        built->kind = BUILD_INSTANT;
        reader->point.event = *built; /* its arguments stay where they are until the next slice */
        reader->point.is_open = phase == 'B';
        return;
    }
    if (phase == 'X') {
        reader->build->late |= !reader->build->hold; /* their order is another one */
        if (!read_time(event, "dur", &length_ns) || length_ns > INT64_MAX - built->time_ns)
            length_ns = 0;
        built->place = BUILD_WHOLE_BEGIN;
        built->length_ns = length_ns;
    }
    build_event(reader->build, built);
    if (phase == 'X') {
        const struct build_event ends = {.kind = BUILD_END,
                                         .row = built->row,
                                         .time_ns = built->time_ns + length_ns,
                                         .place = length_ns ? BUILD_WHOLE_END : BUILD_WHOLE_BEGIN,
                                         .length_ns = length_ns};
        build_event(reader->build, &ends);
    }
}

static void read_counter(struct reader *reader, const json_t *event, uint64_t pid, int64_t time_ns)
{
    json_t *args = json_object_get(event, "args"), *value;
    const char *name = member_text(event, "name"), *key;
    json_object_foreach (args, key, value) {
        char both[256];
        bool is_alone = strcmp(key, "value") == 0 || json_object_size(args) == 1;
        double number = json_is_number(value)   ? json_number_value(value)
                        : json_is_string(value) ? strtod(json_string_value(value), NULL)
                                                : 0;
        snprintf(both, sizeof both, "%s %s", name ? name : "", key);
        build_sample(reader->build, counter_row(reader, pid, is_alone && name ? name : both), time_ns, number);
    }
}

static void read_event(struct reader *reader, const json_t *event)
{
    const char *phase = member_text(event, "ph");
    struct build_event built = {0};
    if (!phase || !*phase)
        return;
    if (*phase == 'M') {
        read_metadata(reader, event);
        return;
    }
    if (!strchr("BEXiIRCstf", *phase))
        return;
    uint64_t pid = member_id(reader, event, "pid");
    if (!read_time(event, "ts", &built.time_ns)) {
        build_fault(reader->build, "event %" PRIu64 ": it has no time", reader->events);
        return;
    }
    if (*phase == 'C') {
        read_counter(reader, event, pid, built.time_ns);
        return;
    }
    built.row = thread_row(reader, pid, member_id(reader, event, "tid"));
    if (strchr("stf", *phase))
        read_arrow(reader, event, &built, *phase);
    else
        read_slice(reader, event, &built, *phase);
}

int json_read(struct source *source, struct build *build, char *error, size_t error_size)
{
    struct reader reader = {.build = build};
    struct json_source events = {.source = source};
    json_t *event;
    int result;
    while ((result = json_next(&events, &event, error, error_size)) == 1) {
        if (json_is_object(event))
            read_event(&reader, event);
        reader.events++;
        json_decref(event);
        if (build->late || build->out_of_memory) {
            result = 0;
            break;
        }
    }
    tell_point(&reader);
    map_clear(&reader.rows);
    free(reader.point.flows_out);
    free(reader.point.flows_in);
    free(reader.args);
    if (result == 0 && reader.events == 0) {
        snprintf(error, error_size, "it holds no events");
        result = -1;
    }
    return result;
}
