/* recorder_marks.c - see recorder_marks.h. The ends of a finding are announced together, but heard of in the order of
 * time, and those of others in between. */
#include "model/recorder_marks.h"

#include <stdlib.h>

/* The arrow of finding @number, which has another end; 0 without memory. */
static uint64_t find_arrow(struct recorder_marks *marks, struct trace *trace, uint64_t number)
{
    for (size_t i = 0; i < marks->count; i++) {
        uint64_t flow = marks->open[i].flow;

        if (marks->open[i].number != number)
            continue;
        marks->open[i] = marks->open[--marks->count];
        return flow;
    }
    if (marks->count == marks->capacity) {
        size_t capacity = marks->capacity ? 2 * marks->capacity : 16;
        struct open_finding *grown = realloc(marks->open, capacity * sizeof(*grown));

        if (!grown)
            return 0;
        marks->open = grown;
        marks->capacity = capacity;
    }
    marks->open[marks->count] = (struct open_finding){number, trace_new_flow(trace)};
    return marks->open[marks->count++].flow;
}

static const char *category_of(const struct event *event)
{
    return event->kind == EVENT_LOG       ? "log"
           : event->kind == EVENT_FINDING ? "finding"
           : event->kind == EVENT_FAULT   ? "fault"
                                          : "stop";
}

void marks_tell(struct recorder_marks *marks, struct trace *trace, trace_track_id track, const struct event *event)
{
    struct trace_arg level = trace_arg_int("level", event->level);
    struct trace_event mark = {.name = event->text ? event->text : category_of(event),
                               .category = category_of(event),
                               .args = &level,
                               .arg_count = event->kind == EVENT_LOG};
    uint64_t flow = 0;

    if (event->kind == EVENT_FINDING && event->level != FINDING_ALONE)
        flow = find_arrow(marks, trace, event->serial);
    if (event->level == FINDING_CAUSE) {
        mark.flows_out = &flow;
        mark.flow_out_count = flow != 0;
    } else {
        mark.flows_in = &flow;
        mark.flow_in_count = flow != 0;
    }
    trace_instant(trace, track, event->time_ps, &mark);
}

void marks_fini(struct recorder_marks *marks)
{
    free(marks->open);
}
