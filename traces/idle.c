/* idle.c - see idle.h.
 *
 * What is ready is a property of a type of core, not of one core: for each type and launch the spans of time in which
 * any task was ready are merged into a list, and a core's gap asks how much of it the list covers. There are two such
 * lists. In `ready` a task is from where the last task before it was seen, in `released` from where that one ended,
 * each up to its dispatch; what only the second one covers was lost because nobody had looked.
 */
#include "traces/idle.h"

#include <assert.h>
#include <stdlib.h>

struct span {
    uint32_t type;
    uint64_t begin_ps, end_ps;
    uint64_t covered_ps; /* by the spans of this type before it */
};

/* Merged: sorted by type and begin, without overlap. */
struct cover {
    struct span *spans;
    size_t count;
};

struct finder {
    const struct schedule *schedule;
    const struct schedule_launch *launch;
    struct cover ready, released;
    uint64_t last_seen_ps;
    bool explained;
    struct core_time *times;
    uint64_t *idle_since_ps; /* of each core */
    uint64_t *seen_ps;       /* where its last task was seen */
};

/* ---- covers ---- */

static int by_type_and_begin(const void *a, const void *b)
{
    const struct span *left = a, *right = b;

    if (left->type != right->type)
        return left->type < right->type ? -1 : 1;
    return (left->begin_ps > right->begin_ps) - (left->begin_ps < right->begin_ps);
}

static void add_span(struct cover *cover, uint32_t type, uint64_t begin_ps, uint64_t end_ps)
{
    if (begin_ps < end_ps)
        cover->spans[cover->count++] = (struct span){.type = type, .begin_ps = begin_ps, .end_ps = end_ps};
}

static void merge(struct cover *cover)
{
    size_t kept = 0;

    qsort(cover->spans, cover->count, sizeof(*cover->spans), by_type_and_begin);
    for (size_t i = 0; i < cover->count; i++) {
        struct span span = cover->spans[i], *last = kept ? &cover->spans[kept - 1] : NULL;

        if (last && last->type == span.type && span.begin_ps <= last->end_ps) {
            if (span.end_ps > last->end_ps)
                last->end_ps = span.end_ps;
            continue;
        }
        if (last && last->type == span.type)
            span.covered_ps = last->covered_ps + (last->end_ps - last->begin_ps);
        cover->spans[kept++] = span;
    }
    cover->count = kept;
}

/* How much of the time before @time_ps the spans of @type cover. */
static uint64_t covered_before(const struct cover *cover, uint32_t type, uint64_t time_ps)
{
    size_t low = 0, high = cover->count;
    const struct span *span;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        span = &cover->spans[middle];
        if (span->type < type || (span->type == type && span->begin_ps < time_ps))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || cover->spans[low - 1].type != type)
        return 0;
    span = &cover->spans[low - 1];
    return span->covered_ps + (time_ps < span->end_ps ? time_ps : span->end_ps) - span->begin_ps;
}

static uint64_t covered(const struct cover *cover, uint32_t type, uint64_t begin_ps, uint64_t end_ps)
{
    return covered_before(cover, type, end_ps) - covered_before(cover, type, begin_ps);
}

/* ---- what is ready when ---- */

static void add_task(struct finder *finder, const struct schedule_task *task)
{
    const struct schedule *schedule = finder->schedule;
    uint32_t type = schedule->cores[task->core].type;
    uint64_t until_ps = task->dispatched_ps != SCHEDULE_UNKNOWN ? task->dispatched_ps : task->begin_ps;
    uint64_t ended_ps = finder->launch->start_ps, seen_ps = finder->launch->start_ps;

    for (uint32_t i = 0; i < task->before_count; i++) {
        const struct schedule_task *before = &schedule->tasks[schedule->before[task->first_before + i]];
        uint64_t known_ps = before->seen_ps != SCHEDULE_UNKNOWN ? before->seen_ps : before->end_ps;

        if (before->launch != task->launch)
            continue;
        if (before->end_ps > ended_ps)
            ended_ps = before->end_ps;
        if (known_ps > seen_ps)
            seen_ps = known_ps;
    }
    add_span(&finder->ready, type, seen_ps, until_ps);
    add_span(&finder->released, type, ended_ps, until_ps);
}

static void look_at_launch(struct finder *finder)
{
    const struct schedule *schedule = finder->schedule;
    const struct schedule_launch *launch = finder->launch;

    finder->ready.count = finder->released.count = 0;
    finder->last_seen_ps = launch->start_ps;
    finder->explained = schedule_knows_edges(launch);
    for (uint32_t i = launch->first_task; i < launch->first_task + launch->task_count; i++) {
        const struct schedule_task *task = &schedule->tasks[i];
        uint64_t known_ps = task->seen_ps != SCHEDULE_UNKNOWN ? task->seen_ps : task->end_ps;

        add_task(finder, task);
        if (known_ps > finder->last_seen_ps)
            finder->last_seen_ps = known_ps;
    }
    if (finder->last_seen_ps > launch->end_ps)
        finder->last_seen_ps = launch->end_ps;
    merge(&finder->ready);
    merge(&finder->released);
}

/* ---- gaps ---- */

static uint64_t within(uint64_t time_ps, uint64_t low_ps, uint64_t high_ps)
{
    return time_ps < low_ps ? low_ps : time_ps > high_ps ? high_ps : time_ps;
}

