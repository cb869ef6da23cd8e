/* perfetto.h - what trace.c says, encoded as Perfetto packets. No rules here, only the format. */
#ifndef DAV_TRACES_PERFETTO_H
#define DAV_TRACES_PERFETTO_H

#include "traces/sink.h"
#include "traces/trace.h"

struct perfetto;

enum perfetto_track_kind { PERFETTO_PROCESS, PERFETTO_THREAD, PERFETTO_TRACK, PERFETTO_COUNTER };

struct perfetto_track {
    enum perfetto_track_kind kind;
    trace_track_id id, parent;
    int32_t pid, tid; /* processes and threads */
    int32_t order;
    const char *name;
    const char *unit; /* counters; NULL for a count */
};

enum perfetto_event_kind { PERFETTO_BEGIN, PERFETTO_END, PERFETTO_INSTANT };

/** perfetto_create - an encoder that writes to @sink, which stays the caller's. NULL when out of memory. */
struct perfetto *perfetto_create(struct sink *sink);

/** perfetto_destroy - free the encoder; every packet has already gone to the sink. */
void perfetto_destroy(struct perfetto *perfetto);

/** perfetto_announce - describe a track before its first event. */
void perfetto_announce(struct perfetto *perfetto, const struct perfetto_track *track);

/** perfetto_event - write one packet. @event may be NULL; of an end, name and category are not written. */
void perfetto_event(struct perfetto *perfetto, enum perfetto_event_kind kind, trace_track_id track, uint64_t time_ns,
                    const struct trace_event *event);

/** perfetto_counter - write one value of a counter track. */
void perfetto_counter(struct perfetto *perfetto, trace_track_id track, uint64_t time_ns, double value);

#endif
