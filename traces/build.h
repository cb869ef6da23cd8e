/* build.h - a timeline that is put together from events as a reader meets them (perfetto_reader.c, json_reader.c).
 *
 * Events come in the file's order; what counts is their order in time, and the file's where times are equal. A writer
 * like ours tells the slices of a row in the order in which they begin, so an end waits until a later begin shows that
 * nothing can come before it, and nothing else waits. A file that does otherwise is `late`: it is read again with
 * `hold` set, which keeps all its events until the end and sorts them.
 */
#ifndef DAV_TRACES_BUILD_H
#define DAV_TRACES_BUILD_H

#include "traces/map.h"
#include "traces/reader.h"
#include "traces/strings.h"

enum build_kind {
    BUILD_BEGIN,
    BUILD_END,
    BUILD_INSTANT,
    BUILD_ARROWS /* ends of arrows at the slice that is open then */
};

/* Which of two events at the same time comes first, where the file's order does not tell because it has whole slices:
 * ends of these, the last begun first; then whatever has no place; then begins, the longest first. */
enum build_place { BUILD_WHOLE_END = -1, BUILD_AS_TOLD, BUILD_WHOLE_BEGIN };

struct build_event {
    enum build_kind kind;
    enum build_place place;
    int64_t length_ns; /* of a whole slice */
    uint32_t row;
    int64_t time_ns;
    uint32_t name, category;
    const struct trace_value *args;
    size_t arg_count;
    const uint64_t *flows_out, *flows_in;
    size_t flow_out_count, flow_in_count;
};

/* An end of an arrow. */
struct build_flow {
    uint64_t id;
    uint32_t slice;
    bool in;
};

struct build_waiting; /* an event that waits for its turn */
struct build_open;    /* a slice that has begun */

struct build_row {
    struct trace_row row; /* its parent is known at the end */
    bool is_described, has_parent, is_thread, is_ordered;
    uint64_t parent_uuid;
    int32_t pid; /* of a group, or of a thread */

    struct build_waiting *waiting; /* sorted by time, except with `hold` */
    size_t waiting_count, waiting_capacity;
    struct build_open *open; /* innermost last; what lies behind keeps its memory */
    size_t open_count, open_capacity;
    uint32_t *told; /* the begins that have no end yet, in the file's order */
    size_t told_count, told_capacity;
    int64_t done_ns; /* what happened until then is done with */
    int64_t last_begin_ns;
};

enum { BUILD_KEPT = 16 };

struct build {
    struct strings strings; /* the first one is "" */
    struct build_row *rows;
    size_t row_count, row_capacity;
    struct map uuids;          /* -> rows */
    uint32_t begin_ps, end_ps; /* the names of these arguments */
    uint32_t kept[BUILD_KEPT]; /* those of the arguments that are kept */
    size_t kept_count;
    bool keeps_all;

    struct trace_slice *slices; /* in the order in which they begin, row by row */
    size_t slice_count, slice_capacity;
    struct trace_value *args;
    size_t arg_count, arg_capacity;
    struct build_flow *flows;
    size_t flow_count, flow_capacity;
    struct trace_sample *samples;
    size_t sample_count, sample_capacity;

    struct timeline_faults *faults; /* NULL: nobody asks */
    uint32_t *serials;              /* of slices: which begin of the file; with `faults` only */
    int64_t *told_ends;             /* of begins: what the file's order says */
    size_t begin_count, begin_capacity, serial_capacity;

    int64_t latest_ns;
    bool hold, late, out_of_memory;
};

/* A timeline with what its strings are in. */
struct whole {
    struct timeline timeline; /* first: what the caller has */
    struct strings strings;
};

/** build_start - an empty timeline. @args: the names of the arguments that are kept, NULL behind them; NULL: all. */
void build_start(struct build *build, bool hold, const char *const *args, struct timeline_faults *faults);

/** build_row - the row of track @uuid, made when it is new. TRACE_NONE when out of memory. */
uint32_t build_row(struct build *build, uint64_t uuid);

/** build_string - the index of @length bytes of text; that of "" when out of memory. */
uint32_t build_string(struct build *build, const char *text, size_t length);

/** build_text - @string kept with the timeline. */
const char *build_text(struct build *build, const char *string);

void build_event(struct build *build, const struct build_event *event);
void build_sample(struct build *build, uint32_t row, int64_t time_ns, double value);

/** build_fault - something is wrong in the file. */
void build_fault(struct build *build, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** build_end - no more events: what is open ends now. */
void build_end(struct build *build);

/** build_finish - the timeline, or NULL when out of memory. The build is empty afterwards. */
struct timeline *build_finish(struct build *build);

/** build_drop - free all of it. */
void build_drop(struct build *build);

#endif
