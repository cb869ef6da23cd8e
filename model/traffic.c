/* traffic.c - see traffic.h. A parked core's round is on record; an act of it happens once a round, always at the same
 * distance from the round's begin. */
#include "model/traffic.h"

#include <string.h>

#include "model/bus.h"
#include "model/chip_state.h"

static void take_until(struct traffic *traffic, uint64_t at_ps)
{
    uint64_t window = at_ps / TRAFFIC_WINDOW_PS;

    traffic->taken_ps = at_ps;
    traffic->first_end_ps = (window + 1) * TRAFFIC_WINDOW_PS;
    traffic->first = traffic->windows[window % TRAFFIC_WINDOWS];
}

void traffic_begin(struct chip_state *chip, struct traffic *traffic, uint64_t at_ps)
{
    memset(traffic, 0, sizeof(*traffic));
    take_until(traffic, at_ps);
    traffic->fill_reply_ps = bus_reply_ps(chip, false, GM_LINE_BYTES);
    chip->traffic = traffic;
}

void traffic_count_later(struct traffic *traffic, enum traffic_kind kind, uint64_t at_ps, uint64_t amount)
{
    uint64_t first = traffic->taken_ps / TRAFFIC_WINDOW_PS, window = at_ps / TRAFFIC_WINDOW_PS;

    if (window - first >= TRAFFIC_WINDOWS)
        window = first + TRAFFIC_WINDOWS - 1;
    traffic->windows[window % TRAFFIC_WINDOWS][kind] += amount;
}

/* ---- parked cores ---- */

/* What @op of a poll counts as: when in its round, and how much; 0 if it does not. */
static uint64_t amount_of(const struct core *core, const struct park_op *op, enum traffic_kind *kind,
                          uint64_t *offset_ps)
{
    switch (op->kind) {
    case PARK_FILL: /* it reaches GM so long before the access is over */
        *kind = TRAFFIC_READ;
        *offset_ps = op->offset_ps - core->hit_ps - core->noc_ps - core->chip->traffic->fill_reply_ps;
        return GM_LINE_BYTES;
    case PARK_DCCI:
        *kind = TRAFFIC_DCCI;
        *offset_ps = op->offset_ps - core->chip->file.aicore.dcci_clean_ps;
        return 1;
    default:
        return 0;
    }
}

/* The begin of the round that holds @at_ps, or of the first one; rounds are asked for in their order. */
static uint64_t find_round(struct park *park, uint64_t at_ps)
{
    if (at_ps > park->round_ps + 16 * park->period_ps)
        park->round_ps += (at_ps - park->round_ps) / park->period_ps * park->period_ps;
    while (at_ps >= park->round_ps + park->period_ps)
        park->round_ps += park->period_ps;
    return park->round_ps;
}

/* How many of the moments @at_ps, @at_ps + @period_ps, ... are in [@from_ps, @until_ps); the first one is at most a
 * period before it. */
static uint64_t moments(uint64_t at_ps, uint64_t period_ps, uint64_t from_ps, uint64_t until_ps)
{
    uint64_t count = 0;

    if (at_ps < from_ps)
        at_ps += period_ps;
    if (at_ps < until_ps && until_ps - at_ps > 16 * period_ps)
        return (until_ps - at_ps - 1) / period_ps + 1;
    for (; at_ps < until_ps; at_ps += period_ps)
        count++;
    return count;
}

static void add_parked(struct core *core, uint64_t from_ps, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    struct park *park = &core->park;
    uint64_t round_ps = find_round(park, from_ps);

    for (uint32_t i = 0; i < park->count_before; i++) {
        enum traffic_kind kind;
        uint64_t offset_ps, amount = amount_of(core, &park->before[i], &kind, &offset_ps);

        if (amount)
            amounts[kind] += amount * moments(round_ps + offset_ps, park->period_ps, from_ps, until_ps);
    }
}

void traffic_skipped(const struct core *core, uint64_t start_ps, uint64_t rounds)
{
    struct traffic *traffic = core->chip->traffic;
    const struct park *park = &core->park;

    for (uint32_t i = 0; i < park->count_before; i++) {
        enum traffic_kind kind;
        uint64_t offset_ps, amount = amount_of(core, &park->before[i], &kind, &offset_ps);

        for (uint64_t round = rounds; amount && round-- > 0;) {
            uint64_t at_ps = start_ps + round * park->period_ps + offset_ps;

            if (at_ps < traffic->taken_ps)
                break;
            traffic_count(traffic, kind, at_ps, amount);
        }
    }
}

/* ---- taking ---- */

static void take_parked(struct chip_state *chip, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
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
    take_until(traffic, until_ps);
}

void traffic_take_rest(struct chip_state *chip, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    struct traffic *traffic = chip->traffic;

    memset(amounts, 0, TRAFFIC_KINDS * sizeof(*amounts));
    for (int window = 0; window < TRAFFIC_WINDOWS; window++)
        take_window(traffic->windows[window], amounts);
    take_parked(chip, until_ps, amounts);
    take_until(traffic, until_ps);
}
