/* perfetto.c - Perfetto's packets.
 *
 * An event's packet is put together by hand (wire.h): through protobuf-c, which serves everything of which there is
 * little, it took five times as long. Writing an event allocates nothing. Names, categories, argument names and string
 * arguments are interned; the packet of the event that uses a string first also carries its table entry.
 *
 * Compactness matters more than generality: one sequence of events, track ids counted from 1, absolute times (gzip
 * takes their common upper bytes out; deltas would tie each packet to the one before).
 */
#include "traces/encoder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "perfetto.pb-c.h"
#include "traces/intern.h"
#include "traces/wire.h"

/* The generated names carry the package; this one is used here without it. */
typedef Perfetto__Protos__TracePacket packet_message;

/* Tracks are announced on a sequence of their own: a thread announced among the events would be taken for the thread
 * that emits them all. */
enum { EVENT_SEQUENCE = 1, TRACK_SEQUENCE = 2 };

/* The fields that are put by hand (perfetto.proto). */
enum { TRACE_PACKET = 1 };
enum {
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE_ID = 10,
    PACKET_TRACK_EVENT = 11,
    PACKET_INTERNED_DATA = 12,
    PACKET_SEQUENCE_FLAGS = 13
};
enum {
    EVENT_CATEGORY_IIDS = 3,
    EVENT_ARGS = 4,
    EVENT_TYPE = 9,
    EVENT_NAME_IID = 10,
    EVENT_TRACK_UUID = 11,
    EVENT_CATEGORIES = 22,
    EVENT_NAME = 23,
    EVENT_COUNTER_VALUE = 30,
    EVENT_DOUBLE_COUNTER_VALUE = 44,
    EVENT_FLOW_IDS = 47,
    EVENT_TERMINATING_FLOW_IDS = 48
};
enum {
    ARG_NAME_IID = 1,
    ARG_BOOL = 2,
    ARG_UINT = 3,
    ARG_INT = 4,
    ARG_DOUBLE = 5,
    ARG_STRING = 6,
    ARG_POINTER = 7,
    ARG_NAME = 10,
    ARG_STRING_IID = 17
};
enum { TABLE_CATEGORIES = 1, TABLE_NAMES = 2, TABLE_ARG_NAMES = 3, TABLE_ARG_STRINGS = 29 };
enum { ENTRY_IID = 1, ENTRY_TEXT = 2 }; /* in each of the tables */

enum { HEAD_ROOM = 12 }; /* before an event, for what goes before its packet */

struct perfetto {
    struct encoder encoder;
    struct sink *sink;
    bool started;
    struct intern names, categories, arg_names, strings;
    packet_message packet;       /* the one being assembled, for protobuf-c */
    struct wire event, interned; /* the same by hand; what an event adds to the tables */
};

static struct perfetto *of(struct encoder *encoder)
{
    return (struct perfetto *)encoder; /* its first member */
}

/* What stands before a packet of @size bytes. */
static uint8_t *put_head(uint8_t *at, size_t size)
{
    return wire_put_varint(wire_put_tag(at, TRACE_PACKET, WIRE_BYTES), size);
}

/* ---- tracks, through protobuf-c ---- */

/* protobuf-c's way out for packets larger than the sink's buffer. */
struct sink_appender {
    ProtobufCBuffer base;
    struct sink *sink;
};

static void append_to_sink(ProtobufCBuffer *buffer, size_t size, const uint8_t *data)
{
    sink_write(((struct sink_appender *)buffer)->sink, data, size);
}

/* Writes the assembled packet as the next element of Trace.packet. */
static void emit(struct perfetto *perfetto)
{
    const ProtobufCMessage *packet = &perfetto->packet.base;
    size_t size = protobuf_c_message_get_packed_size(packet);
    uint8_t head[HEAD_ROOM];
    sink_write(perfetto->sink, head, (size_t)(put_head(head, size) - head));

    uint8_t *room = sink_reserve(perfetto->sink, size);
    if (room) {
        sink_advance(perfetto->sink, protobuf_c_message_pack(packet, room));
    } else {
        struct sink_appender appender = {{append_to_sink}, perfetto->sink};
        protobuf_c_message_pack_to_buffer(packet, &appender.base);
    }
}

