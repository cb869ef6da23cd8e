/* aicore.c - see aicore.h. A miss blocks: the request travels to GM, is answered with what stands there on arrival, and
 * the core goes on when the line has come back. A write-back carries the line as it was at the dcci. */
#include "model/core/aicore.h"

#include <string.h>

#include "model/bus.h"
#include "model/chip_state.h"
#include "model/core/detail.h"
#include "model/core/evict.h"
#include "model/traffic.h"
#include "model/watch.h"

struct fill {
    struct effect effect;
    struct core *core;
    uint64_t line;
    uint32_t index;
};

struct writeback {
    struct effect effect;
    struct core *core;
    uint64_t line;
    uint32_t
        tells; /* the kernel after whose end the core stored what it carries, 0 if it was not between two kernels */
    uint8_t bytes[GM_LINE_BYTES];
    struct writeback *next;
};

/* Before each access that a poll may consist of. */
static void visit(struct core *core, const struct saved_registers *registers)
{
    evict_if_due(core);
    if (!core->park.probing)
        return;
    park_visit(core, registers);
    evict_if_due(core); /* it may have been parked until then */
}

static uint64_t line_addr(const struct core *core, uint64_t line)
{
    return core->gm_base + (line << GM_LINE_SHIFT);
}

/* The AICPU is to notice @line, which tells of a task's end; of a kernel's lines the latest one only, and of
 * the latest kernels only. */
static void announce_done(struct core *core, uint64_t line, uint32_t number, uint64_t at)
{
    struct directory *directory = &core->chip->view.directory;
    uint64_t *told = &core->done_lines[number % CORE_ENDS];
    struct directory_entry *entry = *told ? directory_get(directory, *told - 1) : NULL;

    if (entry && entry->done_core == core->number && entry->done_number % CORE_ENDS == number % CORE_ENDS) {
        entry->done_ps = 0;
        directory_release(directory, *told - 1);
    }
    entry = directory_make(directory, line);
    entry->done_ps = at;
    entry->done_core = (int16_t)core->number;
    entry->done_number = number;
    *told = line + 1;
}

static void writeback_arrives(struct effect *effect)
{
    struct writeback *writeback = (struct writeback *)effect;
    struct core *core = writeback->core;

    core->writebacks = writeback->next;
    if (!core->writebacks)
        core->writebacks_end = &core->writebacks;
    if (writeback->tells)
        announce_done(core, writeback->line, writeback->tells, effect->at);
    WATCH(core->chip, written_back, core, writeback->line, writeback->bytes);
    bus_write(core, line_addr(core, writeback->line), writeback->bytes, GM_LINE_BYTES, effect->at);
}

/* The kernel that a line tells of which was stored to first at @stored_ps; 0: none whose end nobody has noticed. */
static uint32_t tells_of(const struct core *core, uint64_t stored_ps)
{
    bool between = core->ended != core->seen && stored_ps >= core->end_ps[core->ended % CORE_ENDS] &&
                   (!core->task_open || stored_ps <= core->task_begin_ps);

    return between ? core->ended : 0;
}

/* The line leaves for GM, because of @why; the cache keeps its way until the caller drops it. */
static void write_back(struct core *core, uint32_t index, const char *why)
{
    struct writeback *writeback = clock_effect(&core->chip->clock);
    const struct dcache_line *held = &core->cache->lines[index];
    uint64_t start = core->agent.now > core->port_free_ps ? core->agent.now : core->port_free_ps;

    core->port_free_ps = start + bus_transfer_ps(core->chip, GM_LINE_BYTES);
    writeback->effect.apply = writeback_arrives;
    writeback->core = core;
    writeback->line = dcache_line_no(core->cache, index);
    writeback->tells = tells_of(core, held->dirtied_ps);
    writeback->next = NULL;
    view_content(&core->chip->view, core->holder, index, writeback->bytes);
    *core->writebacks_end = writeback;
    core->writebacks_end = &writeback->next;
    core->writeback_done_ps = start + core->chip->file.aicore.writeback_ps + core->noc_ps;
    WATCH(core->chip, write_back, core, index);
    DETAIL_CACHE(core, .level = CACHE_WRITE_BACK, .args = line_addr(core, writeback->line), .begin_ps = core->agent.now,
                 .time_ps = core->agent.now, .ended_ps = core->writeback_done_ps,
                 .bytes = (uint64_t)__builtin_popcountll(held->written), .text = why);
    core->counters.writebacks++;
    clock_schedule(&core->chip->clock, &core->agent, writeback, core->writeback_done_ps);
}

