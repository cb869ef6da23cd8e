/* recorder_queue.c - see recorder_queue.h. */
#include "model/recorder_queue.h"

#include <stdlib.h>
#include <string.h>

enum { QUEUE_MOST = 128 };

static struct queued *queued_at(const struct recorder_queue *queue, uint32_t index)
{
    return &queue->events[(queue->first + index) % QUEUE_MOST];
}

static void tell(struct trace *trace, trace_track_id track, bool begins, uint64_t time_ps,
                 const struct trace_event *what)
{
    if (begins)
        trace_begin(trace, track, time_ps, what);
    else
        trace_end(trace, track, time_ps, what);
}

static void tell_first(struct recorder_queue *queue, struct trace *trace, trace_track_id track)
{
    struct queued *first = queued_at(queue, 0);
    struct trace_event what = {
        .name = first->name, .category = first->category, .args = first->args, .arg_count = first->arg_count};

    if (first->begins) {
        what.flows_in = first->flows;
        what.flow_in_count = first->flow_count;
    } else {
        what.flows_out = first->flows;
        what.flow_out_count = first->flow_count;
    }
    tell(trace, track, first->begins, first->time_ps, &what);
    if (first->flows != first->own_flows)
        free(first->flows);
    queue->first = (queue->first + 1) % QUEUE_MOST;
    queue->count--;
}

/* Room for one flow more than @count. */
static bool take_flows(struct queued *queued, const uint64_t *flows, size_t count)
{
    queued->flows = count < QUEUE_FLOWS ? queued->own_flows : malloc((count + 1) * sizeof(*flows));
    if (!queued->flows)
        return false;
    if (count)
        memcpy(queued->flows, flows, count * sizeof(*flows));
    queued->flow_count = count;
    return true;
}

void queue_tell(struct recorder_queue *queue, struct trace *trace, trace_track_id track, bool begins, uint64_t time_ps,
                const struct trace_event *what, uint64_t waits_for)
{
    struct queued *queued;

    if (!queue->events && waits_for)
        queue->events = malloc(QUEUE_MOST * sizeof(*queue->events));
    if (!queue->events || (!queue->count && !waits_for)) {
        tell(trace, track, begins, time_ps, what);
        return;
    }
    while (queue->count == QUEUE_MOST)
        tell_first(queue, trace, track);
    queued = queued_at(queue, queue->count);
    if (!take_flows(queued, begins ? what->flows_in : what->flows_out,
                    begins ? what->flow_in_count : what->flow_out_count)) {
        queue_flush(queue, trace, track);
        tell(trace, track, begins, time_ps, what);
        return;
    }
    queued->begins = begins;
    queued->waits_for = waits_for;
    queued->time_ps = time_ps;
    queued->name = what->name;
    queued->category = what->category;
    queued->arg_count = what->arg_count < QUEUE_ARGS ? what->arg_count : QUEUE_ARGS;
    if (queued->arg_count)
        memcpy(queued->args, what->args, queued->arg_count * sizeof(*queued->args));
    queue->count++;
}

/* The end of kernel @number; NULL if it does not wait. */
static struct queued *waiting(const struct recorder_queue *queue, uint64_t number)
{
    for (uint32_t i = 0; i < queue->count; i++)
        if (queued_at(queue, i)->waits_for == number)
            return queued_at(queue, i);
    return NULL;
}

bool queue_waits(const struct recorder_queue *queue, uint64_t number)
{
    return waiting(queue, number) != NULL;
}

void queue_seen(struct recorder_queue *queue, struct trace *trace, trace_track_id track, uint64_t number, uint64_t flow)
{
    struct queued *queued = waiting(queue, number);

    if (!queued)
        return;
    queued->waits_for = 0;
    if (flow)
        queued->flows[queued->flow_count++] = flow;
    while (queue->count && !queued_at(queue, 0)->waits_for)
        tell_first(queue, trace, track);
}

void queue_flush(struct recorder_queue *queue, struct trace *trace, trace_track_id track)
{
    while (queue->count)
        tell_first(queue, trace, track);
}

void queue_free(struct recorder_queue *queue)
{
    for (uint32_t i = 0; i < queue->count; i++)
        if (queued_at(queue, i)->flows != queued_at(queue, i)->own_flows)
            free(queued_at(queue, i)->flows);
    free(queue->events);
    *queue = (struct recorder_queue){0};
}
