/* critical_path.c - see critical_path.h. The walk goes backwards: `at_ps` is where the hops found so far begin. */
#include "traces/critical_path.h"

#include <assert.h>
#include <stdlib.h>

struct walk {
    const struct schedule *schedule;
    const struct schedule_launch *launch;
    struct critical_path *path;
    uint64_t at_ps;
    uint32_t *seen; /* the launch's tasks in the order in which they were seen; NULL if its edges are known */
    size_t seen_count;
    bool failed;
};

/* What let a task go on, and when. */
struct cause {
    uint32_t task; /* TRACE_NONE: the launch itself */
    uint64_t released_ps;
};

static uint64_t clamp(uint64_t time_ps, uint64_t low_ps, uint64_t high_ps)
{
    return time_ps < low_ps ? low_ps : time_ps > high_ps ? high_ps : time_ps;
}

/* The hop before those that are there begins at @from_ps. An empty one is left out, but a kernel shows its task.
 * What continues the hop after it is one with it. */
static void back_to(struct walk *walk, enum hop_kind kind, uint32_t task, uint64_t from_ps)
{
    struct critical_path *path = walk->path;

    from_ps = clamp(from_ps, walk->launch->begin_ps, walk->at_ps);
    if (walk->failed || (from_ps == walk->at_ps && kind != HOP_KERNEL))
        return;
    path->ps[kind] += walk->at_ps - from_ps;
    path->task_count += kind == HOP_KERNEL;
    if (path->count && path->hops[path->count - 1].kind == kind && path->hops[path->count - 1].task == task) {
        path->hops[path->count - 1].begin_ps = walk->at_ps = from_ps;
        return;
    }
    if (path->count == path->capacity) {
        size_t capacity = path->capacity ? 2 * path->capacity : 64;
        struct hop *grown = realloc(path->hops, capacity * sizeof(*grown));

        walk->failed = !grown;
        if (!grown)
            return;
        path->hops = grown;
        path->capacity = capacity;
    }
    path->hops[path->count++] = (struct hop){kind, task, from_ps, walk->at_ps};
    walk->at_ps = from_ps;
}

static bool was_seen_before(const struct schedule_task *task, uint64_t time_ps)
{
    return task->seen_ps != SCHEDULE_UNKNOWN && task->seen_ps <= time_ps;
}

/* When what @before did for @task was done: seen, if the scheduler needed that to dispatch it, else ended. */
static uint64_t released_by(const struct schedule_task *before, const struct schedule_task *task)
{
    uint64_t needed_ps = task->dispatched_ps != SCHEDULE_UNKNOWN ? task->dispatched_ps : task->begin_ps;

    return was_seen_before(before, needed_ps) ? before->seen_ps : before->end_ps;
}

/* The task before it in the graph that released it last; of several, that which ended last, then the first one. One
 * that had not ended when the task began did not hold it up. */
static struct cause find_before(const struct walk *walk, uint32_t index)
{
    const struct schedule *schedule = walk->schedule;
    const struct schedule_task *task = &schedule->tasks[index];
    struct cause cause = {TRACE_NONE, walk->launch->start_ps};
    uint64_t latest_end_ps = 0;

    for (uint32_t i = 0; i < task->before_count; i++) {
        uint32_t candidate = schedule->before[task->first_before + i];
        const struct schedule_task *before = &schedule->tasks[candidate];
        uint64_t released_ps = released_by(before, task);

        if (candidate >= index || before->launch != task->launch || before->end_ps > task->begin_ps)
            continue;
        if (cause.task == TRACE_NONE || released_ps > cause.released_ps ||
            (released_ps == cause.released_ps &&
             (before->end_ps > latest_end_ps || (before->end_ps == latest_end_ps && candidate < cause.task)))) {
            cause = (struct cause){candidate, released_ps};
            latest_end_ps = before->end_ps;
        }
    }
    return cause;
}

/* The task whose end was the last that was seen before @index was dispatched. */
static struct cause find_seen(const struct walk *walk, uint32_t index)
{
    const struct schedule_task *tasks = walk->schedule->tasks;
    size_t low = 0, high = walk->seen_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tasks[walk->seen[middle]].seen_ps <= tasks[index].dispatched_ps)
            low = middle + 1;
        else
            high = middle;
    }
    while (low-- > 0)
        if (walk->seen[low] < index)
            return (struct cause){walk->seen[low], tasks[walk->seen[low]].seen_ps};
    return (struct cause){TRACE_NONE, walk->launch->start_ps};
}

static struct cause find_cause(const struct walk *walk, uint32_t index)
{
    const struct schedule_task *task = &walk->schedule->tasks[index];
    bool known = task->dispatched_ps != SCHEDULE_UNKNOWN;

    if (task->before_count || !walk->seen)
        return find_before(walk, index);
    if (task->previous != TRACE_NONE) {
        uint64_t end_ps = walk->schedule->tasks[task->previous].end_ps;

        if (!known || end_ps > task->dispatched_ps)
            return (struct cause){task->previous, end_ps};
    }
    return known ? find_seen(walk, index) : (struct cause){TRACE_NONE, walk->launch->start_ps};
}

