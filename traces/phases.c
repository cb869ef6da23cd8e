/* phases.c - see phases.h. */
#include "traces/phases.h"

#include <stdlib.h>
#include <string.h>

struct finder {
    const struct timeline *timeline;
    struct phases *phases;
    uint64_t *inside_ps; /* of each slice, what those directly inside it cover */
    uint32_t *place;     /* of each string, 1 + its place in the list being made */
};

static uint64_t length_of(const struct timeline *timeline, const struct trace_slice *slice)
{
    uint64_t begin_ps = timeline_begin_ps(timeline, slice), end_ps = timeline_end_ps(timeline, slice);

    return end_ps > begin_ps ? end_ps - begin_ps : 0;
}

static bool is_scheduler(const struct schedule *schedule, uint32_t row)
{
    for (size_t i = 0; i < schedule->core_count; i++)
        if (schedule->cores[i].row == row)
            return strcmp(schedule->types[schedule->cores[i].type], "AICPU") == 0;
    return false;
}

/* The phase called @name of the list that begins at @list, new if need be. */
static struct phase *named(struct finder *finder, struct phase **list, size_t first, size_t *count, uint32_t name)
{
    struct phase *grown;

    if (finder->place[name] > first)
        return &(*list)[finder->place[name] - 1];
    if ((*count & (*count - 1)) == 0) {
        grown = realloc(*list, (*count ? 2 * *count : 1) * sizeof(*grown));
        if (!grown)
            return NULL;
        *list = grown;
    }
    (*list)[*count] = (struct phase){.row = TRACE_NONE, .name = name};
    finder->place[name] = (uint32_t)++ * count;
    return &(*list)[*count - 1];
}

static int by_time(const void *a, const void *b)
{
    const struct phase *left = a, *right = b;

    if (left->row != right->row)
        return left->row < right->row ? -1 : 1;
    if (left->self_ps != right->self_ps)
        return left->self_ps > right->self_ps ? -1 : 1;
    return left->name < right->name ? -1 : left->name > right->name;
}

/* The slices of one row, from @from to before @to. */
static bool add_row(struct finder *finder, size_t from, size_t to)
{
    const struct timeline *timeline = finder->timeline;
    struct phases *phases = finder->phases;
    size_t first = phases->each_count;

    for (size_t i = from; i < to; i++)
        if (!timeline->slices[i].instant && timeline->slices[i].parent != TRACE_NONE)
            finder->inside_ps[timeline->slices[i].parent] += length_of(timeline, &timeline->slices[i]);
    for (size_t i = from; i < to; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        uint64_t length_ps = length_of(timeline, slice);
        struct phase *phase;

        if (slice->instant)
            continue;
        phase = named(finder, &phases->each, first, &phases->each_count, slice->name);
        if (!phase)
            return false;
        phase->row = slice->row;
        phase->category = slice->category;
        phase->count++;
        phase->self_ps += length_ps > finder->inside_ps[i] ? length_ps - finder->inside_ps[i] : 0;
        if (length_ps > phase->longest_ps)
            phase->longest_ps = length_ps;
        if (slice->parent == TRACE_NONE)
            phases->sum_ps += length_ps;
    }
    return true;
}

/* Over all threads. */
static bool add_up(struct finder *finder)
{
    struct phases *phases = finder->phases;

    memset(finder->place, 0, (finder->timeline->string_count + 1) * sizeof(*finder->place));
    for (size_t i = 0; i < phases->each_count; i++) {
        const struct phase *each = &phases->each[i];
        struct phase *all = named(finder, &phases->all, 0, &phases->all_count, each->name);

        if (!all)
            return false;
        all->category = each->category;
        all->count += each->count;
        all->self_ps += each->self_ps;
        if (each->longest_ps > all->longest_ps)
            all->longest_ps = each->longest_ps;
    }
    return true;
}

bool phases_find(const struct schedule *schedule, struct phases *phases)
{
    const struct timeline *timeline = schedule->timeline;
    struct finder finder = {.timeline = timeline, .phases = phases};
    bool found;

    *phases = (struct phases){0};
    finder.inside_ps = calloc(timeline->slice_count + 1, sizeof(*finder.inside_ps));
    finder.place = calloc(timeline->string_count + 1, sizeof(*finder.place));
    found = finder.inside_ps && finder.place;
    for (size_t from = 0, to; found && from < timeline->slice_count; from = to) {
        for (to = from; to < timeline->slice_count && timeline->slices[to].row == timeline->slices[from].row; to++)
            ;
        if (is_scheduler(schedule, timeline->slices[from].row))
            found = add_row(&finder, from, to);
    }
    found = found && add_up(&finder);
    free(finder.inside_ps);
    free(finder.place);
    if (!found) {
        phases_fini(phases);
        return false;
    }
    if (phases->each_count)
        qsort(phases->each, phases->each_count, sizeof(*phases->each), by_time);
    if (phases->all_count)
        qsort(phases->all, phases->all_count, sizeof(*phases->all), by_time);
    return true;
}

void phases_fini(struct phases *phases)
{
    free(phases->each);
    free(phases->all);
    *phases = (struct phases){0};
}
