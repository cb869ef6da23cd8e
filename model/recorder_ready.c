/* recorder_ready.c - see recorder_ready.h. A task that is ready from a to b changes the value at the first microsecond
 * not before a, and back at the first one not before b. */
#include "model/recorder_ready.h"

#include <stdlib.h>

#define STEP_PS 1000000ull

static int32_t *change_at(struct recorder_ready *ready, uint64_t step)
{
    return &ready->changes[step % READY_WINDOWS];
}

/* What is before step @until is told; nothing of it can change any more. */
static void tell_before(struct recorder_ready *ready, struct trace *trace, uint64_t until)
{
    for (; ready->first < until && ready->first < ready->end; ready->first++) {
        ready->value += *change_at(ready, ready->first);
        *change_at(ready, ready->first) = 0;
        if (ready->value == ready->told)
            continue;
        trace_counter(trace, ready->track, ready->first * STEP_PS, (double)ready->value);
        ready->told = ready->value;
    }
    if (ready->first < until)
        ready->first = until;
}

void ready_task(struct recorder_ready *ready, struct trace *trace, struct recorder_rows *rows, uint64_t ready_ps,
                uint64_t begin_ps)
{
    uint64_t from = (ready_ps + STEP_PS - 1) / STEP_PS, to = (begin_ps + STEP_PS - 1) / STEP_PS;

    if (!ready->changes) {
        ready->changes = calloc(READY_WINDOWS, sizeof(*ready->changes));
        if (!ready->changes)
            return;
        ready->track = trace_counter_track(trace, rows_scheduler(rows), "ready tasks", NULL, 900);
    }
    if (to >= READY_WINDOWS)
        tell_before(ready, trace, to - READY_WINDOWS + 1);
    if (from < ready->first)
        from = ready->first;
    if (from >= to)
        return;
    ready->end = to >= ready->end ? to + 1 : ready->end;
    ++*change_at(ready, from);
    --*change_at(ready, to);
}

void ready_end_launch(struct recorder_ready *ready, struct trace *trace)
{
    if (!ready->changes)
        return;
    tell_before(ready, trace, ready->end);
}

void ready_fini(struct recorder_ready *ready)
{
    free(ready->changes);
}
