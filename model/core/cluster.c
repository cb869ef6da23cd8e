/* cluster.c - see cluster.h. */
#include "model/core/cluster.h"

#include <string.h>

#include "model/bus.h"
#include "model/chip_state.h"
#include "model/core/aicore.h"
#include "model/core/detail.h"
#include "model/core/early.h"
#include "model/traffic.h"
#include "model/watch.h"

/* The AICPU has fetched a line that tells of a kernel's end. */
static void notice_completion(struct core *core, struct directory_entry *entry, uint64_t issued_ps, uint64_t at)
{
    entry->done_ps = 0;
    aicore_notice(&core->chip->cores[entry->done_core], entry->done_number, core, issued_ps, at);
}

static uint64_t line_addr(const struct core *core, uint64_t line)
{
    return core->gm_base + (line << GM_LINE_SHIFT);
}

/* A line that is dirty goes to GM, whole and at once, at the time of the effect that is applied: that matters only
 * where DMA has changed GM below it. The cluster's own next fill of the line comes behind. */
static void clean(struct core *core, uint32_t index, uint64_t at, const char *why)
{
    const struct dcache_line *held = &core->cache->lines[index];
    uint8_t bytes[GM_LINE_BYTES];

    if (held->dirty && held->divergent) {
        view_content(&core->chip->view, DIRECTORY_CLUSTER, index, bytes);
        WATCH(core->chip, cleaned, core, dcache_line_no(core->cache, index), bytes, core->pc);
        DETAIL_CACHE(core, .level = CACHE_WRITE_BACK, .args = line_addr(core, dcache_line_no(core->cache, index)),
                     .begin_ps = at, .time_ps = at, .ended_ps = at, .bytes = GM_LINE_BYTES, .text = why);
    }
    view_clean(&core->chip->view, DIRECTORY_CLUSTER, index);
}

static void evict(struct core *core, uint32_t index, uint64_t at, const char *why)
{
    struct view *view = &core->chip->view;
    uint64_t addr = line_addr(core, dcache_line_no(core->cache, index));
    uint8_t bytes[GM_LINE_BYTES];

    view_content(view, DIRECTORY_CLUSTER, index, bytes);
    clean(core, index, at, why);
    view_drop(view, DIRECTORY_CLUSTER, index);
    chip_memory_changed(core->chip, addr, GM_LINE_BYTES, bytes, false, true);
}

/* The cluster takes @line, at the time of the effect that is applied: its threads see one another's fills and
 * evictions, so these change no present. @issued_ps: when the access was made that needs it. */
static void take(struct core *core, uint64_t line, uint64_t issued_ps, uint64_t at)
{
    struct directory_entry *entry;
    uint32_t index = dcache_victim(core->cache, line);

    if (dcache_valid(core->cache, index)) {
        DETAIL_CACHE(core, .level = CACHE_REPLACE, .args = line_addr(core, dcache_line_no(core->cache, index)),
                     .begin_ps = at, .time_ps = at);
        evict(core, index, at, "replaced");
    }
    dcache_put(core->cache, index, line, at, core->chip->launch);
    view_hold(&core->chip->view, DIRECTORY_CLUSTER, index, NULL);
    WATCH(core->chip, filled, core, index, line, NULL);
    entry = directory_get(&core->chip->view.directory, line);
    if (entry->done_ps)
        notice_completion(core, entry, issued_ps, at);
}

static void tell_fill(const struct core *core, uint64_t line, uint64_t begin_ps, uint64_t time_ps, const char *access)
{
    DETAIL_CACHE(core, .level = CACHE_FILL, .args = line_addr(core, line), .begin_ps = begin_ps, .time_ps = time_ps,
                 .bytes = GM_LINE_BYTES, .text = access);
}

static __attribute__((noinline)) void store_misses(struct core *core, uint64_t line, uint64_t at)
{
    core->counters.misses++;
    core->counters.bus_read_bytes += GM_LINE_BYTES;
    TRAFFIC_COUNT(core->chip, TRAFFIC_READ, at, GM_LINE_BYTES);
    take(core, line, at, at);
    tell_fill(core, line, at, at, "store");
}

/* A store allocates the line when it drains. */
void cluster_store(struct core *core, uint64_t line, uint64_t at)
{
    uint32_t index = dcache_find(core->cache, line);

    if (index != DCACHE_NONE) {
        core->counters.hits++;
        dcache_touch(core->cache, index);
        return;
    }
    store_misses(core, line, at);
}

struct fetch {
    struct effect effect;
    struct core *core;
    uint64_t line, issued_ps;
};

