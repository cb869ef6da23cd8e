/* json.c - Chrome's trace event format: one JSON object an event, one a line, which many tools read.
 *
 * The format knows processes and threads, and no rows below rows: such a row is a thread named after both. What gets
 * lost so stands in members that viewers pass over ("row", "above", "order", "unit"), and json_reader.c takes it up.
 * Its arrows start and end at a time, in the slice that is open then; an instant cannot have any, so one that has is
 * written as a slice without length. Numbers that JSON's doubles cannot hold are strings.
 *
 * A line is put together before it is written: an exit in the middle of one leaves a file without it.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traces/array.h"
#include "traces/encoder.h"

enum { FIRST_ROW_TID = 1000000, ROWS_BELOW = 100 /* what is between the places of two threads */ };

#define EXACT_IN_DOUBLE 9007199254740992.0 /* 2^53 */

struct json_track {
    int32_t pid;
    int64_t tid;
    int32_t place; /* in the group */
    char *shown;   /* its name, with that of the row above */
    bool is_group, is_told;
};

struct json {
    struct encoder encoder;
    struct sink *sink;
    struct json_track *tracks; /* of id n: tracks[n - 1] */
    size_t track_count, track_capacity;
    char *line; /* the object that is being put together */
    size_t used, size;
    bool any; /* has been written */
};

static struct json *of(struct encoder *encoder)
{
    return (struct json *)encoder; /* its first member */
}

/* ---- text ---- */

static void append(struct json *json, const char *text, size_t length)
{
    if (!ARRAY_ROOM(json->line, json->size, json->used, length)) {
        sink_fail(json->sink, ENOMEM);
        return;
    }
    memcpy(json->line + json->used, text, length);
    json->used += length;
}

static void put(struct json *json, const char *text)
{
    append(json, text, strlen(text));
}

static void __attribute__((format(printf, 2, 3))) print(struct json *json, const char *format, ...)
{
    char text[128];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    append(json, text, (size_t)length);
}

/* How many bytes of well-formed UTF-8 make the character at @text; 0: none do. */
static int utf8_length(const unsigned char *text)
{
    int length = *text < 0x80 ? 1 : *text < 0xc2 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : *text < 0xf5 ? 4 : 0;
    for (int i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] > 0x9f) || (*text == 0xf0 && text[1] < 0x90) ||
        (*text == 0xf4 && text[1] > 0x8f))
        return 0;
    return length;
}

/* Bytes that are no character become one that says so. */
static void put_string(struct json *json, const char *string)
{
    const unsigned char *text = (const unsigned char *)string, *plain = text;
    put(json, "\"");
    while (*text) {
        int length = utf8_length(text);
        if (length && *text >= 0x20 && *text != '"' && *text != '\\') {
            text += length;
            continue;
        }
        append(json, (const char *)plain, (size_t)(text - plain));
        if (length)
            print(json, *text < 0x20 ? "\\u%04x" : "\\%c", *text);
        else
            put(json, "\\ufffd");
        plain = ++text;
    }
    append(json, (const char *)plain, (size_t)(text - plain));
    put(json, "\"");
}

static void put_double(struct json *json, double value)
{
    if (isfinite(value) && value == trunc(value) && fabs(value) < EXACT_IN_DOUBLE)
        print(json, "%.1f", value); /* with a point: it stays a double */
    else if (isfinite(value))
        print(json, "%.17g", value);
    else
        print(json, "\"%f\"", value);
}

static void put_arg(struct json *json, const struct trace_arg *arg)
{
    put_string(json, arg->name);
    put(json, ":");
    switch (arg->kind) {
    case TRACE_INT:
        print(json, fabs((double)arg->value.i) < EXACT_IN_DOUBLE ? "%" PRId64 : "\"%" PRId64 "\"", arg->value.i);
        break;
    case TRACE_UINT:
        print(json, (double)arg->value.u < EXACT_IN_DOUBLE ? "%" PRIu64 : "\"%" PRIu64 "\"", arg->value.u);
        break;
    case TRACE_DOUBLE:
        put_double(json, arg->value.d);
        break;
    case TRACE_BOOL:
        put(json, arg->value.b ? "true" : "false");
        break;
    case TRACE_POINTER:
        print(json, "\"0x%" PRIx64 "\"", arg->value.u);
        break;
    case TRACE_STRING:
        put_string(json, arg->value.s ? arg->value.s : "");
        break;
    }
}