/* When GM can answer a request for @line that arrives at @at: not before this core's own write-back of it. */
static uint64_t after_own_writeback(const struct core *core, uint64_t line, uint64_t at)
{
    for (const struct writeback *writeback = core->writebacks; writeback; writeback = writeback->next)
        if (writeback->line == line && writeback->effect.at > at)
            at = writeback->effect.at;
    return at;
}

/* The core has read what an AICPU thread has stored: that may be what asks for its next kernel. */
static void reads_offer(struct core *core, const struct offer *offer, uint64_t at)
{
    struct core *by = chip_aicpu(core->chip, (uint32_t)offer->by->number);

    if (offer->issued_ps > core->offer.issued_ps)
        core->offer = *offer;
    if (!core->chip->tell_threads || (by->handed_ps && by->handed_ps <= offer->first_ps))
        return;
    by->handed_ps = offer->first_ps;
    chip_announce(
        core->chip,
        &(struct event){.kind = EVENT_HANDED, .time_ps = at, .begin_ps = offer->first_ps, .core = core, .by = by});
}

static void put_line(struct core *core, uint32_t index, uint64_t line, uint64_t at, const uint8_t *old)
{
    const struct directory_entry *entry;

    dcache_put(core->cache, index, line, at, core->chip->launch);
    view_hold(&core->chip->view, core->holder, index, old);
    WATCH(core->chip, filled, core, index, line, old);
    entry = directory_get(&core->chip->view.directory, line);
    if (entry->aicpu_launch == core->chip->launch && entry->aicpu_drained_ps <= at) {
        const struct offer offer = {entry->aicpu_stored_ps, entry->aicpu_drained_ps, entry->aicpu_first_ps,
                                    chip_aicpu(core->chip, (uint32_t)entry->aicpu_thread)};

        reads_offer(core, &offer, at);
    }
}

/* The core has stood still since it asked. */
static void tell_fill(const struct core *core, uint64_t line, uint64_t back)
{
    DETAIL_CACHE(core, .level = CACHE_FILL, .args = line_addr(core, line), .begin_ps = core->agent.now, .time_ps = back,
                 .bytes = GM_LINE_BYTES);
}

static void fill_arrives(struct effect *effect)
{
    struct fill *fill = (struct fill *)effect;
    struct core *core = fill->core;
    uint8_t bytes[GM_LINE_BYTES];
    uint64_t back = bus_read(core, line_addr(core, fill->line), bytes, GM_LINE_BYTES, effect->at);

    put_line(core, fill->index, fill->line, effect->at, NULL);
    tell_fill(core, fill->line, back);
    clock_wake(&core->chip->clock, &core->agent, back);
}

/* A line that is filled in time the core relives: what stood in GM then is known, and so is how long it took. */
static void relive_fill(struct core *core, uint32_t index, uint64_t line, uint64_t at)
{
    uint8_t bytes[GM_LINE_BYTES];
    uint64_t back = bus_read(core, line_addr(core, line), bytes, GM_LINE_BYTES, at);

    put_line(core, index, line, at, park_old_line(&core->park, line_addr(core, line)));
    tell_fill(core, line, back);
    core->agent.now = back;
    if (back >= core->park.relive_until) {
        park_relived(core);
        core_wait(core, back);
    }
}

