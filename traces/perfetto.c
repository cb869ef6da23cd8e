/* perfetto.c - Perfetto packets through protobuf-c.
 *
 * A packet is assembled in one preallocated set of messages that point at each other and at the caller's strings, then
 * packed straight into the sink's buffer: writing an event allocates nothing. Names, categories, argument names and
 * string arguments are interned; the packet that uses a string first also carries its table entry.
 *
 * Compactness matters more than generality: one sequence of events, track ids counted from 1, absolute times (gzip
 * takes their common upper bytes out; deltas would tie each packet to the one before).
 */
#include "traces/encoder.h"

#include <stdlib.h>
#include <string.h>

#include "perfetto.pb-c.h"
#include "traces/intern.h"

/* The generated names carry the package; these are the ones used here, without it. */
typedef Perfetto__Protos__TracePacket packet_message;
typedef Perfetto__Protos__TrackEvent event_message;
typedef Perfetto__Protos__DebugAnnotation arg_message;
typedef Perfetto__Protos__InternedData interned_message;
typedef Perfetto__Protos__EventName name_message;
typedef Perfetto__Protos__EventCategory category_message;
typedef Perfetto__Protos__DebugAnnotationName arg_name_message;
typedef Perfetto__Protos__InternedString string_message;

/* Tracks are announced on a sequence of their own: a thread announced among the events would be taken for the thread
 * that emits them all. */
enum { EVENT_SEQUENCE = 1, TRACK_SEQUENCE = 2 };

enum { PACKET_TAG = 1 << 3 | 2 /* Trace.packet, length-delimited */ };

struct perfetto {
    struct encoder encoder;
    struct sink *sink;
    bool started;
    struct intern names, categories, arg_names, strings;

    /* The packet being assembled. */
    packet_message packet;
    event_message event;
    interned_message interned;
    uint64_t category_iid;
    char *category_text;
    arg_message args[TRACE_MAX_ARGS], *arg_list[TRACE_MAX_ARGS];

    /* Table entries that the packet brings: one name, one category, and at most two strings an argument. */
    name_message new_name, *new_name_list;
    category_message new_category, *new_category_list;
    arg_name_message new_arg_names[TRACE_MAX_ARGS], *new_arg_name_list[TRACE_MAX_ARGS];
    string_message new_strings[TRACE_MAX_ARGS], *new_string_list[TRACE_MAX_ARGS];
};

static struct perfetto *of(struct encoder *encoder)
{
    return (struct perfetto *)encoder; /* its first member */
}

/* protobuf-c's way out for packets larger than the sink's buffer. */
struct sink_appender {
    ProtobufCBuffer base;
    struct sink *sink;
};

static void append_to_sink(ProtobufCBuffer *buffer, size_t size, const uint8_t *data)
{
    sink_write(((struct sink_appender *)buffer)->sink, data, size);
}

static size_t put_varint(uint8_t *out, uint64_t value)
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        out[size++] = (uint8_t)(value | 0x80);
    out[size++] = (uint8_t)value;
    return size;
}

