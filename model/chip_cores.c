/* chip_cores.c - see chip_cores.h. */
#include "model/chip_cores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "model/core/early.h"
#include "model/core/evict.h"
#include "model/core/mte.h"
#include "model/core/pipe.h"
#include "model/watch.h"

/* Where the register windows of device 0 stand: fixed, like GM, so that addresses repeat; the next device's are so many
 * bytes further. */
#define WINDOW_BASE       0x1f0000000000ull
#define WINDOW_SLOT_BYTES 0x1000000000ull

struct chip_state *dav_chip;

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What a transfer to GM takes at least until it is seen there. */
static uint64_t least_head(const struct chip *file, enum isa_cost_class cost)
{
    return (uint64_t)((unsigned __int128)file->isa[cost].head * 1000000 / file->aicore.clock_hz);
}

static int init_clock(struct chip_state *chip, void (*switch_to)(void *, struct agent *, struct agent *), void *ctx)
{
    const struct chip *file = &chip->file;
    const uint64_t moved = least(least(least_head(file, ISA_COST_ub_to_gm), least_head(file, ISA_COST_l1_to_gm)),
                                 least_head(file, ISA_COST_l0c_to_gm));
    const uint64_t reach[AGENT_CLASSES] = {
        [AGENT_AICPU] = least(least(least(file->aicpu.drain_ps, file->aicpu.rmw_ps), file->window.store_post_ps),
                              file->bus.aicpu_request_ps + file->gm.service_ps + file->bus.aicpu_reply_ps),
        [AGENT_AICORE] =
            least(least(file->aicore.writeback_ps, file->window.cond_ps), least(moved, file->ffts.latency_ps)),
    };

    return clock_init(&chip->clock, reach, switch_to, ctx);
}

static int init_windows(struct chip_state *chip)
{
    const struct chip *file = &chip->file;
    void *memory;

    chip->window_bytes = file->chip.clusters * file->window.stride_bytes;
    memory = mmap((void *)(uintptr_t)(WINDOW_BASE + (unsigned)chip->device_id * WINDOW_SLOT_BYTES), chip->window_bytes,
                  PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    chip->window_bases = calloc(chip->aicores, sizeof(*chip->window_bases));
    if (memory == MAP_FAILED || !chip->window_bases)
        return -1;
    chip->window_memory = memory;
    return 0;
}

/* AIC i stands first in cluster i's window, its AIVs behind it. */
static void place_window(struct chip_state *chip, const struct core *core)
{
    uint32_t number = (uint32_t)core->number, cluster = chip_cluster(&chip->file, number);
    uint32_t sub = core->kind == CORE_AIC ? 0 : 1 + chip_subblock(&chip->file, number);

    chip->window_bases[number] = (uintptr_t)chip->window_memory + cluster * chip->file.window.stride_bytes +
                                 sub * chip->file.window.sub_stride_bytes;
}

/* Of agents at the same picosecond the AICPU threads come first, then the AICores; or any order, by lot. */
static void rank_cores(struct chip_state *chip)
{
    uint32_t cores = chip->aicores + chip->aicpus;

    for (uint32_t i = 0; i < cores; i++)
        chip->cores[i].agent.rank = i < chip->aicores ? chip->aicpus + i : i - chip->aicores;
    for (uint32_t i = cores - 1; i > 0; i--) {
        struct agent *one = &chip->cores[i].agent;
        struct agent *other = one;
        uint32_t rank = one->rank;

        if (vary_active(&chip->vary, VARY_ARBITRATION, 0))
            other = &chip->cores[vary_draw(&chip->vary, VARY_ARBITRATION, 0, i)].agent;
        one->rank = other->rank;
        other->rank = rank;
    }
}

int chip_vary(struct chip_state *chip)
{
    rank_cores(chip);
    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        struct core *core = &chip->cores[i];

        core->noc_drawn = false;
        core->noc_ps = 0;
        core->evict_ps = CLOCK_NEVER;
        core->weak_stores = vary_active(&chip->vary, VARY_DRAIN, i);
        if (early_allow(core, vary_active(&chip->vary, VARY_LOAD, i)) != 0)
            return -1;
    }
    return 0;
}

static int init_core(struct chip_state *chip, struct core *core)
{
    const char *park = getenv("DAVSIM_PARK");

    core->chip = chip;
    core->slot = (uint32_t)(core - chip->cores);
    core->gm_base = (uintptr_t)chip->gm.base;
    core->gm_size = chip->gm.size;
    core->recent = core->cache->recent;
    core->recent_mask = core->cache->recent_mask;
    core->writebacks_end = &core->writebacks;
    return park_init(core, !park || strcmp(park, "0") != 0);
}

/* In lowest terms: products with it are to stay below 2^64. */
static void set_period(struct core *core, uint64_t clock_hz)
{
    uint64_t num = 1000000000000ull, den = clock_hz, rest;

    for (; den; den = rest) {
        rest = num % den;
        num = den;
    }
    core->period_num = 1000000000000ull / num;
    core->period_den = clock_hz / num;
}

static int init_aicore(struct chip_state *chip, uint32_t number)
{
    struct core *core = &chip->cores[number];
    const struct chip *file = &chip->file;
    uint32_t clusters = file->chip.clusters;

    core->number = (int)number;
    core->holder = (int)number;
    core->kind = number < clusters ? CORE_AIC : CORE_AIV;
    core->agent.class_ = AGENT_AICORE;
    core->hit_ps = file->aicore.hit_ps;
    /* All but GM is its own, and the windows, which it may not touch. */
    core->private_base = (uintptr_t)chip->window_memory + chip->window_bytes;
    core->private_size = 0 - chip->window_bytes;
    set_period(core, file->aicore.clock_hz);
    core->cache = calloc(1, sizeof(*core->cache));
    if (!core->cache || dcache_init(core->cache, &file->aicore.dcache) != 0)
        return -1;
    chip->view.caches[core->holder] = core->cache;
    place_window(chip, core);
    return init_core(chip, core);
}