static packet_message *begin_packet(struct perfetto *perfetto, uint32_t sequence_id)
{
    packet_message *packet = &perfetto->packet;
    perfetto__protos__trace_packet__init(packet);
    packet->has_trusted_packet_sequence_id = true;
    packet->trusted_packet_sequence_id = sequence_id;
    return packet;
}

/* The events' first packet: empty string tables, and times on the reader's own clock. */
static void start_events(struct perfetto *perfetto)
{
    Perfetto__Protos__TracePacketDefaults defaults = PERFETTO__PROTOS__TRACE_PACKET_DEFAULTS__INIT;
    defaults.has_timestamp_clock_id = true;
    defaults.timestamp_clock_id = PERFETTO__PROTOS__BUILTIN_CLOCK__BUILTIN_CLOCK_BOOTTIME;
    packet_message *packet = begin_packet(perfetto, EVENT_SEQUENCE);
    packet->has_sequence_flags = true;
    packet->sequence_flags = PERFETTO__PROTOS__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_INCREMENTAL_STATE_CLEARED;
    packet->has_first_packet_on_sequence = true;
    packet->first_packet_on_sequence = true;
    packet->trace_packet_defaults = &defaults;
    emit(perfetto);
    perfetto->started = true;
}

static void set_unit(Perfetto__Protos__CounterDescriptor *counter, const char *unit)
{
    if (unit && strcmp(unit, "bytes") != 0 && strcmp(unit, "ns") != 0) {
        counter->unit_name = (char *)unit;
        return;
    }
    counter->has_unit = true;
    if (!unit)
        counter->unit = PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_COUNT;
    else if (*unit == 'b')
        counter->unit = PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_SIZE_BYTES;
    else
        counter->unit = PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_TIME_NS;
}

static void announce(struct encoder *encoder, const struct encoder_track *track)
{
    struct perfetto *perfetto = of(encoder);
    Perfetto__Protos__TrackDescriptor descriptor = PERFETTO__PROTOS__TRACK_DESCRIPTOR__INIT;
    Perfetto__Protos__ProcessDescriptor process = PERFETTO__PROTOS__PROCESS_DESCRIPTOR__INIT;
    Perfetto__Protos__ThreadDescriptor thread = PERFETTO__PROTOS__THREAD_DESCRIPTOR__INIT;
    Perfetto__Protos__CounterDescriptor counter = PERFETTO__PROTOS__COUNTER_DESCRIPTOR__INIT;

    descriptor.has_uuid = true;
    descriptor.uuid = track->id;
    descriptor.has_parent_uuid = track->parent != TRACE_NO_TRACK;
    descriptor.parent_uuid = track->parent;
    descriptor.has_sibling_order_rank = true;
    descriptor.sibling_order_rank = track->order;
    descriptor.has_child_ordering = track->kind != ENCODER_COUNTER;
    descriptor.child_ordering = PERFETTO__PROTOS__TRACK_DESCRIPTOR__CHILD_TRACKS_ORDERING__EXPLICIT;
    descriptor.name = (char *)track->name;
    if (track->kind == ENCODER_PROCESS) {
        process.has_pid = process.has_legacy_sort_index = true;
        process.pid = track->pid;
        process.legacy_sort_index = track->order;
        process.process_name = (char *)track->name;
        descriptor.process = &process;
    } else if (track->kind == ENCODER_THREAD) {
        thread.has_pid = thread.has_tid = thread.has_legacy_sort_index = true;
        thread.pid = track->pid;
        thread.tid = track->tid;
        thread.legacy_sort_index = track->order;
        thread.thread_name = (char *)track->name;
        descriptor.thread = &thread;
    } else if (track->kind == ENCODER_COUNTER) {
        set_unit(&counter, track->unit);
        descriptor.counter = &counter;
    }

    packet_message *packet = begin_packet(perfetto, TRACK_SEQUENCE);
    packet->data_case = PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_DESCRIPTOR;
    packet->track_descriptor = &descriptor;
    emit(perfetto);
}

