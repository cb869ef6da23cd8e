/* perfetto_reader.c - Perfetto packets, one at a time. Fields that the schema does not name are skipped. */
#include "traces/packets.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traces/arena.h"
#include "traces/array.h"
#include "traces/sequence.h"

typedef Perfetto__Protos__TracePacket packet_message;
typedef Perfetto__Protos__TrackEvent event_message;
typedef Perfetto__Protos__TrackDescriptor track_message;
typedef Perfetto__Protos__DebugAnnotation arg_message;

enum { PACKET_TAG = 1 << 3 | 2, MAX_HEAD = 11, MAX_PACKET_BYTES = 1 << 26 };

struct reader {
    struct build *build;
    struct arena arena;
    struct sequence *sequences;
    size_t sequence_count, sequence_capacity;
    struct map sequence_ids;
    struct trace_value *args; /* of the event that is read */
    size_t arg_capacity;
    uint64_t packets, tracks, events;
    bool is_compressed;
};

/* ---- strings ---- */

static uint32_t text(struct reader *reader, const char *string)
{
    return build_string(reader->build, string, strlen(string));
}

static void intern(struct reader *reader, struct sequence *sequence, enum sequence_table table, uint64_t iid,
                   const char *string, size_t length)
{
    if (!map_set(&sequence->tables[table], iid, build_string(reader->build, string, length)))
        reader->build->out_of_memory = true;
}

static void read_interned(struct reader *reader, struct sequence *sequence, const Perfetto__Protos__InternedData *data)
{
    for (size_t i = 0; i < data->n_event_names; i++)
        if (data->event_names[i]->name)
            intern(reader, sequence, SEQUENCE_NAMES, data->event_names[i]->iid, data->event_names[i]->name,
                   strlen(data->event_names[i]->name));
    for (size_t i = 0; i < data->n_event_categories; i++)
        if (data->event_categories[i]->name)
            intern(reader, sequence, SEQUENCE_CATEGORIES, data->event_categories[i]->iid,
                   data->event_categories[i]->name, strlen(data->event_categories[i]->name));
    for (size_t i = 0; i < data->n_debug_annotation_names; i++)
        if (data->debug_annotation_names[i]->name)
            intern(reader, sequence, SEQUENCE_ARG_NAMES, data->debug_annotation_names[i]->iid,
                   data->debug_annotation_names[i]->name, strlen(data->debug_annotation_names[i]->name));
    for (size_t i = 0; i < data->n_debug_annotation_string_values; i++) {
        const Perfetto__Protos__InternedString *entry = data->debug_annotation_string_values[i];
        intern(reader, sequence, SEQUENCE_ARG_STRINGS, entry->iid, entry->str.len ? (const char *)entry->str.data : "",
               entry->str.len);
    }
}

static uint32_t interned(struct reader *reader, const struct sequence *sequence, enum sequence_table table,
                         uint64_t iid)
{
    static const char *const tables[] = {"name", "category", "argument name", "argument"};
    uint32_t string = map_get(&sequence->tables[table], iid);
    if (string != MAP_NONE)
        return string;
    build_fault(reader->build, "packet %" PRIu64 ": its %s is string %" PRIu64 ", which no packet before has told",
                reader->packets, tables[table], iid);
    return 0;
}

/* ---- tracks ---- */

static const char *unit_of(struct reader *reader, const Perfetto__Protos__CounterDescriptor *counter)
{
    if (counter->unit_name && *counter->unit_name)
        return build_text(reader->build, counter->unit_name);
    if (counter->unit == PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_TIME_NS)
        return "ns";
    return counter->unit == PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_SIZE_BYTES ? "bytes" : NULL;
}

static void read_track(struct reader *reader, const track_message *track)
{
    uint32_t index = build_row(reader->build, track->uuid);
    if (index == TRACE_NONE)
        return;
    struct build_row *row = &reader->build->rows[index];
    const char *name = track->name ? track->name : track->static_name;
    row->is_described = true;
    row->row.order = track->sibling_order_rank;
    row->has_parent = track->has_parent_uuid && track->parent_uuid;
    row->parent_uuid = track->parent_uuid;
    if (track->process) {
        row->row.is_group = true;
        row->pid = track->process->pid;
        row->row.order = track->process->has_legacy_sort_index ? track->process->legacy_sort_index : row->row.order;
        name = name ? name : track->process->process_name;
    } else if (track->thread) {
        row->is_thread = true;
        row->pid = track->thread->pid;
        name = name ? name : track->thread->thread_name;
    }
    if (track->counter) {
        row->row.is_counter = true;
        row->row.unit = unit_of(reader, track->counter);
    }
    if (name)
        row->row.name = build_text(reader->build, name);
    reader->tracks++;
}

/* ---- events ---- */

