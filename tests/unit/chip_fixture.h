/* chip_fixture.h - a small chip without processes, for what listens to its events: 2 AIC, 4 AIV, 3 AICPU agents. */
#ifndef DAV_TESTS_CHIP_FIXTURE_H
#define DAV_TESTS_CHIP_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"

enum { AICS = 2, AIVS = 4, AICPUS = 2, AGENTS = 3, CORES = AICS + AIVS + AGENTS, FIRST_AIV = AICS, FIRST_AICPU = 6 };

static struct chip_state chip;

static inline void make_chip(void)
{
    memset(&chip, 0, sizeof(chip));
    chip.file.chip.clusters = AICS;
    chip.file.chip.aiv_per_cluster = AIVS / AICS;
    chip.file.aicpu.threads = AICPUS;
    chip.file.bus.port_bytes_per_s = 64000000000;
    strcpy(chip.file.name, "fixture");
    chip.aicores = AICS + AIVS;
    chip.aicpus = AGENTS;
    chip.cores = calloc(CORES, sizeof(*chip.cores));
    for (int i = 0; i < CORES; i++) {
        struct core *core = &chip.cores[i];
        core->chip = &chip;
        core->kind = i < AICS ? CORE_AIC : i < FIRST_AICPU ? CORE_AIV : CORE_AICPU;
        core->number = i < FIRST_AICPU ? i : i - FIRST_AICPU;
        core->period_num = 1000; /* 1 GHz */
        core->period_den = 1;
        const char *kind = i < AICS ? "AIC" : i < FIRST_AICPU ? "AIV" : "AICPU";
        int first = i < AICS ? 0 : i < FIRST_AICPU ? FIRST_AIV : FIRST_AICPU;
        snprintf(core->name, sizeof(core->name), "%s_%c", kind, '0' + i - first);
    }
}

static inline void drop_chip(void)
{
    announcer_fini(&chip.announcer);
    free(chip.cores);
}

/* No core runs here that could announce anything earlier. */
static inline void tell(struct chip_state *to, const struct event *event)
{
    chip_announce(to, event);
    announcer_flush(&to->announcer, CLOCK_NEVER);
}

static inline void say(enum event_kind kind, const struct core *core, uint64_t begin_ps, uint64_t time_ps)
{
    tell(&chip, &(struct event){.kind = kind, .core = core, .begin_ps = begin_ps, .time_ps = time_ps});
}

/* Cores @from to @to - 1 start at @at_ps. */
static inline void start_cores(int from, int to, uint64_t at_ps)
{
    for (int i = from; i < to; i++) {
        chip.cores[i].has_program = true;
        chip.cores[i].launched_ps = at_ps;
    }
}

static inline void stop_core(int number, uint64_t at_ps)
{
    say(EVENT_PROGRAM, &chip.cores[number], chip.cores[number].launched_ps, at_ps);
    chip.cores[number].has_program = false;
}

static inline void begin_task(int core, uint64_t image, uint64_t args, uint64_t dispatched_ps, uint64_t at_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_BEGIN,
                                .core = &chip.cores[core],
                                .time_ps = at_ps,
                                .image = image,
                                .args = args,
                                .dispatched_ps = dispatched_ps});
}

static inline void end_task(int core, uint64_t image, uint64_t args, uint64_t begin_ps, uint64_t at_ps)
{
    tell(&chip, &(struct event){.kind = EVENT_TASK_END,
                                .core = &chip.cores[core],
                                .begin_ps = begin_ps,
                                .time_ps = at_ps,
                                .image = image,
                                .args = args});
}

#endif
