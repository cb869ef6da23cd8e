/* reads.c - loads of device code, and copies to the host, as the rules see them (look.h).
 *
 * Most loads are of lines about which nothing can be found: once that is known of a line for an agent, it stays so
 * until the line changes, and a load costs two comparisons.
 */
#include <stdio.h>
#include <string.h>

#include "tools/check/look.h"

/* ---- where nothing is allocated ---- */

void check_outside(struct check *check, struct core *core, const struct act *act, uint64_t addr, uint32_t size,
                   bool store)
{
    struct look look = {.core = core, .act = (struct act *)act};
    const struct block *block = blocks_find(&check->blocks, addr);
    const struct block *near = blocks_nearest(&check->blocks, addr);
    bool freed = block && block->freed && addr - block->start < block->size;
    struct finding *draft = explain_begin(check, freed ? FINDING_USE_AFTER_FREE : FINDING_OOB, addr, size);

    look_reader(check, &look, store ? "written" : "read");
    if (freed) {
        explain_origin(check, block->freed, "given back");
        snprintf(draft->where, sizeof(draft->where), "freed allocation 0x%llx+%llu", (unsigned long long)block->start,
                 (unsigned long long)(addr - block->start));
        explain_end(check, "give the memory back after its last use, or allocate it anew");
        return;
    }
    if (near)
        snprintf(draft->where, sizeof(draft->where), "%llu bytes past allocation 0x%llx of %llu bytes",
                 (unsigned long long)(addr + size - (near->start + near->size)), (unsigned long long)near->start,
                 (unsigned long long)near->size);
    explain_end(check, "an index or a size is too large, or the allocation too small");
}

/* ---- a load of device code ---- */

/* What the reader sees, what stands in GM, and which of the bytes are its own. */
static bool read_line(struct check *check, struct look *look)
{
    struct core *core = look->core;
    const uint64_t at = check_line_addr(check, look->line);
    const struct held_line *held;
    uint32_t index;

    if (core->coherent) {
        memcpy(look->seen, (const void *)(uintptr_t)at, GM_LINE_BYTES);
        core_enter(core);
        view_read(&check->chip->view, at, look->gm, GM_LINE_BYTES);
        held = look_held(check, DIRECTORY_CLUSTER, look->line, &index);
        look->stale = held ? held->stale : 0;
        for (uint32_t i = 0; i < core->stores.count; i++) {
            const struct pending_store *store = store_buffer_at(&core->stores, i);

            if (store->addr - at < GM_LINE_BYTES)
                look->own |= gm_line_mask((uint32_t)(store->addr - at), store->size);
        }
        core_leave(core);
        return true;
    }
    held = look_held(check, core->holder, look->line, &index);
    if (!held)
        return false;
    look->own = segments_mask(&held->own) & ~held->overtaken;
    look->stale = held->stale;
    view_content(&check->chip->view, core->holder, index, look->seen);
    view_read(&check->chip->view, at, look->gm, GM_LINE_BYTES);
    return true;
}

/* Is there a newer value than the one that is read? */

static void look_at(struct check *check, struct look *look)
{
    if (gm_line_mask(look->first, look->size) & ~look->known->inside) {
        check_outside(check, look->core, NULL, look->addr, look->size, false);
        return;
    }
    if (!read_line(check, look))
        return;
    look_for_newer(check, look);
    look_for_pending(check, look);
    look_for_unwritten(check, look);
    look_for_unordered(check, look);
    look_verified(look, look->agent);
}

/* A part of a load that lies in one line, of which not everything is known. */
__attribute__((noinline)) static void load_part(struct check *check, struct core *core, uint64_t addr, uint32_t size,
                                                enum access access, int order)
{
    struct look look;

    if (core->park.relive_until)
        return; /* it relives a poll: it has read that before, and GM may not be now what it was then */
    look_begin(check, &look, core, addr, size);
    look.access = access;
    look.order = order;
    look_at(check, &look);
}

