/* kernel_times.c - see kernel_times.h. Samples are laid out kernel by kernel, as in a counting sort. */
#include "traces/kernel_times.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    const struct kernel_time *left = a, *right = b;

    if (left->spread.sum_ps != right->spread.sum_ps)
        return left->spread.sum_ps > right->spread.sum_ps ? -1 : 1;
    return (left->name > right->name) - (left->name < right->name);
}

/* @next: of each name, where its samples go, and zeros behind; afterwards where they end. */
static void lay_out(const struct schedule *schedule, size_t *next, uint64_t *samples)
{
    size_t names = schedule->timeline->string_count, at = 0;

    for (size_t i = 0; i < schedule->task_count; i++)
        next[schedule->tasks[i].kernel]++;
    for (size_t name = 0; name < names; name++) {
        size_t count = next[name];

        next[name] = at;
        at += count;
    }
    for (size_t i = 0; i < schedule->task_count; i++) {
        const struct schedule_task *task = &schedule->tasks[i];

        samples[next[task->kernel]++] = task->end_ps - task->begin_ps;
    }
}

bool kernel_times_find(const struct schedule *schedule, struct kernel_time **kernels, size_t *count)
{
    size_t names = schedule->timeline->string_count, from = 0;
    size_t *next = calloc(names + 1, sizeof(*next));
    uint64_t *samples = malloc((schedule->task_count + 1) * sizeof(*samples));
    bool found = false;

    *kernels = NULL;
    *count = 0;
    if (next && samples) {
        lay_out(schedule, next, samples);
        for (size_t name = 0; name < names; name++)
            *count += next[name] > (name ? next[name - 1] : 0);
        *kernels = calloc(*count + 1, sizeof(**kernels));
        found = *kernels != NULL;
    }
    *count = 0;
    for (size_t name = 0; found && name < names; from = next[name++])
        if (next[name] > from)
            (*kernels)[(*count)++] =
                (struct kernel_time){(uint32_t)name, time_spread(samples + from, next[name] - from)};
    if (*count)
        qsort(*kernels, *count, sizeof(**kernels), by_time);
    free(next);
    free(samples);
    return found;
}
