/* idle.h - why cores did nothing: the time of each core in a launch in which it ran no task, by cause. */
#ifndef DAV_IDLE_H
#define DAV_IDLE_H

#include "traces/schedule.h"

/* An instant with several of them counts as the first of: start-up, dispatch, shutdown, unseen, ready, nothing. */
enum idle_cause {
    IDLE_START_UP,    /* nothing had been dispatched in the launch yet */
    IDLE_DISPATCH,    /* its next task had been dispatched and had not begun */
    IDLE_UNSEEN,      /* its own last task, or one that a task for its type of core waited for, had ended unseen */
    IDLE_READY,       /* a task for its type of core was ready, and not dispatched */
    IDLE_NOTHING,     /* no task for its type of core was ready */
    IDLE_SHUTDOWN,    /* all tasks of the launch had been seen */
    IDLE_UNEXPLAINED, /* the trace does not tell what was ready: edges between tasks are missing */
    IDLE_CAUSES
};

/* Of a core, or of all cores of a type; over the launches that they took part in. */
struct core_time {
    uint64_t launch_ps, busy_ps; /* launch_ps = busy_ps + the sum of idle_ps */
    uint64_t idle_ps[IDLE_CAUSES];
};

/** idle_find - fill @times, one for each core of the schedule. Return false without memory. */
bool idle_find(const struct schedule *schedule, struct core_time *times);

/** idle_name - "no ready task". */
const char *idle_name(enum idle_cause cause);

#endif