/* While an AICore was parked it went on reading what its own cache holds: GM may have changed below it, or another core
 * may have written what it has not written back. Lines that changed just now, which woke it, it has not read since. */
static void idled(struct watch *watch, struct core *core)
{
    struct check *check = check_of(watch);
    uint64_t pc = core->pc;

    for (uint32_t i = 0; !core->coherent && i < core->park.count_before; i++) {
        const struct park_op *op = &core->park.before[i];
        struct look look;

        if (op->kind != PARK_LOAD || !check_in_gm(check, op->addr) ||
            park_old_line(&core->park, op->addr & ~(uint64_t)(GM_LINE_BYTES - 1)))
            continue;
        core->pc = op->pc;
        look_begin(check, &look, core, op->addr, op->size);
        if (read_line(check, &look))
            look_for_newer(check, &look);
    }
    core->pc = pc;
}

static void load(struct watch *watch, struct core *core, uint64_t addr, uint32_t size, enum access access, int order)
{
    struct check *check = check_of(watch);
    uint64_t offset = addr - core->gm_base;

    if (offset >= core->gm_size) {
        if (access >= ACCESS_VOLATILE && core->coherent)
            order_load_object(check, core, addr, access, order);
        return;
    }
    while (size && offset < core->gm_size) {
        uint32_t first = offset & (GM_LINE_BYTES - 1);
        uint32_t part = GM_LINE_BYTES - first < size ? GM_LINE_BYTES - first : size;
        const struct shadow_line *known = shadow_get(check->shadow, offset >> GM_LINE_SHIFT);

        if (!known || !agent_set_has(&known->verified, agent_of(check, core)) ||
            gm_line_mask(first, part) & ~known->known)
            load_part(check, core, core->gm_base + offset, part, access, order);
        offset += part;
        size -= part;
    }
}

/* ---- a copy to the host ---- */

struct copy {
    struct check *check;
    uint64_t addr, end;
    bool told; /* of something that is missing in it */
};

static void copy_line(void *ctx, uint64_t line, struct shadow_line *known)
{
    struct copy *copy = ctx;
    struct check *check = copy->check;
    uint64_t at = check_line_addr(check, line);
    uint64_t from = copy->addr > at ? copy->addr : at;
    uint64_t to = copy->end < at + GM_LINE_BYTES ? copy->end : at + GM_LINE_BYTES;
    struct look look = {.agent = check->host, .line = line, .known = known, .addr = from, .quiet = true};

    look.first = (uint32_t)(from - at);
    look.size = (uint32_t)(to - from);
    look.mask = gm_line_mask(look.first, look.size);
    view_read(&check->chip->view, at, look.gm, GM_LINE_BYTES);
    memcpy(look.seen, look.gm, GM_LINE_BYTES);
    look_for_unpublished(check, &look);
    look_for_clobbers(check, &look);
    copy->told |= look.mask != gm_line_mask(look.first, look.size);
}

static void host_reads(struct watch *watch, uint64_t addr, uint64_t size)
{
    struct check *check = check_of(watch);
    const struct block *block = blocks_find(&check->blocks, addr);
    struct copy copy = {.check = check, .addr = addr, .end = addr + size};

    if (!block || block->freed || addr + size > block->start + block->size) {
        check_outside(check, NULL, NULL, addr, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size, false);
        return;
    }
    shadow_each(check->shadow, addr, size, copy_line, &copy);
    if (!copy.told && !shadow_written(check->shadow, addr, size)) {
        explain_begin(check, FINDING_UNINITIALISED, addr, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size);
        explain_reader(check, NULL, "copied to the host");
        explain_end(check, "nobody has written any of it: did the tasks run that should?");
    }
}

void reads_watch(struct watch *watch)
{
    watch->load = load;
    watch->idled = idled;
    watch->host_reads = host_reads;
}
