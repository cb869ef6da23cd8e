/* timeline.c - what is asked of a timeline. */
#include <stdlib.h>

#include "traces/build.h"

void timeline_free(struct timeline *timeline)
{
    if (!timeline)
        return;
    strings_clear(&((struct whole *)timeline)->strings);
    free(timeline->rows);
    free(timeline->slices);
    free(timeline->args);
    free(timeline->flows);
    free(timeline->samples);
    free(timeline);
}

uint32_t timeline_string(const struct timeline *timeline, const char *text)
{
    return strings_find(&((const struct whole *)timeline)->strings, text);
}

const struct trace_value *timeline_value(const struct timeline *timeline, const struct trace_slice *slice,
                                         uint32_t name)
{
    for (uint32_t i = slice->arg_count; i-- > 0;)
        if (timeline->args[slice->first_arg + i].name == name)
            return &timeline->args[slice->first_arg + i];
    return NULL;
}

const struct trace_value *timeline_arg(const struct timeline *timeline, const struct trace_slice *slice,
                                       const char *name)
{
    return slice->arg_count ? timeline_value(timeline, slice, timeline_string(timeline, name)) : NULL;
}

static uint64_t picoseconds(int64_t ns, uint16_t rest_ps)
{
    return ns < 0 ? 0 : (uint64_t)ns * 1000 + rest_ps;
}

uint64_t timeline_begin_ps(const struct timeline *timeline, const struct trace_slice *slice)
{
    (void)timeline;
    return picoseconds(slice->begin_ns, slice->begin_rest_ps);
}

uint64_t timeline_end_ps(const struct timeline *timeline, const struct trace_slice *slice)
{
    (void)timeline;
    return picoseconds(slice->end_ns, slice->end_rest_ps);
}

void timeline_span(const struct timeline *timeline, int64_t *first_ns, int64_t *last_ns)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < timeline->slice_count; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        first = slice->begin_ns < first ? slice->begin_ns : first;
        last = slice->end_ns > last ? slice->end_ns : last;
    }
    for (size_t i = 0; i < timeline->sample_count; i++) {
        int64_t time_ns = timeline->samples[i].time_ns;
        first = time_ns < first ? time_ns : first;
        last = time_ns > last ? time_ns : last;
    }
    *first_ns = first > last ? 0 : first;
    *last_ns = first > last ? 0 : last;
}
