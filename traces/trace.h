/* trace.h - a timeline being written: tracks, slices, instants, counters and arrows between them.
 *
 * Whoever knows what happened says it here; how it is stored (Perfetto's protobuf or Chrome's JSON, gzipped when the
 * file's name ends in .gz) is known to this folder alone. Events stream out through fixed buffers, which a thread
 * empties: memory does not grow with the run. The same calls give the same bytes. The file takes its name only when it
 * is complete, so a name that exists is a trace that opens.
 *
 * Times are simulated picoseconds; the file holds ns, rounded down. A caller to whom the rest matters gives the cycle
 * or the picosecond as an argument.
 *
 * Order of calls. Readers sort by time and keep the file's order where times are equal, and in ns many are equal.
 * So on each track:
 *   - slices come in the order in which they begin, and nest or follow one another, never overlap;
 *   - an outer slice comes before those inside it, and what is inside before the next slice outside;
 *   - trace_begin and trace_end, called as time passes, keep this by themselves; whoever tells finished slices with
 *     trace_slice tells the outer one first.
 * A call that breaks this fails the trace: it would be drawn wrongly, so it is not drawn. Between tracks there is no
 * order to keep, but an arrow's start must be at an earlier ns than its end, or told first. Instants and counters are
 * free, except that equal times keep the order of the calls.
 *
 * Errors stick: after the first, calls do nothing and trace_close reports it. One trace is used by one thread at a
 * time, of the process that opened it. A handler of a signal that ends the process may call trace_close in the middle
 * of another call.
 */
#ifndef DAV_TRACE_H
#define DAV_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct trace;

/* A row of the timeline; TRACE_NO_TRACK is no row, and as a parent the root. */
typedef uint32_t trace_track_id;
#define TRACE_NO_TRACK 0u

#define TRACE_MAX_ARGS 32 /* arguments an event can have */

enum trace_arg_kind { TRACE_INT, TRACE_UINT, TRACE_DOUBLE, TRACE_BOOL, TRACE_STRING, TRACE_POINTER };

/* One argument of an event. Names come from a small set, and stay where they are (trace_texts_move); a string's bytes
 * are read during the call only. */
struct trace_arg {
    const char *name;
    enum trace_arg_kind kind;
    union {
        int64_t i;
        uint64_t u; /* also TRACE_POINTER, shown in hexadecimal */
        double d;
        bool b;
        const char *s;
    } value;
};

/* What an event says besides when and where. Zero-filled fields are absent. All of it is read during the call only, but
 * that the category and the arguments' names stay where they are, unchanged, as literals do. */
struct trace_event {
    const char *name;
    const char *category;
    const struct trace_arg *args;
    size_t arg_count;
    const uint64_t *flows_out; /* arrows that start at this event: ids from trace_new_flow */
    size_t flow_out_count;
    const uint64_t *flows_in; /* arrows that end at this event */
    size_t flow_in_count;
};

enum trace_format { TRACE_PERFETTO, TRACE_JSON /* Chrome's trace event format */ };

/**
 * trace_open - start a trace.
 * @path: the file to be; an existing one is replaced at trace_close, gzip when it ends in .gz
 * @error, @error_size: receives one line, without newline, when NULL is returned
 *
 * Writes to `PATH.tmp-PID-N` beside it. Returns the trace, to be given to trace_close or trace_abandon.
 */
struct trace *trace_open(const char *path, enum trace_format format, char *error, size_t error_size);

/**
 * trace_process - a group of tracks.
 * @order: place among the groups, lowest first; equal ones in the order of creation
 *
 * Events may be put on the group itself as on any track.
 */
trace_track_id trace_process(struct trace *trace, const char *name, int order);

/**
 * trace_track - a row for slices and instants.
 * @parent: a group, another track (rows below a row: the pipes of a core) or TRACE_NO_TRACK
 * @name: unique among the children of @parent, or viewers may merge the rows
 * @order: place among the children, 0 to 998 within a group; equal ones in the order of creation
 */