static uint32_t aicore_fill(struct core *core, uint64_t line)
{
    uint32_t index = dcache_victim(core->cache, line);
    uint64_t request_ps = core->chip->file.bus.aicore_request_ps + core->noc_ps;
    uint64_t at = after_own_writeback(core, line, core->agent.now + request_ps);
    struct fill *fill;

    core->counters.misses++;
    if (dcache_valid(core->cache, index)) {
        if (core->cache->lines[index].dirty)
            write_back(core, index, "replaced");
        else
            DETAIL_CACHE(core, .level = CACHE_REPLACE, .args = line_addr(core, dcache_line_no(core->cache, index)),
                         .begin_ps = core->agent.now, .time_ps = core->agent.now);
        view_drop(&core->chip->view, core->holder, index);
    }
    if (park_reliving_at(&core->park, core->agent.rank, at)) {
        relive_fill(core, index, line, at);
        return index;
    }
    park_relived(core);
    fill = clock_effect(&core->chip->clock);
    *fill = (struct fill){.effect.apply = fill_arrives, .core = core, .line = line, .index = index};
    clock_schedule(&core->chip->clock, &core->agent, fill, at);
    core_block(core);
    return index;
}

/* Make the core hold @line, and count the access. Return whether it had to be filled. */
static bool touch(struct core *core, uint64_t line, uint64_t *index)
{
    uint32_t held = dcache_find(core->cache, line);
    bool missed = held == DCACHE_NONE;

    if (missed) {
        held = aicore_fill(core, line);
    } else {
        dcache_touch(core->cache, held);
        core->counters.hits++;
    }
    core->agent.now += core->hit_ps;
    *index = held;
    return missed;
}

void aicore_load(struct core *core, uint64_t addr, uint32_t size, const struct saved_registers *registers)
{
    if (addr - core->gm_base >= core->gm_size) {
        aicore_hang(core, addr);
        return;
    }
    visit(core, registers);
    while (size) {
        uint64_t line = (addr - core->gm_base) >> GM_LINE_SHIFT;
        uint32_t part = GM_LINE_BYTES - (addr & (GM_LINE_BYTES - 1));
        uint64_t index, value = 0;
        bool missed;

        if (part > size)
            part = size;
        missed = touch(core, line, &index);
        if (core->park.probing) {
            memcpy(&value, (const void *)(uintptr_t)addr, part < 8 ? part : 8);
            park_record(core, missed ? PARK_FILL : PARK_LOAD, addr, part, value);
        }
        addr += part;
        size -= part;
    }
}

void aicore_store(struct core *core, uint64_t addr, uint32_t size)
{
    core->changes++;
    park_forget(core);
    if (addr - core->gm_base >= core->gm_size) {
        aicore_hang(core, addr);
        return;
    }
    evict_if_due(core);
    while (size) {
        uint64_t line = (addr - core->gm_base) >> GM_LINE_SHIFT;
        uint32_t first = addr & (GM_LINE_BYTES - 1);
        uint32_t part = GM_LINE_BYTES - first < size ? GM_LINE_BYTES - first : size;
        struct dcache_line *held;
        uint64_t index;

        touch(core, line, &index);
        held = &core->cache->lines[index];
        if (!held->dirty) {
            view_dirty(&core->chip->view, core->holder, (uint32_t)index);
            held->dirtied_ps = core->agent.now;
        }
        held->written |= gm_line_mask(first, part);
        addr += part;
        size -= part;
    }
}

void aicore_evict(struct core *core, uint32_t index)
{
    uint64_t pc = core->pc;

    core->pc = 0; /* no instruction of the program's */
    write_back(core, index, "evicted");
    core->pc = pc;
    view_drop(&core->chip->view, core->holder, index);
}

static bool dcci_line(struct core *core, uint32_t index, bool clean)
{
    bool dirty = core->cache->lines[index].dirty;

    if (dirty && clean)
        write_back(core, index, "dcci");
    else if (dirty)
        WATCH(core->chip, dropped, core, index);
    view_drop(&core->chip->view, core->holder, index);
    return dirty;
}

