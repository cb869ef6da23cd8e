/* past_cache.c - see past_cache.h. */
#include "model/core/past_cache.h"

#include <string.h>

#include "isa/atomic.h"
#include "model/bus.h"
#include "model/chip_state.h"
#include "model/core/pipe.h"
#include "model/watch.h"

struct word_load {
    struct effect effect;
    struct core *core;
    uint64_t addr;
    uint32_t size;
};

struct word_store {
    struct effect effect;
    struct core *core;
    uint64_t addr, value;
    uint32_t size;
    int atomic;
    void *origin; /* see watch.h */
};

static void load_arrives(struct effect *effect)
{
    struct word_load *load = (struct word_load *)effect;
    struct core *core = load->core;
    uint64_t value = 0;
    uint64_t back = bus_read(core, load->addr, &value, load->size, effect->at);

    core->pipes->loaded = value;
    pipes_wake(core->pipes, back);
}

uint64_t past_cache_load(struct core *core, uint64_t addr, uint32_t size)
{
    struct pipes *pipes = pipes_make(core);
    struct word_load *load = clock_effect(&core->chip->clock);

    *load = (struct word_load){.effect.apply = load_arrives, .core = core, .addr = addr, .size = size};
    clock_schedule(&core->chip->clock, &core->agent, load,
                   core->agent.now + core->chip->file.bus.aicore_request_ps + core->noc_ps);
    pipes->wait = PIPES_MEMORY;
    core_block(core);
    return pipes->loaded;
}

static void store_arrives(struct effect *effect)
{
    struct word_store *store = (struct word_store *)effect;
    uint8_t bytes[8];

    if (store->atomic == ISA_ATOMIC_NONE) {
        memcpy(bytes, &store->value, sizeof(bytes));
    } else {
        view_read(&store->core->chip->view, store->addr, bytes, store->size);
        isa_atomic_apply((enum isa_atomic)store->atomic, bytes, (const uint8_t *)&store->value, store->size);
    }
    WATCH(store->core->chip, arrived, store->core, store->addr, bytes, store->size, store->origin);
    bus_write(store->core, store->addr, bytes, store->size, effect->at);
}

void past_cache_store(struct core *core, uint64_t addr, uint64_t value, uint32_t size, int atomic)
{
    struct word_store *store = clock_effect(&core->chip->clock);
    uint64_t at = core->agent.now + core->chip->file.aicore.writeback_ps + core->noc_ps;

    *store = (struct word_store){.effect.apply = store_arrives,
                                 .core = core,
                                 .addr = addr,
                                 .value = value,
                                 .size = size,
                                 .atomic = atomic,
                                 .origin = watch_take(core)};
    if (at > core->writeback_done_ps)
        core->writeback_done_ps = at;
    clock_schedule(&core->chip->clock, &core->agent, store, at);
}
