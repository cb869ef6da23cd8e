/* happens.c - see happens.h. */
#include "tools/check/happens.h"

#include <stdlib.h>
#include <string.h>

#include "tools/check/need.h"

struct agent_time {
    uint32_t epoch;
    uint32_t fenced; /* its own stores up to this epoch are ordered before all later ones */
    bool unfenced;   /* it has read a register or a relaxed atomic, and no load fence since */
    uint32_t *intent, *ordered;
    uint32_t *pending_intent, *pending; /* become the above at the next load fence */
    uint32_t *direct;                   /* of each other agent: the latest epoch of which a store was read directly */
    struct origin *snapshot;            /* the latest; it holds while nothing has changed since */
    bool changed;
};

enum { LANES = 8 };

struct happens {
    uint32_t readers; /* those who learn */
    uint32_t agents;  /* and the movers, rounded up to LANES: the length of a clock */
    uint32_t used;    /* of a clock, the part that anything was ever put into: with no mover it is short */
    struct agent_time *times;
    struct origin *free[2]; /* plain ones, and those with clocks */
};

static int init_time(struct agent_time *time, uint32_t agents)
{
    time->epoch = 1;
    time->intent = calloc(agents, sizeof(*time->intent));
    time->ordered = calloc(agents, sizeof(*time->ordered));
    time->pending_intent = calloc(agents, sizeof(*time->pending_intent));
    time->pending = calloc(agents, sizeof(*time->pending));
    time->direct = calloc(agents, sizeof(*time->direct));
    return time->intent && time->ordered && time->pending_intent && time->pending && time->direct ? 0 : -1;
}

static uint32_t in_lanes(uint32_t agents)
{
    return (agents + LANES - 1) / LANES * LANES;
}

struct happens *happens_new(uint32_t agents, uint32_t movers)
{
    struct happens *happens = calloc(1, sizeof(*happens));

    if (!happens || agents + movers > HAPPENS_MAX_AGENTS) {
        free(happens);
        return NULL;
    }
    happens->readers = agents;
    happens->agents = in_lanes(agents + movers);
    happens->used = in_lanes(agents);
    happens->times = calloc(agents, sizeof(*happens->times));
    for (uint32_t i = 0; happens->times && i < agents; i++) {
        if (init_time(&happens->times[i], happens->agents) != 0) {
            happens_free(happens);
            return NULL;
        }
    }
    if (happens->times)
        return happens;
    free(happens);
    return NULL;
}

void happens_free(struct happens *happens)
{
    if (!happens)
        return;
    for (uint32_t i = 0; happens->times && i < happens->readers; i++)
        origin_drop(happens->times[i].snapshot);
    for (int i = 0; i < 2; i++) {
        while (happens->free[i]) {
            struct origin *next = happens->free[i]->next_free;

            free(happens->free[i]);
            happens->free[i] = next;
        }
    }
    for (uint32_t i = 0; happens->times && i < happens->readers; i++) {
        free(happens->times[i].intent);
        free(happens->times[i].ordered);
        free(happens->times[i].pending_intent);
        free(happens->times[i].pending);
        free(happens->times[i].direct);
    }
    free(happens->times);
    free(happens);
}

/* What a checked run spends most on: vectors of the widest kind that the machine has. @agents is a multiple of LANES.
 */
__attribute__((target_clones("avx2", "default"))) static void merge(uint32_t *restrict into,
                                                                    const uint32_t *restrict from, uint32_t agents)
{
    agents &= ~(uint32_t)(LANES - 1);
    for (uint32_t i = 0; i < agents; i++)
        into[i] = into[i] > from[i] ? into[i] : from[i];
}

/* What the agent passes on. A store does not pass a load before it whose value it may depend on, so what waits for a
 * load fence is ordered before it. */
static void snapshot(const struct happens *happens, uint32_t agent, enum store_order order, uint32_t *intent,
                     uint32_t *ordered)
{
    const struct agent_time *time = &happens->times[agent];

    memcpy(intent, time->intent, happens->used * sizeof(*intent));
    memcpy(ordered, time->ordered, happens->used * sizeof(*ordered));
    if (time->unfenced)
        merge(ordered, time->pending, happens->used);
    intent[agent] = time->epoch;
    ordered[agent] = order == STORE_ORDERED ? time->epoch : time->fenced;
}

static struct origin *new_origin(struct happens *happens, uint32_t agent, uint32_t epoch, bool sync)
{
    size_t clocks = sync ? 2 * happens->agents * sizeof(uint32_t) : 0;
    struct origin *origin = happens->free[sync];

    if (origin)
        happens->free[sync] = origin->next_free;
    else
        origin = need(calloc(1, sizeof(*origin) + clocks));
    memset(origin, 0, sizeof(*origin));
    origin->happens = happens;
    origin->references = 1;
    origin->agent = agent;
    origin->epoch = epoch;
    origin->is_sync = sync;
    return origin;
}

struct origin *happens_store(struct happens *happens, uint32_t agent, enum store_order order)
{
    struct agent_time *time = &happens->times[agent];
    struct origin *origin = new_origin(happens, agent, time->epoch, order != STORE_PLAIN);

    time->changed = true;
    if (origin->is_sync) {
        snapshot(happens, agent, order, origin->clocks, origin->clocks + happens->agents);
        time->epoch++;
    }
    return origin;
}

struct origin *happens_snapshot(struct happens *happens, uint32_t agent)
{
    struct agent_time *time = &happens->times[agent];

    if (!time->snapshot || time->changed) {
        origin_drop(time->snapshot);
        time->snapshot = happens_store(happens, agent, STORE_ORDERED);
        time->changed = false;
    }
    return origin_keep(time->snapshot);
}