/* From a task's begin back to where its cause had released it. */
static void back_to_release(struct walk *walk, uint32_t index, struct cause cause)
{
    const struct schedule_task *task = &walk->schedule->tasks[index];
    const struct schedule_task *previous =
        task->previous == TRACE_NONE || task->previous == cause.task ? NULL : &walk->schedule->tasks[task->previous];
    bool known = task->dispatched_ps != SCHEDULE_UNKNOWN;
    uint64_t low_ps = cause.released_ps;
    uint64_t dispatched_ps = clamp(known ? task->dispatched_ps : task->begin_ps, low_ps, task->begin_ps);
    uint64_t free_ps = low_ps;

    if (known) {
        uint64_t idle_ps = previous ? clamp(previous->end_ps, dispatched_ps, task->begin_ps) : dispatched_ps;

        back_to(walk, task->dispatched_ps >= low_ps ? HOP_DISPATCH : HOP_HAND_OVER, index, idle_ps);
        back_to(walk, HOP_WAIT_CORE, index, dispatched_ps);
    }
    if (previous)
        free_ps = clamp(was_seen_before(previous, dispatched_ps) ? previous->seen_ps : previous->end_ps, low_ps,
                        dispatched_ps);
    back_to(walk, known ? HOP_SCHEDULER : HOP_HAND_OVER, index, free_ps);
    back_to(walk, HOP_WAIT_CORE, index, low_ps);
}

/* The task that ended last; of several, that which was seen last, then the first one. @seen_ps: receives where the last
 * end of all was seen. */
static uint32_t find_last(const struct schedule *schedule, const struct schedule_launch *launch, uint64_t *seen_ps)
{
    uint32_t last = launch->first_task;
    uint64_t last_ps = 0;

    *seen_ps = 0;
    for (uint32_t i = launch->first_task; i < launch->first_task + launch->task_count; i++) {
        const struct schedule_task *task = &schedule->tasks[i], *best = &schedule->tasks[last];
        uint64_t known_ps = task->seen_ps != SCHEDULE_UNKNOWN ? task->seen_ps : task->end_ps;

        if (known_ps > *seen_ps)
            *seen_ps = known_ps;
        if (task->end_ps > best->end_ps || (task->end_ps == best->end_ps && known_ps > last_ps)) {
            last = i;
            last_ps = known_ps;
        }
    }
    return last;
}

/* ---- where the trace does not tell what comes before what ---- */

static int by_seen(const void *a, const void *b, void *context)
{
    const struct schedule_task *tasks = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    if (tasks[left].seen_ps != tasks[right].seen_ps)
        return tasks[left].seen_ps < tasks[right].seen_ps ? -1 : 1;
    if (tasks[left].end_ps != tasks[right].end_ps)
        return tasks[left].end_ps < tasks[right].end_ps ? -1 : 1;
    return left > right ? -1 : left < right;
}

static void sort_seen(struct walk *walk)
{
    struct schedule_task *tasks = walk->schedule->tasks;

    if (schedule_knows_edges(walk->launch))
        return;
    walk->seen = malloc(walk->launch->task_count * sizeof(*walk->seen));
    walk->failed = !walk->seen;
    for (uint32_t i = 0; walk->seen && i < walk->launch->task_count; i++)
        if (tasks[walk->launch->first_task + i].seen_ps != SCHEDULE_UNKNOWN)
            walk->seen[walk->seen_count++] = walk->launch->first_task + i;
    if (walk->seen_count)
        qsort_r(walk->seen, walk->seen_count, sizeof(*walk->seen), by_seen, tasks);
}

static void walk_back(struct walk *walk)
{
    uint64_t seen_ps;
    uint32_t index = find_last(walk->schedule, walk->launch, &seen_ps);

    sort_seen(walk);
    back_to(walk, HOP_SHUTDOWN, TRACE_NONE, seen_ps);
    while (index != TRACE_NONE) {
        const struct schedule_task *task = &walk->schedule->tasks[index];
        struct cause cause = find_cause(walk, index);

        back_to(walk, HOP_COMPLETION, index, task->end_ps);
        back_to(walk, HOP_KERNEL, index, task->begin_ps);
        back_to_release(walk, index, cause);
        index = cause.task;
    }
    back_to(walk, HOP_START_UP, TRACE_NONE, walk->launch->begin_ps);
    free(walk->seen);
}

bool critical_path_find(const struct schedule *schedule, uint32_t launch, struct critical_path *path)
{
    struct walk walk = {.schedule = schedule, .launch = &schedule->launches[launch], .path = path};
    uint64_t sum_ps = 0;

    *path = (struct critical_path){0};
    if (walk.launch->task_count == 0)
        return true;
    walk.at_ps = walk.launch->end_ps;
    walk_back(&walk);
    if (walk.failed) {
        critical_path_fini(path);
        return false;
    }
    for (size_t i = 0; i < path->count / 2; i++) {
        struct hop hop = path->hops[i];

        path->hops[i] = path->hops[path->count - 1 - i];
        path->hops[path->count - 1 - i] = hop;
    }
    for (int kind = 0; kind < HOP_KINDS; kind++)
        sum_ps += path->ps[kind];
    assert(walk.at_ps == walk.launch->begin_ps && sum_ps == walk.launch->end_ps - walk.launch->begin_ps);
    return true;
}

void critical_path_fini(struct critical_path *path)
{
    free(path->hops);
    *path = (struct critical_path){0};
}

const char *hop_name(enum hop_kind kind)
{
    static const char *const names[HOP_KINDS] = {
        [HOP_START_UP] = "start-up",
        [HOP_SCHEDULER] = "scheduler",
        [HOP_WAIT_CORE] = "waiting for a core",
        [HOP_DISPATCH] = "dispatch latency",
        [HOP_HAND_OVER] = "hand-over",
        [HOP_KERNEL] = "kernel",
        [HOP_COMPLETION] = "completion latency",
        [HOP_SHUTDOWN] = "shutdown",
    };

    return names[kind];
}
