/* json_source.c - finds where each event begins and ends by its brackets, and leaves the rest to jansson. The events
 * are an array, or the member "traceEvents" of an object whose other members are passed over.
 */
#include "traces/json_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_VALUE_BYTES = 1 << 26 };

static int fail(const struct json_source *events, const char *what, char *error, size_t error_size)
{
    if (!source_failed(events->source, error, error_size))
        snprintf(error, error_size, "its JSON is %s at byte %" PRIu64, what, source_offset(events->source));
    return -1;
}

/* The next character that counts, not taken; 0 at the end. */
static char peek(const struct json_source *events)
{
    size_t got;
    for (;;) {
        const uint8_t *bytes = source_need(events->source, 1, &got);
        if (got == 0 || !*bytes || !strchr(" \t\r\n", *bytes))
            return got ? (char)*bytes : '\0';
        source_skip(events->source, 1);
    }
}

static bool take(const struct json_source *events, char wanted)
{
    bool is_there = peek(events) == wanted;
    if (is_there)
        source_skip(events->source, 1);
    return is_there;
}

/* The bytes of the value that begins here: brackets are counted outside of strings. 0 when it does not end. */
static size_t measure(const struct json_source *events, const uint8_t **bytes)
{
    size_t got, depth = 0;
    bool in_string = false, is_escaped = false;
    *bytes = source_need(events->source, 4096, &got);
    for (size_t at = 0; at < MAX_VALUE_BYTES; at++) {
        if (at == got)
            *bytes = source_need(events->source, 2 * at + 1, &got);
        if (at >= got)
            return 0;
        char c = (char)(*bytes)[at];
        bool is_closing = c == '}' || c == ']';
        if (in_string) {
            in_string = is_escaped || c != '"';
            is_escaped = !is_escaped && c == '\\';
            if (!in_string && depth == 0)
                return at + 1;
        } else if (depth == 0 && (c == ',' || is_closing)) {
            return at; /* behind a number or a word */
        } else if (is_closing && --depth == 0) {
            return at + 1;
        } else {
            in_string = c == '"';
            depth += c == '{' || c == '[';
        }
    }
    return 0;
}

static int read_value(const struct json_source *events, json_t **value, char *error, size_t error_size)
{
    const uint8_t *bytes;
    json_error_t why;
    size_t size = peek(events) ? measure(events, &bytes) : 0;
    if (!size)
        return fail(events, "cut off", error, error_size);
    *value = json_loadb((const char *)bytes, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
    if (!*value)
        return fail(events, "damaged", error, error_size);
    source_skip(events->source, size);
    return 1;
}

/* Goes to the first event. */
static int start(struct json_source *events, char *error, size_t error_size)
{
    events->is_started = true;
    events->is_bare = take(events, '[');
    if (events->is_bare)
        return 1;
    if (!take(events, '{'))
        return fail(events, "damaged", error, error_size);
    do {
        json_t *value = NULL;
        if (peek(events) != '"' || read_value(events, &value, error, error_size) != 1)
            break;
        bool is_events = strcmp(json_string_value(value), "traceEvents") == 0;
        json_decref(value);
        if (!take(events, ':'))
            return fail(events, "damaged", error, error_size);
        if (is_events && take(events, '['))
            return 1;
        if (read_value(events, &value, error, error_size) != 1)
            return -1;
        json_decref(value);
    } while (take(events, ','));
    if (!source_failed(events->source, error, error_size))
        snprintf(error, error_size, "it is JSON without \"traceEvents\"");
    return -1;
}

/* What stands behind the events. */
static int end(struct json_source *events, char *error, size_t error_size)
{
    json_t *value;
    while (!events->is_bare && take(events, ',')) {
        for (int part = 0; part < 2; part++) {
            if (part && !take(events, ':'))
                return fail(events, "damaged", error, error_size);
            if (read_value(events, &value, error, error_size) != 1)
                return -1;
            json_decref(value);
        }
    }
    if (!events->is_bare && !take(events, '}'))
        return fail(events, peek(events) ? "damaged" : "cut off", error, error_size);
    return source_failed(events->source, error, error_size) ? -1 : 0;
}

int json_next(struct json_source *events, json_t **event, char *error, size_t error_size)
{
    bool is_first = !events->is_started;
    if (is_first && start(events, error, error_size) != 1)
        return -1;
    if (take(events, ']'))
        return end(events, error, error_size);
    if (!peek(events) && events->is_bare)
        return source_failed(events->source, error, error_size) ? -1 : 0;
    if (!is_first && !take(events, ','))
        return fail(events, peek(events) ? "damaged" : "cut off", error, error_size);
    if (!peek(events) && events->is_bare)
        return source_failed(events->source, error, error_size) ? -1 : 0;
    return read_value(events, event, error, error_size);
}
