/* statistics.c - see statistics.h. Times of single tasks are all kept, 8 bytes each, so that a median is exact. */
#include "model/statistics.h"

#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/core/pipe.h"
#include "model/core/program.h"

struct samples {
    uint64_t *ps;
    size_t count, capacity;
};

/* One core. What it is busy with just now began at since_ps, its program at started_ps. */
struct use {
    bool used, open, running;
    uint64_t since_ps, busy_ps;
    uint64_t started_ps, program_ps;
};

struct statistics {
    struct event_sink sink; /* first, so that the sink is its statistics */
    struct chip_state *chip;
    struct use *uses; /* a core each, as chip->cores */
    uint64_t launches, launch_ps, tasks;
    struct samples dispatch_to_start, end_to_seen;
};

/* Without memory a sample more or less is the least of the worries. */
static void add_sample(struct samples *samples, uint64_t ps)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? 2 * samples->capacity : 1024;
        uint64_t *grown = realloc(samples->ps, capacity * sizeof(*grown));

        if (!grown)
            return;
        samples->ps = grown;
        samples->capacity = capacity;
    }
    samples->ps[samples->count++] = ps;
}

/* ---- listening ---- */

static uint32_t core_count(const struct chip_state *chip)
{
    return chip->aicores + chip->aicpus;
}

static struct use *use_of(struct statistics *statistics, const struct core *core)
{
    return &statistics->uses[core - statistics->chip->cores];
}

static void become_busy(struct use *use, uint64_t since_ps)
{
    use->used = true;
    use->open = true;
    use->since_ps = since_ps;
}

static void become_idle(struct use *use, uint64_t at_ps)
{
    if (use->open && at_ps > use->since_ps)
        use->busy_ps += at_ps - use->since_ps;
    use->open = false;
}

static void start_program(struct use *use, uint64_t at_ps)
{
    use->used = true;
    use->running = true;
    use->started_ps = at_ps;
}

static void stop_program(struct use *use, uint64_t at_ps)
{
    if (use->running && at_ps > use->started_ps)
        use->program_ps += at_ps - use->started_ps;
    use->running = false;
}

/* Programs start at a launch's begin, or are found to run when it is given up (threads that device code created). */
static void find_programs(struct statistics *statistics)
{
    const struct chip_state *chip = statistics->chip;

    for (uint32_t i = 0; i < core_count(chip); i++) {
        const struct core *core = &chip->cores[i];

        if (!core->has_program)
            continue;
        start_program(&statistics->uses[i], core->launched_ps);
        if (core->kind == CORE_AICPU)
            become_busy(&statistics->uses[i], core->launched_ps);
    }
}

static void end_launch(struct statistics *statistics, const struct event *event)
{
    statistics->launch_ps += event->time_ps - event->begin_ps;
    for (uint32_t i = 0; i < core_count(statistics->chip); i++) {
        become_idle(&statistics->uses[i], event->time_ps);
        stop_program(&statistics->uses[i], event->time_ps);
    }
}

static void end_program(struct statistics *statistics, const struct event *event)
{
    struct use *use = use_of(statistics, event->core);

    start_program(use, event->begin_ps);
    stop_program(use, event->time_ps);
    if (event->core->kind != CORE_AICPU)
        return;
    become_busy(use, event->begin_ps);
    become_idle(use, event->time_ps);
}

static void on_event(struct event_sink *sink, const struct event *event)
{
    struct statistics *statistics = (struct statistics *)sink;

    switch (event->kind) {
    case EVENT_LAUNCH_BEGIN:
        statistics->launches++; /* now: the process may end before the launch does */
        find_programs(statistics);
        break;
    case EVENT_STOP:
        find_programs(statistics);
        break;
    case EVENT_LAUNCH_END:
        end_launch(statistics, event);
        break;
    case EVENT_PROGRAM:
        end_program(statistics, event);
        break;
    case EVENT_TASK_BEGIN:
        become_busy(use_of(statistics, event->core), event->time_ps);
        if (event->dispatched_ps && event->dispatched_ps <= event->time_ps)
            add_sample(&statistics->dispatch_to_start, event->time_ps - event->dispatched_ps);
        break;
    case EVENT_TASK_END:
        statistics->tasks++;
        become_idle(use_of(statistics, event->core), event->time_ps);
        break;
    case EVENT_TASK_SEEN:
        if (event->begin_ps <= event->time_ps)
            add_sample(&statistics->end_to_seen, event->time_ps - event->begin_ps);
        break;
    case EVENT_HANDED:
    case EVENT_WAIT:
    case EVENT_PARK:
    case EVENT_PHASE:
    case EVENT_COPY: /* the chip counts them itself */
    case EVENT_FINDING:
    case EVENT_LOG:
    case EVENT_INSTR: /* the pipes count themselves */
    case EVENT_SET:
    case EVENT_FLAG:
    case EVENT_CROSS:
    case EVENT_SCALAR:
    case EVENT_BARRIER:
    case EVENT_CACHE:
    case EVENT_FAULT:
        break;
    }
}