static bool read_arg(struct reader *reader, const struct sequence *sequence, const arg_message *arg,
                     struct trace_value *value)
{
    value->name = arg->name_field_case == PERFETTO__PROTOS__DEBUG_ANNOTATION__NAME_FIELD_NAME_IID
                      ? interned(reader, sequence, SEQUENCE_ARG_NAMES, arg->name_iid)
                  : arg->name_field_case ? text(reader, arg->name)
                                         : 0;
    switch (arg->value_case) {
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_BOOL_VALUE:
        value->kind = TRACE_BOOL;
        value->value.b = arg->bool_value;
        return true;
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_UINT_VALUE:
        value->kind = TRACE_UINT;
        value->value.u = arg->uint_value;
        return true;
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_INT_VALUE:
        value->kind = TRACE_INT;
        value->value.i = arg->int_value;
        return true;
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_DOUBLE_VALUE:
        value->kind = TRACE_DOUBLE;
        value->value.d = arg->double_value;
        return true;
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_POINTER_VALUE:
        value->kind = TRACE_POINTER;
        value->value.u = arg->pointer_value;
        return true;
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_STRING_VALUE:
        value->kind = TRACE_STRING;
        value->value.s = text(reader, arg->string_value);
        return true;
    case PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_STRING_VALUE_IID:
        value->kind = TRACE_STRING;
        value->value.s = interned(reader, sequence, SEQUENCE_ARG_STRINGS, arg->string_value_iid);
        return true;
    default:
        return false;
    }
}

static size_t read_args(struct reader *reader, const struct sequence *sequence, const event_message *event)
{
    size_t count = 0;
    if (!ARRAY_ROOM(reader->args, reader->arg_capacity, 0, event->n_debug_annotations + 1)) {
        reader->build->out_of_memory = true;
        return 0;
    }
    for (size_t i = 0; i < event->n_debug_annotations; i++) {
        memset(&reader->args[count], 0, sizeof *reader->args);
        count += read_arg(reader, sequence, event->debug_annotations[i], &reader->args[count]);
    }
    return count;
}

static uint32_t name_of(struct reader *reader, const struct sequence *sequence, const event_message *event)
{
    if (event->name_field_case == PERFETTO__PROTOS__TRACK_EVENT__NAME_FIELD_NAME_IID)
        return interned(reader, sequence, SEQUENCE_NAMES, event->name_iid);
    return event->name_field_case ? text(reader, event->name) : 0;
}

static uint32_t category_of(struct reader *reader, const struct sequence *sequence, const event_message *event)
{
    if (event->n_category_iids)
        return interned(reader, sequence, SEQUENCE_CATEGORIES, event->category_iids[0]);
    return event->n_categories ? text(reader, event->categories[0]) : 0;
}

static void read_slice(struct reader *reader, const struct sequence *sequence, const event_message *event,
                       struct build_event *built)
{
    if (built->kind != BUILD_END) {
        built->name = name_of(reader, sequence, event);
        built->category = category_of(reader, sequence, event);
    }
    built->arg_count = read_args(reader, sequence, event);
    built->args = reader->args;
    built->flows_out = event->flow_ids;
    built->flow_out_count = event->n_flow_ids;
    built->flows_in = event->terminating_flow_ids;
    built->flow_in_count = event->n_terminating_flow_ids;
    build_event(reader->build, built);
}

static void read_event(struct reader *reader, struct sequence *sequence, const packet_message *packet)
{
    const event_message *event = packet->track_event;
    uint64_t time_ns = sequence_time(sequence, packet);
    uint64_t track = event->has_track_uuid ? event->track_uuid : sequence->default_track;
    struct build_event built = {.row = build_row(reader->build, track), .time_ns = (int64_t)time_ns};
    if (!packet->has_timestamp || time_ns > INT64_MAX) {
        build_fault(reader->build, "packet %" PRIu64 ": its event has no time", reader->packets);
        return;
    }
    if (built.row == TRACE_NONE)
        return;
    const struct build_row *row = &reader->build->rows[built.row];
    if (!row->is_described)
        build_fault(reader->build,
                    "packet %" PRIu64 ": an event on track %" PRIu64 ", which no packet before describes",
                    reader->packets, track);
    reader->events++;
    if (event->type == PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_COUNTER) {
        double value =
            event->counter_value_field_case == PERFETTO__PROTOS__TRACK_EVENT__COUNTER_VALUE_FIELD_DOUBLE_COUNTER_VALUE
                ? event->double_counter_value
                : (double)event->counter_value;
        build_sample(reader->build, built.row, built.time_ns, value);
        return;
    }
    if (event->type == PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN)
        built.kind = BUILD_BEGIN;
    else if (event->type == PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_END)
        built.kind = BUILD_END;
    else if (event->type == PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_INSTANT)
        built.kind = BUILD_INSTANT;
    else
        return;
    read_slice(reader, sequence, event, &built);
}

/* ---- packets ---- */