/* ---- events ---- */

static void start(struct json *json, const char *phase, const struct json_track *track)
{
    json->used = 0;
    put(json, json->any ? ",\n" : "\n");
    print(json, "{\"ph\":\"%s\",\"pid\":%" PRId32 ",\"tid\":%" PRId64, phase, track->pid, track->tid);
}

/* @end: what closes the object. */
static void finish_line(struct json *json, const char *end)
{
    put(json, end);
    sink_write(json->sink, json->line, json->used);
    json->any = true;
}

static void put_time(struct json *json, uint64_t time_ns)
{
    print(json, ",\"ts\":%" PRIu64 ".%03u", time_ns / 1000, (unsigned)(time_ns % 1000));
}

static void put_arrows(struct json *json, const struct json_track *track, uint64_t time_ns, const char *phase,
                       const uint64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        start(json, phase, track);
        put_time(json, time_ns);
        print(json, ",\"id\":%" PRIu64 ",\"name\":\"arrow\",\"cat\":\"arrow\"", ids[i]);
        finish_line(json, "}");
    }
}

static void put_event(struct json *json, const char *phase, const struct json_track *track, uint64_t time_ns,
                      const struct trace_event *event, const char *more)
{
    bool ends = *phase == 'E';
    start(json, phase, track);
    put_time(json, time_ns);
    if (event && event->name && !ends) {
        put(json, ",\"name\":");
        put_string(json, event->name);
    }
    if (event && event->category && !ends) {
        put(json, ",\"cat\":");
        put_string(json, event->category);
    }
    put(json, more);
    for (size_t i = 0; event && i < event->arg_count; i++) {
        put(json, i ? "," : ",\"args\":{");
        put_arg(json, &event->args[i]);
    }
    finish_line(json, event && event->arg_count ? "}}" : "}");
}

/* ---- tracks ---- */

static void put_metadata(struct json *json, const char *what, const struct json_track *track)
{
    start(json, "M", track);
    print(json, ",\"name\":\"%s\",\"args\":{", what);
}

static void tell_thread(struct json *json, const struct json_track *track, const struct encoder_track *told,
                        const struct json_track *above)
{
    put_metadata(json, "thread_name", track);
    put(json, "\"name\":");
    put_string(json, track->shown);
    put(json, ",\"row\":");
    put_string(json, told->name);
    if (above && !above->is_group)
        print(json, ",\"above\":%" PRId64, above->tid);
    print(json, ",\"order\":%" PRId32, told->order);
    finish_line(json, "}}");
    put_metadata(json, "thread_sort_index", track);
    print(json, "\"sort_index\":%" PRId32, track->place);
    finish_line(json, "}}");
}

static void tell_process(struct json *json, const struct json_track *track, const struct encoder_track *told)
{
    put_metadata(json, "process_name", track);
    put(json, "\"name\":");
    put_string(json, told->name);
    finish_line(json, "}}");
    put_metadata(json, "process_sort_index", track);
    print(json, "\"sort_index\":%" PRId32, told->order);
    finish_line(json, "}}");
}

static void tell_counter(struct json *json, const struct json_track *track, const struct encoder_track *told,
                         const struct json_track *above)
{
    put_metadata(json, "counter_name", track);
    put(json, "\"name\":");
    put_string(json, track->shown);
    put(json, ",\"row\":");
    put_string(json, told->name);
    if (told->unit) {
        put(json, ",\"unit\":");
        put_string(json, told->unit);
    }
    if (above && !above->is_group)
        print(json, ",\"above\":%" PRId64, above->tid);
    print(json, ",\"order\":%" PRId32, told->order);
    finish_line(json, "}}");
}

