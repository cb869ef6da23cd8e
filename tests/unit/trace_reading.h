/* trace_reading.h - a small reader of traces for tests: unpacks a file through the schema and resolves its strings.
 *
 * It goes through the packets once, in the file's order, as any reader does: a reference to a string that comes later,
 * or a string number that changes its meaning, fails the test.
 */
#ifndef DAV_TEST_TRACE_READING_H
#define DAV_TEST_TRACE_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "perfetto.pb-c.h"
#include "traces/trace.h"

#define BEGIN   PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN
#define END     PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_END
#define INSTANT PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_INSTANT
#define COUNTER PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_COUNTER

typedef Perfetto__Protos__TracePacket packet_t;
typedef Perfetto__Protos__TrackEvent event_t;
typedef Perfetto__Protos__DebugAnnotation arg_t;

enum { MAX_STRINGS = 20000 };

struct reading {
    Perfetto__Protos__Trace *trace;
    packet_t *events[64], *tracks[64]; /* the first ones, in the file's order */
#ifdef COUNTERS_APART
    packet_t *counters[64]; /* not among the events */
    size_t counter_count;
#endif
    packet_t *first; /* of the sequence of events */
    size_t event_count, track_count;
    const char *names[MAX_STRINGS], *categories[MAX_STRINGS], *arg_names[MAX_STRINGS], *strings[MAX_STRINGS];
};

static struct reading reading;

static uint8_t *read_file(const char *path, size_t *size)
{
    gzFile file = gzopen(path, "rb"); /* reads plain files as they are */
    assert_non_null(file);
    uint8_t *data = NULL;
    *size = 0;
    for (int got = 1; got > 0; *size += (size_t)got) {
        data = realloc(data, *size + 65536);
        got = gzread(file, data + *size, 65536);
        assert_true(got >= 0);
    }
    assert_int_equal(gzclose(file), Z_OK);
    return data;
}

static void keep(const char **table, uint64_t iid, const char *string)
{
    assert_in_range(iid, 1, MAX_STRINGS - 1);
    assert_null(table[iid]); /* a number never changes its meaning */
    table[iid] = string;
}

static void read_interned(const Perfetto__Protos__InternedData *data)
{
    for (size_t i = 0; i < data->n_event_names; i++)
        keep(reading.names, data->event_names[i]->iid, data->event_names[i]->name);
    for (size_t i = 0; i < data->n_event_categories; i++)
        keep(reading.categories, data->event_categories[i]->iid, data->event_categories[i]->name);
    for (size_t i = 0; i < data->n_debug_annotation_names; i++)
        keep(reading.arg_names, data->debug_annotation_names[i]->iid, data->debug_annotation_names[i]->name);
    for (size_t i = 0; i < data->n_debug_annotation_string_values; i++) {
        const Perfetto__Protos__InternedString *entry = data->debug_annotation_string_values[i];
        keep(reading.strings, entry->iid, strndup((const char *)entry->str.data, entry->str.len));
    }
}

static const char *name_of(const packet_t *packet)
{
    const event_t *event = packet->track_event;
    if (event->name_field_case == PERFETTO__PROTOS__TRACK_EVENT__NAME_FIELD_NAME)
        return event->name;
    return event->name_field_case ? reading.names[event->name_iid] : NULL;
}

static const char *arg_name_of(const arg_t *arg)
{
    if (arg->name_field_case == PERFETTO__PROTOS__DEBUG_ANNOTATION__NAME_FIELD_NAME)
        return arg->name;
    return reading.arg_names[arg->name_iid];
}

/* Every reference must be to an entry that is already there: readers go through the file once. */
static void read_event(packet_t *packet)
{
    const event_t *event = packet->track_event;
    assert_non_null(reading.first);
    assert_true(packet->has_timestamp);
    assert_int_equal(packet->sequence_flags, 2);
    if (event->name_field_case)
        assert_non_null(name_of(packet));
    for (size_t i = 0; i < event->n_category_iids; i++)
        assert_non_null(reading.categories[event->category_iids[i]]);
    for (size_t i = 0; i < event->n_debug_annotations; i++) {
        const arg_t *arg = event->debug_annotations[i];
        assert_non_null(arg_name_of(arg));
        if (arg->value_case == PERFETTO__PROTOS__DEBUG_ANNOTATION__VALUE_STRING_VALUE_IID)
            assert_non_null(reading.strings[arg->string_value_iid]);
    }
#ifdef COUNTERS_APART
    if (event->type == COUNTER) {
        if (reading.counter_count < 64)
            reading.counters[reading.counter_count++] = packet;
        return;
    }
#endif
    if (reading.event_count < 64)
        reading.events[reading.event_count] = packet;
    reading.event_count++;
}

static void read_trace(const char *path)
{
    memset(&reading, 0, sizeof reading);
    size_t size;
    uint8_t *data = read_file(path, &size);
    reading.trace = perfetto__protos__trace__unpack(NULL, size, data);
    free(data);
    assert_non_null(reading.trace);
    for (size_t i = 0; i < reading.trace->n_packet; i++) {
        packet_t *packet = reading.trace->packet[i];
        assert_int_equal(packet->base.n_unknown_fields, 0);
        bool is_track = packet->data_case == PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_DESCRIPTOR;
        assert_int_equal(packet->trusted_packet_sequence_id, is_track ? 2 : 1);
        if (packet->interned_data)
            read_interned(packet->interned_data);
        if (packet->sequence_flags & 1)
            reading.first = packet;
        if (is_track && reading.track_count < 64)
            reading.tracks[reading.track_count++] = packet;
        if (packet->data_case == PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_EVENT)
            read_event(packet);
    }
}

static void forget(void)
{
    for (size_t i = 0; i < MAX_STRINGS; i++)
        free((char *)reading.strings[i]);
    perfetto__protos__trace__free_unpacked(reading.trace, NULL);
    memset(&reading, 0, sizeof reading);
}

static void expect(size_t index, int type, trace_track_id track, uint64_t time_ns, const char *name)
{
    assert_true(index < reading.event_count);
    const packet_t *packet = reading.events[index];
    assert_int_equal(packet->track_event->type, type);
    assert_int_equal(packet->track_event->track_uuid, track);
    assert_int_equal(packet->timestamp, time_ns);
    if (name)
        assert_string_equal(name_of(packet), name);
    else
        assert_null(name_of(packet));
}

#endif
