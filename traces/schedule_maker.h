/* schedule_maker.h - what schedule.c and schedule_tasks.c share while they make a schedule. */
#ifndef DAV_SCHEDULE_MAKER_H
#define DAV_SCHEDULE_MAKER_H

#include "traces/schedule.h"

struct maker {
    struct schedule *schedule;
    const struct timeline *timeline;
    uint32_t launch, program, task, dispatch, completion; /* the categories */
    uint32_t id, ordinal, unfinished, more, head, tail;   /* names of arguments */
    uint32_t *core_of_row, *task_of_slice;
};

static inline bool maker_is_span(const struct trace_slice *slice, uint32_t category)
{
    return category != TRACE_NONE && slice->category == category && !slice->instant;
}

static inline uint64_t maker_end(const struct maker *maker, const struct trace_slice *slice)
{
    uint64_t begin_ps = timeline_begin_ps(maker->timeline, slice), end_ps = timeline_end_ps(maker->timeline, slice);

    return end_ps < begin_ps ? begin_ps : end_ps;
}

/** maker_integer - the argument @name, if it is a whole number. */
static inline bool maker_integer(const struct maker *maker, const struct trace_slice *slice, uint32_t name,
                                 int64_t *integer)
{
    const struct trace_value *value = timeline_value(maker->timeline, slice, name);

    if (!value || (value->kind != TRACE_INT && value->kind != TRACE_UINT))
        return false;
    *integer = value->kind == TRACE_INT ? value->value.i : (int64_t)value->value.u;
    return true;
}

/** maker_launch_at - the last launch of @device that had begun at @time_ps, if it was not over; those of other devices
 *  may have begun and ended meanwhile. */
uint32_t maker_launch_at(const struct schedule *schedule, uint64_t time_ps, int64_t device);

/** maker_tasks, maker_arrows - one after the other, when launches and cores are known. Return false without memory. */
bool maker_tasks(struct maker *maker);
bool maker_arrows(struct maker *maker);

#endif
