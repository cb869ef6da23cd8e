/* recorder_memory.c - see recorder_memory.h. The clock says when a window is over: all that belongs to it has happened
 * then, and nothing of the next one. What is announced comes later, by how much is the simulator's affair; so points
 * wait for the first event behind their window, and the file's order is that of simulated time. */
#include "model/recorder_memory.h"

#include <stdlib.h>

#include "model/chip_state.h"
#include "model/core/mte.h"
#include "model/traffic.h"

/* Behind those of recorder_counters.c. */
enum memory_curve { GM_READ, GM_WRITE, L2_HITS, DCCI, OUTSTANDING, CURVES };
enum { FIRST_ORDER = 2 };

/* Points that wait at most; more follow one another without an event only in long quiet. */
enum { POINTS = 4096 };

struct level {
    trace_track_id track; /* TRACE_NO_TRACK until it is not 0 */
    double told;
};

struct point {
    enum memory_curve curve;
    uint64_t at_ps, known_ps; /* its window's begin and end */
    double value;
};

struct recorder_memory {
    struct trace *trace;
    struct chip_state *chip;
    struct recorder_rows *rows;
    struct traffic traffic;
    struct level levels[CURVES];
    struct point points[POINTS];
    uint32_t first, count; /* of those that wait */
    bool open;             /* a launch is */
    uint64_t since_ps;
    struct mte_done before; /* at since_ps */
};

static void write_point(struct recorder_memory *memory, const struct point *point)
{
    static const char *const names[CURVES] = {"GM read, GB/s", "GM write, GB/s", "L2 hit rate, %", "dcci, 1/us",
                                              "outstanding DMA"};
    struct level *level = &memory->levels[point->curve];

    if (level->track == TRACE_NO_TRACK)
        level->track = trace_counter_track(memory->trace, rows_memory(memory->rows), names[point->curve], NULL,
                                           FIRST_ORDER + (int)point->curve);
    trace_counter(memory->trace, level->track, point->at_ps, point->value);
}

void memory_write(struct recorder_memory *memory, uint64_t time_ps)
{
    for (; memory->count && memory->points[memory->first].known_ps <= time_ps; memory->count--)
        write_point(memory, &memory->points[memory->first++]);
    if (!memory->count)
        memory->first = 0;
}

static void tell(struct recorder_memory *memory, enum memory_curve curve, double value, uint64_t known_ps)
{
    struct level *level = &memory->levels[curve];

    if (value == level->told)
        return;
    level->told = value;
    if (memory->first + memory->count == POINTS)
        memory_write(memory, UINT64_MAX);
    memory->points[memory->first + memory->count++] = (struct point){curve, memory->since_ps, known_ps, value};
}

static void look_at_transfers(const struct recorder_memory *memory, uint64_t at_ps, struct mte_done *done)
{
    if (memory->chip->mte)
        mte_done(memory->chip, at_ps, done);
}

/* The window from since_ps to @until_ps is over. */
static void tell_window(struct recorder_memory *memory, uint64_t until_ps, const uint64_t amounts[TRAFFIC_KINDS])
{
    const struct mte_done *before = &memory->before;
    struct mte_done now = {0};
    double ps = (double)(until_ps - memory->since_ps);
    uint64_t read, written, hit, touched;

    look_at_transfers(memory, until_ps, &now);
    read = amounts[TRAFFIC_READ] + now.read_bytes - before->read_bytes;
    written = amounts[TRAFFIC_WRITE] + now.written_bytes - before->written_bytes;
    hit = now.hit_bytes - before->hit_bytes;
    touched = hit + now.missed_bytes - before->missed_bytes;
    tell(memory, GM_READ, (double)read * 1000 / ps, until_ps);
    tell(memory, GM_WRITE, (double)written * 1000 / ps, until_ps);
    if (touched)
        tell(memory, L2_HITS, 100 * (double)hit / (double)touched, until_ps);
    tell(memory, DCCI, (double)amounts[TRAFFIC_DCCI] * 1000000 / ps, until_ps);
    tell(memory, OUTSTANDING, (double)(now.under_way_ps - before->under_way_ps) / ps, until_ps);
    memory->before = now;
    memory->since_ps = until_ps;
}

static uint64_t end_of_window(uint64_t at_ps)
{
    return (at_ps / TRAFFIC_WINDOW_PS + 1) * TRAFFIC_WINDOW_PS;
}

/* All windows that are over at @at_ps. */
static void tell_windows(struct recorder_memory *memory, uint64_t at_ps)
{
    uint64_t last_ps = at_ps / TRAFFIC_WINDOW_PS * TRAFFIC_WINDOW_PS, amounts[TRAFFIC_KINDS];

    for (int told = 0; memory->since_ps < last_ps; told++) {
        uint64_t until_ps = told < MEMORY_WINDOWS ? end_of_window(memory->since_ps) : last_ps;

        traffic_take(&memory->traffic, until_ps, amounts);
        tell_window(memory, until_ps, amounts);
    }
}

static void tick(void *ctx, uint64_t at_ps)
{
    struct recorder_memory *memory = ctx;

    tell_windows(memory, at_ps);
    clock_set_tick(&memory->chip->clock, end_of_window(memory->since_ps));
}

void memory_begin_launch(struct recorder_memory *memory, uint64_t time_ps)
{
    memory->open = true;
    memory->since_ps = time_ps;
    look_at_transfers(memory, time_ps, &memory->before);
    traffic_begin(memory->chip, &memory->traffic, time_ps);
    clock_set_tick(&memory->chip->clock, end_of_window(time_ps));
}

void memory_end_launch(struct recorder_memory *memory, uint64_t time_ps)
{
    uint64_t amounts[TRAFFIC_KINDS];

    if (!memory->open)
        return;
    tell_windows(memory, time_ps);
    if (time_ps > memory->since_ps) {
        traffic_take_rest(&memory->traffic, time_ps, amounts);
        tell_window(memory, time_ps, amounts);
    }
    for (int curve = 0; curve < CURVES; curve++)
        if (curve != L2_HITS)
            tell(memory, (enum memory_curve)curve, 0, time_ps);
    memory_write(memory, UINT64_MAX);
    memory->open = false;
    memory->chip->traffic = NULL;
    clock_set_tick(&memory->chip->clock, CLOCK_NEVER);
}

struct recorder_memory *memory_new(struct trace *trace, struct chip_state *chip, struct recorder_rows *rows)
{
    struct recorder_memory *memory = calloc(1, sizeof(*memory));

    if (!memory || traffic_init(&memory->traffic, chip) != 0) {
        free(memory);
        return NULL;
    }
    memory->trace = trace;
    memory->chip = chip;
    memory->rows = rows;
    chip->clock.tick = tick;
    chip->clock.tick_ctx = memory;
    return memory;
}

void memory_free(struct recorder_memory *memory)
{
    if (!memory)
        return;
    memory->chip->traffic = NULL;
    clock_set_tick(&memory->chip->clock, CLOCK_NEVER);
    traffic_fini(&memory->traffic);
    free(memory);
}
