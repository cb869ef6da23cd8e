/* early.c - see early.h. */
#include "model/core/early.h"

#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"

static uint64_t bits(uint64_t addr, uint32_t size)
{
    return gm_line_mask(addr & (GM_LINE_BYTES - 1), size);
}

static uint8_t *at_byte(const struct early_line *line, int byte)
{
    return (uint8_t *)(uintptr_t)(line->addr + (uint64_t)byte);
}

int early_allow(struct core *core, bool allowed)
{
    free(core->early);
    core->early = allowed ? calloc(1, sizeof(*core->early)) : NULL;
    return allowed && !core->early ? -1 : 0;
}

void early_drop(struct core *core)
{
    early_take_up(core);
    if (core->early->keeping)
        core->chip->keeping--;
    core->early->keeping = false;
    core->early->count = 0;
}

void early_forget(struct core *core)
{
    if (!early_under_way(core))
        return;
    core->early->count = 0;
    core_set_limits(core);
}

void early_expire(struct core *core)
{
    if (early_under_way(core) && core->agent.now >= core->early->until_ps)
        early_forget(core);
}

void early_begin(struct core *core)
{
    struct chip_state *chip = core->chip;

    if (!core->early)
        return;
    early_forget(core);
    if (!vary_draw(&chip->vary, VARY_LOAD, core->slot, 1))
        return;
    core_sync(core); /* what has happened by now is not to come */
    core->early->keeping = true;
    chip->keeping++;
}

void early_end(struct core *core)
{
    struct early *early = core->early;

    if (!early || !early->keeping)
        return;
    early->keeping = false;
    core->chip->keeping--;
    early->until_ps =
        core->agent.now + vary_draw(&core->chip->vary, VARY_LOAD, core->slot, core->chip->file.vary.load_ps);
    core_set_limits(core);
}

static struct early_line *find_line(struct early *early, uint64_t addr)
{
    for (uint32_t i = 0; i < early->count; i++)
        if ((early->lines[i].addr ^ addr) / GM_LINE_BYTES == 0)
            return &early->lines[i];
    return NULL;
}

static void keep(struct early *early, uint64_t addr, uint32_t size, const uint8_t *old)
{
    struct early_line *line = find_line(early, addr);
    uint32_t first = addr & (GM_LINE_BYTES - 1);
    uint64_t fresh;

    if (!line && early->count == EARLY_LINES)
        return;
    if (!line) {
        line = &early->lines[early->count++];
        *line = (struct early_line){.addr = addr - first};
    }
    fresh = bits(addr, size) & ~line->kept;
    for (uint64_t left = fresh; left; left &= left - 1)
        line->old[__builtin_ctzll(left)] = old[(uint32_t)__builtin_ctzll(left) - first];
    line->kept |= fresh;
    line->shown |= fresh;
}

void early_notice(struct chip_state *chip, uint64_t addr, uint32_t size, const uint8_t *old)
{
    for (uint32_t i = 0; i < chip->aicpus; i++) {
        struct core *core = chip_aicpu(chip, i);

        /* A thread's own stack is not loaded through the port. */
        if (core->early && core->early->keeping && addr - core->private_base >= core->private_size)
            keep(core->early, addr, size, old);
    }
}

void early_own_store(struct core *core, uint64_t addr, uint32_t size)
{
    struct early_line *line = early_under_way(core) ? find_line(core->early, addr) : NULL;

    if (!line)
        return;
    line->kept |= bits(addr, size);
    line->shown &= ~bits(addr, size);
}

bool early_any(struct chip_state *chip)
{
    for (uint32_t i = 0; i < chip->aicpus; i++)
        if (early_under_way(chip_aicpu(chip, i)))
            return true;
    return false;
}

void early_gone(struct chip_state *chip, uint64_t addr, uint64_t size)
{
    for (uint32_t i = 0; i < chip->aicpus; i++) {
        struct core *core = chip_aicpu(chip, i);

        for (uint32_t j = 0; early_under_way(core) && j < core->early->count; j++)
            if (core->early->lines[j].addr + GM_LINE_BYTES > addr && core->early->lines[j].addr < addr + size)
                core->early->lines[j].shown = 0;
    }
}

void early_lay(struct core *core)
{
    struct early *early = core->early;

    if (early->laid || !early->count)
        return;
    early->laid = true;
    for (uint32_t i = 0; i < early->count; i++) {
        struct early_line *line = &early->lines[i];

        for (uint64_t left = line->shown; left; left &= left - 1) {
            int byte = __builtin_ctzll(left);

            line->beneath[byte] = *at_byte(line, byte);
            *at_byte(line, byte) = line->old[byte];
        }
    }
}

void early_take_up(struct core *core)
{
    struct early *early = core->early;

    if (!early->laid)
        return;
    early->laid = false;
    for (uint32_t i = 0; i < early->count; i++) {
        struct early_line *line = &early->lines[i];

        for (uint64_t left = line->shown; left; left &= left - 1) {
            int byte = __builtin_ctzll(left);

            if (*at_byte(line, byte) == line->old[byte])
                *at_byte(line, byte) = line->beneath[byte];
            else /* library code that has no hooks has written over it */
                line->shown &= ~(1ull << byte);
        }
    }
}
