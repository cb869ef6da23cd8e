/* fuzz_report.c - libFuzzer's way into reports (traces/report.h): any bytes are taken for a list of slices, arrows and
 * curves on the rows of a run, with the categories and arguments that reports look for. No order in them makes sense,
 * so a task may be seen before it begins, or be before itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/report_holds.h"
#include "traces/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ROWS = 8, ARROWS = 32 };

static const struct {
    const char *name;
    bool counter;
} rows[ROWS] = {{"host", false},       {"Sched_0", false}, {"dev1.Sched_0", false}, {"AIC_0", false}, {"AIV_0", false},
                {"dev1.AIV_1", false}, {"", false},        {"GM read, GB/s", true}};

static const char *const categories[] = {"launch", "program", "task", "dispatch", "completion", "phase", "user", ""};
static const char *const names[] = {
    "task",       "ordinal",         "begin ps", "end ps", "dispatch to start, ps", "end to seen, ps",
    "unfinished", "more successors", "device",   "clipped"};

struct input {
    const uint8_t *bytes;
    size_t size;
    struct build *build;
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static uint8_t take(struct input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->bytes++;
}

/* Small numbers, so that times meet, and now and then one that is far away. */
static uint64_t number(struct input *input)
{
    static const uint64_t far[] = {UINT64_MAX, INT64_MAX, INT64_MAX / 1000, UINT32_MAX, 1ull << 53, 999, 1000, 0};
    uint8_t first = take(input);

    return first >= 248 ? far[first - 248] : first >= 128 ? first * 256u + take(input) : first;
}

static struct trace_value value(struct input *input)
{
    const char *name = names[take(input) % COUNT(names)];
    struct trace_value value = {.name = build_string(input->build, name, strlen(name))};

    value.kind = take(input) % 4 ? TRACE_UINT : TRACE_INT;
    value.value.u = number(input);
    return value;
}

static void slice(struct input *input, uint32_t row)
{
    const char *category = categories[take(input) % COUNT(categories)], *name = take(input) % 2 ? "one" : "other";
    uint64_t begin_ns = number(input) & INT64_MAX, length_ns = number(input) & INT64_MAX, in[2], out[2];
    struct trace_value values[4];
    struct build_event event = {.row = row, .time_ns = (int64_t)begin_ns, .args = values};
    uint8_t shape = take(input);

    if (length_ns > INT64_MAX - begin_ns)
        length_ns = INT64_MAX - begin_ns;
    event.kind = shape % 32 == 31 ? BUILD_INSTANT : BUILD_BEGIN;
    event.name = build_string(input->build, name, strlen(name));
    event.category = build_string(input->build, category, strlen(category));
    for (event.arg_count = 0; event.arg_count < shape % 5u && event.arg_count < COUNT(values); event.arg_count++)
        values[event.arg_count] = value(input);
    event.flow_in_count = shape >> 5 & 1, event.flow_out_count = shape >> 6 & 1;
    if (event.flow_in_count)
        in[0] = take(input) % ARROWS;
    if (event.flow_out_count)
        out[0] = take(input) % ARROWS;
    event.flows_in = in;
    event.flows_out = out;
    build_event(input->build, &event);
    if (event.kind == BUILD_INSTANT)
        return;
    event = (struct build_event){.kind = BUILD_END, .row = row, .time_ns = (int64_t)(begin_ns + length_ns)};
    build_event(input->build, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct build build;
    struct input input = {bytes, size, &build};
    struct timeline *timeline;
    const char *wrong;

    build_start(&build, true, NULL, NULL);
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t row = build_row(&build, i + 1);
        build.rows[row].row.name = build_text(&build, rows[i].name);
        build.rows[row].row.is_counter = rows[i].counter;
    }
    while (input.size) {
        uint32_t row = take(&input) % ROWS;
        if (rows[row].counter)
            build_sample(&build, row, (int64_t)(number(&input) & INT64_MAX), (double)number(&input));
        else
            slice(&input, row);
    }
    build_end(&build);
    timeline = build_finish(&build);
    wrong = timeline ? report_holds(timeline) : "there is memory";
    timeline_free(timeline);
    if (!wrong)
        return 0;
    fprintf(stderr, "not so: %s\n", wrong);
    abort();
}
