/* result.c - see result.h. Keys are described in davsim(1); tools/summary.c shows what it finds. */
#include "model/result.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/chip_state.h"
#include "model/statistics.h"

enum { RESULT_VERSION = 1, JSON_FLAGS = JSON_INDENT(2) };

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static void set(json_t *object, const char *key, uint64_t value)
{
    json_object_set_new(object, key, number(value));
}

static json_t *cores_of(const struct core_use *use)
{
    json_t *object = json_object();

    set(object, "count", use->count);
    set(object, "used", use->used);
    set(object, "busy_ps", use->busy_ps);
    set(object, "program_ps", use->program_ps);
    return object;
}

/* Those that were used; NULL if none was. */
static json_t *pipes_of(const struct pipe_use pipes[ISA_PIPES])
{
    json_t *object = NULL;

    for (int i = 0; i < ISA_PIPES; i++) {
        json_t *pipe;

        if (!pipes[i].instructions)
            continue;
        pipe = json_object();
        set(pipe, "instructions", pipes[i].instructions);
        set(pipe, "busy_ps", pipes[i].busy_ps);
        object = object ? object : json_object();
        json_object_set_new(object, isa_pipe_name((enum isa_pipe)i), pipe);
    }
    return object;
}

static json_t *all_pipes(const struct figures *figures)
{
    static const char *const kinds[] = {[CORE_AIC] = "AIC", [CORE_AIV] = "AIV"};
    json_t *object = NULL;

    for (int kind = CORE_AIC; kind <= CORE_AIV; kind++) {
        json_t *pipes = pipes_of(figures->pipes[kind]);

        if (!pipes)
            continue;
        object = object ? object : json_object();
        json_object_set_new(object, kinds[kind], pipes);
    }
    return object;
}

static json_t *spread_json(const struct spread *spread)
{
    json_t *object = json_object();

    set(object, "avg", spread->average_ps);
    set(object, "p50", spread->median_ps);
    set(object, "max", spread->longest_ps);
    return object;
}

static json_t *counters_json(const struct result_device *devices, size_t count, const struct figures *figures)
{
    uint64_t h2d_bytes = 0, d2h_bytes = 0;
    const struct core_counters *aicore = &figures->aicore, *aicpu = &figures->aicpu;
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++) {
        h2d_bytes += devices[i].chip->counters.h2d_bytes;
        d2h_bytes += devices[i].chip->counters.d2h_bytes;
    }
    set(object, "aicore_hits", aicore->hits);
    set(object, "aicore_misses", aicore->misses);
    set(object, "aicore_writebacks", aicore->writebacks);
    set(object, "dcci", aicore->dcci);
    set(object, "aicpu_hits", aicpu->hits);
    set(object, "aicpu_misses", aicpu->misses);
    set(object, "aicpu_stores", aicpu->stores);
    set(object, "atomics", aicpu->atomics + aicore->atomics);
    set(object, "bus_bytes_read", aicore->bus_read_bytes + aicpu->bus_read_bytes);
    set(object, "bus_bytes_written", aicore->bus_write_bytes + aicpu->bus_write_bytes);
    set(object, "dma_h2d_bytes", h2d_bytes);
    set(object, "dma_d2h_bytes", d2h_bytes);
    set(object, "mmio_loads", aicpu->window_loads);
    set(object, "mmio_stores", aicpu->window_stores);
    if (aicore->mte_read_bytes || aicore->mte_write_bytes) {
        set(object, "mte_bytes_read", aicore->mte_read_bytes);
        set(object, "mte_bytes_written", aicore->mte_write_bytes);
        set(object, "mte_bytes_hbm", aicore->hbm_bytes);
    }
    return object;
}

/* Of all of @devices together. */
static void set_figures(json_t *root, const struct result_device *devices, size_t count)
{
    json_t *cores = json_object(), *overhead = json_object(), *stacks = json_object(), *pipes;
    struct statistics *statistics[GM_SLOTS];
    struct figures figures;
    uint64_t simulated_ps = 0;

    for (size_t i = 0; i < count; i++) {
        statistics[i] = devices[i].statistics;
        if (devices[i].chip->clock.time > simulated_ps)
            simulated_ps = devices[i].chip->clock.time;
    }
    statistics_sum(statistics, count, &figures);
    set(root, "launches", figures.launches);
    set(root, "simulated_ps", simulated_ps);
    set(root, "launch_ps", figures.launch_ps);
    set(root, "tasks", figures.tasks);
    json_object_set_new(cores, "AIC", cores_of(&figures.cores[CORE_AIC]));
    json_object_set_new(cores, "AIV", cores_of(&figures.cores[CORE_AIV]));
    json_object_set_new(cores, "AICPU", cores_of(&figures.cores[CORE_AICPU]));
    json_object_set_new(root, "cores", cores);
    pipes = all_pipes(&figures);
    if (pipes)
        json_object_set_new(root, "pipes", pipes);
    if (figures.dispatch_to_start.count)
        json_object_set_new(overhead, "dispatch_to_start_ps", spread_json(&figures.dispatch_to_start));
    if (figures.end_to_seen.count)
        json_object_set_new(overhead, "end_to_seen_ps", spread_json(&figures.end_to_seen));
    json_object_set_new(root, "overhead", overhead);
    json_object_set_new(root, "counters", counters_json(devices, count, &figures));
    set(stacks, "AICPU", figures.aicpu_stack_bytes);
    set(stacks, "AICORE", figures.aicore_stack_bytes);
    json_object_set_new(root, "stacks", stacks);
}