static void announce(struct encoder *encoder, const struct encoder_track *told)
{
    struct json *json = of(encoder);
    if (!ARRAY_ROOM(json->tracks, json->track_capacity, json->track_count, 1)) {
        sink_fail(json->sink, ENOMEM);
        return;
    }
    struct json_track *track = &json->tracks[json->track_count++];
    const struct json_track *above = told->parent != TRACE_NO_TRACK ? &json->tracks[told->parent - 1] : NULL;
    bool is_below = above && !above->is_group;
    *track = (struct json_track){.pid = above ? above->pid : told->pid,
                                 .tid = told->kind == ENCODER_PROCESS  ? told->pid
                                        : told->kind == ENCODER_THREAD ? told->tid
                                                                       : FIRST_ROW_TID + (int64_t)told->id,
                                 .is_group = told->kind == ENCODER_PROCESS};
    track->place = is_below ? above->place + 1 + told->order : told->order * ROWS_BELOW;
    if (asprintf(&track->shown, "%s%s%s", is_below ? above->shown : "", is_below ? " " : "", told->name) < 0)
        track->shown = NULL;
    if (!track->shown) {
        sink_fail(json->sink, ENOMEM);
        return;
    }
    if (told->kind == ENCODER_PROCESS)
        tell_process(json, track, told);
    else if (told->kind == ENCODER_COUNTER)
        tell_counter(json, track, told, above);
    else
        tell_thread(json, track, told, above);
}

/* A group has events of its own on the row of a thread with its number. */
static void tell_group_row(struct json *json, struct json_track *track)
{
    if (!track->is_group || track->is_told)
        return;
    track->is_told = true;
    put_metadata(json, "thread_name", track);
    put(json, "\"name\":");
    put_string(json, track->shown);
    finish_line(json, ",\"group\":true}}");
}

static void write_event(struct encoder *encoder, enum encoder_event_kind kind, trace_track_id id, uint64_t time_ns,
                        const struct trace_event *event)
{
    struct json *json = of(encoder);
    struct json_track *track = &json->tracks[id - 1];
    bool arrows = event && (event->flow_in_count || event->flow_out_count);
    tell_group_row(json, track);
    if (kind == ENCODER_INSTANT && !arrows)
        put_event(json, "i", track, time_ns, event, ",\"s\":\"t\"");
    else if (kind != ENCODER_END)
        put_event(json, "B", track, time_ns, event, kind == ENCODER_INSTANT ? ",\"instant\":true" : "");
    if (arrows) {
        put_arrows(json, track, time_ns, "f\",\"bp\":\"e", event->flows_in, event->flow_in_count);
        put_arrows(json, track, time_ns, "s", event->flows_out, event->flow_out_count);
    }
    if (kind == ENCODER_END || (kind == ENCODER_INSTANT && arrows))
        put_event(json, "E", track, time_ns, kind == ENCODER_END ? event : NULL,
                  kind == ENCODER_END ? "" : ",\"instant\":true");
}

static void write_counter(struct encoder *encoder, trace_track_id id, uint64_t time_ns, double value)
{
    struct json *json = of(encoder);
    const struct json_track *track = &json->tracks[id - 1];
    start(json, "C", track);
    put_time(json, time_ns);
    put(json, ",\"name\":");
    put_string(json, track->shown);
    put(json, ",\"args\":{\"value\":");
    put_double(json, value);
    finish_line(json, "}}");
}

static void finish(struct encoder *encoder)
{
    static const char end[] = "\n]}\n";
    sink_write(of(encoder)->sink, end, strlen(end));
}

static void destroy(struct encoder *encoder)
{
    struct json *json = of(encoder);
    for (size_t i = 0; i < json->track_count; i++)
        free(json->tracks[i].shown);
    free(json->tracks);
    free(json->line);
    free(json);
}

static const struct encoder_calls calls = {
    .announce = announce, .event = write_event, .counter = write_counter, .finish = finish, .destroy = destroy};

struct encoder *json_create(struct sink *sink)
{
    static const char begin[] = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
    struct json *json = calloc(1, sizeof *json);
    if (!json)
        return NULL;
    json->encoder.calls = &calls;
    json->sink = sink;
    sink_write(sink, begin, strlen(begin));
    return &json->encoder;
}
