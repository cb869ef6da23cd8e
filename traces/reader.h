/* reader.h - a trace that was written, read back into flat arrays.
 *
 * A file is Perfetto's protobuf or Chrome's JSON, gzipped or plain: what it holds decides, not its name. Any trace of
 * track events is read, ours or a foreign one; what a timeline has no place for (nested arguments, other kinds of
 * packets) is left out. Rows stand in the order in which a viewer shows them, a row before those below it. Slices are
 * sorted by row, begin, and outer before inner; samples by row and time; flows by id.
 *
 * A file that is damaged or cut off is refused with one line. What is wrong in a file that can be read is told on
 * request (struct timeline_faults).
 */
#ifndef DAV_TRACES_READER_H
#define DAV_TRACES_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "traces/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRACE_NONE UINT32_MAX

struct trace_row {
    uint32_t parent; /* TRACE_NONE: none */
    const char *name;
    const char *unit; /* of a counter; NULL: a count */
    bool is_counter;
    bool is_group; /* a process of the format */
    int32_t order; /* among its siblings */
    uint64_t uuid;
};

/* An argument. Strings are indices into timeline.strings, as everywhere here. */
struct trace_value {
    uint32_t name;
    enum trace_arg_kind kind;
    union {
        int64_t i;
        uint64_t u; /* also of a pointer */
        double d;
        bool b;
        uint32_t s;
    } value;
};

struct trace_slice {
    uint32_t row, name, category; /* no name, no category: the string "" */
    uint32_t parent;              /* the slice around it on its row, or TRACE_NONE */
    uint32_t depth;               /* how many are around it */
    int64_t begin_ns, end_ns;
    uint32_t first_arg, arg_count; /* of its begin, then of its end */
    bool instant;
    uint16_t begin_rest_ps,
        end_rest_ps; /* what the ns leave out: the arguments "begin ps" and "end ps", if below 1000 */
};

/* An arrow; an end that is missing is TRACE_NONE. */
struct trace_flow {
    uint32_t from, to; /* slices */
    uint64_t id;
};

struct trace_sample {
    uint32_t row;
    int64_t time_ns;
    double value;
};

struct timeline {
    struct trace_row *rows;
    size_t row_count;
    struct trace_slice *slices;
    size_t slice_count;
    struct trace_value *args;
    size_t arg_count;
    struct trace_flow *flows;
    size_t flow_count;
    struct trace_sample *samples;
    size_t sample_count;
    const char **strings;
    size_t string_count;
    int64_t origin_ns; /* what all times count from: 0, unless the file's are too late for picoseconds in 63 bits */
};

/* What is wrong with a file that can be read nevertheless: the first lines of it, and how many there are. */
enum { TIMELINE_FAULT_LINES = 20, TIMELINE_FAULT_LENGTH = 240 };

struct timeline_faults {
    size_t count;
    char lines[TIMELINE_FAULT_LINES][TIMELINE_FAULT_LENGTH];
};

/**
 * timeline_read - the trace in file @path.
 * @error, @error_size: receives one line, without newline, when NULL is returned
 *
 * To be given to timeline_free.
 */
struct timeline *timeline_read(const char *path, char *error, size_t error_size);

/** timeline_read_args - the same, but of arguments only those called as in @names, which a NULL ends. Where many slices
 *  have many arguments these take most of the memory. */
struct timeline *timeline_read_args(const char *path, const char *const *names, char *error, size_t error_size);

/** timeline_inspect - as timeline_read; @faults (not NULL) tells what breaks the rules of trace.h. */
struct timeline *timeline_inspect(const char *path, struct timeline_faults *faults, char *error, size_t error_size);

/** timeline_free - @timeline may be NULL. */
void timeline_free(struct timeline *timeline);

/** timeline_arg - the argument @name of @slice, NULL if it has none. What its end says counts before its begin. */
const struct trace_value *timeline_arg(const struct timeline *timeline, const struct trace_slice *slice,
                                       const char *name);

/** timeline_value - the same by the name's index (timeline_string); NULL also for TRACE_NONE. */
const struct trace_value *timeline_value(const struct timeline *timeline, const struct trace_slice *slice,
                                         uint32_t name);

/** timeline_begin_ps, timeline_end_ps - in picoseconds: with the rest. */
uint64_t timeline_begin_ps(const struct timeline *timeline, const struct trace_slice *slice);
uint64_t timeline_end_ps(const struct timeline *timeline, const struct trace_slice *slice);

/** timeline_span - from the first moment to the last one; 0 and 0 if there is none. */
void timeline_span(const struct timeline *timeline, int64_t *first_ns, int64_t *last_ns);

/** timeline_string - the index of @text, TRACE_NONE if the trace does not use it. */
uint32_t timeline_string(const struct timeline *timeline, const char *text);

#ifdef __cplusplus
}
#endif
#endif