static void fetch_returns(struct effect *effect)
{
    struct fetch *fetch = (struct fetch *)effect;
    struct core *core = fetch->core;

    if (dcache_find(core->cache, fetch->line) == DCACHE_NONE) /* else another thread of the cluster was faster */
        take(core, fetch->line, fetch->issued_ps, effect->at);
    tell_fill(core, fetch->line, fetch->issued_ps, effect->at, "load");
    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

static void fetch_arrives(struct effect *effect)
{
    struct fetch *fetch = (struct fetch *)effect, *answer;
    struct core *core = fetch->core;
    uint8_t bytes[GM_LINE_BYTES];

    if (dcache_find(core->cache, fetch->line) != DCACHE_NONE) {
        tell_fill(core, fetch->line, fetch->issued_ps, effect->at, "load");
        clock_wake(&core->chip->clock, &core->agent, effect->at);
        return;
    }
    answer = clock_effect(&core->chip->clock);
    *answer =
        (struct fetch){.effect.apply = fetch_returns, .core = core, .line = fetch->line, .issued_ps = fetch->issued_ps};
    clock_schedule(&core->chip->clock, &core->agent, answer,
                   bus_read(core, core->gm_base + (fetch->line << GM_LINE_SHIFT), bytes, GM_LINE_BYTES, effect->at));
}

/* A load makes the cluster hold @line. Return whether it had to be fetched. */
bool cluster_load(struct core *core, uint64_t line)
{
    uint32_t index = dcache_find(core->cache, line);
    bool missed = index == DCACHE_NONE;
    struct fetch *fetch;

    while (index == DCACHE_NONE) { /* the line may be gone again before the thread goes on */
        core->counters.misses++;
        fetch = clock_effect(&core->chip->clock);
        *fetch =
            (struct fetch){.effect.apply = fetch_arrives, .core = core, .line = line, .issued_ps = core->agent.now};
        clock_schedule(&core->chip->clock, &core->agent, fetch,
                       core->agent.now + core->chip->file.bus.aicpu_request_ps + core->noc_ps);
        core_block(core);
        index = dcache_find(core->cache, line);
    }
    if (!missed)
        core->counters.hits++;
    dcache_touch(core->cache, index);
    core->agent.now += core->hit_ps;
    return missed;
}

struct invalidate {
    struct effect effect;
    struct core *core;
    uint64_t first, lines;
    bool keep;
};

static void invalidate_happens(struct effect *effect)
{
    struct invalidate *invalidate = (struct invalidate *)effect;
    struct core *core = invalidate->core;
    uint32_t useful = 0;

    for (uint64_t line = invalidate->first; line < invalidate->first + invalidate->lines; line++) {
        uint32_t index = dcache_find(core->cache, line);

        if (index == DCACHE_NONE)
            continue;
        useful += core->cache->lines[index].divergent || core->cache->lines[index].dirty;
        if (invalidate->keep)
            clean(core, index, effect->at, "cleaned");
        else
            evict(core, index, effect->at, "invalidated");
    }
    WATCH(core->chip, invalidated, core, core->gm_base + (invalidate->first << GM_LINE_SHIFT),
          invalidate->lines << GM_LINE_SHIFT, useful);
    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

void cluster_invalidate(struct core *core, uint64_t addr, uint64_t size, bool keep)
{
    uint64_t cost, lines;
    const uint64_t begin_ps = core->agent.now;
    struct invalidate *invalidate;

    core->changes++;
    core->counters.invalidates++;
    park_forget(core);
    park_relived(core);
    early_forget(core);
    if (addr - core->gm_base >= core->gm_size || size == 0)
        return;
    if (size > core->gm_base + core->gm_size - addr)
        size = core->gm_base + core->gm_size - addr;
    lines = ((addr + size - 1 - core->gm_base) >> GM_LINE_SHIFT) - ((addr - core->gm_base) >> GM_LINE_SHIFT) + 1;
    cost = lines * core->chip->file.aicpu.invalidate_line_ps + core->chip->file.aicpu.fence_ps;
    if (cost < core->chip->file.aicpu.drain_ps)
        cost = core->chip->file.aicpu.drain_ps;
    invalidate = clock_effect(&core->chip->clock);
    *invalidate = (struct invalidate){.effect.apply = invalidate_happens,
                                      .core = core,
                                      .lines = lines,
                                      .first = (addr - core->gm_base) >> GM_LINE_SHIFT,
                                      .keep = keep};
    clock_schedule(&core->chip->clock, &core->agent, invalidate,
                   (core->agent.now > core->stores.last_drain_ps ? core->agent.now : core->stores.last_drain_ps) +
                       cost);
    core_block(core);
    DETAIL_CACHE(core, .level = CACHE_INVALIDATE, .args = addr & -(uint64_t)GM_LINE_BYTES, .begin_ps = begin_ps,
                 .time_ps = core->agent.now, .bytes = lines * GM_LINE_BYTES, .text = keep ? "clean" : "invalidate");
}
