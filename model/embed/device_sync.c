/* device_sync.c - see device_sync.h; the waiting itself. The locks are in device_mutex.c and its neighbours. */
#include "model/embed/device_sync.h"

#include "model/watch.h"

#include <errno.h>
#include <string.h>

#include "model/core/early.h"

/* A wait with a timeout looks at the clock this often. What it bounds is how long a timeout that came to nothing stays
 * in the book; it never shows in a result. */
#define TICK_PS 1000000ull

static bool in_gm(const struct chip_state *chip, uint64_t addr)
{
    return gm_contains(&chip->gm, (const void *)(uintptr_t)addr, 1);
}

uint64_t sync_state(struct chip_state *chip, uint64_t addr, uint32_t size)
{
    uint64_t state = 0;

    if (in_gm(chip, addr))
        view_coherent_read(&chip->view, addr, &state, size);
    else
        memcpy(&state, (const void *)(uintptr_t)addr, size);
    return state;
}

void sync_change(struct chip_state *chip, uint64_t addr, uint64_t state, uint32_t size)
{
    uint64_t old;

    if (in_gm(chip, addr)) {
        WATCH(chip, arrived, NULL, addr, &state, size, NULL);
        view_write(&chip->view, addr, &state, size, GM_WRITER_AICPU, DIRECTORY_CLUSTER);
        return;
    }
    old = sync_state(chip, addr, size);
    memcpy((void *)(uintptr_t)addr, &state, size);
    chip_memory_changed(chip, addr, size, (const uint8_t *)&old, memcmp(&old, &state, size) != 0, false);
}

/* Schedule a copy of @op. A bad pointer faults here, in the thread's own name. Return when it will happen. */
static uint64_t schedule(struct core *core, void (*apply)(struct effect *), const struct sync_op *op)
{
    struct clock *clock = &core->chip->clock;
    struct sync_op *copy = clock_effect(clock);
    uint64_t at = core->agent.now > core->stores.last_drain_ps ? core->agent.now : core->stores.last_drain_ps;

    early_forget(core);
    at += core->chip->file.aicpu.rmw_ps;
    *copy = *op;
    copy->core = core;
    copy->effect.apply = apply;
    core->accessing = op->addr;
    if (op->addr && !in_gm(core->chip, op->addr))
        *(volatile uint8_t *)(uintptr_t)op->addr;
    core->accessing = 0;
    core->counters.atomics++;
    clock_schedule(clock, &core->agent, copy, at);
    return at;
}

void sync_waited(struct core *core, enum sync_what what, uint64_t begin_ps)
{
    if (core->chip->tell_threads)
        chip_announce(core->chip, &(struct event){.kind = EVENT_WAIT,
                                                  .time_ps = core->agent.now,
                                                  .begin_ps = begin_ps,
                                                  .core = core,
                                                  .level = (int)what});
}

int sync_ask(struct core *core, void (*apply)(struct effect *), const struct sync_op *op)
{
    uint64_t begin_ps;
    uint32_t serial;

    core->wait.what = SYNC_NOTHING;
    core->wait.result = 0;
    WATCH(core->chip, synchronizes, core, op->addr);
    if (op->mutex)
        WATCH(core->chip, synchronizes, core, op->mutex);
    schedule(core, apply, op);
    begin_ps = core->agent.now;
    serial = core->wait.serial;
    core_block(core);
    if (core->wait.serial != serial) /* it did not get it at once */
        sync_waited(core, core->wait.asked, begin_ps);
    WATCH(core->chip, synchronized, core, op->addr);
    if (op->mutex)
        WATCH(core->chip, synchronized, core, op->mutex);
    return core->wait.result;
}

void sync_tell(struct core *core, void (*apply)(struct effect *), const struct sync_op *op)
{
    libc_charge(core);
    WATCH(core->chip, synchronizes, core, op->addr);
    core->stores.last_drain_ps = schedule(core, apply, op);
    core->stores.ordered_ps = core->stores.last_drain_ps;
    core_set_limits(core);
}

void sync_answer(struct core *core, int result, uint64_t at)
{
    core->wait.what = SYNC_NOTHING;
    core->wait.result = result;
    clock_wake(&core->chip->clock, &core->agent, at);
}

uint64_t sync_handed_ps(const struct core *core, uint64_t at)
{
    return at + core->chip->file.aicpu.rmw_ps;
}

/* ---- who waits ---- */

static bool waits(const struct core *core)
{
    return core->wait.what != SYNC_NOTHING && core->wait.launch == core->chip->launch && core->has_program;
}

struct core *sync_first(struct chip_state *chip, unsigned whats, uint64_t addr)
{
    struct core *first = NULL;

    for (uint32_t i = 0; i < chip->aicpus; i++) {
        struct core *core = chip_aicpu(chip, i);

        if (waits(core) && (whats & 1u << core->wait.what) && core->wait.addr == addr &&
            (!first || core->wait.turn < first->wait.turn))
            first = core;
    }
    return first;
}

static uint64_t next_turn(struct chip_state *chip)
{
    uint64_t turn = 0;

    for (uint32_t i = 0; i < chip->aicpus; i++)
        if (waits(chip_aicpu(chip, i)) && chip_aicpu(chip, i)->wait.turn >= turn)
            turn = chip_aicpu(chip, i)->wait.turn + 1;
    return turn;
}

/* ---- timeouts ---- */

static void tick(struct effect *effect);

static void expect_timeout(struct core *core, uint64_t until_ps, uint64_t now)
{
    struct sync_op *timeout = clock_effect(&core->chip->clock);
    uint64_t at = until_ps - now < TICK_PS ? until_ps : now + TICK_PS;

    *timeout = (struct sync_op){.effect.apply = tick, .core = core, .until_ps = until_ps, .serial = core->wait.serial};
    clock_schedule(&core->chip->clock, &core->agent, timeout, at);
}

static void time_is_up(struct core *core, uint64_t at)
{
    if (core->wait.what != SYNC_CONDITION) {
        sync_answer(core, ETIMEDOUT, at);
        return;
    }
    core->wait.result = ETIMEDOUT;
    mutex_contend(core, core->wait.mutex, at);
}

static void tick(struct effect *effect)
{
    const struct sync_op *timeout = (const struct sync_op *)effect;
    struct core *core = timeout->core;

    if (!waits(core) || core->wait.serial != timeout->serial)
        return;
    if (effect->at >= timeout->until_ps)
        time_is_up(core, effect->at);
    else
        expect_timeout(core, timeout->until_ps, effect->at);
}

void sync_queue(const struct sync_op *op, enum sync_what what)
{
    struct core *core = op->core;

    core->wait.turn = next_turn(core->chip);
    core->wait.what = core->wait.asked = what;
    core->wait.addr = op->addr;
    core->wait.mutex = op->mutex;
    core->wait.launch = core->chip->launch;
    core->wait.serial++;
    if (op->until_ps == CLOCK_NEVER)
        return;
    if (op->until_ps > op->effect.at)
        expect_timeout(core, op->until_ps, op->effect.at);
    else
        time_is_up(core, op->effect.at);
}
