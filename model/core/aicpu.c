/* aicpu.c - see aicpu.h. */
#include "model/core/aicpu.h"

#include <string.h>

#include "isa/core_port.h"
#include "model/chip_state.h"
#include "model/core/cluster.h"
#include "model/core/early.h"
#include "model/core/mmio.h"
#include "model/watch.h"

static bool in_gm(const struct core *core, uint64_t addr)
{
    return addr - core->gm_base < core->gm_size;
}

static uint32_t part_of_line(uint64_t addr, uint64_t size)
{
    uint32_t left = GM_LINE_BYTES - (addr & (GM_LINE_BYTES - 1));

    return size < left ? (uint32_t)size : left;
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

/* Make the cluster hold all lines of [@addr, +@size) at once: while one is fetched, another may be lost. Return whether
 * one had to be fetched. */
static bool load_lines(struct core *core, uint64_t addr, uint32_t size)
{
    uint64_t first = (addr - core->gm_base) >> GM_LINE_SHIFT, last = (addr + size - 1 - core->gm_base) >> GM_LINE_SHIFT;
    bool missed = false;

    if (last >= core->gm_size >> GM_LINE_SHIFT)
        last = (core->gm_size >> GM_LINE_SHIFT) - 1;
    for (uint64_t line = first; line <= last; line++)
        missed |= cluster_load(core, line);
    for (uint64_t line = first; missed && line <= last; line++) {
        if (dcache_find(core->cache, line) == DCACHE_NONE) {
            cluster_load(core, line);
            line = first - 1;
        }
    }
    return missed;
}

void aicpu_load(struct core *core, uint64_t addr, uint32_t size, const struct saved_registers *registers)
{
    uint64_t value = 0;
    bool missed = false;

    if (core->park.relive_until) {
        if (core->agent.now < core->park.relive_until) {
            relive_load(core, addr, size);
            return;
        }
        park_relived(core);
    }
    if (mmio_contains(core, addr)) {
        mmio_load(core, addr, size);
        return;
    }
    if (core->park.probing)
        park_visit(core, registers);
    if (core->park.relive_until) { /* it was parked: the access is made again in the time it relives */
        aicpu_load(core, addr, size, registers);
        return;
    }
    core_sync(core);
    early_expire(core);
    if (in_gm(core, addr))
        missed = load_lines(core, addr, size);
    if (!core->park.probing)
        return;
    if (missed) {
        park_forget(core);
        return;
    }
    memcpy(&value, (const void *)(uintptr_t)addr, size < 8 ? size : 8);
    park_record(core, PARK_LOAD, addr, size, value);
}

static void store_drains(struct effect *effect)
{
    struct pending_store *store = (struct pending_store *)effect;
    struct core *core = store->core;
    struct chip_state *chip = core->chip;
    struct directory_entry *entry;
    uint8_t old[STORE_BYTES];

    store_buffer_remove(&core->stores, store);
    WATCH(chip, arrived, core, store->addr, store->bytes, store->size, store->origin);
    if (in_gm(core, store->addr)) {
        uint64_t line = (store->addr - core->gm_base) >> GM_LINE_SHIFT;

        cluster_store(core, line, effect->at);
        entry = directory_get(&chip->view.directory, line);
        if (entry->aicpu_launch != chip->launch || entry->aicpu_thread != core->number)
            entry->aicpu_first_ps = store->issued_ps;
        entry->aicpu_stored_ps = store->issued_ps;
        entry->aicpu_drained_ps = effect->at;
        entry->aicpu_launch = chip->launch;
        entry->aicpu_thread = (int16_t)core->number;
        view_write(&chip->view, store->addr, store->bytes, store->size, GM_WRITER_AICPU, DIRECTORY_CLUSTER);
    } else {
        memcpy(old, (const void *)(uintptr_t)store->addr, store->size);
        memcpy((void *)(uintptr_t)store->addr, store->bytes, store->size);
        chip_memory_changed(chip, store->addr, store->size, old, memcmp(old, store->bytes, store->size) != 0, false);
    }
    early_own_store(core, store->addr, store->size);
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* When the store to @addr that is made now becomes visible. Weakly ordered, it passes whatever nothing orders it after:
 * neither a barrier, nor its line, nor its being a release. */
static uint64_t drain_time(struct core *core, uint64_t addr)
{
    const struct store_buffer *stores = &core->stores;
    struct chip_state *chip = core->chip;
    uint64_t at = core->agent.now + chip->file.aicpu.drain_ps;

    if (!core->weak_stores)
        return later(at, stores->last_drain_ps);
    at += vary_draw(&chip->vary, VARY_DRAIN, core->slot, chip->file.vary.drain_ps);
    if (core->releasing)
        return later(at, stores->last_drain_ps);
    return later(later(at, stores->ordered_ps), store_buffer_line_drain(stores, addr));
}

static void push_store(struct core *core, uint64_t addr, uint32_t size)
{
    struct pending_store *store = clock_effect(&core->chip->clock);
    uint64_t at = drain_time(core, addr);

    store->effect.apply = store_drains;
    store->core = core;
    store->addr = addr;
    store->size = size;
    store->issued_ps = core->agent.now - (in_gm(core, addr) ? core->hit_ps : 0); /* when the thread came to it */
    store->origin = watch_take(core);
    store_buffer_push(&core->stores, store);
    core->stores.last_drain_ps = later(at, core->stores.last_drain_ps);
    clock_schedule(&core->chip->clock, &core->agent, store, at);
}

void aicpu_store(struct core *core, uint64_t addr, uint32_t size)
{
    uint32_t parts = (uint32_t)(((addr & (GM_LINE_BYTES - 1)) + size + GM_LINE_BYTES - 1) / GM_LINE_BYTES);

    core->changes++;
    core->counters.stores++;
    park_forget(core);
    park_relived(core);
    if (mmio_contains(core, addr)) {
        core_leave(core);
        mmio_store(core, addr, size);
        return;
    }
    core->agent.now += in_gm(core, addr) ? parts * core->hit_ps : 0;
    while (store_buffer_room(&core->stores) < parts) {
        uint64_t oldest = store_buffer_at(&core->stores, 0)->effect.at; /* may be due already */

        core_wait(core, oldest > core->agent.now ? oldest : core->agent.now);
    }
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
    void *origin; /* see watch.h */
};

unsigned __int128 rmw_value(enum rmw_op op, unsigned __int128 old, unsigned __int128 operand)
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
        cluster_store(core, (rmw->addr - core->gm_base) >> GM_LINE_SHIFT, effect->at);
        view_coherent_read(&core->chip->view, rmw->addr, &old, rmw->size);
    } else {
        memcpy(&old, (const void *)(uintptr_t)rmw->addr, rmw->size);
    }
    new = rmw_value(rmw->op, old, rmw->operand);
    if (rmw->op != RMW_COMPARE || old == rmw->expected) {
        WATCH(core->chip, arrived, core, rmw->addr, &new, rmw->size, rmw->origin);
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
    return later(core->agent.now, core->stores.last_drain_ps);
}

/* When a read-modify-write that is made now may begin. */
static uint64_t rmw_start(const struct core *core, uint64_t addr, bool release)
{
    if (release || !core->weak_stores)
        return after_drain(core);
    return later(later(core->agent.now, core->stores.ordered_ps), store_buffer_line_drain(&core->stores, addr));
}

unsigned __int128 aicpu_rmw(struct core *core, uint64_t addr, uint32_t size, enum rmw_op op, unsigned __int128 operand,
                            unsigned __int128 expected, bool release)
{
    unsigned __int128 result = 0;
    struct rmw *rmw;

    early_forget(core);
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
    *rmw = (struct rmw){.effect.apply = rmw_happens,
                        .core = core,
                        .addr = addr,
                        .size = size,
                        .op = op,
                        .operand = operand,
                        .expected = expected,
                        .result = &result,
                        .origin = watch_take(core)};
    clock_schedule(&core->chip->clock, &core->agent, rmw,
                   rmw_start(core, addr, release) + core->chip->file.aicpu.rmw_ps);
    core_block(core);
    return result;
}

void aicpu_after_stores(struct core *core)
{
    /* Stores may be due already and not yet drained; locks that were let go count without an entry. */
    if (core->stores.count || core->stores.last_drain_ps > core->agent.now)
        core_wait(core, after_drain(core));
}

void aicpu_fence(struct core *core, int kind)
{
    core->counters.fences++;
    WATCH(core->chip, fence, core, kind);
    if (core->park.relive_until && core->agent.now < core->park.relive_until) {
        core->agent.now += core->chip->file.aicpu.fence_ps;
        return;
    }
    if (kind == DAV_FENCE_STORE && core->weak_stores) /* it orders, and the thread goes on */
        core->stores.ordered_ps = core->stores.last_drain_ps;
    else if (kind != DAV_FENCE_LOAD)
        aicpu_after_stores(core);
    if (kind != DAV_FENCE_STORE)
        early_forget(core);
    core->agent.now += core->chip->file.aicpu.fence_ps;
    if (core->park.probing)
        park_record(core, PARK_OTHER, (uint64_t)kind, 0, 0);
}
