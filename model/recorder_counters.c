/* recorder_counters.c - see recorder_counters.h. A change that comes too early after a point waits: it is told with the
 * next one, or at the launch's end. */
#include "model/recorder_counters.h"

#define WINDOW_PS 1000000ull

static void point(struct curve *curve, struct trace *trace, uint64_t time_ps)
{
    if (curve->value == curve->told)
        return;
    trace_counter(trace, curve->track, time_ps, (double)curve->value);
    curve->told = curve->value;
    curve->told_ps = time_ps;
}

/* The curve has another value from @time_ps on. */
static void change(struct curve *curve, struct trace *trace, uint64_t time_ps, int64_t value)
{
    if (curve->told_ps && time_ps >= curve->told_ps + WINDOW_PS)
        point(curve, trace, curve->told_ps + WINDOW_PS);
    curve->value = value;
    if (!curve->told_ps || time_ps >= curve->told_ps + WINDOW_PS)
        point(curve, trace, time_ps);
}

void counters_task(struct recorder_counters *counters, struct trace *trace, struct recorder_rows *rows,
                   const struct core *core, int by, uint64_t time_ps)
{
    static const char *const names[] = {[CORE_AIC] = "running AIC", [CORE_AIV] = "running AIV"};
    struct curve *curve = &counters->running[core->kind];

    if (curve->track == TRACE_NO_TRACK)
        curve->track = trace_counter_track(trace, rows_memory(rows), names[core->kind], NULL, (int)core->kind);
    change(curve, trace, time_ps, curve->value + by);
}

void counters_end_launch(struct recorder_counters *counters, struct trace *trace, uint64_t time_ps)
{
    for (int kind = 0; kind < CORE_AICPU; kind++)
        if (counters->running[kind].track != TRACE_NO_TRACK) {
            struct curve *curve = &counters->running[kind];

            change(curve, trace, time_ps, 0);
            point(curve, trace, time_ps);
        }
}