/* Each by itself. */
static json_t *devices_json(const struct result_device *devices, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *object = json_object();

        json_object_set_new(object, "device", json_integer(devices[i].chip->device_id));
        set_figures(object, &devices[i], 1);
        json_array_append_new(array, object);
    }
    return array;
}

/* How the simulator went about it: not a property of the chip. */
static json_t *simulator_json(const struct result_device *devices, size_t count)
{
    json_t *object = json_object();
    uint64_t switches = 0, effects = 0, skipped = 0, parked_ps = 0;

    for (size_t device = 0; device < count; device++) {
        const struct chip_state *chip = devices[device].chip;

        switches += chip->clock.switches;
        effects += chip->clock.effects_done;
        for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
            skipped += chip->cores[i].park.rounds_skipped;
            parked_ps += chip->cores[i].park.parked_ps;
        }
    }
    set(object, "switches", switches);
    set(object, "effects", effects);
    set(object, "parked_rounds", skipped);
    set(object, "parked_ps", parked_ps);
    return object;
}

static void add_item(void *ctx, const char *name)
{
    json_array_append_new(ctx, json_string(name));
}

/* What perturbed the run: with these items alone it would have been the same. An item is of its agent on each device.
 */
static void set_vary(json_t *root, const struct result_device *devices, size_t count)
{
    json_t *active = json_array(), *drew = json_array();
    struct vary all = devices[0].chip->vary;

    for (size_t device = 1; device < count; device++)
        for (int kind = 0; kind < VARY_KINDS; kind++)
            for (int slot = 0; slot < VARY_SLOTS; slot++)
                all.streams[kind][slot].drawn += devices[device].chip->vary.streams[kind][slot].drawn;
    vary_list(&all, VARY_ACTIVE, add_item, active);
    vary_list(&all, VARY_DREW, add_item, drew);
    if (json_array_size(active)) {
        set(root, "seed", all.seed);
        json_object_set(root, "vary", drew);
    }
    json_decref(active);
    json_decref(drew);
}

static json_t *result_json(const struct result_summary *summary)
{
    const struct result_device *devices = summary->devices;
    const size_t count = summary->device_count;
    json_t *root = json_object();

    set(root, "version", RESULT_VERSION);
    json_object_set_new(root, "status", json_integer(summary->status));
    /* A line may quote a file name, and a file name may be no UTF-8, which JSON refuses. */
    if (json_object_set_new(root, "error", json_string(summary->error ? summary->error : "")) != 0)
        json_object_set_new(root, "error", json_string("see stderr"));
    if (count) {
        json_object_set_new(root, "chip", json_string(devices[0].chip->file.name));
        set_figures(root, devices, count);
    } else {
        set(root, "launches", 0);
        set(root, "tasks", 0);
    }
    if (count > 1)
        json_object_set_new(root, "devices", devices_json(devices, count));
    if (summary->interrupted)
        set(root, "interrupted", (uint64_t)summary->interrupted);
    if (summary->checked)
        set(root, "findings", summary->findings);
    if (count)
        set_vary(root, devices, count);
    if (count && summary->verbose >= 2)
        json_object_set_new(root, "simulator", simulator_json(devices, count));
    if (json_object_set_new(root, "trace", json_string(summary->trace ? summary->trace : "")) != 0)
        json_object_set_new(root, "trace", json_string(""));
    return root;
}

/* Return 0 or an errno. */
static int write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    int written;

    if (!file)
        return errno;
    errno = 0;
    written = fprintf(file, "%s\n", text) > 0 && fflush(file) == 0;
    if (fclose(file) == 0 && written)
        return 0;
    return errno ? errno : EIO;
}

int result_write(const char *path, const struct result_summary *summary, char *error, size_t error_size)
{
    char temporary[4200];
    json_t *root = result_json(summary);
    char *text = json_dumps(root, JSON_FLAGS);
    int problem = ENOMEM;

    snprintf(temporary, sizeof(temporary), "%s.tmp-%d", path, (int)getpid());
    if (text)
        problem = write_file(temporary, text);
    if (problem == 0 && rename(temporary, path) != 0)
        problem = errno;
    free(text);
    json_decref(root);
    if (problem == 0)
        return 0;
    unlink(temporary);
    snprintf(error, error_size, "cannot write the result %s: %s", path, strerror(problem));
    return -1;
}