trace_track_id trace_track(struct trace *trace, trace_track_id parent, const char *name, int order);

/**
 * trace_counter_track - a row for a curve.
 * @parent: a group, a track or TRACE_NO_TRACK
 * @unit: "bytes", "ns", any other unit's name, or NULL for a plain count
 */
trace_track_id trace_counter_track(struct trace *trace, trace_track_id parent, const char *name, const char *unit,
                                   int order);

/** trace_begin - a slice starts on @track and stays open until trace_end. */
void trace_begin(struct trace *trace, trace_track_id track, uint64_t time_ps, const struct trace_event *event);

/**
 * trace_end - the innermost open slice of @track ends.
 * @event: arguments and arrows known only now, added to the slice's; its name and category are not used. May be NULL.
 */
void trace_end(struct trace *trace, trace_track_id track, uint64_t time_ps, const struct trace_event *event);

/** trace_slice - a slice whose begin and end are both known; its arrows leave from and arrive at its begin. */
void trace_slice(struct trace *trace, trace_track_id track, uint64_t begin_ps, uint64_t end_ps,
                 const struct trace_event *event);

/** trace_instant - a point in time on @track. */
void trace_instant(struct trace *trace, trace_track_id track, uint64_t time_ps, const struct trace_event *event);

/** trace_counter - the curve of counter track @track has @value from @time_ps on. */
void trace_counter(struct trace *trace, trace_track_id track, uint64_t time_ps, double value);

/** trace_texts_move - categories and names of arguments that were given until now may go. */
void trace_texts_move(struct trace *trace);

/** trace_new_flow - an id for one arrow: given once in flows_out and once in flows_in. An arrow has one of each. */
uint64_t trace_new_flow(struct trace *trace);

/** trace_failed - whether an error has stuck, for a caller who would rather stop than go on untraced. */
bool trace_failed(const struct trace *trace);

/**
 * trace_close - complete the file and give it its name.
 * @error, @error_size: receives one line, without newline, on failure
 *
 * Slices still open (a run that was interrupted or faulted) end at the latest time the trace has seen, with the
 * argument `unfinished`. Returns 0, or -1 when the file could not be completed: then nothing is left behind and an
 * older file of that name is untouched. The trace is gone either way.
 */
int trace_close(struct trace *trace, char *error, size_t error_size);

/** trace_abandon - drop the trace and what was written of it. */
void trace_abandon(struct trace *trace);

/* Arguments in one line each: struct trace_arg args[] = {trace_arg_uint("task", id), trace_arg_string("core", name)};
 */

static inline struct trace_arg trace_arg_int(const char *name, int64_t value)
{
    struct trace_arg arg;
    arg.name = name;
    arg.kind = TRACE_INT;
    arg.value.i = value;
    return arg;
}

static inline struct trace_arg trace_arg_uint(const char *name, uint64_t value)
{
    struct trace_arg arg;
    arg.name = name;
    arg.kind = TRACE_UINT;
    arg.value.u = value;
    return arg;
}

static inline struct trace_arg trace_arg_double(const char *name, double value)
{
    struct trace_arg arg;
    arg.name = name;
    arg.kind = TRACE_DOUBLE;
    arg.value.d = value;
    return arg;
}

static inline struct trace_arg trace_arg_bool(const char *name, bool value)
{
    struct trace_arg arg;
    arg.name = name;
    arg.kind = TRACE_BOOL;
    arg.value.b = value;
    return arg;
}

static inline struct trace_arg trace_arg_string(const char *name, const char *value)
{
    struct trace_arg arg;
    arg.name = name;
    arg.kind = TRACE_STRING;
    arg.value.s = value;
    return arg;
}

static inline struct trace_arg trace_arg_pointer(const char *name, uint64_t address)
{
    struct trace_arg arg;
    arg.name = name;
    arg.kind = TRACE_POINTER;
    arg.value.u = address;
    return arg;
}

#ifdef __cplusplus
}
#endif
#endif
