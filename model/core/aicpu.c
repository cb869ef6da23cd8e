/* aicpu.c - see aicpu.h. */
#include "model/core/aicpu.h"

#include <string.h>

#include "isa/core_port.h"
#include "model/bus.h"
#include "model/chip_state.h"

static bool in_gm(const struct core *core, uint64_t addr)
{
    return addr - core->gm_base < core->gm_size;
}

static bool in_window(const struct core *core, uint64_t addr)
{
    return addr - (uintptr_t)core->chip->window_memory < core->chip->window_bytes;
}

static uint32_t part_of_line(uint64_t addr, uint64_t size)
{
    uint32_t left = GM_LINE_BYTES - (addr & (GM_LINE_BYTES - 1));

    return size < left ? (uint32_t)size : left;
}

/* ---- the cluster's cache ---- */

/* The AICPU has fetched a line that tells of a kernel's end. */
static void notice_completion(struct core *core, struct directory_entry *entry, uint64_t at)
{
    struct core *worker = &core->chip->cores[entry->done_core];
    struct event event = {.kind = EVENT_TASK_SEEN, .time_ps = at, .begin_ps = worker->task_end_ps,
                          .core = worker, .by = core};

    entry->done_ps = 0;
    if (!worker->task_unseen)
        return;
    worker->task_unseen = false;
    chip_announce(core->chip, &event);
}

struct clean {
    struct effect effect;
    struct chip_state *chip;
    uint64_t addr;
    uint8_t bytes[GM_LINE_BYTES];
};

static void clean_arrives(struct effect *effect)
{
    struct clean *clean = (struct clean *)effect;

    view_write(&clean->chip->view, clean->addr, clean->bytes, GM_LINE_BYTES, GM_WRITER_AICPU_CLEAN, DIRECTORY_CLUSTER);
}

/* The line leaves the cluster. Where DMA changed GM below a dirty line, the old line goes over it, whole, at @at. */
static void evict(struct core *core, uint32_t index, uint64_t at)
{
    struct dcache *cache = core->cache;
    uint64_t addr = core->gm_base + (dcache_line_no(cache, index) << GM_LINE_SHIFT);
    uint8_t bytes[GM_LINE_BYTES];
    struct clean *clean;

    view_content(&core->chip->view, DIRECTORY_CLUSTER, index, bytes);
    if (cache->lines[index].dirty && cache->lines[index].divergent) {
        clean = clock_effect(&core->chip->clock);
        clean->effect.apply = clean_arrives;
        clean->chip = core->chip;
        clean->addr = addr;
        memcpy(clean->bytes, bytes, sizeof(bytes));
        clock_schedule(&core->chip->clock, &core->agent, clean, at);
    }
    view_drop(&core->chip->view, DIRECTORY_CLUSTER, index);
    chip_memory_changed(core->chip, addr, GM_LINE_BYTES, bytes, false, true);
}

/* The cluster takes @line, at the time of the effect that is applied: its threads see one another's fills and evictions,
 * so these change no present. */
static void take(struct core *core, uint64_t line, uint64_t at)
{
    struct directory_entry *entry;
    uint32_t index = dcache_victim(core->cache, line);

    if (dcache_valid(core->cache, index))
        evict(core, index, at + core->chip->file.aicpu.drain_ps);
    dcache_put(core->cache, index, line, at, core->chip->launch);
    view_hold(&core->chip->view, DIRECTORY_CLUSTER, index, NULL);
    entry = directory_get(&core->chip->view.directory, line);
    if (entry->done_ps)
        notice_completion(core, entry, at);
}

/* A store allocates the line when it drains. */
static void take_stored(struct core *core, uint64_t line, uint64_t at)
{
    uint32_t index = dcache_find(core->cache, line);

    if (index != DCACHE_NONE) {
        core->counters.hits++;
        dcache_touch(core->cache, index);
        return;
    }
    core->counters.misses++;
    core->counters.bus_read_bytes += GM_LINE_BYTES;
    take(core, line, at);
}

