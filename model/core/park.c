/* park.c - see park.h. */
#include "model/core/park.h"

#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/core/early.h"
#include "model/core/evict.h"
#include "model/traffic.h"
#include "model/watch.h"

/* How long a core does nothing new before it is looked at, and the longest pause between two fruitless looks. These
 * bound the simulator's own work and never show in a result. */
#define PARK_FIRST_INTERVAL_PS 200000ull
#define PARK_LAST_INTERVAL_PS  1000000000ull

enum { COUNTERS = sizeof(struct core_counters) / sizeof(uint64_t) };

int park_init(struct core *core, bool enabled)
{
    struct park *park = &core->park;

    park->enabled = enabled;
    park->interval_ps = PARK_FIRST_INTERVAL_PS;
    park->ops = calloc(PARK_OPS, sizeof(*park->ops));
    park->before = calloc(PARK_OPS, sizeof(*park->before));
    park->counters_before = calloc(COUNTERS, sizeof(uint64_t));
    return park->ops && park->before && park->counters_before ? 0 : -1;
}

void park_fini(struct core *core)
{
    free(core->park.ops);
    free(core->park.before);
    free(core->park.counters_before);
}

/* The stack above the hook, up to where the program began: with the registers, all that the code can remember. */
__attribute__((noinline, no_sanitize_address)) static uint64_t hash_stack(const struct core *core, uint64_t sp)
{
    uint64_t hash = 0xcbf29ce484222325ull;

    for (uint64_t at = sp; at + 8 <= core->stack_high; at += 8)
        hash = (hash ^ *(const uint64_t *)(uintptr_t)at) * 0x100000001b3ull;
    return hash;
}

/* Where the stack of the device code ends: right above the door, or above the hook that tells a watcher, in whose frame
 * may stand anything. */
static uint64_t device_sp(const struct core *core, const struct saved_registers *registers)
{
    return core->device_sp ? core->device_sp : (uint64_t)(uintptr_t)(registers + 1);
}

static uint64_t device_pc(const struct core *core, const struct saved_registers *registers)
{
    return core->device_sp ? core->pc : registers->return_address;
}

static void begin_round(struct core *core)
{
    struct park *park = &core->park;

    park->anchor_ps = core->agent.now;
    park->count = 0;
    memcpy(park->counters_before, &core->counters, sizeof(core->counters));
}

static void set_anchor(struct core *core, const struct saved_registers *registers)
{
    struct park *park = &core->park;

    park->anchor = *registers;
    park->anchor_sp = device_sp(core, registers);
    park->anchor_pc = device_pc(core, registers);
    park->anchor_stack = hash_stack(core, park->anchor_sp);
    park->anchored = true;
    park->rounds = 0;
    park->period_ps = 0;
    begin_round(core);
}

static void stop_probing(struct core *core, bool in_vain)
{
    struct park *park = &core->park;

    if (in_vain && park->interval_ps < PARK_LAST_INTERVAL_PS)
        park->interval_ps *= 2;
    park->probing = false;
    park->anchored = false;
    park->next_probe_ps = core->agent.now + park->interval_ps;
    core_set_limits(core);
}

void park_consider(struct core *core)
{
    struct park *park = &core->park;
    bool unchanged = core->changes == park->seen_changes;

    park->seen_changes = core->changes;
    if (!park->enabled || park->probing || park->relive_until)
        return;
    if (!unchanged) {
        park->interval_ps = PARK_FIRST_INTERVAL_PS;
        park->next_probe_ps = core->agent.now + (core->coherent ? park->interval_ps : 0);
        return;
    }
    if (core->agent.now < park->next_probe_ps || core->stores.count || early_under_way(core))
        return;
    park->probing = true;
    park->anchored = false;
    park->changes = core->changes;
    core_set_limits(core);
}

void park_forget(struct core *core)
{
    if (core->park.probing)
        stop_probing(core, false);
}

void park_record(struct core *core, enum park_op_kind kind, uint64_t addr, uint32_t size, uint64_t value)
{
    struct park *park = &core->park;

    if (!park->probing || !park->anchored)
        return;
    if (park->count == PARK_OPS) {
        stop_probing(core, true);
        return;
    }
    park->ops[park->count++] = (struct park_op){core->agent.now - park->anchor_ps, addr, value, core->pc, size, kind};
}

static bool same_round(const struct park *park)
{
    if (park->count != park->count_before)
        return false;
    for (uint32_t i = 0; i < park->count; i++) {
        const struct park_op *a = &park->ops[i], *b = &park->before[i];

        if (a->offset_ps != b->offset_ps || a->addr != b->addr || a->value != b->value || a->size != b->size ||
            a->kind != b->kind)
            return false;
    }
    return true;
}