/* ---- events, by hand ---- */

static void add_entry(struct wire *interned, uint32_t table, uint32_t iid, const char *text)
{
    size_t entry = wire_open(interned, table);
    wire_number(interned, ENTRY_IID, iid);
    wire_text(interned, ENTRY_TEXT, text);
    wire_close(interned, entry);
}

/* @text in @field, or its number in @iid_field, if it has or gets one in the @table whose strings are @strings. */
static inline void put_text(struct perfetto *perfetto, struct intern *strings, uint32_t table, uint32_t iid_field,
                            uint32_t field, const char *text)
{
    bool is_new;
    uint32_t iid = intern_get(strings, text, &is_new);
    if (is_new)
        add_entry(&perfetto->interned, table, iid, text);
    if (iid)
        wire_number(&perfetto->event, iid_field, iid);
    else
        wire_text(&perfetto->event, field, text);
}

/* The same of a text that stays where it is. */
static inline void put_fixed(struct perfetto *perfetto, struct intern *strings, uint32_t table, uint32_t iid_field,
                             uint32_t field, const char *text)
{
    uint32_t iid = intern_at(strings, text);
    if (iid)
        wire_number(&perfetto->event, iid_field, iid);
    else
        put_text(perfetto, strings, table, iid_field, field, text);
}

static void put_value(struct perfetto *perfetto, const struct trace_arg *arg)
{
    struct wire *wire = &perfetto->event;
    switch (arg->kind) {
    case TRACE_INT:
        wire_number(wire, ARG_INT, (uint64_t)arg->value.i);
        break;
    case TRACE_UINT:
        wire_number(wire, ARG_UINT, arg->value.u);
        break;
    case TRACE_DOUBLE:
        wire_double(wire, ARG_DOUBLE, arg->value.d);
        break;
    case TRACE_BOOL:
        wire_number(wire, ARG_BOOL, arg->value.b);
        break;
    case TRACE_POINTER:
        wire_number(wire, ARG_POINTER, arg->value.u);
        break;
    case TRACE_STRING:
        put_text(perfetto, &perfetto->strings, TABLE_ARG_STRINGS, ARG_STRING_IID, ARG_STRING,
                 arg->value.s ? arg->value.s : "");
        break;
    }
}

static void put_event(struct perfetto *perfetto, bool named, const struct trace_event *event)
{
    struct wire *wire = &perfetto->event;
    if (named && event->category)
        put_fixed(perfetto, &perfetto->categories, TABLE_CATEGORIES, EVENT_CATEGORY_IIDS, EVENT_CATEGORIES,
                  event->category);
    if (named && event->name)
        put_text(perfetto, &perfetto->names, TABLE_NAMES, EVENT_NAME_IID, EVENT_NAME, event->name);
    for (size_t i = 0; i < event->arg_count; i++) {
        const struct trace_arg *arg = &event->args[i];
        size_t opened = wire_open(wire, EVENT_ARGS);
        put_fixed(perfetto, &perfetto->arg_names, TABLE_ARG_NAMES, ARG_NAME_IID, ARG_NAME, arg->name);
        put_value(perfetto, arg);
        wire_close(wire, opened);
    }
    for (size_t i = 0; i < event->flow_out_count; i++)
        wire_fixed64(wire, EVENT_FLOW_IDS, event->flows_out[i]);
    for (size_t i = 0; i < event->flow_in_count; i++)
        wire_fixed64(wire, EVENT_TERMINATING_FLOW_IDS, event->flows_in[i]);
}

