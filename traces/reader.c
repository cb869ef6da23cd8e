/* reader.c - see reader.h: which format a file has, and reading it once or, if it tells things out of order, twice. */
#include "traces/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "traces/packets.h"

/* 0, or -1 with the line. */
static int read_once(const char *path, struct build *build, char *error, size_t error_size)
{
    struct source *source = source_open(path, error, error_size);
    if (!source)
        return -1;
    char why[300] = "";
    size_t got;
    int result = -1;
    const uint8_t *bytes = source_need(source, 1, &got);
    if (build->out_of_memory)
        ;
    else if (got == 0)
        snprintf(why, sizeof why, "it is empty");
    else if (*bytes == (1 << 3 | 2)) /* the tag of a packet; as text, an empty line */
        result = perfetto_read(source, build, why, sizeof why);
    else if (*bytes && strchr("{[ \t\r", *bytes))
        result = json_read(source, build, why, sizeof why);
    else
        snprintf(why, sizeof why, "it is neither a Perfetto trace nor Chrome JSON");
    if (build->out_of_memory)
        result = -1, snprintf(why, sizeof why, "out of memory");
    if (result != 0 && !source_failed(source, error, error_size))
        snprintf(error, error_size, "trace '%s': %s", path, why);
    source_close(source);
    return result;
}

/* Arrows that lead from nowhere, or to nowhere. */
static void check_arrows(const struct timeline *timeline, struct build *build)
{
    for (size_t i = 0; i < timeline->flow_count; i++) {
        const struct trace_flow *flow = &timeline->flows[i];
        if (flow->from != TRACE_NONE && flow->to != TRACE_NONE)
            continue;
        const struct trace_slice *slice = &timeline->slices[flow->from != TRACE_NONE ? flow->from : flow->to];
        build_fault(build, "row '%s': the arrow %" PRIu64 " %s '%s' at %" PRId64 " ns has no other end",
                    timeline->rows[slice->row].name, flow->id, flow->from != TRACE_NONE ? "from" : "to",
                    timeline->strings[slice->name], slice->begin_ns);
    }
}

static struct timeline *read_trace(const char *path, const char *const *args, struct timeline_faults *faults,
                                   char *error, size_t error_size)
{
    struct build build;
    build_start(&build, false, args, faults);
    int result = read_once(path, &build, error, error_size);
    if (result == 0)
        build_end(&build);
    if (result == 0 && build.late) {
        build_drop(&build);
        build_start(&build, true, args, faults);
        result = read_once(path, &build, error, error_size);
        if (result == 0)
            build_end(&build);
    }
    if (result != 0) {
        build_drop(&build);
        return NULL;
    }
    struct timeline *timeline = build_finish(&build);
    if (!timeline)
        snprintf(error, error_size, "trace '%s': out of memory", path);
    else if (faults)
        check_arrows(timeline, &(struct build){.faults = faults});
    return timeline;
}

struct timeline *timeline_read(const char *path, char *error, size_t error_size)
{
    return read_trace(path, NULL, NULL, error, error_size);
}

struct timeline *timeline_read_args(const char *path, const char *const *names, char *error, size_t error_size)
{
    return read_trace(path, names, NULL, error, error_size);
}

struct timeline *timeline_inspect(const char *path, struct timeline_faults *faults, char *error, size_t error_size)
{
    return read_trace(path, NULL, faults, error, error_size);
}
