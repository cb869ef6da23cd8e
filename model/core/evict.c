/* evict.c - see evict.h. */
#include "model/core/evict.h"

#include "model/chip_state.h"
#include "model/core/aicore.h"

static uint32_t count_dirty(const struct dcache *cache)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < cache->count; i++)
        count += dcache_valid(cache, i) && cache->lines[i].dirty;
    return count;
}

/* The dirty line number @place. */
static uint32_t find_dirty(const struct dcache *cache, uint64_t place)
{
    uint32_t index = 0;

    for (;; index++)
        if (dcache_valid(cache, index) && cache->lines[index].dirty && place-- == 0)
            return index;
}

static void draw_next(struct core *core, uint64_t from_ps)
{
    uint64_t mean_ps = core->chip->file.vary.evict_ps;

    core->evict_ps = from_ps + 1 + vary_draw(&core->chip->vary, VARY_EVICT, core->slot, 2 * mean_ps);
}

void evict_start(struct core *core, uint64_t at_ps)
{
    core->evict_ps = CLOCK_NEVER;
    if (vary_active(&core->chip->vary, VARY_EVICT, core->slot))
        draw_next(core, at_ps);
}

/* What is drawn depends on the moments alone, not on what the cache holds: a parked core catches up with them. */
void evict_now(struct core *core)
{
    uint32_t dirty = count_dirty(core->cache);

    while (core->agent.now >= core->evict_ps) {
        uint64_t lot = vary_draw(&core->chip->vary, VARY_EVICT, core->slot, UINT64_MAX);

        if (dirty) {
            aicore_evict(core, find_dirty(core->cache, lot % dirty));
            dirty--;
            core->changes++;
            park_forget(core);
        }
        draw_next(core, core->evict_ps);
    }
    core_set_limits(core);
}

struct alarm {
    struct effect effect;
    struct core *core;
};

static void alarm_rings(struct effect *effect)
{
    struct core *core = ((struct alarm *)effect)->core;

    core->evict_alarm = NULL;
    if (core->agent.state != AGENT_BLOCKED)
        return; /* something else has woken it at this very moment */
    core->park.relive_rank = core->agent.rank;
    clock_wake(&core->chip->clock, &core->agent, effect->at);
}

void evict_set_alarm(struct core *core)
{
    struct alarm *alarm;

    if (core->evict_ps == CLOCK_NEVER || !count_dirty(core->cache))
        return;
    alarm = clock_effect(&core->chip->clock);
    *alarm = (struct alarm){.effect.apply = alarm_rings, .core = core};
    core->evict_alarm = &alarm->effect;
    clock_schedule(&core->chip->clock, &core->agent, alarm, core->evict_ps);
}

void evict_clear_alarm(struct core *core)
{
    if (core->evict_alarm)
        clock_cancel(&core->chip->clock, core->evict_alarm);
    core->evict_alarm = NULL;
}