void happens_assume(struct happens *happens, uint32_t agent, const struct origin *known)
{
    struct agent_time *time = &happens->times[agent];

    time->unfenced = false;
    memcpy(time->intent, known->clocks, happens->used * sizeof(*time->intent));
    memcpy(time->ordered, known->clocks + happens->agents, happens->used * sizeof(*time->ordered));
}

uint32_t happens_carries(const struct origin *origin, uint32_t agent)
{
    return origin->clocks[agent];
}

/* ---- movers ---- */

struct origin *happens_move(struct happens *happens, uint32_t mover, uint32_t number)
{
    happens->used = happens->agents;
    return new_origin(happens, mover, number, false);
}

static void raise(uint32_t *clock, uint32_t number)
{
    if (*clock < number)
        *clock = number;
}

void happens_tell(struct happens *happens, uint32_t agent, uint32_t mover, uint32_t number, bool over)
{
    struct agent_time *time = &happens->times[agent];

    if (time->intent[mover] >= number && (!over || time->ordered[mover] >= number))
        return;
    happens->used = happens->agents;
    time->changed = true;
    raise(&time->intent[mover], number);
    if (over)
        raise(&time->ordered[mover], number);
}

void happens_add(struct origin *origin, uint32_t mover, uint32_t number)
{
    if (!number)
        return;
    origin->happens->used = origin->happens->agents;
    raise(&origin->clocks[mover], number);
    raise(&origin->clocks[origin->happens->agents + mover], number);
}

/* ---- what an agent learns ---- */

void origin_free(struct origin *origin)
{
    struct origin **list = &origin->happens->free[origin->is_sync];

    origin->next_free = *list;
    *list = origin;
}

void happens_load(struct happens *happens, uint32_t agent, struct origin *origin, enum load_order order)
{
    struct agent_time *time = &happens->times[agent];
    const uint32_t *intent = origin->clocks, *ordered = origin->clocks + happens->agents;

    if (origin->agent == agent && !origin->is_rmw) /* its own, but it may carry what it replaced */
        return;
    agent_set_add(&origin->seen, agent);
    if (time->direct[origin->agent] < origin->epoch)
        time->direct[origin->agent] = origin->epoch;
    if (agent_set_has(&origin->taken, agent) || (!origin->is_rmw && time->intent[origin->agent] >= origin->epoch &&
                                                 time->ordered[origin->agent] >= ordered[origin->agent]))
        return; /* known already, by this store or a later one of the same agent */
    time->changed = true;
    if (order == LOAD_ORDERED) {
        agent_set_add(&origin->taken, agent);
        merge(time->intent, intent, happens->used);
        merge(time->ordered, ordered, happens->used);
        return;
    }
    if (!time->unfenced) {
        memset(time->pending_intent, 0, happens->used * sizeof(*time->pending_intent));
        memset(time->pending, 0, happens->used * sizeof(*time->pending));
    }
    time->unfenced = true;
    merge(order == LOAD_DEVICE ? time->intent : time->pending_intent, intent, happens->used);
    merge(time->pending, ordered, happens->used);
}

void happens_chain(struct happens *happens, struct origin *origin, const struct origin *before)
{
    merge(origin->clocks, before->clocks, happens->used);
    merge(origin->clocks + happens->agents, before->clocks + happens->agents, happens->used);
}

void happens_store_fence(struct happens *happens, uint32_t agent)
{
    happens->times[agent].fenced = happens->times[agent].epoch++;
    happens->times[agent].changed = true;
}

void happens_load_fence(struct happens *happens, uint32_t agent)
{
    struct agent_time *time = &happens->times[agent];

    if (!time->unfenced)
        return;
    time->unfenced = false;
    time->changed = true;
    merge(time->intent, time->pending_intent, happens->used);
    merge(time->ordered, time->pending, happens->used);
}

void happens_step(struct happens *happens, uint32_t agent)
{
    happens->times[agent].epoch++;
    happens->times[agent].changed = true;
}

void happens_join(struct happens *happens, uint32_t agent, uint32_t other)
{
    struct agent_time *time = &happens->times[agent], *from = &happens->times[other];

    if (agent == other)
        return;
    time->changed = from->changed = true;
    merge(time->intent, from->intent, happens->used);
    merge(time->ordered, from->intent, happens->used); /* nothing is on its way any more */
    if (time->intent[other] < from->epoch)
        time->intent[other] = from->epoch;
    if (time->ordered[other] < from->epoch)
        time->ordered[other] = from->epoch;
    from->epoch++;
}

uint32_t happens_epoch(const struct happens *happens, uint32_t agent)
{
    return happens->times[agent].epoch;
}

bool happens_intended(const struct happens *happens, uint32_t agent, const struct origin *origin)
{
    return origin->agent == agent || happens->times[agent].intent[origin->agent] >= origin->epoch;
}

bool happens_ordered(const struct happens *happens, uint32_t agent, const struct origin *origin)
{
    return origin->agent == agent || happens->times[agent].ordered[origin->agent] >= origin->epoch;
}

bool happens_needs_load_fence(const struct happens *happens, uint32_t agent, const struct origin *origin)
{
    const struct agent_time *time = &happens->times[agent];

    return time->unfenced && time->pending[origin->agent] >= origin->epoch;
}

uint32_t happens_heard(const struct happens *happens, uint32_t agent, uint32_t other)
{
    return happens->times[agent].direct[other];
}

bool happens_directly(const struct happens *happens, uint32_t agent, const struct origin *origin)
{
    return happens->times[agent].direct[origin->agent] >= origin->epoch;
}