/* Whether a change of memory can give the access another outcome. An AICore's hit depends on its own cache alone. */
static bool depends_on_gm(const struct core *core, const struct park_op *op)
{
    return op->kind == PARK_FILL || (op->kind == PARK_LOAD && core->coherent);
}

static void watch(struct core *core, bool on)
{
    struct directory *directory = &core->chip->view.directory;
    const struct gm *gm = core->chip->view.gm;

    for (uint32_t i = 0; i < core->park.count_before; i++) {
        const struct park_op *op = &core->park.before[i];

        if (!depends_on_gm(core, op) || op->addr - core->gm_base >= core->gm_size)
            continue;
        for (uint64_t line = gm_line_of(gm, op->addr); line <= gm_line_of(gm, op->addr + op->size - 1); line++) {
            if (on) {
                directory_make(directory, line)->watchers++;
            } else {
                directory_get(directory, line)->watchers--;
                directory_release(directory, line);
            }
        }
    }
}

static bool holds_unchanged(const struct core *core, uint64_t addr, uint32_t size)
{
    uint64_t last = (addr + size - 1 - core->gm_base) >> GM_LINE_SHIFT;

    for (uint64_t line = (addr - core->gm_base) >> GM_LINE_SHIFT; line <= last; line++) {
        uint32_t index = dcache_find(core->cache, line);

        if (index == DCACHE_NONE || (!core->coherent && core->cache->lines[index].divergent))
            return false;
    }
    return true;
}

/* Whether the round that begins now would read what the recorded one read: a change may have come after the read and
 * before the round's end. Later changes wake the core. */
static bool still_true(const struct core *core)
{
    const struct park *park = &core->park;

    for (uint32_t i = 0; i < park->count; i++) {
        const struct park_op *op = &park->ops[i];
        uint64_t value = 0;

        if (op->kind == PARK_SPR) {
            memcpy(&value, core->window.data_main_base, sizeof(value));
            if (value != op->value)
                return false;
        }
        if (op->kind != PARK_LOAD && op->kind != PARK_FILL)
            continue;
        /* A hit early in the round is made again from a line that was filled late in it. */
        if (depends_on_gm(core, op) && op->addr - core->gm_base < core->gm_size &&
            !holds_unchanged(core, op->addr, op->size))
            return false;
        memcpy(&value, (const void *)(uintptr_t)op->addr, op->size < 8 ? op->size : 8);
        if (value != op->value)
            return false;
    }
    return true;
}

/* The rounds that were not simulated are counted as if they had been. */
static void count_skipped(struct core *core, const uint64_t *delta, uint64_t rounds)
{
    uint64_t *counters = (uint64_t *)&core->counters;

    for (int i = 0; i < COUNTERS; i++)
        counters[i] += delta[i] * rounds;
}

static void park_until_woken(struct core *core)
{
    struct park *park = &core->park;
    uint64_t start = core->agent.now, rounds, delta[COUNTERS];

    for (int i = 0; i < COUNTERS; i++)
        delta[i] = ((uint64_t *)&core->counters)[i] - park->counters_before[i];
    /* A write-back of earlier may have arrived during the round; the round itself makes none. */
    delta[offsetof(struct core_counters, bus_write_bytes) / sizeof(uint64_t)] = 0;
    { /* the round just recorded is what is watched */
        struct park_op *ops = park->ops;

        park->ops = park->before;
        park->before = ops;
        park->count_before = park->count;
    }
    park->probing = false;
    park->anchored = false;
    park->parked = true;
    park->parked_ps = start;
    park->old_count = 0;
    watch(core, true);
    core->chip->parked++;
    evict_set_alarm(core);
    if (core->chip->traffic)
        traffic_park(core);
    core_block(core);
    evict_clear_alarm(core);
    core->chip->parked--;
    watch(core, false);
    park->parked = false;
    /* A core runs ahead of others on its own cache, so the change may lie before the round that it was about to begin;
     * then there is nothing to relive. */
    rounds = (core->agent.now - start) / park->period_ps;
    park->relive_until = core->agent.now > start ? core->agent.now : 0;
    park->rounds_skipped += rounds;
    core->agent.now = start + rounds * park->period_ps;
    count_skipped(core, delta, rounds);
    if (core->chip->traffic)
        traffic_wake(core, core->agent.now);
    park->interval_ps = PARK_FIRST_INTERVAL_PS;
    park->next_probe_ps = core->agent.now;
    core->bound = core->agent.now;
    core_set_limits(core);
    if (rounds && core->chip->tell_parked)
        chip_announce(core->chip,
                      &(struct event){.kind = EVENT_PARK, .time_ps = core->agent.now, .begin_ps = start, .core = core});
    if (rounds)
        WATCH(core->chip, idled, core);
}