/* The packet of an event, up to what is in the event. */
static size_t begin_event(struct perfetto *perfetto, Perfetto__Protos__TrackEvent__Type type, trace_track_id track,
                          uint64_t time_ns)
{
    struct wire *wire = &perfetto->event;
    if (!perfetto->started)
        start_events(perfetto);
    wire->used = perfetto->interned.used = 0;
    uint8_t *at = wire_room(wire) + HEAD_ROOM;
    at = wire_put_number(at, PACKET_TIMESTAMP, time_ns);
    at = wire_put_number(at, PACKET_SEQUENCE_ID, EVENT_SEQUENCE);
    at = wire_put_number(at, PACKET_SEQUENCE_FLAGS,
                         PERFETTO__PROTOS__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_NEEDS_INCREMENTAL_STATE);
    wire_put(wire, at);
    size_t opened = wire_open(wire, PACKET_TRACK_EVENT);
    at = wire_put_number(wire_room(wire), EVENT_TYPE, (uint64_t)type);
    wire_put(wire, wire_put_number(at, EVENT_TRACK_UUID, track));
    return opened;
}

static void end_event(struct perfetto *perfetto, size_t opened)
{
    struct wire *wire = &perfetto->event, *interned = &perfetto->interned;
    wire_close(wire, opened);
    if (interned->used)
        wire_bytes(wire, PACKET_INTERNED_DATA, interned->bytes, interned->used);
    if (wire->failed || interned->failed) {
        sink_fail(perfetto->sink, ENOMEM);
        return;
    }
    size_t size = wire->used - HEAD_ROOM;
    uint8_t head[HEAD_ROOM];
    size_t width = (size_t)(put_head(head, size) - head);
    uint8_t *begin = wire->bytes + HEAD_ROOM - width;
    memcpy(begin, head, width);
    sink_write(perfetto->sink, begin, width + size);
}

static void write_event(struct encoder *encoder, enum encoder_event_kind kind, trace_track_id track, uint64_t time_ns,
                        const struct trace_event *event)
{
    struct perfetto *perfetto = of(encoder);
    static const Perfetto__Protos__TrackEvent__Type types[] = {
        [ENCODER_BEGIN] = PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN,
        [ENCODER_END] = PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_END,
        [ENCODER_INSTANT] = PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_INSTANT,
    };
    size_t opened = begin_event(perfetto, types[kind], track, time_ns);
    if (event)
        put_event(perfetto, kind != ENCODER_END, event);
    end_event(perfetto, opened);
}

static void write_counter(struct encoder *encoder, trace_track_id track, uint64_t time_ns, double value)
{
    struct perfetto *perfetto = of(encoder);
    size_t opened = begin_event(perfetto, PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_COUNTER, track, time_ns);
    if (value >= -9007199254740992.0 && value <= 9007199254740992.0 && value == (double)(int64_t)value)
        wire_number(&perfetto->event, EVENT_COUNTER_VALUE, (uint64_t)(int64_t)value);
    else
        wire_double(&perfetto->event, EVENT_DOUBLE_COUNTER_VALUE, value);
    end_event(perfetto, opened);
}

static void texts_move(struct encoder *encoder)
{
    struct perfetto *perfetto = of(encoder);
    intern_forget(&perfetto->categories);
    intern_forget(&perfetto->arg_names);
}

static void destroy(struct encoder *encoder)
{
    struct perfetto *perfetto = of(encoder);
    intern_clear(&perfetto->names);
    intern_clear(&perfetto->categories);
    intern_clear(&perfetto->arg_names);
    intern_clear(&perfetto->strings);
    wire_free(&perfetto->event);
    wire_free(&perfetto->interned);
    free(perfetto);
}

static const struct encoder_calls calls = {
    .announce = announce, .event = write_event, .counter = write_counter, .texts_move = texts_move, .destroy = destroy};

struct encoder *perfetto_create(struct sink *sink)
{
    struct perfetto *perfetto = calloc(1, sizeof *perfetto);
    if (!perfetto)
        return NULL;
    perfetto->encoder.calls = &calls;
    perfetto->sink = sink;
    return &perfetto->encoder;
}