static int init_aicpu(struct chip_state *chip, uint32_t number)
{
    struct core *core = chip_aicpu(chip, number);
    const struct chip *file = &chip->file;

    core->number = (int)number;
    core->holder = DIRECTORY_CLUSTER;
    core->kind = CORE_AICPU;
    core->agent.class_ = AGENT_AICPU;
    core->coherent = true;
    core->hit_ps = file->aicpu.hit_ps;
    set_period(core, file->aicpu.clock_hz);
    core->cache = &chip->cluster_cache;
    return init_core(chip, core);
}

void chip_name_cores(struct chip_state *chip, bool with_device)
{
    static const char *const kinds[] = {[CORE_AIC] = "AIC", [CORE_AIV] = "AIV", [CORE_AICPU] = "AICPU"};

    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        struct core *core = &chip->cores[i];
        int before = with_device ? snprintf(core->name, sizeof(core->name), "dev%d.", chip->device_id) : 0;

        snprintf(core->name + before, sizeof(core->name) - (size_t)before, "%s_%d", kinds[core->kind],
                 chip_place(core));
    }
}

int chip_hide(struct chip_state *chip)
{
    return gm_hide(&chip->gm) == 0 ? mprotect(chip->window_memory, chip->window_bytes, PROT_NONE) : -1;
}

int chip_show(struct chip_state *chip)
{
    return gm_show(&chip->gm) == 0 ? mprotect(chip->window_memory, chip->window_bytes, PROT_READ | PROT_WRITE) : -1;
}

int chip_cores_init(struct chip_state *chip, void (*switch_to)(void *, struct agent *, struct agent *), void *ctx)
{
    const struct chip *file = &chip->file;
    uint32_t lines, cores;

    chip->aicores = chip_cores(file);
    chip->aicpus = file->aicpu.threads + CHIP_SPARE_AICPUS;
    cores = chip->aicores + chip->aicpus;
    lines = (uint32_t)(chip->aicores * (file->aicore.dcache.size_bytes / GM_LINE_BYTES) +
                       file->aicpu.cache.size_bytes / GM_LINE_BYTES) +
            cores * (PARK_OPS + CORE_ENDS); /* what they hold, what they watch while parked, and their reports */
    chip->cores = calloc(cores, sizeof(*chip->cores));
    if (!chip->cores || chip->aicores > DIRECTORY_CLUSTER || init_clock(chip, switch_to, ctx) != 0 ||
        gm_init(&chip->gm, file->gm.size_bytes, (unsigned)chip->device_id, file->gm.zeroed) != 0 ||
        view_init(&chip->view, &chip->gm, lines, file->aicpu.dma_snooped) != 0 || init_windows(chip) != 0 ||
        dcache_init(&chip->cluster_cache, &file->aicpu.cache) != 0)
        return -1;
    chip->view.caches[DIRECTORY_CLUSTER] = &chip->cluster_cache;
    chip->view.changed = chip_gm_changed;
    chip->view.tell_all = &chip->keeping; /* watchers have entries */
    chip->view.changed_ctx = chip;
    chip->compute = true;
    if (mte_init(chip) != 0)
        return -1;
    for (uint32_t i = 0; i < chip->aicpus; i++)
        if (init_aicpu(chip, i) != 0)
            return -1;
    for (uint32_t i = 0; i < chip->aicores; i++)
        if (init_aicore(chip, i) != 0)
            return -1;
    chip_name_cores(chip, false);
    return chip_vary(chip);
}

/* How the core's start and its way to GM deviate; the latter once a run. */
static uint64_t vary_start(struct core *core)
{
    struct vary *vary = &core->chip->vary;
    const struct chip *file = &core->chip->file;

    if (!core->noc_drawn)
        core->noc_ps = vary_draw(vary, VARY_NOC, core->slot, file->vary.noc_ps);
    core->noc_drawn = true;
    return vary_draw(vary, VARY_START, core->slot, file->vary.start_ps);
}

void chip_start_core(struct core *core, void (*program)(struct core *), uint64_t at_ps)
{
    at_ps += vary_start(core);
    evict_start(core, at_ps);
    if (core->early)
        early_drop(core);
    core->program = program;
    core->has_program = true;
    core->unwind = false;
    core->launched_ps = at_ps;
    core->seen = core->ended; /* what a launch before this one has left is nobody's business */
    core->task_open = false;
    core->handed_ps = 0;
    core->written = core->offer = core->taken = (struct offer){0};
    core->cond_number = core->ended;
    core->bound = at_ps;
    core->park.relive_until = 0;
    core->park.old_count = 0;
    core->changes++;
    pipes_reset(core);
    clock_wake(&core->chip->clock, &core->agent, at_ps);
}

static void run_thread(struct core *core)
{
    core->thread_result = core->thread_fn(core->thread_arg);
}

struct core *chip_spawn_aicpu(struct chip_state *chip, void *(*fn)(void *), void *arg, uint64_t at_ps)
{
    for (uint32_t i = 0; i < chip->aicpus; i++) {
        struct core *core = chip_aicpu(chip, i);

        if (core->has_program || core->agent.state != AGENT_IDLE || core->thread_kept)
            continue;
        core->thread_fn = fn;
        core->thread_arg = arg;
        chip_start_core(core, run_thread, at_ps);
        WATCH(chip, spawned, core);
        return core;
    }
    return NULL;
}
