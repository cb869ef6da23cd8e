/* trace.c - the rules of a timeline: which tracks exist, what may follow what, what an error does.
 *
 * A track keeps the ends of the slices it is inside of, outermost first. That is enough to see at each call whether
 * the new slice nests in, or follows, what was told before, and what is still open when the trace closes.
 */
#include "traces/trace.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traces/encoder.h"

enum { PS_PER_NS = 1000, PID_STEP = 1000 };

#define STILL_OPEN UINT64_MAX /* the end of a slice that waits for its trace_end */

struct track {
    struct encoder_track shown; /* as announced; its name is owned here */
    uint64_t last_begin_ps;     /* no slice may begin before it */
    uint64_t *ends_ps;          /* of the slices around the present point, each within the one before */
    uint32_t depth, capacity;
};

struct trace {
    struct sink *sink;
    struct encoder *encoder;
    char *path;
    struct track *tracks; /* the track with id n is tracks[n - 1] */
    uint32_t track_count, track_capacity;
    int32_t process_count;
    uint64_t flow_count;
    uint64_t latest_ps;
    bool failed;
    char error[512];
};

static void __attribute__((format(printf, 2, 3))) fail(struct trace *trace, const char *format, ...)
{
    if (trace->failed)
        return;
    trace->failed = true;
    int used = snprintf(trace->error, sizeof trace->error, "trace '%.200s': ", trace->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(trace->error + used, sizeof trace->error - (size_t)used, format, arguments);
    va_end(arguments);
}

static void trace_free(struct trace *trace)
{
    for (uint32_t i = 0; i < trace->track_count; i++) {
        free((char *)trace->tracks[i].shown.name);
        free(trace->tracks[i].ends_ps);
    }
    if (trace->encoder)
        trace->encoder->calls->destroy(trace->encoder);
    free(trace->tracks);
    free(trace->path);
    free(trace);
}

struct trace *trace_open(const char *path, enum trace_format format, char *error, size_t error_size)
{
    struct sink *sink = sink_open(path, error, error_size);
    if (!sink)
        return NULL;
    struct trace *trace = calloc(1, sizeof *trace);
    if (trace) {
        trace->path = strdup(path);
        trace->encoder = format == TRACE_JSON ? json_create(sink) : perfetto_create(sink);
        trace->sink = sink;
    }
    if (!trace || !trace->path || !trace->encoder) {
        snprintf(error, error_size, "trace '%s': out of memory", path);
        sink_discard(sink);
        if (trace)
            trace_free(trace);
        return NULL;
    }
    return trace;
}

bool trace_failed(const struct trace *trace)
{
    return trace->failed || sink_failed(trace->sink);
}

/* ---- tracks ---- */

static struct track *find_track(struct trace *trace, trace_track_id id)
{
    if (trace_failed(trace))
        return NULL;
    if (id == TRACE_NO_TRACK || id > trace->track_count) {
        fail(trace, "there is no track %" PRIu32, id);
        return NULL;
    }
    return &trace->tracks[id - 1];
}

/* Gives @shown its id, keeps a copy and writes it. */
static trace_track_id add_track(struct trace *trace, struct encoder_track shown)
{
    if (trace->track_count == trace->track_capacity) {
        uint32_t capacity = trace->track_capacity ? 2 * trace->track_capacity : 64;
        struct track *tracks = realloc(trace->tracks, capacity * sizeof *tracks);
        if (!tracks) {
            fail(trace, "out of memory");
            return TRACE_NO_TRACK;
        }
        trace->tracks = tracks;
        trace->track_capacity = capacity;
    }
    shown.name = strdup(shown.name);
    if (!shown.name) {
        fail(trace, "out of memory");
        return TRACE_NO_TRACK;
    }
    shown.id = trace->track_count + 1;
    trace->tracks[trace->track_count++] = (struct track){.shown = shown};
    trace->encoder->calls->announce(trace->encoder, &shown);
    return shown.id;
}

trace_track_id trace_process(struct trace *trace, const char *name, int order)
{
    if (trace_failed(trace))
        return TRACE_NO_TRACK;
    int32_t pid = PID_STEP * ++trace->process_count;
    return add_track(trace, (struct encoder_track){.kind = ENCODER_PROCESS, .pid = pid, .order = order, .name = name});
}

/* Viewers sort the rows of a group by thread id, and draw one row for all tracks with the same. */
static int32_t free_tid(const struct trace *trace, int32_t pid, int order)
{
    int32_t tid = pid + 1 + order;
    for (uint32_t i = 0; i < trace->track_count; i++) {
        const struct encoder_track *other = &trace->tracks[i].shown;
        if (other->kind == ENCODER_THREAD && other->tid == tid) {
            tid++;
            i = UINT32_MAX; /* from the first again */
        }
    }
    return tid;
}

trace_track_id trace_track(struct trace *trace, trace_track_id parent, const char *name, int order)
{
    if (trace_failed(trace))
        return TRACE_NO_TRACK;
    struct encoder_track shown = {.kind = ENCODER_TRACK, .parent = parent, .order = order, .name = name};
    if (parent != TRACE_NO_TRACK) {
        const struct track *above = find_track(trace, parent);
        if (!above)
            return TRACE_NO_TRACK;
        if (above->shown.kind == ENCODER_PROCESS) {
            if (order < 0 || order > PID_STEP - 2) {
                fail(trace, "track '%s' has order %d within a group; 0 to %d are possible", name, order, PID_STEP - 2);
                return TRACE_NO_TRACK;
            }
            shown.kind = ENCODER_THREAD;
            shown.pid = above->shown.pid;
            shown.tid = free_tid(trace, shown.pid, order);
            if (shown.tid >= shown.pid + PID_STEP) {
                fail(trace, "group '%s' has no room for track '%s'; it holds %d", above->shown.name, name,
                     PID_STEP - 1);
                return TRACE_NO_TRACK;
            }
        }
    }
    return add_track(trace, shown);
}

trace_track_id trace_counter_track(struct trace *trace, trace_track_id parent, const char *name, const char *unit,
                                   int order)
{
    if (trace_failed(trace) || (parent != TRACE_NO_TRACK && !find_track(trace, parent)))
        return TRACE_NO_TRACK;
    return add_track(trace, (struct encoder_track){
                                .kind = ENCODER_COUNTER, .parent = parent, .order = order, .name = name, .unit = unit});
}

/* ---- events ---- */

/* What every event is checked for; the track it may go to, or NULL. */
static struct track *admit(struct trace *trace, trace_track_id id, const struct trace_event *event)
{
    struct track *track = find_track(trace, id);
    if (!track)
        return NULL;
    if (track->shown.kind == ENCODER_COUNTER) {
        fail(trace, "'%s' is a counter and takes values only", track->shown.name);
        return NULL;
    }
    if (event && event->arg_count > TRACE_MAX_ARGS) {
        fail(trace, "an event on '%s' has %zu arguments; %d are possible", track->shown.name, event->arg_count,
             TRACE_MAX_ARGS);
        return NULL;
    }
    return track;
}

static void write_event(struct trace *trace, enum encoder_event_kind kind, trace_track_id track, uint64_t time_ps,
                        const struct trace_event *event)
{
    if (time_ps > trace->latest_ps)
        trace->latest_ps = time_ps;
    trace->encoder->calls->event(trace->encoder, kind, track, time_ps / PS_PER_NS, event);
}

/* Slices told whole that ended by @time_ps are around no longer. */
static void leave_ended(struct track *track, uint64_t time_ps)
{
    while (track->depth > 0 && track->ends_ps[track->depth - 1] <= time_ps)
        track->depth--;
}

/* Enters a slice, if it nests in or follows those before. */
static bool enter_slice(struct trace *trace, struct track *track, uint64_t begin_ps, uint64_t end_ps)
{
    if (begin_ps < track->last_begin_ps || end_ps < begin_ps) {
        fail(trace, "on '%s' a slice of %" PRIu64 " to %" PRIu64 " ps comes after one at %" PRIu64 " ps",
             track->shown.name, begin_ps, end_ps, track->last_begin_ps);
        return false;
    }
    leave_ended(track, begin_ps);
    if (track->depth > 0 && end_ps != STILL_OPEN && end_ps > track->ends_ps[track->depth - 1]) {
        fail(trace, "on '%s' a slice of %" PRIu64 " to %" PRIu64 " ps overlaps one that ends at %" PRIu64 " ps",
             track->shown.name, begin_ps, end_ps, track->ends_ps[track->depth - 1]);
        return false;
    }
    if (track->depth == track->capacity) {
        uint32_t capacity = track->capacity ? 2 * track->capacity : 4;
        uint64_t *ends = realloc(track->ends_ps, capacity * sizeof *ends);
        if (!ends) {
            fail(trace, "out of memory");
            return false;
        }
        track->ends_ps = ends;
        track->capacity = capacity;
    }
    track->ends_ps[track->depth++] = end_ps;
    track->last_begin_ps = begin_ps;
    return true;
}

void trace_begin(struct trace *trace, trace_track_id id, uint64_t time_ps, const struct trace_event *event)
{
    struct track *track = admit(trace, id, event);
    if (!track || !enter_slice(trace, track, time_ps, STILL_OPEN))
        return;
    write_event(trace, ENCODER_BEGIN, id, time_ps, event);
}

void trace_end(struct trace *trace, trace_track_id id, uint64_t time_ps, const struct trace_event *event)
{
    struct track *track = admit(trace, id, event);
    if (!track)
        return;
    leave_ended(track, time_ps);
    if (time_ps < track->last_begin_ps || track->depth == 0 || track->ends_ps[track->depth - 1] != STILL_OPEN) {
        fail(trace, "on '%s' no slice can end at %" PRIu64 " ps: %s", track->shown.name, time_ps,
             track->depth == 0 ? "none is open" : "one inside it begins or ends later");
        return;
    }
    track->depth--;
    track->last_begin_ps = time_ps; /* what follows lies outside the slice */
    write_event(trace, ENCODER_END, id, time_ps, event);
}

void trace_slice(struct trace *trace, trace_track_id id, uint64_t begin_ps, uint64_t end_ps,
                 const struct trace_event *event)
{
    struct track *track = admit(trace, id, event);
    if (!track || !enter_slice(trace, track, begin_ps, end_ps))
        return;
    track->ends_ps[track->depth - 1] = STILL_OPEN; /* so long: an exit in between ends it */
    write_event(trace, ENCODER_BEGIN, id, begin_ps, event);
    write_event(trace, ENCODER_END, id, end_ps, NULL);
    track->ends_ps[track->depth - 1] = end_ps;
}

void trace_instant(struct trace *trace, trace_track_id id, uint64_t time_ps, const struct trace_event *event)
{
    if (admit(trace, id, event))
        write_event(trace, ENCODER_INSTANT, id, time_ps, event);
}

void trace_counter(struct trace *trace, trace_track_id id, uint64_t time_ps, double value)
{
    struct track *track = find_track(trace, id);
    if (!track)
        return;
    if (track->shown.kind != ENCODER_COUNTER) {
        fail(trace, "'%s' is not a counter", track->shown.name);
        return;
    }
    if (time_ps > trace->latest_ps)
        trace->latest_ps = time_ps;
    trace->encoder->calls->counter(trace->encoder, id, time_ps / PS_PER_NS, value);
}

void trace_texts_move(struct trace *trace)
{
    if (trace->encoder->calls->texts_move)
        trace->encoder->calls->texts_move(trace->encoder);
}

uint64_t trace_new_flow(struct trace *trace)
{
    return ++trace->flow_count;
}

/* ---- the end ---- */

static void end_unfinished(struct trace *trace)
{
    const struct trace_arg unfinished = trace_arg_bool("unfinished", true);
    const struct trace_event event = {.args = &unfinished, .arg_count = 1};
    for (uint32_t i = 0; i < trace->track_count; i++) {
        struct track *track = &trace->tracks[i];
        for (; track->depth > 0; track->depth--)
            if (track->ends_ps[track->depth - 1] == STILL_OPEN)
                write_event(trace, ENCODER_END, track->shown.id, trace->latest_ps, &event);
    }
}

int trace_close(struct trace *trace, char *error, size_t error_size)
{
    int result = -1;
    if (trace->failed) {
        snprintf(error, error_size, "%s", trace->error);
        sink_discard(trace->sink);
    } else {
        end_unfinished(trace);
        if (trace->encoder->calls->finish)
            trace->encoder->calls->finish(trace->encoder);
        result = sink_commit(trace->sink, error, error_size);
    }
    trace_free(trace);
    return result;
}

void trace_abandon(struct trace *trace)
{
    if (!trace)
        return;
    sink_discard(trace->sink);
    trace_free(trace);
}
