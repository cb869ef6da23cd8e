/* encoder.h - what trace.c says, in bytes of a format: Perfetto's (perfetto.c) or Chrome's (json.c). No rules here. */
#ifndef DAV_TRACES_ENCODER_H
#define DAV_TRACES_ENCODER_H

#include "traces/sink.h"
#include "traces/trace.h"

enum encoder_track_kind { ENCODER_PROCESS, ENCODER_THREAD, ENCODER_TRACK, ENCODER_COUNTER };

struct encoder_track {
    enum encoder_track_kind kind;
    trace_track_id id, parent;
    int32_t pid, tid; /* processes and threads */
    int32_t order;
    const char *name;
    const char *unit; /* counters; NULL for a count */
};

enum encoder_event_kind { ENCODER_BEGIN, ENCODER_END, ENCODER_INSTANT };

struct encoder;

struct encoder_calls {
    /* Describe a track before its first event. */
    void (*announce)(struct encoder *encoder, const struct encoder_track *track);
    /* @event may be NULL; of an end, name and category are not written. */
    void (*event)(struct encoder *encoder, enum encoder_event_kind kind, trace_track_id track, uint64_t time_ns,
                  const struct trace_event *event);
    /* One value of a counter track. */
    void (*counter)(struct encoder *encoder, trace_track_id track, uint64_t time_ns, double value);
    /* See trace_texts_move; NULL: it does not matter. */
    void (*texts_move)(struct encoder *encoder);
    /* What comes last; NULL: nothing. */
    void (*finish)(struct encoder *encoder);
    void (*destroy)(struct encoder *encoder);
};

/* The beginning of each format's own structure. */
struct encoder {
    const struct encoder_calls *calls;
};

/** perfetto_create, json_create - an encoder that writes to @sink, which stays the caller's. NULL when out of memory.
 */
struct encoder *perfetto_create(struct sink *sink);
struct encoder *json_create(struct sink *sink);

#endif