void aicore_dcci(struct core *core, uint64_t addr, bool entire, bool clean, const struct saved_registers *registers)
{
    uint64_t line = (addr - core->gm_base) >> GM_LINE_SHIFT;
    const struct chip *file = &core->chip->file;
    uint32_t dirty = 0, found = 0;
    uint64_t took_ps;

    core->pc = registers->return_address;
    park_consider(core);
    visit(core, registers);
    core->counters.dcci++;
    TRAFFIC_COUNT(core->chip, TRAFFIC_DCCI, core->agent.now, 1);
    if (entire) {
        for (uint32_t index = 0; index < core->cache->count; index++)
            if (dcache_valid(core->cache, index)) {
                dirty += dcci_line(core, index, clean);
                found++;
            }
    } else if (addr - core->gm_base < core->gm_size) {
        uint32_t index = dcache_find(core->cache, line);

        if (index != DCACHE_NONE) {
            dirty = dcci_line(core, index, clean);
            found = 1;
        }
    }
    WATCH(core->chip, dcci, core, addr, entire, found);
    if (dirty) {
        core->changes++;
        park_forget(core);
    }
    took_ps = dirty ? file->aicore.dcci_dirty_ps + (dirty - 1) * file->aicore.dcci_next_ps : file->aicore.dcci_clean_ps;
    DETAIL_CACHE(core, .level = CACHE_INVALIDATE, .args = entire ? 0 : addr & -(uint64_t)GM_LINE_BYTES,
                 .begin_ps = core->agent.now, .time_ps = core->agent.now + took_ps,
                 .bytes = (uint64_t)found * GM_LINE_BYTES, .text = clean ? "dcci" : "dcci, nothing written back");
    core->agent.now += took_ps;
    if (core->park.probing)
        park_record(core, PARK_DCCI, entire ? 0 : addr, 0, 0);
}

void aicore_dsb(struct core *core)
{
    const uint64_t begin_ps = core->agent.now;

    if (core->writeback_done_ps > core->agent.now)
        core_wait(core, core->writeback_done_ps);
    DETAIL_SCALAR(core, .text = "dsb", .begin_ps = begin_ps);
    if (core->park.probing)
        park_record(core, PARK_OTHER, 0, 0, 0);
}

bool aicore_reg_read(struct core *core, uint32_t reg, uint64_t *value, const struct saved_registers *registers)
{
    uint32_t low, high;

    if (reg != WINDOW_DATA_MAIN_BASE)
        return false;
    core->pc = registers->return_address;
    park_consider(core);
    visit(core, registers);
    core->counters.spr_reads++;
    core->agent.now += core->chip->file.window.spr_read_ps;
    if (park_reliving_at(&core->park, core->agent.rank, core->agent.now)) {
        const uint8_t *old = park_old_line(&core->park, PARK_REGISTER_ADDR);

        if (old) {
            memcpy(value, old, sizeof(*value));
            return true;
        }
    } else {
        park_relived(core);
        core_sync(core);
    }
    if (core->written.by)
        reads_offer(core, &core->written, core->agent.now);
    window_get(&core->window, reg, &low);
    window_get(&core->window, reg + 4, &high);
    *value = low | (uint64_t)high << 32;
    WATCH(core->chip, looked, core);
    if (core->park.probing)
        park_record(core, PARK_SPR, reg, 8, *value);
    return true;
}

struct cond_write {
    struct effect effect;
    struct core *core;
    uint64_t value;
    uint32_t ended; /* kernels, when it was written */
    void *origin;   /* see watch.h */
};

static void cond_arrives(struct effect *effect)
{
    struct cond_write *write = (struct cond_write *)effect;
    struct core *core = write->core;

    window_set(&core->window, WINDOW_COND, (uint32_t)write->value);
    window_set(&core->window, WINDOW_COND + 4, (uint32_t)(write->value >> 32));
    core->cond_number = write->ended;
    WATCH(core->chip, signalled, core, write->origin);
}

