/* chip_state.c - see chip_state.h. */
#include "model/chip_state.h"

#include <stdarg.h>
#include <stdio.h>

#include "model/core/early.h"

void chip_announce(struct chip_state *chip, const struct event *event)
{
    if (event->core) {
        announcer_tell(&chip->announcer, event, event->core->agent.rank, chip->clock.time);
        return;
    }
    announcer_flush(&chip->announcer, CLOCK_NEVER); /* the host speaks while no core runs */
    announcer_tell(&chip->announcer, event, 0, 0);
    announcer_flush(&chip->announcer, CLOCK_NEVER);
}

void chip_listen(struct chip_state *chip, struct event_sink *sink)
{
    announcer_listen(&chip->announcer, sink);
}

void chip_progress(struct chip_state *chip, uint64_t now_ps)
{
    uint64_t deadline = now_ps + chip->max_quiet_ps;

    if (deadline > chip->clock.deadline || chip->clock.deadline == CLOCK_NEVER)
        clock_set_deadline(&chip->clock, deadline);
}

void chip_blame(struct chip_state *chip, const struct core *core, uint64_t at_ps)
{
    if (chip->stop.status != DAV_OK || chip->stop.core)
        return;
    chip->stop.core = core;
    chip->stop.at_ps = at_ps;
}

void chip_stop_launch(struct chip_state *chip, enum dav_status status, const char *format, ...)
{
    va_list args;

    clock_stop(&chip->clock);
    if (chip->stop.status != DAV_OK)
        return;
    chip->stop.status = status;
    va_start(args, format);
    vsnprintf(chip->stop.line, sizeof(chip->stop.line), format, args);
    va_end(args);
}

bool chip_read(void *ctx, uint64_t addr, void *out, uint64_t size)
{
    const struct chip_state *chip = ctx;

    if (!gm_contains(&chip->gm, (const void *)(uintptr_t)addr, size))
        return false;
    view_read(&chip->view, addr, out, size);
    return true;
}

void chip_where(const struct chip_state *chip, uint64_t addr, char *text, size_t size)
{
    uint64_t start, bytes;

    if (chip->runtime && addr - (uintptr_t)chip->runtime < chip->runtime_size)
        snprintf(text, size, "Runtime+%llu", (unsigned long long)(addr - (uintptr_t)chip->runtime));
    else if (gm_find(&chip->gm, (const void *)(uintptr_t)addr, &start, &bytes))
        snprintf(text, size, "allocation 0x%llx+%llu", (unsigned long long)start, (unsigned long long)(addr - start));
    else
        snprintf(text, size, "0x%llx", (unsigned long long)addr);
}

static void wake_parked(struct chip_state *chip, uint64_t addr, uint32_t size, const uint8_t *old, bool differs,
                        bool snooped)
{
    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++)
        park_notice(&chip->cores[i], addr, size, old, differs, snooped);
}

void chip_memory_changed(struct chip_state *chip, uint64_t addr, uint32_t size, const uint8_t *old, bool differs,
                         bool snooped)
{
    if (chip->keeping && differs)
        early_notice(chip, addr, size, old);
    if (chip->parked)
        wake_parked(chip, addr, size, old, differs, snooped);
}

void chip_gm_changed(void *ctx, const struct view_change *change)
{
    struct chip_state *chip = ctx;
    const struct directory_entry *entry;
    uint64_t addr = (uintptr_t)gm_line_ptr(&chip->gm, change->line);

    if (chip->keeping && change->differs &&
        (change->writer == GM_WRITER_AICPU || change->writer == GM_WRITER_AICORE)) /* which the AICPU sees */
        early_notice(chip, addr, GM_LINE_BYTES, change->old);
    if (!chip->parked)
        return;
    entry = directory_get(&chip->view.directory, change->line);
    if (entry && entry->watchers)
        wake_parked(chip, addr, GM_LINE_BYTES, change->old, change->differs, change->snooped);
}
