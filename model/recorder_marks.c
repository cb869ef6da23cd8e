/* recorder_marks.c - see recorder_marks.h. The marks of a finding are announced together, but heard of in the order of
 * time, and those of others in between. */
#include "model/recorder_marks.h"

#include <stdlib.h>

#include "traces/array.h"

/* The flow of arrow @number, which has another end; 0 without memory. */
static uint64_t flow_of(struct recorder_marks *marks, struct trace *trace, uint64_t number)
{
    for (size_t i = 0; i < marks->count; i++) {
        uint64_t flow = marks->open[i].flow;

        if (marks->open[i].number != number)
            continue;
        marks->open[i] = marks->open[--marks->count];
        return flow;
    }
    if (!ARRAY_ROOM(marks->open, marks->capacity, marks->count, 1))
        return 0;
    marks->open[marks->count] = (struct open_arrow){number, trace_new_flow(trace)};
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
    uint64_t in, out[MARK_ARROWS];

    if (event->kind == EVENT_FINDING && event->set_serial) {
        in = flow_of(marks, trace, event->set_serial);
        mark.flows_in = &in;
        mark.flow_in_count = in != 0;
    }
    mark.flows_out = out;
    for (uint64_t i = 0; event->kind == EVENT_FINDING && i < event->bytes && i < MARK_ARROWS; i++) {
        out[mark.flow_out_count] = flow_of(marks, trace, event->serial + i);
        mark.flow_out_count += out[mark.flow_out_count] != 0;
    }
    trace_instant(trace, track, event->time_ps, &mark);
}

void marks_fini(struct recorder_marks *marks)
{
    free(marks->open);
}