static struct sequence *sequence_of(struct reader *reader, uint32_t id)
{
    uint32_t index = map_get(&reader->sequence_ids, id);
    if (index != MAP_NONE)
        return &reader->sequences[index];
    if (!ARRAY_ROOM(reader->sequences, reader->sequence_capacity, reader->sequence_count, 1) ||
        !map_set(&reader->sequence_ids, id, (uint32_t)reader->sequence_count)) {
        reader->build->out_of_memory = true;
        return NULL;
    }
    reader->sequences[reader->sequence_count] = (struct sequence){0};
    return &reader->sequences[reader->sequence_count++];
}

static void read_packet(struct reader *reader, const packet_message *packet)
{
    struct sequence *sequence = sequence_of(reader, packet->trusted_packet_sequence_id);
    if (!sequence)
        return;
    if (packet->previous_packet_dropped)
        sequence->is_valid = false;
    if (packet->sequence_flags & PERFETTO__PROTOS__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_INCREMENTAL_STATE_CLEARED) {
        sequence_clear(sequence);
        sequence->is_valid = true;
    }
    if (packet->trace_packet_defaults)
        sequence_defaults(sequence, packet->trace_packet_defaults);
    if (packet->interned_data)
        read_interned(reader, sequence, packet->interned_data);
    if (packet->data_case == PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_DESCRIPTOR)
        read_track(reader, packet->track_descriptor);
    else if (packet->data_case == PERFETTO__PROTOS__TRACE_PACKET__DATA_CLOCK_SNAPSHOT)
        sequence_snapshot(sequence, packet->clock_snapshot);
    else if (packet->data_case == PERFETTO__PROTOS__TRACE_PACKET__DATA_COMPRESSED_PACKETS)
        reader->is_compressed = true;
    if (packet->data_case != PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_EVENT)
        return;
    if ((packet->sequence_flags & PERFETTO__PROTOS__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_NEEDS_INCREMENTAL_STATE) &&
        !sequence->is_valid)
        build_fault(reader->build, "packet %" PRIu64 ": it needs packets before it that are not there",
                    reader->packets);
    else
        read_event(reader, sequence, packet);
}

/* The length in front of a packet: how many bytes it takes, 0 if there is none. */
static size_t read_head(const uint8_t *bytes, size_t count, uint64_t *size)
{
    if (count == 0 || bytes[0] != PACKET_TAG)
        return 0;
    *size = 0;
    for (size_t i = 1; i < count && i < MAX_HEAD; i++) {
        *size |= (uint64_t)(bytes[i] & 0x7f) << (7 * (i - 1));
        if (!(bytes[i] & 0x80))
            return i + 1;
    }
    return 0;
}

static int fail(struct source *source, const struct reader *reader, const char *what, char *error, size_t error_size)
{
    if (!source_failed(source, error, error_size))
        snprintf(error, error_size, "it is %s at byte %" PRIu64 ", in packet %" PRIu64, what, source_offset(source),
                 reader->packets);
    return -1;
}

static int read_packets(struct source *source, struct reader *reader, char *error, size_t error_size)
{
    for (;; reader->packets++) {
        size_t got;
        uint64_t size;
        const uint8_t *bytes = source_need(source, MAX_HEAD, &got);
        if (got == 0)
            return source_failed(source, error, error_size) ? -1 : 0;
        size_t head = read_head(bytes, got, &size);
        if (!head || size > MAX_PACKET_BYTES)
            return fail(source, reader, got < MAX_HEAD && bytes[0] == PACKET_TAG ? "cut off" : "damaged", error,
                        error_size);
        bytes = source_need(source, head + size, &got);
        if (got < head + size)
            return fail(source, reader, "cut off", error, error_size);
        packet_message *packet = perfetto__protos__trace_packet__unpack(&reader->arena.allocator, size, bytes + head);
        if (!packet)
            return fail(source, reader, "damaged", error, error_size);
        read_packet(reader, packet);
        arena_empty(&reader->arena);
        source_skip(source, head + size);
        if (reader->build->late || reader->build->out_of_memory)
            return 0;
    }
}

int perfetto_read(struct source *source, struct build *build, char *error, size_t error_size)
{
    struct reader reader = {.build = build};
    arena_start(&reader.arena);
    int result = read_packets(source, &reader, error, error_size);
    if (result == 0 && reader.is_compressed) {
        snprintf(error, error_size,
                 "its packets are compressed one by one, which is not read here; "
                 "Perfetto's traceconv unpacks them");
        result = -1;
    } else if (result == 0 && reader.tracks + reader.events == 0) {
        snprintf(error, error_size, "it holds no track events");
        result = -1;
    }
    for (size_t i = 0; i < reader.sequence_count; i++)
        sequence_clear(&reader.sequences[i]);
    free(reader.sequences);
    map_clear(&reader.sequence_ids);
    free(reader.args);
    arena_end(&reader.arena);
    return result;
}
