/* deadlock.c - see deadlock.h.
 *
 * A parked core has the loads of its last round on record. One that reads from its own cache what GM no longer says is
 * the culprit: it waits for a value that is there already. Cores that wait at the same place in the code are told of
 * together.
 */
#include "model/deadlock.h"

#include <stdio.h>
#include <string.h>

#include "model/embed/symbol.h"

struct wait {
    const struct core *core;
    const struct park_op *op; /* what it polls; NULL when it is blocked */
    uint64_t in_gm;           /* what stands there in GM */
    bool stale;
    uint64_t place;           /* return address of the hook */
    uint32_t alike;           /* cores that wait likewise, itself included */
};

enum { KINDS = 8 };

static uint64_t gm_value(const struct chip_state *chip, const struct park_op *op)
{
    uint64_t value = 0;

    view_read(&chip->view, op->addr, &value, op->size < 8 ? op->size : 8);
    return value;
}

static bool is_read(const struct park_op *op)
{
    return op->kind == PARK_LOAD || op->kind == PARK_FILL || op->kind == PARK_SPR;
}

static void look_at(const struct chip_state *chip, const struct core *core, struct wait *wait)
{
    const struct park *park = &core->park;

    *wait = (struct wait){.core = core, .alike = 1, .place = park->anchor.return_address};
    if (!park->parked)
        return;
    for (uint32_t i = 0; i < park->count_before; i++) {
        const struct park_op *op = &park->before[i];
        bool gm = op->kind != PARK_SPR && gm_contains(&chip->gm, (void *)(uintptr_t)op->addr, op->size);
        uint64_t value = gm ? gm_value(chip, op) : op->value;

        if (!is_read(op))
            continue;
        if (!wait->op || (value != op->value && !wait->stale)) {
            wait->op = op;
            wait->in_gm = value;
            wait->stale = value != op->value;
        }
    }
}

/* The device code that a parked core is in: where its hook returns to, or, from inside a call such as an atomic's, the
 * nearest return address on its stack that is device code. */
static bool find_code(const struct wait *wait, struct symbol *symbol)
{
    const uint64_t *stack = (const uint64_t *)(uintptr_t)wait->core->park.anchor_sp;

    if (symbol_find(wait->place - 1, symbol))
        return true;
    for (int i = 0; i < 32 && (uintptr_t)(stack + i + 1) <= wait->core->stack_high; i++)
        if (symbol_find(stack[i] - 1, symbol))
            return true;
    return false;
}

static void describe(const struct chip_state *chip, const struct wait *wait, char *text, size_t size)
{
    char where[128], code[512] = "unknown code", others[64] = "";
    struct symbol symbol;

    if (wait->alike > 1)
        snprintf(others, sizeof(others), " (and %u cores like it)", wait->alike - 1);
    if (!wait->op) {
        snprintf(text, size, "%s%s is blocked%s", wait->core->name, others,
                 wait->core->agent.state == AGENT_READY ? " in no poll: it still runs" : " and nobody will wake it");
        return;
    }
    if (find_code(wait, &symbol))
        symbol_format(&symbol, code, sizeof(code));
    if (wait->op->kind == PARK_SPR) {
        snprintf(text, size, "%s%s polls its DATA_MAIN_BASE, which stays 0x%llx, in %s", wait->core->name, others,
                 (unsigned long long)wait->op->value, code);
        return;
    }
    chip_where(chip, wait->op->addr, where, sizeof(where));
    if (wait->stale)
        snprintf(text, size,
                 "%s%s polls %s in %s: it sees 0x%llx in line 0x%llx of its own cache, but GM already holds 0x%llx: "
                 "dcci the line before the load",
                 wait->core->name, others, where, code, (unsigned long long)wait->op->value,
                 (unsigned long long)(wait->op->addr & ~63ull), (unsigned long long)wait->in_gm);
    else
        snprintf(text, size, "%s%s polls %s in %s: it stays 0x%llx", wait->core->name, others, where, code,
                 (unsigned long long)wait->op->value);
}

/* Put @wait among the @count found; those that wait alike are one. Return the new count. */
static uint32_t gather(struct wait *found, uint32_t count, const struct wait *wait)
{
    for (uint32_t i = 0; i < count; i++) {
        if (found[i].core->kind == wait->core->kind && found[i].place == wait->place && found[i].stale == wait->stale &&
            !found[i].op == !wait->op) {
            found[i].alike++;
            return count;
        }
    }
    if (count < KINDS)
        found[count++] = *wait;
    return count;
}

void deadlock_report(struct chip_state *chip, enum dav_status status, void (*more)(const char *line))
{
    struct wait found[KINDS], wait;
    char line[900];
    uint32_t count = 0, worst = 0;

    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++) {
        if (!chip->cores[i].has_program)
            continue;
        look_at(chip, &chip->cores[i], &wait);
        count = gather(found, count, &wait);
    }
    if (!count)
        return;
    for (uint32_t i = 0; i < count; i++)
        if (found[i].stale && !found[worst].stale)
            worst = i;
    describe(chip, &found[worst], line, sizeof(line));
    chip_stop_launch(chip, status, "%s at %llu ns: %s",
                     status == DAV_DEADLOCK ? "deadlock" : "no task progress within --max-time, given up",
                     (unsigned long long)(chip->clock.time / 1000), line);
    for (uint32_t i = 0; i < count && more; i++) {
        if (i == worst)
            continue;
        describe(chip, &found[i], line, sizeof(line));
        more(line);
    }
}
