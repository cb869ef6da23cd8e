/* traffic.c - see traffic.h. A parked core's round is on record; an act of it happens once a round, always at the same
 * distance from the round's begin. */
#include "model/traffic.h"

#include <string.h>

#include "model/bus.h"
#include "model/chip_state.h"

void traffic_begin(struct traffic *traffic, uint64_t at_ps)
{
    memset(traffic, 0, sizeof(*traffic));
    traffic->taken_ps = at_ps;
}

static uint64_t *window_at(struct traffic *traffic, uint64_t at_ps)
{
    uint64_t first = traffic->taken_ps / TRAFFIC_WINDOW_PS, window = at_ps / TRAFFIC_WINDOW_PS;

    if (window - first >= TRAFFIC_WINDOWS)
        window = first + TRAFFIC_WINDOWS - 1;
    return traffic->windows[window % TRAFFIC_WINDOWS];
}

void traffic_count(struct traffic *traffic, enum traffic_kind kind, uint64_t at_ps, uint64_t amount)
{
    if (at_ps >= traffic->taken_ps)
        window_at(traffic, at_ps)[kind] += amount;
}

/* ---- parked cores ---- */

/* What @op of a poll counts as: when in its round, and how much; false if it does not. */
static bool counts(const struct core *core, const struct park_op *op, enum traffic_kind *kind, uint64_t *offset_ps,
                   uint64_t *amount)
{
    const struct chip *file = &core->chip->file;

    if (op->kind == PARK_FILL) { /* it reaches GM so long before the access is over */
        *kind = TRAFFIC_READ;
        *offset_ps = op->offset_ps - core->hit_ps - bus_reply_ps(core, GM_LINE_BYTES);
        *amount = GM_LINE_BYTES;
    } else if (op->kind == PARK_DCCI) {
        *kind = TRAFFIC_DCCI;
        *offset_ps = op->offset_ps - file->aicore.dcci_clean_ps;
        *amount = 1;
    } else {
        return false;
    }
    return true;
}

/* How many of the moments @first_ps, @first_ps + @period_ps, ... are before @at_ps. */
static uint64_t moments_before(uint64_t first_ps, uint64_t period_ps, uint64_t at_ps)
{
    return at_ps <= first_ps ? 0 : (at_ps - first_ps - 1) / period_ps + 1;
}

static void add_parked(const struct core *core, uint64_t from_ps, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    const struct park *park = &core->park;

    for (uint32_t i = 0; i < park->count_before; i++) {
        enum traffic_kind kind;
        uint64_t offset_ps, amount, first_ps;

        if (!counts(core, &park->before[i], &kind, &offset_ps, &amount))
            continue;
        first_ps = park->parked_ps + offset_ps;
        amounts[kind] += amount * (moments_before(first_ps, park->period_ps, until_ps) -
                                   moments_before(first_ps, park->period_ps, from_ps));
    }
}

void traffic_skipped(const struct core *core, uint64_t start_ps, uint64_t rounds)
{
    struct traffic *traffic = core->chip->traffic;
    const struct park *park = &core->park;

    for (uint32_t i = 0; i < park->count_before; i++) {
        enum traffic_kind kind;
        uint64_t offset_ps, amount;

        if (!counts(core, &park->before[i], &kind, &offset_ps, &amount))
            continue;
        for (uint64_t round = rounds; round-- > 0;) {
            uint64_t at_ps = start_ps + round * park->period_ps + offset_ps;

            if (at_ps < traffic->taken_ps)
                break;
            traffic_count(traffic, kind, at_ps, amount);
        }
    }
}

/* ---- taking ---- */

static void take_parked(const struct chip_state *chip, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    for (uint32_t i = 0, left = chip->parked; left && i < chip->aicores + chip->aicpus; i++) {
        if (!chip->cores[i].park.parked)
            continue;
        add_parked(&chip->cores[i], chip->traffic->taken_ps, until_ps, amounts);
        left--;
    }
}

static void take_window(uint64_t window[TRAFFIC_KINDS], uint64_t amounts[TRAFFIC_KINDS])
{
    for (int kind = 0; kind < TRAFFIC_KINDS; kind++) {
        amounts[kind] += window[kind];
        window[kind] = 0;
    }
}

void traffic_take(struct chip_state *chip, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    struct traffic *traffic = chip->traffic;
    uint64_t first = traffic->taken_ps / TRAFFIC_WINDOW_PS, end = until_ps / TRAFFIC_WINDOW_PS;

    memset(amounts, 0, TRAFFIC_KINDS * sizeof(*amounts));
    for (uint64_t window = first; window < end && window < first + TRAFFIC_WINDOWS; window++)
        take_window(traffic->windows[window % TRAFFIC_WINDOWS], amounts);
    take_parked(chip, until_ps, amounts);
    traffic->taken_ps = until_ps;
}

void traffic_take_rest(struct chip_state *chip, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    struct traffic *traffic = chip->traffic;

    memset(amounts, 0, TRAFFIC_KINDS * sizeof(*amounts));
    for (int window = 0; window < TRAFFIC_WINDOWS; window++)
        take_window(traffic->windows[window], amounts);
    take_parked(chip, until_ps, amounts);
    traffic->taken_ps = until_ps;
}