bool aicore_reg_write(struct core *core, uint32_t reg, uint64_t value)
{
    struct cond_write *write;

    if (reg != WINDOW_COND)
        return false;
    core->changes++;
    park_forget(core);
    core->counters.spr_writes++;
    core->agent.now += core->chip->file.window.spr_write_ps;
    WATCH(core->chip, signals, core);
    write = clock_effect(&core->chip->clock);
    *write = (struct cond_write){
        .effect.apply = cond_arrives, .core = core, .value = value, .ended = core->ended, .origin = watch_take(core)};
    clock_schedule(&core->chip->clock, &core->agent, write, core->agent.now + core->chip->file.window.cond_ps);
    return true;
}

void aicore_hang(struct core *core, uint64_t addr)
{
    chip_blame(core->chip, core, core->agent.now);
    chip_stop_launch(
        core->chip, DAV_FAULT,
        "%s reads or writes the register window at 0x%llx: that hangs an AICore; use read_reg/write_reg of "
        "its own registers",
        core->name, (unsigned long long)addr);
    core_block(core);
}

bool aicore_repeats(const struct core *core)
{
    const struct chip_state *chip = core->chip;

    for (uint32_t i = 0; core->task_again && i < chip->aicpus; i++)
        if (chip->cores[chip->aicores + i].has_program)
            return false;
    return core->task_again;
}

/* A task brings the launch on, unless it is one over and over. */
static void progress(struct core *core)
{
    if (!aicore_repeats(core))
        chip_progress(core->chip, core->agent.now);
}

void aicore_kernel_begin(struct core *core, uint64_t args, uint64_t image)
{
    struct event event = {.kind = EVENT_TASK_BEGIN, .time_ps = core->agent.now, .core = core};

    core->changes++;
    park_forget(core);
    core->task_open = true;
    core->task_begin_ps = core->agent.now;
    core->task_again = args == core->task_args && image == core->task_image;
    core->task_args = args;
    core->task_image = image;
    event.args = args;
    event.image = image;
    if (core->offer.issued_ps > core->taken.issued_ps) { /* else one store had asked for this one and those before */
        core->taken = core->offer;
        event.dispatched_ps = core->offer.issued_ps;
        event.visible_ps = core->offer.visible_ps;
        event.by = core->offer.by;
    }
    progress(core);
    chip_announce(core->chip, &event);
    WATCH(core->chip, task, core, true);
}

void aicore_kernel_end(struct core *core)
{
    struct event event = {.kind = EVENT_TASK_END,
                          .time_ps = core->agent.now,
                          .begin_ps = core->task_begin_ps,
                          .core = core,
                          .args = core->task_args,
                          .image = core->task_image};

    core->changes++;
    park_forget(core);
    WATCH(core->chip, task, core, false);
    core->task_open = false;
    core->task_end_ps = core->agent.now;
    core->ended++;
    core->end_ps[core->ended % CORE_ENDS] = core->agent.now;
    if (core->ended - core->seen > CORE_ENDS)
        core->seen = core->ended - CORE_ENDS;
    core->busy_ps += core->agent.now - core->task_begin_ps;
    event.serial = core->ended;
    core->offer = (struct offer){0};
    progress(core);
    chip_announce(core->chip, &event);
}

void aicore_notice(struct core *core, uint32_t number, const struct core *by, uint64_t issued_ps, uint64_t at)
{
    while ((int32_t)(number - core->seen) > 0) {
        struct event event = {.kind = EVENT_TASK_SEEN, .time_ps = at, .issued_ps = issued_ps, .core = core, .by = by};

        core->seen++;
        event.serial = core->seen;
        event.begin_ps = core->end_ps[core->seen % CORE_ENDS];
        chip_announce(core->chip, &event);
    }
}