/* Writes the assembled packet as the next element of Trace.packet. */
static void emit(struct perfetto *perfetto)
{
    const ProtobufCMessage *packet = &perfetto->packet.base;
    size_t size = protobuf_c_message_get_packed_size(packet);
    uint8_t head[11] = {PACKET_TAG};
    sink_write(perfetto->sink, head, 1 + put_varint(head + 1, size));

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

static void set_name(struct perfetto *perfetto, const char *name)
{
    bool is_new;
    uint32_t iid = intern_get(&perfetto->names, name, &is_new);
    if (iid == 0) {
        perfetto->event.name_field_case = PERFETTO__PROTOS__TRACK_EVENT__NAME_FIELD_NAME;
        perfetto->event.name = (char *)name;
        return;
    }
    perfetto->event.name_field_case = PERFETTO__PROTOS__TRACK_EVENT__NAME_FIELD_NAME_IID;
    perfetto->event.name_iid = iid;
    if (is_new) {
        perfetto->new_name = (name_message)PERFETTO__PROTOS__EVENT_NAME__INIT;
        perfetto->new_name.has_iid = true;
        perfetto->new_name.iid = iid;
        perfetto->new_name.name = (char *)name;
        perfetto->interned.n_event_names = 1;
    }
}

static void set_category(struct perfetto *perfetto, const char *category)
{
    bool is_new;
    uint32_t iid = intern_get(&perfetto->categories, category, &is_new);
    if (iid == 0) {
        perfetto->category_text = (char *)category;
        perfetto->event.categories = &perfetto->category_text;
        perfetto->event.n_categories = 1;
        return;
    }
    perfetto->category_iid = iid;
    perfetto->event.category_iids = &perfetto->category_iid;
    perfetto->event.n_category_iids = 1;
    if (is_new) {
        perfetto->new_category = (category_message)PERFETTO__PROTOS__EVENT_CATEGORY__INIT;
        perfetto->new_category.has_iid = true;
        perfetto->new_category.iid = iid;
        perfetto->new_category.name = (char *)category;
        perfetto->interned.n_event_categories = 1;
    }
}

static void set_arg_name(struct perfetto *perfetto, arg_message *message, const char *name)
{
    bool is_new;
    uint32_t iid = intern_get(&perfetto->arg_names, name, &is_new);
    if (iid == 0) {
        message->name_field_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__NAME_FIELD_NAME;
        message->name = (char *)name;
        return;
    }
    message->name_field_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__NAME_FIELD_NAME_IID;
    message->name_iid = iid;
    if (is_new) {
        arg_name_message *entry = &perfetto->new_arg_names[perfetto->interned.n_debug_annotation_names++];
        *entry = (arg_name_message)PERFETTO__PROTOS__DEBUG_ANNOTATION_NAME__INIT;
        entry->has_iid = true;
        entry->iid = iid;
        entry->name = (char *)name;
    }
}

static void set_arg_string(struct perfetto *perfetto, arg_message *message, const char *string)
{
    bool is_new;
    uint32_t iid = intern_get(&perfetto->strings, string, &is_new);
    if (iid == 0) {
        message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_STRING_VALUE;
        message->string_value = (char *)string;
        return;
    }
    message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_STRING_VALUE_IID;
    message->string_value_iid = iid;
    if (is_new) {
        string_message *entry = &perfetto->new_strings[perfetto->interned.n_debug_annotation_string_values++];
        *entry = (string_message)PERFETTO__PROTOS__INTERNED_STRING__INIT;
        entry->has_iid = entry->has_str = true;
        entry->iid = iid;
        entry->str.data = (uint8_t *)string;
        entry->str.len = strlen(string);
    }
}

static void set_arg(struct perfetto *perfetto, arg_message *message, const struct trace_arg *arg)
{
    perfetto__protos__debug_annotation__init(message);
    set_arg_name(perfetto, message, arg->name);
    switch (arg->kind) {
    case TRACE_INT:
        message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_INT_VALUE;
        message->int_value = arg->value.i;
        break;
    case TRACE_UINT:
        message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_UINT_VALUE;
        message->uint_value = arg->value.u;
        break;
    case TRACE_DOUBLE:
        message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_DOUBLE_VALUE;
        message->double_value = arg->value.d;
        break;
    case TRACE_BOOL:
        message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_BOOL_VALUE;
        message->bool_value = arg->value.b;
        break;
    case TRACE_POINTER:
        message->value_case = PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_POINTER_VALUE;
        message->pointer_value = arg->value.u;
        break;
    case TRACE_STRING:
        set_arg_string(perfetto, message, arg->value.s ? arg->value.s : "");
        break;
    }
}

static event_message *begin_event(struct perfetto *perfetto, Perfetto__Protos__TrackEvent__Type type,
                                  trace_track_id track, uint64_t time_ns)
{
    if (!perfetto->started)
        start_events(perfetto);
    packet_message *packet = begin_packet(perfetto, EVENT_SEQUENCE);
    packet->has_timestamp = true;
    packet->timestamp = time_ns;
    packet->has_sequence_flags = true;
    packet->sequence_flags = PERFETTO__PROTOS__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_NEEDS_INCREMENTAL_STATE;
    packet->data_case = PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_EVENT;
    packet->track_event = &perfetto->event;

    event_message *event = &perfetto->event;
    perfetto__protos__track_event__init(event);
    event->has_type = true;
    event->type = type;
    event->has_track_uuid = true;
    event->track_uuid = track;
    return event;
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
    event_message *message = begin_event(perfetto, types[kind], track, time_ns);
    interned_message *interned = &perfetto->interned;
    perfetto__protos__interned_data__init(interned);
    interned->event_names = &perfetto->new_name_list;
    interned->event_categories = &perfetto->new_category_list;
    interned->debug_annotation_names = perfetto->new_arg_name_list;
    interned->debug_annotation_string_values = perfetto->new_string_list;

    if (event) {
        if (event->name && kind != ENCODER_END)
            set_name(perfetto, event->name);
        if (event->category && kind != ENCODER_END)
            set_category(perfetto, event->category);
        for (size_t i = 0; i < event->arg_count; i++)
            set_arg(perfetto, &perfetto->args[i], &event->args[i]);
        message->debug_annotations = perfetto->arg_list;
        message->n_debug_annotations = event->arg_count;
        message->flow_ids = (uint64_t *)event->flows_out;
        message->n_flow_ids = event->flow_out_count;
        message->terminating_flow_ids = (uint64_t *)event->flows_in;
        message->n_terminating_flow_ids = event->flow_in_count;
    }
    if (interned->n_event_names || interned->n_event_categories || interned->n_debug_annotation_names ||
        interned->n_debug_annotation_string_values)
        perfetto->packet.interned_data = interned;
    emit(perfetto);
}

static void write_counter(struct encoder *encoder, trace_track_id track, uint64_t time_ns, double value)
{
    struct perfetto *perfetto = of(encoder);
    event_message *event = begin_event(perfetto, PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_COUNTER, track, time_ns);
    if (value >= -9007199254740992.0 && value <= 9007199254740992.0 && value == (double)(int64_t)value) {
        event->counter_value_field_case = PERFETTO__PROTOS__TRACK_EVENT__COUNTER_VALUE_FIELD_COUNTER_VALUE;
        event->counter_value = (int64_t)value;
    } else {
        event->counter_value_field_case = PERFETTO__PROTOS__TRACK_EVENT__COUNTER_VALUE_FIELD_DOUBLE_COUNTER_VALUE;
        event->double_counter_value = value;
    }
    emit(perfetto);
}

static void destroy(struct encoder *encoder)
{
    struct perfetto *perfetto = of(encoder);
    intern_clear(&perfetto->names);
    intern_clear(&perfetto->categories);
    intern_clear(&perfetto->arg_names);
    intern_clear(&perfetto->strings);
    free(perfetto);
}

static const struct encoder_calls calls = {
    .announce = announce, .event = write_event, .counter = write_counter, .destroy = destroy};

struct encoder *perfetto_create(struct sink *sink)
{
    struct perfetto *perfetto = calloc(1, sizeof *perfetto);
    if (!perfetto)
        return NULL;
    perfetto->encoder.calls = &calls;
    perfetto->sink = sink;
    perfetto->new_name_list = &perfetto->new_name;
    perfetto->new_category_list = &perfetto->new_category;
    for (int i = 0; i < TRACE_MAX_ARGS; i++) {
        perfetto->arg_list[i] = &perfetto->args[i];
        perfetto->new_arg_name_list[i] = &perfetto->new_arg_names[i];
        perfetto->new_string_list[i] = &perfetto->new_strings[i];
    }
    return &perfetto->encoder;
}
