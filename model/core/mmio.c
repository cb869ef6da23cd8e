/* mmio.c - see mmio.h. */
#include "model/core/mmio.h"

#include <string.h>

#include "model/chip_state.h"
#include "model/core/aicore.h"
#include "model/core/early.h"
#include "model/watch.h"

bool mmio_contains(const struct core *core, uint64_t addr)
{
    return addr - (uintptr_t)core->chip->window_memory < core->chip->window_bytes;
}

struct window_sample {
    struct effect effect;
    struct core *core;
    uint64_t addr, issued_ps, back_ps;
    uint32_t size;
};

/* A beat is 4 bytes; those of one store arrive one after the other. */
struct window_store {
    struct effect effect;
    struct core *core;
    uint64_t addr, issued_ps;
    uint32_t size, at; /* bytes in all, and those that have arrived */
    uint8_t bytes[8];
    void *origin; /* see watch.h */
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
    if (owner && offset == WINDOW_COND)
        aicore_notice(owner, owner->cond_number, core, sample->issued_ps, sample->back_ps);
    if (owner && offset == WINDOW_COND)
        WATCH(core->chip, noticed, core, owner);
    clock_wake(&core->chip->clock, &core->agent, sample->back_ps);
}

/* One load in flight a thread; it drains the posted stores before it. */
void mmio_load(struct core *core, uint64_t addr, uint32_t size)
{
    const struct chip *file = &core->chip->file;
    struct window_sample *sample;
    uint64_t start = core->agent.now;

    park_forget(core);
    core->changes++;
    core->counters.window_loads++;
    if (core->posted_ps > start)
        start = core->posted_ps > start + file->window.drain_ps ? core->posted_ps : start + file->window.drain_ps;
    early_begin(core);
    sample = clock_effect(&core->chip->clock);
    *sample = (struct window_sample){.effect.apply = sample_window,
                                     .core = core,
                                     .addr = addr,
                                     .size = size,
                                     .issued_ps = core->agent.now,
                                     .back_ps = start + file->window.load_ps};
    clock_schedule(&core->chip->clock, &core->agent, sample, start + file->window.load_sample_ps);
    core_block(core);
    early_end(core);
}

static void next_beat(const struct window_store *store, uint64_t now)
{
    struct core *core = store->core;
    struct window_store *next = clock_effect(&core->chip->clock);

    *next = *store;
    next->at += WINDOW_BEAT_BYTES;
    clock_schedule(&core->chip->clock, &core->agent, next, now + core->chip->file.window.store_issue_ps);
}

static void window_store_arrives(struct effect *effect)
{
    struct window_store *store = (struct window_store *)effect;
    struct core *core = store->core;
    uint32_t offset, value;
    struct core *owner = window_owner(core, store->addr, &offset);
    uint64_t old;

    if (core->posted == store) /* the thread went to sleep right after it */
        memcpy(store->bytes, (const void *)(uintptr_t)store->addr, store->size);
    if (core->posted == store)
        core->posted = NULL;
    if (store->at + WINDOW_BEAT_BYTES < store->size)
        next_beat(store, effect->at);
    if (!owner)
        return;
    offset += store->at;
    old = owner->window.data_main_base[0] | (uint64_t)owner->window.data_main_base[1] << 32;
    memcpy(&value, store->bytes + store->at, sizeof(value));
    window_set(&owner->window, offset, value);
    if ((offset & ~4u) == WINDOW_DATA_MAIN_BASE) {
        const uint64_t first_ps = owner->written.by == core ? owner->written.first_ps : store->issued_ps;

        owner->written = (struct offer){store->issued_ps, effect->at, first_ps, core};
        park_notice_register(owner, old);
    }
    if (!store->at) /* once a store: the watcher takes the origin over */
        WATCH(core->chip, dispatched, owner, store->origin);
}

void mmio_store(struct core *core, uint64_t addr, uint32_t size)
{
    const struct chip *file = &core->chip->file;
    struct window_store *store = clock_effect(&core->chip->clock);
    uint32_t beats = (size + WINDOW_BEAT_BYTES - 1) / WINDOW_BEAT_BYTES;
    uint64_t at = core->agent.now + file->window.store_post_ps;

    core->counters.window_stores++;
    if (at < core->posted_ps)
        at = core->posted_ps;
    if (core->weak_stores && at < core->stores.ordered_ps)
        at = core->stores.ordered_ps;
    if (core->weak_stores && core->releasing && at < core->stores.last_drain_ps)
        at = core->stores.last_drain_ps;
    core->posted_ps = at + (beats - 1) * file->window.store_issue_ps;
    *store = (struct window_store){.effect.apply = window_store_arrives,
                                   .core = core,
                                   .addr = addr,
                                   .issued_ps = core->agent.now,
                                   .size = size < 8 ? size : 8,
                                   .origin = watch_take(core)};
    clock_schedule(&core->chip->clock, &core->agent, store, at);
    core->posted = store;
    core->agent.now += file->window.store_issue_ps * beats;
    core_set_limits(core);
}

void mmio_settle(struct core *core)
{
    if (!core->posted)
        return;
    memcpy(core->posted->bytes, (const void *)(uintptr_t)core->posted->addr, core->posted->size);
    core->posted = NULL;
}