/* What cannot be told from the core alone. */
static void split_by_type(struct finder *finder, uint32_t core, uint64_t begin_ps, uint64_t end_ps)
{
    uint32_t type = finder->schedule->cores[core].type;
    uint64_t *idle_ps = finder->times[core].idle_ps;
    uint64_t ready_ps, released_ps;

    if (!finder->explained) {
        idle_ps[IDLE_UNEXPLAINED] += end_ps - begin_ps;
        return;
    }
    ready_ps = covered(&finder->ready, type, begin_ps, end_ps);
    released_ps = covered(&finder->released, type, begin_ps, end_ps);
    idle_ps[IDLE_READY] += ready_ps;
    idle_ps[IDLE_UNSEEN] += released_ps - ready_ps;
    idle_ps[IDLE_NOTHING] += end_ps - begin_ps - released_ps;
}

/* The core did nothing from idle_since_ps to @end_ps, the begin of @next (NULL: the launch's end). */
static void add_gap(struct finder *finder, uint32_t core, uint64_t end_ps, const struct schedule_task *next)
{
    struct core_time *time = &finder->times[core];
    uint64_t begin_ps = finder->idle_since_ps[core], start_ps, dispatched_ps = end_ps, seen_ps, last_ps;

    if (begin_ps >= end_ps)
        return;
    start_ps = within(finder->launch->start_ps, begin_ps, end_ps);
    time->idle_ps[IDLE_START_UP] += start_ps - begin_ps;
    if (next && next->dispatched_ps != SCHEDULE_UNKNOWN)
        dispatched_ps = within(next->dispatched_ps, start_ps, end_ps);
    time->idle_ps[IDLE_DISPATCH] += end_ps - dispatched_ps;
    last_ps = within(finder->last_seen_ps, start_ps, dispatched_ps);
    time->idle_ps[IDLE_SHUTDOWN] += dispatched_ps - last_ps;
    seen_ps = within(finder->seen_ps[core], start_ps, last_ps);
    time->idle_ps[IDLE_UNSEEN] += seen_ps - start_ps;
    split_by_type(finder, core, seen_ps, last_ps);
}

static void add_launch(struct finder *finder, uint32_t number)
{
    const struct schedule *schedule = finder->schedule;
    const struct schedule_launch *launch = finder->launch;
    const uint8_t *took_part = &schedule->took_part[number * schedule->core_count];

    for (size_t i = 0; i < schedule->core_count; i++)
        finder->idle_since_ps[i] = finder->seen_ps[i] = launch->begin_ps;
    for (uint32_t i = launch->first_task; i < launch->first_task + launch->task_count; i++) {
        const struct schedule_task *task = &schedule->tasks[i];
        uint64_t *since_ps = &finder->idle_since_ps[task->core];
        uint64_t begin_ps = within(task->begin_ps, *since_ps, launch->end_ps);
        uint64_t end_ps = within(task->end_ps, begin_ps, launch->end_ps);

        add_gap(finder, task->core, begin_ps, task);
        finder->times[task->core].busy_ps += end_ps - begin_ps;
        *since_ps = end_ps;
        finder->seen_ps[task->core] = task->seen_ps != SCHEDULE_UNKNOWN ? task->seen_ps : task->end_ps;
    }
    for (uint32_t core = 0; core < schedule->core_count; core++) {
        if (!took_part[core])
            continue;
        add_gap(finder, core, launch->end_ps, NULL);
        finder->times[core].launch_ps += launch->end_ps - launch->begin_ps;
    }
}

static void check(const struct core_time *time)
{
    uint64_t sum_ps = time->busy_ps;

    for (int cause = 0; cause < IDLE_CAUSES; cause++)
        sum_ps += time->idle_ps[cause];
    assert(sum_ps == time->launch_ps);
}

bool idle_find(const struct schedule *schedule, struct core_time *times)
{
    struct finder finder = {.schedule = schedule, .times = times};
    bool room;

    finder.ready.spans = malloc((schedule->task_count + 1) * sizeof(struct span));
    finder.released.spans = malloc((schedule->task_count + 1) * sizeof(struct span));
    finder.idle_since_ps = malloc((schedule->core_count + 1) * sizeof(uint64_t));
    finder.seen_ps = malloc((schedule->core_count + 1) * sizeof(uint64_t));
    room = finder.ready.spans && finder.released.spans && finder.idle_since_ps && finder.seen_ps;
    for (size_t i = 0; i < schedule->core_count; i++)
        times[i] = (struct core_time){0};
    for (uint32_t i = 0; room && i < schedule->launch_count; i++) {
        finder.launch = &schedule->launches[i];
        look_at_launch(&finder);
        add_launch(&finder, i);
    }
    for (size_t i = 0; room && i < schedule->core_count; i++)
        check(&times[i]);
    free(finder.ready.spans);
    free(finder.released.spans);
    free(finder.idle_since_ps);
    free(finder.seen_ps);
    return room;
}

const char *idle_name(enum idle_cause cause)
{
    static const char *const names[IDLE_CAUSES] = {
        [IDLE_START_UP] = "start-up",       [IDLE_DISPATCH] = "dispatched, not begun",
        [IDLE_UNSEEN] = "ended, not seen",  [IDLE_READY] = "ready, not dispatched",
        [IDLE_NOTHING] = "no ready task",   [IDLE_SHUTDOWN] = "shutdown",
        [IDLE_UNEXPLAINED] = "unexplained",
    };

    return names[cause];
}
