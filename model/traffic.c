/* traffic.c - see traffic.h. A parked core's round is on record; an act of it happens once a round, always at the same
 * distance from the round's begin. So each act has a moment that comes next. */
#include "model/traffic.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/bus.h"
#include "model/chip_state.h"

/* Of a parked core. */
struct act {
    uint64_t next_ps; /* the first time that has not been taken */
    uint64_t amount;
    enum traffic_kind kind;
};

struct poll {
    bool parked;
    uint64_t period_ps;
    struct act *acts;
    uint32_t count, capacity;
};

static void take_until(struct traffic *traffic, uint64_t at_ps)
{
    uint64_t window = at_ps / TRAFFIC_WINDOW_PS;

    traffic->taken_ps = at_ps;
    traffic->first_end_ps = (window + 1) * TRAFFIC_WINDOW_PS;
    traffic->first = traffic->windows[window % TRAFFIC_WINDOWS];
}

int traffic_init(struct traffic *traffic, const struct chip_state *chip)
{
    memset(traffic, 0, sizeof(*traffic));
    traffic->aicores = chip->aicores;
    traffic->polls = calloc(chip->aicores, sizeof(*traffic->polls));
    return traffic->polls ? 0 : -1;
}

void traffic_fini(struct traffic *traffic)
{
    for (uint32_t i = 0; traffic->polls && i < traffic->aicores; i++)
        free(traffic->polls[i].acts);
    free(traffic->polls);
}

void traffic_begin(struct chip_state *chip, struct traffic *traffic, uint64_t at_ps)
{
    memset(traffic->windows, 0, sizeof(traffic->windows));
    for (uint32_t i = 0; i < traffic->aicores; i++)
        traffic->polls[i].parked = false;
    take_until(traffic, at_ps);
    traffic->fill_reply_ps = bus_reply_ps(chip, false, GM_LINE_BYTES);
    chip->traffic = traffic;
}

static void count_later(struct traffic *traffic, enum traffic_kind kind, uint64_t at_ps, uint64_t amount)
{
    uint64_t first = traffic->taken_ps / TRAFFIC_WINDOW_PS, window = at_ps / TRAFFIC_WINDOW_PS;

    if (window - first >= TRAFFIC_WINDOWS)
        window = first + TRAFFIC_WINDOWS - 1;
    traffic->windows[window % TRAFFIC_WINDOWS][kind] += amount;
}

void traffic_count(struct traffic *traffic, enum traffic_kind kind, uint64_t at_ps, uint64_t amount)
{
    if (at_ps >= traffic->first_end_ps)
        count_later(traffic, kind, at_ps, amount);
    else if (at_ps >= traffic->taken_ps)
        traffic->first[kind] += amount;
}

/* ---- parked cores ---- */

static struct act *add_act(struct poll *poll)
{
    if (poll->count == poll->capacity) {
        uint32_t capacity = poll->capacity ? 2 * poll->capacity : 4;
        struct act *grown = realloc(poll->acts, capacity * sizeof(*grown));

        if (!grown)
            abort();
        poll->acts = grown;
        poll->capacity = capacity;
    }
    return &poll->acts[poll->count++];
}

void traffic_park(const struct core *core)
{
    const struct traffic *traffic = core->chip->traffic;
    const struct park *park = &core->park;
    struct poll *poll;

    if (core->coherent)
        return; /* its polls hit in the cluster's cache */
    poll = &traffic->polls[core->slot];
    poll->parked = true;
    poll->period_ps = park->period_ps;
    poll->count = 0;
    for (uint32_t i = 0; i < park->count_before; i++) {
        const struct park_op *op = &park->before[i];
        uint64_t end_ps = park->parked_ps + op->offset_ps;

        if (op->kind == PARK_FILL) /* it reached GM so long before the access was over */
            *add_act(poll) = (struct act){end_ps - core->hit_ps - core->noc_ps - traffic->fill_reply_ps, GM_LINE_BYTES,
                                          TRAFFIC_READ};
        else if (op->kind == PARK_DCCI)
            *add_act(poll) = (struct act){end_ps - core->chip->file.aicore.dcci_clean_ps, 1, TRAFFIC_DCCI};
    }
}

void traffic_wake(const struct core *core, uint64_t until_ps)
{
    struct traffic *traffic = core->chip->traffic;
    struct poll *poll;

    if (core->coherent)
        return;
    poll = &traffic->polls[core->slot];
    poll->parked = false;
    for (struct act *act = poll->acts; act < poll->acts + poll->count; act++)
        for (; act->next_ps < until_ps; act->next_ps += poll->period_ps)
            traffic_count(traffic, act->kind, act->next_ps, act->amount);
}

/* ---- taking ---- */

static void take_poll(struct poll *poll, uint64_t until_ps, bool far, uint64_t amounts[TRAFFIC_KINDS])
{
    const uint64_t period_ps = poll->period_ps;

    for (struct act *act = poll->acts, *end = act + poll->count; act < end; act++) {
        uint64_t next_ps = act->next_ps, times = 0;

        if (far && next_ps < until_ps) {
            times = (until_ps - next_ps) / period_ps;
            next_ps += times * period_ps;
        }
        for (; next_ps < until_ps; next_ps += period_ps)
            times++;
        act->next_ps = next_ps;
        amounts[act->kind] += times * act->amount;
    }
}

static void take_parked(struct traffic *traffic, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    const bool far = until_ps - traffic->taken_ps > 16 * TRAFFIC_WINDOW_PS;

    for (struct poll *poll = traffic->polls, *end = poll + traffic->aicores; poll < end; poll++)
        if (poll->parked)
            take_poll(poll, until_ps, far, amounts);
}

static void take_window(uint64_t window[TRAFFIC_KINDS], uint64_t amounts[TRAFFIC_KINDS])
{
    for (int kind = 0; kind < TRAFFIC_KINDS; kind++) {
        amounts[kind] += window[kind];
        window[kind] = 0;
    }
}

void traffic_take(struct traffic *traffic, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    uint64_t first = traffic->taken_ps / TRAFFIC_WINDOW_PS, end = until_ps / TRAFFIC_WINDOW_PS;

    memset(amounts, 0, TRAFFIC_KINDS * sizeof(*amounts));
    for (uint64_t window = first; window < end && window < first + TRAFFIC_WINDOWS; window++)
        take_window(traffic->windows[window % TRAFFIC_WINDOWS], amounts);
    take_parked(traffic, until_ps, amounts);
    take_until(traffic, until_ps);
}

void traffic_take_rest(struct traffic *traffic, uint64_t until_ps, uint64_t amounts[TRAFFIC_KINDS])
{
    memset(amounts, 0, TRAFFIC_KINDS * sizeof(*amounts));
    for (int window = 0; window < TRAFFIC_WINDOWS; window++)
        take_window(traffic->windows[window], amounts);
    take_parked(traffic, until_ps, amounts);
    take_until(traffic, until_ps);
}