struct fetch {
    struct effect effect;
    struct core *core;
    uint64_t line;
};

static void fetch_returns(struct effect *effect)
{
    struct fetch *fetch = (struct fetch *)effect;
    struct core *core = fetch->core;

    if (dcache_find(core->cache, fetch->line) == DCACHE_NONE) /* else another thread of the cluster was faster */
        take(core, fetch->line, effect->at);
    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

static void fetch_arrives(struct effect *effect)
{
    struct fetch *fetch = (struct fetch *)effect, *answer;
    struct core *core = fetch->core;
    uint8_t bytes[GM_LINE_BYTES];

    if (dcache_find(core->cache, fetch->line) != DCACHE_NONE) {
        clock_wake(&core->chip->clock, &core->agent, effect->at);
        return;
    }
    answer = clock_effect(&core->chip->clock);
    *answer = (struct fetch){.effect.apply = fetch_returns, .core = core, .line = fetch->line};
    clock_schedule(&core->chip->clock, &core->agent, answer,
                   bus_read(core, core->gm_base + (fetch->line << GM_LINE_SHIFT), bytes, GM_LINE_BYTES, effect->at));
}

/* A load makes the cluster hold @line. Return whether it had to be fetched. */
static bool touch(struct core *core, uint64_t line)
{
    uint32_t index = dcache_find(core->cache, line);
    bool missed = index == DCACHE_NONE;
    struct fetch *fetch;

    while (index == DCACHE_NONE) { /* the line may be gone again before the thread goes on */
        core->counters.misses++;
        fetch = clock_effect(&core->chip->clock);
        *fetch = (struct fetch){.effect.apply = fetch_arrives, .core = core, .line = line};
        clock_schedule(&core->chip->clock, &core->agent, fetch,
                       core->agent.now + core->chip->file.bus.aicpu_request_ps);
        core_block(core);
        index = dcache_find(core->cache, line);
    }
    if (!missed)
        core->counters.hits++;
    dcache_touch(core->cache, index);
    core->agent.now += core->hit_ps;
    core->hot_line = line;
    core->hot_index = index;
    return missed;
}

/* ---- the register windows ---- */

struct window_sample {
    struct effect effect;
    struct core *core;
    uint64_t addr, back_ps;
    uint32_t size;
};

struct window_store {
    struct effect effect;
    struct core *core;
    uint64_t addr;
    uint32_t size;
    uint8_t bytes[8];
};

/* The AICore whose window holds @addr, and the register's offset in it. */
static struct core *window_owner(const struct core *core, uint64_t addr, uint32_t *offset)
{
    struct chip_state *chip = core->chip;

    for (uint32_t i = 0; i < chip->aicores; i++) {
        if (addr - chip->window_bases[i] < chip->file.window.sub_stride_bytes) {
            *offset = (uint32_t)(addr - chip->window_bases[i]);
            return &chip->cores[i];
        }
    }
    return NULL;
}

static void sample_window(struct effect *effect)
{
    struct window_sample *sample = (struct window_sample *)effect;
    struct core *core = sample->core;
    uint32_t offset, value = 0;
    struct core *owner = window_owner(core, sample->addr, &offset);

    for (uint32_t i = 0; owner && i < sample->size; i += 4) {
        value = 0;
        window_get(&owner->window, offset + i, &value);
        memcpy((void *)(uintptr_t)(sample->addr + i), &value, sizeof(value));
    }
    if (owner && offset == WINDOW_COND && owner->cond_done_ps && owner->task_unseen) {
        struct event event = {.kind = EVENT_TASK_SEEN, .time_ps = sample->back_ps, .begin_ps = owner->task_end_ps,
                              .core = owner, .by = core};

        owner->task_unseen = false;
        owner->cond_done_ps = 0;
        chip_announce(core->chip, &event);
    }
    clock_wake(&core->chip->clock, &core->agent, sample->back_ps);
}

/* One load in flight a thread; it drains the posted stores before it. */
static void window_load(struct core *core, uint64_t addr, uint32_t size)
{
    const struct chip *file = &core->chip->file;
    struct window_sample *sample = clock_effect(&core->chip->clock);
    uint64_t start = core->agent.now;

    park_forget(core);
    core->changes++;
    core->counters.window_loads++;
    if (core->posted_ps > start)
        start = core->posted_ps > start + file->window.drain_ps ? core->posted_ps : start + file->window.drain_ps;
    *sample = (struct window_sample){.effect.apply = sample_window, .core = core, .addr = addr, .size = size,
                                     .back_ps = start + file->window.load_ps};
    clock_schedule(&core->chip->clock, &core->agent, sample, start + file->window.load_sample_ps);
    core_block(core);
}

static void window_store_arrives(struct effect *effect)
{
    struct window_store *store = (struct window_store *)effect;
    struct core *core = store->core;
    uint32_t offset, value;
    struct core *owner = window_owner(core, store->addr, &offset);

    if (core->posted == store) /* the thread went to sleep right after it */
        memcpy(store->bytes, (const void *)(uintptr_t)store->addr, store->size);
    if (core->posted == store)
        core->posted = NULL;
    for (uint32_t i = 0; owner && i < store->size; i += 4) {
        uint64_t old = owner->window.data_main_base[0] | (uint64_t)owner->window.data_main_base[1] << 32;

        memcpy(&value, store->bytes + i, sizeof(value));
        window_set(&owner->window, offset + i, value);
        if ((offset & ~4u) == WINDOW_DATA_MAIN_BASE) {
            owner->dispatched_ps = effect->at - core->chip->file.window.store_post_ps;
            park_notice_register(owner, old);
        }
    }
}

static void window_store(struct core *core, uint64_t addr, uint32_t size)
{
    const struct chip *file = &core->chip->file;
    struct window_store *store = clock_effect(&core->chip->clock);
    uint64_t at = core->agent.now + file->window.store_post_ps;

    core->counters.window_stores++;
    if (at < core->posted_ps)
        at = core->posted_ps;
    core->posted_ps = at;
    *store = (struct window_store){.effect.apply = window_store_arrives, .core = core, .addr = addr,
                                   .size = size < 8 ? size : 8};
    clock_schedule(&core->chip->clock, &core->agent, store, at);
    core->posted = store;
    core->agent.now += file->window.store_issue_ps * ((size + 3) / 4); /* a 64-bit store is two beats */
    core_set_limits(core);
}

void aicpu_settle_window(struct core *core)
{
    if (!core->posted)
        return;
    memcpy(core->posted->bytes, (const void *)(uintptr_t)core->posted->addr, core->posted->size);
    core->posted = NULL;
}

/* ---- loads and stores ---- */

/* A poll in time that the core relives: it hit, line by line. */
static void relive_load(struct core *core, uint64_t addr, uint32_t size)
{
    uint64_t lines = (((addr & (GM_LINE_BYTES - 1)) + size - 1) >> GM_LINE_SHIFT) + 1;

    if (!in_gm(core, addr))
        return;
    core->agent.now += lines * core->hit_ps;
    core->counters.hits += lines;
}

void aicpu_load(struct core *core, uint64_t addr, uint32_t size, const struct saved_registers *registers)
{
    uint32_t whole = size;
    uint64_t value = 0, at = addr;
    bool missed = false;

    if (core->park.relive_until) {
        if (core->agent.now < core->park.relive_until) {
            relive_load(core, addr, size);
            return;
        }
        park_relived(core);
    }
    if (in_window(core, addr)) {
        window_load(core, addr, size);
        return;
    }
    if (core->park.probing)
        park_visit(core, registers);
    if (core->park.relive_until) { /* it was parked: the access is made again in the time it relives */
        aicpu_load(core, addr, size, registers);
        return;
    }
    core_sync(core);
    while (in_gm(core, at) && size) {
        uint32_t part = part_of_line(at, size);

        missed |= touch(core, (at - core->gm_base) >> GM_LINE_SHIFT);
        at += part;
        size -= part;
    }
    if (!core->park.probing)
        return;
    if (missed) {
        park_forget(core);
        return;
    }
    memcpy(&value, (const void *)(uintptr_t)addr, whole < 8 ? whole : 8);
    park_record(core, PARK_LOAD, addr, whole, value);
}

static void store_drains(struct effect *effect)
{
    struct pending_store *store = (struct pending_store *)effect;
    struct core *core = store->core;
    struct chip_state *chip = core->chip;
    uint8_t old[STORE_BYTES];

    store_buffer_pop(&core->stores);
    if (in_gm(core, store->addr)) {
        uint64_t line = (store->addr - core->gm_base) >> GM_LINE_SHIFT;

        take_stored(core, line, effect->at);
        directory_get(&chip->view.directory, line)->aicpu_stored_ps = store->issued_ps;
        view_write(&chip->view, store->addr, store->bytes, store->size, GM_WRITER_AICPU, DIRECTORY_CLUSTER);
        return;
    }
    memcpy(old, (const void *)(uintptr_t)store->addr, store->size);
    memcpy((void *)(uintptr_t)store->addr, store->bytes, store->size);
    chip_memory_changed(chip, store->addr, store->size, old, memcmp(old, store->bytes, store->size) != 0, false);
}

static void push_store(struct core *core, uint64_t addr, uint32_t size)
{
    struct pending_store *store = clock_effect(&core->chip->clock);
    uint64_t at = core->agent.now + core->chip->file.aicpu.drain_ps;

    if (at < core->stores.last_drain_ps)
        at = core->stores.last_drain_ps;
    store->effect.apply = store_drains;
    store->core = core;
    store->addr = addr;
    store->size = size;
    store->issued_ps = core->agent.now;
    store_buffer_push(&core->stores, store);
    core->stores.last_drain_ps = at;
    clock_schedule(&core->chip->clock, &core->agent, store, at);
}

void aicpu_store(struct core *core, uint64_t addr, uint32_t size)
{
    uint32_t parts = (uint32_t)(((addr & (GM_LINE_BYTES - 1)) + size + GM_LINE_BYTES - 1) / GM_LINE_BYTES);

    core->changes++;
    core->counters.stores++;
    park_forget(core);
    park_relived(core);
    if (in_window(core, addr)) {
        core_leave(core);
        window_store(core, addr, size);
        return;
    }
    core->agent.now += in_gm(core, addr) ? parts * core->hit_ps : 0;
    while (store_buffer_room(&core->stores) < parts)
        core_wait(core, store_buffer_at(&core->stores, 0)->effect.at);
    core_leave(core);
    core->accessing = addr;
    while (size) {
        uint32_t part = part_of_line(addr, size);

        push_store(core, addr, part);
        addr += part;
        size -= part;
    }
    core->accessing = 0;
    core_set_limits(core);
}

/* ---- atomics and barriers ---- */

struct rmw {
    struct effect effect;
    struct core *core;
    uint64_t addr;
    uint32_t size;
    enum rmw_op op;
    unsigned __int128 operand, expected, *result;
};

static unsigned __int128 rmw_value(enum rmw_op op, unsigned __int128 old, unsigned __int128 operand)
{
    switch (op) {
    case RMW_ADD:
        return old + operand;
    case RMW_SUB:
        return old - operand;
    case RMW_AND:
        return old & operand;
    case RMW_OR:
        return old | operand;
    case RMW_XOR:
        return old ^ operand;
    case RMW_NAND:
        return ~(old & operand);
    default:
        return operand;
    }
}

static void rmw_happens(struct effect *effect)
{
    struct rmw *rmw = (struct rmw *)effect;
    struct core *core = rmw->core;
    unsigned __int128 old = 0, new;
    bool gm = in_gm(core, rmw->addr);

    if (gm) {
        take_stored(core, (rmw->addr - core->gm_base) >> GM_LINE_SHIFT, effect->at);
        view_coherent_read(&core->chip->view, rmw->addr, &old, rmw->size);
    } else {
        memcpy(&old, (const void *)(uintptr_t)rmw->addr, rmw->size);
    }
    new = rmw_value(rmw->op, old, rmw->operand);
    if (rmw->op != RMW_COMPARE || old == rmw->expected) {
        if (gm) {
            view_write(&core->chip->view, rmw->addr, &new, rmw->size, GM_WRITER_AICPU, DIRECTORY_CLUSTER);
        } else {
            memcpy((void *)(uintptr_t)rmw->addr, &new, rmw->size);
            chip_memory_changed(core->chip, rmw->addr, rmw->size, (const uint8_t *)&old, true, false);
        }
    }
    *rmw->result = old;
    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

static uint64_t after_drain(const struct core *core)
{
    return core->agent.now > core->stores.last_drain_ps ? core->agent.now : core->stores.last_drain_ps;
}

unsigned __int128 aicpu_rmw(struct core *core, uint64_t addr, uint32_t size, enum rmw_op op, unsigned __int128 operand,
                            unsigned __int128 expected)
{
    unsigned __int128 result = 0;
    struct rmw *rmw;

    core->changes++;
    core->counters.atomics++;
    park_forget(core);
    park_relived(core);
    core->accessing = addr;
    if (in_gm(core, addr))
        core->agent.now += core->hit_ps;
    else
        *(volatile uint8_t *)(uintptr_t)addr; /* a bad pointer faults here, in the thread's own name */
    core->accessing = 0;
    rmw = clock_effect(&core->chip->clock);
    *rmw = (struct rmw){.effect.apply = rmw_happens, .core = core, .addr = addr, .size = size, .op = op,
                        .operand = operand, .expected = expected, .result = &result};
    clock_schedule(&core->chip->clock, &core->agent, rmw, after_drain(core) + core->chip->file.aicpu.rmw_ps);
    core_block(core);
    return result;
}

void aicpu_after_stores(struct core *core)
{
    if (core->stores.last_drain_ps > core->agent.now)
        core_wait(core, core->stores.last_drain_ps);
}

void aicpu_fence(struct core *core, int kind)
{
    core->counters.fences++;
    if (core->park.relive_until && core->agent.now < core->park.relive_until) {
        core->agent.now += core->chip->file.aicpu.fence_ps;
        return;
    }
    if (kind != DAV_FENCE_LOAD)
        aicpu_after_stores(core);
    core->agent.now += core->chip->file.aicpu.fence_ps;
    if (core->park.probing)
        park_record(core, PARK_OTHER, (uint64_t)kind, 0, 0);
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

    for (uint64_t line = invalidate->first; line < invalidate->first + invalidate->lines; line++) {
        uint32_t index = dcache_find(core->cache, line);

        if (index == DCACHE_NONE)
            continue;
        if (!invalidate->keep || core->cache->lines[index].divergent)
            evict(core, index, effect->at);
        else
            core->cache->lines[index].dirty = false;
    }
    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

void aicpu_invalidate(struct core *core, uint64_t addr, uint64_t size, bool keep)
{
    uint64_t cost, lines;
    struct invalidate *invalidate;

    core->changes++;
    core->counters.invalidates++;
    park_forget(core);
    park_relived(core);
    if (!in_gm(core, addr) || size == 0)
        return;
    lines = ((addr + size - 1 - core->gm_base) >> GM_LINE_SHIFT) - ((addr - core->gm_base) >> GM_LINE_SHIFT) + 1;
    cost = lines * core->chip->file.aicpu.invalidate_line_ps + core->chip->file.aicpu.fence_ps;
    if (cost < core->chip->file.aicpu.drain_ps)
        cost = core->chip->file.aicpu.drain_ps;
    invalidate = clock_effect(&core->chip->clock);
    *invalidate = (struct invalidate){.effect.apply = invalidate_happens, .core = core, .lines = lines,
                                      .first = (addr - core->gm_base) >> GM_LINE_SHIFT, .keep = keep};
    clock_schedule(&core->chip->clock, &core->agent, invalidate, after_drain(core) + cost);
    core_block(core);
}