void park_visit(struct core *core, const struct saved_registers *registers)
{
    struct park *park = &core->park;
    uint64_t sp = device_sp(core, registers), period;

    if (core->changes != park->changes || core->stores.count || early_under_way(core)) {
        stop_probing(core, true);
        return;
    }
    if (!park->anchored) {
        set_anchor(core, registers);
        return;
    }
    if (sp != park->anchor_sp || device_pc(core, registers) != park->anchor_pc ||
        memcmp(registers, &park->anchor, sizeof(*registers)) != 0 || hash_stack(core, sp) != park->anchor_stack)
        return;
    period = core->agent.now - park->anchor_ps;
    if (park->rounds && period && period == park->period_ps && same_round(park) && still_true(core)) {
        park_until_woken(core);
        return;
    }
    { /* remember this round and record the next */
        struct park_op *ops = park->ops;

        park->ops = park->before;
        park->before = ops;
        park->count_before = park->count;
    }
    park->period_ps = period;
    park->rounds++;
    if (park->rounds > PARK_ROUNDS) {
        stop_probing(core, true);
        return;
    }
    begin_round(core);
}

/* Whether a parked core's round depends on [@addr, +@size). */
static bool polls(const struct core *core, uint64_t addr, uint32_t size)
{
    const struct park *park = &core->park;

    for (uint32_t i = 0; i < park->count_before; i++) {
        const struct park_op *op = &park->before[i];

        if (!depends_on_gm(core, op))
            continue;
        if (op->kind == PARK_FILL ? (op->addr ^ addr) >> GM_LINE_SHIFT == 0
                                  : op->addr < addr + size && addr < op->addr + op->size)
            return true;
    }
    return false;
}

/* Of several changes at one moment the first one's bytes are those that stood there before. */
static bool is_kept(const struct park *park, uint64_t addr, uint32_t size)
{
    for (uint32_t i = 0; i < park->old_count; i++)
        if (addr - park->old[i].addr < park->old[i].size && park->old[i].size - (addr - park->old[i].addr) >= size)
            return true;
    return false;
}

static void wake(struct core *core, uint64_t addr, uint32_t size, const uint8_t *old)
{
    struct park *park = &core->park;
    struct clock *clock = &core->chip->clock;
    uint64_t at;

    if (park->old_count < PARK_OLD && !is_kept(park, addr, size)) {
        struct park_old *kept = &park->old[park->old_count++];

        kept->addr = addr;
        kept->size = size;
        memcpy(kept->bytes, old, size);
    }
    if (core->agent.state != AGENT_BLOCKED)
        return; /* woken already, by another change at the same moment */
    if (clock->applying) {
        at = clock->applying->at;
        park->relive_rank = (uint32_t)(clock->applying->order >> 48);
    } else { /* the running thread has taken a line from the cache that both share */
        at = clock->running->now;
        park->relive_rank = clock->running->rank;
    }
    clock_wake(clock, &core->agent, at > park->parked_ps ? at : park->parked_ps);
}

void park_notice(struct core *core, uint64_t addr, uint32_t size, const uint8_t *old, bool differs, bool snooped)
{
    if (!core->park.parked || !(core->coherent ? differs || snooped : differs))
        return;
    if (polls(core, addr, size))
        wake(core, addr, size, old);
}

void park_notice_register(struct core *core, uint64_t old)
{
    if (!core->park.parked)
        return;
    for (uint32_t i = 0; i < core->park.count_before; i++) {
        if (core->park.before[i].kind == PARK_SPR) {
            wake(core, PARK_REGISTER_ADDR, sizeof(old), (const uint8_t *)&old);
            return;
        }
    }
}

const uint8_t *park_old_line(const struct park *park, uint64_t addr)
{
    for (uint32_t i = 0; i < park->old_count; i++)
        if (park->old[i].addr == addr)
            return park->old[i].bytes;
    return NULL;
}

void park_relived(struct core *core)
{
    if (!core->park.relive_until)
        return;
    park_take_up(core);
    core->park.relive_until = 0;
    core->park.old_count = 0;
    core_set_limits(core);
}

void park_lay(struct core *core)
{
    struct park *park = &core->park;

    if (!park->relive_until || park->laid || !core->coherent)
        return;
    park->laid = true;
    for (uint32_t i = park->old_count; i-- > 0;) { /* the first change's last, so that it shows where they overlap */
        memcpy(park->old[i].beneath, (const void *)(uintptr_t)park->old[i].addr, park->old[i].size);
        memcpy((void *)(uintptr_t)park->old[i].addr, park->old[i].bytes, park->old[i].size);
    }
}

void park_take_up(struct core *core)
{
    struct park *park = &core->park;

    if (!park->laid)
        return;
    park->laid = false;
    for (uint32_t i = 0; i < park->old_count; i++)
        memcpy((void *)(uintptr_t)park->old[i].addr, park->old[i].beneath, park->old[i].size);
}