struct statistics *statistics_open(struct chip_state *chip)
{
    struct statistics *statistics = calloc(1, sizeof(*statistics));

    if (statistics)
        statistics->uses = calloc(core_count(chip), sizeof(*statistics->uses));
    if (!statistics || !statistics->uses) {
        free(statistics);
        return NULL;
    }
    statistics->chip = chip;
    statistics->sink.event = on_event;
    chip_listen(chip, &statistics->sink);
    return statistics;
}

void statistics_close(struct statistics *statistics)
{
    if (!statistics)
        return;
    free(statistics->dispatch_to_start.ps);
    free(statistics->end_to_seen.ps);
    free(statistics->uses);
    free(statistics);
}

/* ---- telling ---- */

static int by_size(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* Of all devices' samples. Without memory there is no spread. */
static struct spread spread_of(struct statistics *const *all, size_t count, size_t offset)
{
    struct spread spread = {0};
    unsigned __int128 sum = 0;
    size_t room = 0, filled = 0;
    uint64_t *ps;

    for (size_t i = 0; i < count; i++)
        room += ((const struct samples *)((const char *)all[i] + offset))->count;
    ps = room ? malloc(room * sizeof(*ps)) : NULL;
    if (!ps)
        return spread;
    for (size_t i = 0; i < count; i++) {
        const struct samples *samples = (const struct samples *)((const char *)all[i] + offset);

        if (samples->count)
            memcpy(ps + filled, samples->ps, samples->count * sizeof(*ps));
        filled += samples->count;
    }
    qsort(ps, filled, sizeof(*ps), by_size);
    for (size_t i = 0; i < filled; i++)
        sum += ps[i];
    spread.count = filled;
    spread.sum_ps = (uint64_t)sum;
    spread.average_ps = (uint64_t)(sum / filled);
    spread.median_ps = ps[(filled - 1) / 2];
    spread.longest_ps = ps[filled - 1];
    free(ps);
    return spread;
}

static void add_counters(struct core_counters *sum, const struct core_counters *counters)
{
    _Static_assert(sizeof(*sum) % sizeof(uint64_t) == 0, "counters are all of one type");
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)counters;

    for (size_t i = 0; i < sizeof(*sum) / sizeof(uint64_t); i++)
        to[i] += from[i];
}

static void add_core(struct figures *figures, const struct core *core, const struct use *use)
{
    bool aicpu = core->kind == CORE_AICPU;
    uint64_t *deepest = aicpu ? &figures->aicpu_stack_bytes : &figures->aicore_stack_bytes;
    uint64_t stack = stack_deepest(core);
    struct core_use *kind = &figures->cores[core->kind];

    kind->used += use->used;
    kind->busy_ps += use->busy_ps;
    kind->program_ps += use->program_ps;
    for (int i = 0; core->pipes && i < ISA_PIPES; i++) {
        figures->pipes[core->kind][i].instructions += core->pipes->pipe[i].instructions;
        figures->pipes[core->kind][i].busy_ps += core->pipes->pipe[i].busy_ps;
    }
    add_counters(aicpu ? &figures->aicpu : &figures->aicore, &core->counters);
    if (stack > *deepest)
        *deepest = stack;
}

static void add_device(struct figures *figures, const struct statistics *statistics)
{
    const struct chip_state *chip = statistics->chip;

    figures->launches += statistics->launches;
    figures->launch_ps += statistics->launch_ps;
    figures->tasks += statistics->tasks;
    figures->cores[CORE_AIC].count += chip->file.chip.clusters;
    figures->cores[CORE_AIV].count += chip->file.chip.clusters * chip->file.chip.aiv_per_cluster;
    figures->cores[CORE_AICPU].count += chip->file.aicpu.threads;
    for (uint32_t i = 0; i < core_count(chip); i++)
        add_core(figures, &chip->cores[i], &statistics->uses[i]);
}

void statistics_sum(struct statistics *const *all, size_t count, struct figures *figures)
{
    *figures = (struct figures){
        .dispatch_to_start = spread_of(all, count, offsetof(struct statistics, dispatch_to_start)),
        .end_to_seen = spread_of(all, count, offsetof(struct statistics, end_to_seen)),
    };
    for (size_t i = 0; i < count; i++)
        add_device(figures, all[i]);
}

void statistics_get(struct statistics *statistics, struct figures *figures)
{
    statistics_sum(&statistics, 1, figures);
}
