/* rates.c - see rates.h. A sample holds until the next one of its row. */
#include "traces/rates.h"

#include <string.h>

struct sum {
    double bytes; /* in GB/s times ps */
    double highest;
    bool found;
};

/* The part of a span of time that is inside launches, which do not overlap on one device. */
static uint64_t inside(const struct schedule *schedule, uint64_t begin_ps, uint64_t end_ps, size_t *first)
{
    uint64_t sum_ps = 0;

    while (*first < schedule->launch_count && schedule->launches[*first].end_ps <= begin_ps)
        ++*first;
    for (size_t i = *first; i < schedule->launch_count && schedule->launches[i].begin_ps < end_ps; i++) {
        const struct schedule_launch *launch = &schedule->launches[i];
        uint64_t from_ps = launch->begin_ps > begin_ps ? launch->begin_ps : begin_ps;
        uint64_t to_ps = launch->end_ps < end_ps ? launch->end_ps : end_ps;

        if (to_ps > from_ps)
            sum_ps += to_ps - from_ps;
    }
    return sum_ps;
}

static void add_row(const struct schedule *schedule, uint32_t row, struct sum *sum)
{
    const struct timeline *timeline = schedule->timeline;
    size_t launch = 0, last = timeline->sample_count;

    for (size_t i = 0; i <= timeline->sample_count; i++) {
        const struct trace_sample *now = i < timeline->sample_count ? &timeline->samples[i] : NULL;

        if (now && now->row != row)
            continue;
        if (last < timeline->sample_count) {
            const struct trace_sample *before = &timeline->samples[last];
            int64_t begin_ns = before->time_ns < 0 ? 0 : before->time_ns;
            uint64_t end_ps = now ? (uint64_t)(now->time_ns < begin_ns ? begin_ns : now->time_ns) * 1000 : UINT64_MAX;
            uint64_t held_ps = inside(schedule, (uint64_t)begin_ns * 1000, end_ps, &launch);

            sum->bytes += before->value * (double)held_ps;
            if (held_ps && before->value > sum->highest)
                sum->highest = before->value;
        }
        last = i;
    }
    sum->found = true;
}

size_t rates_find(const struct schedule *schedule, struct rate rates[2])
{
    static const char *const names[] = {"GM read", "GM write"};
    const struct timeline *timeline = schedule->timeline;
    uint64_t launch_ps = 0;
    size_t count = 0;

    for (size_t i = 0; i < schedule->launch_count; i++)
        launch_ps += schedule->launches[i].end_ps - schedule->launches[i].begin_ps;
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(names[i]);
        struct sum sum = {0};

        for (size_t row = 0; row < timeline->row_count; row++)
            if (timeline->rows[row].is_counter && strncmp(timeline->rows[row].name, names[i], length) == 0 &&
                strcmp(timeline->rows[row].name + length, ", GB/s") == 0)
                add_row(schedule, (uint32_t)row, &sum);
        if (sum.found && launch_ps)
            rates[count++] = (struct rate){names[i], sum.bytes / (double)launch_ps, sum.highest};
    }
    return count;
}
