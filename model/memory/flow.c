/* flow.c - see flow.h.
 *
 * Progressive filling: let all rates rise together from 0; a flow stops at its cap, or when a link that it is on is
 * full. So a flow's rate is the least of its cap and of the levels at which its links fill up, and since every flow
 * crosses L2, there is an order to find the levels in: first ports alone (a flow's *demand*, which only flows of its
 * own port can change), then HBM, then L2, which stops whatever still rises. One thing is between the steps: a flow
 * that HBM stops leaves room on its port for those beside it that do not cross HBM.
 */
#include "model/memory/flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/memory/fair.h"

typedef unsigned __int128 uint128;

#define PS_PER_S   1000000000000ull
#define LONGEST_PS 1000000000000000000ull /* a flow that takes longer than 11 days may as well end then */

struct flow {
    uint128 left; /* at since_ps: bytes times PS_PER_S, so that rate * ps can be taken from it */
    uint64_t since_ps;
    uint64_t cap;
    uint64_t bytes, hbm_bytes;
    uint64_t sequence;
    uint32_t port;
    uint32_t next; /* on the same port */
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

int flows_init(struct flows *flows, uint64_t l2_bytes_per_s, uint64_t hbm_bytes_per_s, uint32_t ports,
               uint32_t max_flows)
{
    assert(max_flows && max_flows <= 4096 && l2_bytes_per_s >= max_flows && hbm_bytes_per_s >= max_flows);
    memset(flows, 0, sizeof(*flows));
    flows->l2.bytes_per_s = least(l2_bytes_per_s, FLOW_UNLIMITED);
    flows->hbm.bytes_per_s = least(hbm_bytes_per_s, FLOW_UNLIMITED);
    flows->port_count = ports;
    flows->max_flows = max_flows;
    flows->next_ps = FLOW_NEVER;
    flows->ports = calloc(ports, sizeof(*flows->ports));
    flows->flows = calloc(max_flows, sizeof(*flows->flows));
    flows->demand = calloc(max_flows, sizeof(*flows->demand));
    flows->offer = calloc(max_flows, sizeof(*flows->offer));
    flows->weight = calloc(max_flows, sizeof(*flows->weight));
    flows->rate = calloc(max_flows, sizeof(*flows->rate));
    flows->finish_ps = calloc(max_flows, sizeof(*flows->finish_ps));
    flows->used = calloc((max_flows + 63) / 64, sizeof(*flows->used));
    if (!flows->ports || !flows->flows || !flows->demand || !flows->offer || !flows->weight || !flows->rate ||
        !flows->finish_ps || !flows->used) {
        flows_fini(flows);
        return -1;
    }
    for (uint32_t port = 0; port < ports; port++)
        flows->ports[port] = (struct flow_port){.bytes_per_s = FLOW_UNLIMITED, .first = FLOW_NONE};
    for (uint32_t slot = 0; slot < max_flows; slot++)
        flows->finish_ps[slot] = FLOW_NEVER;
    return 0;
}

void flows_fini(struct flows *flows)
{
    free(flows->ports);
    free(flows->flows);
    free(flows->demand);
    free(flows->offer);
    free(flows->weight);
    free(flows->rate);
    free(flows->finish_ps);
    free(flows->used);
    memset(flows, 0, sizeof(*flows));
}

void flows_set_port(struct flows *flows, uint32_t port, uint64_t bytes_per_s)
{
    assert(port < flows->port_count && !flows->ports[port].count && bytes_per_s >= flows->max_flows);
    flows->ports[port].bytes_per_s = least(bytes_per_s, FLOW_UNLIMITED);
}

/* Rates */

static bool is_mixed(const struct flow_port *port)
{
    return port->misses && port->misses < port->count;
}

/* What a flow would take of its port, if misses got no more than @miss_level from HBM. */
static uint64_t port_offer(const struct flows *flows, uint32_t slot, uint64_t miss_level)
{
    uint64_t cap = flows->flows[slot].cap;

    return flows->weight[slot] ? least(cap, miss_level) : cap;
}

/* Put the rates of the flows on @port into @rates, as its capacity and @miss_level allow. */
static void fill_port(const struct flows *flows, const struct flow_port *port, uint64_t miss_level, uint64_t *rates)
{
    uint64_t level = port->count ? port->bytes_per_s / port->count : 0;

    while (port->count > 1) {
        uint64_t met = 0, others = 0;

        for (uint32_t slot = port->first; slot != FLOW_NONE; slot = flows->flows[slot].next) {
            uint64_t offer = port_offer(flows, slot, miss_level);

            if (offer <= level)
                met += offer;
            else
                others++;
        }
        if (!others || (port->bytes_per_s - met) / others <= level)
            break;
        level = (port->bytes_per_s - met) / others;
    }
    for (uint32_t slot = port->first; slot != FLOW_NONE; slot = flows->flows[slot].next)
        rates[slot] = least(port_offer(flows, slot, miss_level), level);
}

/* Fill `offer`, as HBM's @level allows; return its sum. */
static uint64_t limit_misses(struct flows *flows, uint64_t level)
{
    uint64_t sum = 0;

    for (uint32_t slot = 0; slot < flows->top; slot++)
        flows->offer[slot] = flows->weight[slot] ? least(flows->demand[slot], level) : flows->demand[slot];
    for (uint32_t port = 0; flows->mixed_ports && port < flows->port_count; port++)
        if (is_mixed(&flows->ports[port]))
            fill_port(flows, &flows->ports[port], level, flows->offer);
    for (uint32_t slot = 0; slot < flows->top; slot++)
        sum += flows->offer[slot];
    return sum;
}

static void set_rate(struct flows *flows, uint32_t slot, uint64_t rate)
{
    struct flow *flow = &flows->flows[slot];
    uint128 moved = (uint128)flows->rate[slot] * (flows->now_ps - flow->since_ps);
    uint64_t nothing = flows->rate[slot] >> 9; /* left when it is due, see below */
    double left, ps;

    flow->left = flow->left > moved + nothing ? flow->left - moved : 0;
    flow->since_ps = flows->now_ps;
    flows->rate[slot] = rate;
    /* Up to whole ps, but a thousandth of one is nothing: it stems from rates being whole numbers. */
    left = flow->left >> 64 ? (double)flow->left : (double)(uint64_t)flow->left;
    ps = left / (double)rate + 0.999;
    flows->finish_ps[slot] = flows->now_ps + (ps < (double)LONGEST_PS ? (uint64_t)ps : LONGEST_PS);
}

static void solve(struct flows *flows)
{
    const uint64_t *offer = flows->demand;
    uint64_t sum = flows->l2_demand, hbm_level = FLOW_UNLIMITED, level = FLOW_UNLIMITED, next_ps = FLOW_NEVER;

    if (flows->hbm_demand > (uint128)flows->hbm.bytes_per_s << FAIR_WEIGHT_SHIFT) {
        flows->hbm_level =
            fair_weighted_level(flows->demand, flows->weight, flows->top, flows->hbm.bytes_per_s, flows->hbm_level);
        hbm_level = flows->hbm_level ? flows->hbm_level : 1;
        sum = limit_misses(flows, hbm_level);
        offer = flows->offer;
    }
    flows->l2.limits = sum > flows->l2.bytes_per_s;
    if (flows->l2.limits) {
        level = fair_level(offer, flows->top, flows->l2.bytes_per_s, flows->l2_level);
        flows->l2_level = level;
    }
    flows->hbm.limits = offer == flows->offer && hbm_level <= level;

    for (uint32_t slot = 0; slot < flows->top; slot++) {
        uint64_t rate = least(offer[slot], level);

        if (rate != flows->rate[slot])
            set_rate(flows, slot, rate);
        next_ps = least(next_ps, flows->finish_ps[slot]);
    }
    flows->next_ps = next_ps;
    flows->stale = false;
}

/* Time goes on to @now_ps. */
static void advance(struct flows *flows, uint64_t now_ps)
{
    uint64_t passed = now_ps - flows->now_ps;

    assert(now_ps >= flows->now_ps);
    if (!passed)
        return;
    if (flows->stale)
        solve(flows);
    assert(flows->next_ps >= now_ps); /* else the owner has forgotten flows_finish */
    flows->l2.busy_ps += flows->l2.flows ? passed : 0;
    flows->hbm.busy_ps += flows->hbm.flows ? passed : 0;
    flows->l2.limits_ps += flows->l2.limits ? passed : 0;
    flows->hbm.limits_ps += flows->hbm.limits ? passed : 0;
    flows->now_ps = now_ps;
}

/* Flows come and go */

/* What stands in the totals for @port: taken out before its flows change, put in again afterwards. */
static void take_out(struct flows *flows, const struct flow_port *port)
{
    for (uint32_t slot = port->first; slot != FLOW_NONE; slot = flows->flows[slot].next) {
        flows->l2_demand -= flows->demand[slot];
        flows->hbm_demand -= (uint128)flows->demand[slot] * flows->weight[slot];
    }
    flows->l2.flows -= port->count;
    flows->hbm.flows -= port->misses;
    flows->mixed_ports -= is_mixed(port);
}

static void put_in(struct flows *flows, const struct flow_port *port)
{
    fill_port(flows, port, FLOW_UNLIMITED, flows->demand);
    for (uint32_t slot = port->first; slot != FLOW_NONE; slot = flows->flows[slot].next) {
        flows->l2_demand += flows->demand[slot];
        flows->hbm_demand += (uint128)flows->demand[slot] * flows->weight[slot];
    }
    flows->l2.flows += port->count;
    flows->hbm.flows += port->misses;
    flows->mixed_ports += is_mixed(port);
}

static void join_port(struct flows *flows, uint32_t slot)
{
    struct flow_port *port = &flows->ports[flows->flows[slot].port];

    take_out(flows, port);
    flows->flows[slot].next = port->first;
    port->first = slot;
    port->count++;
    port->misses += flows->weight[slot] != 0;
    put_in(flows, port);
}

static void leave_port(struct flows *flows, uint32_t slot)
{
    struct flow_port *port = &flows->ports[flows->flows[slot].port];
    uint32_t *place = &port->first;

    take_out(flows, port);
    while (*place != slot)
        place = &flows->flows[*place].next;
    *place = flows->flows[slot].next;
    port->count--;
    port->misses -= flows->weight[slot] != 0;
    put_in(flows, port);
}

static uint32_t take_slot(struct flows *flows)
{
    uint32_t word = 0, slot;

    while (word * 64 < flows->max_flows && flows->used[word] == UINT64_MAX)
        word++;
    slot = word * 64 < flows->max_flows ? word * 64 + (uint32_t)__builtin_ctzll(~flows->used[word]) : FLOW_NONE;
    if (slot >= flows->max_flows)
        return FLOW_NONE;
    flows->used[word] |= 1ull << (slot & 63);
    if (slot >= flows->top)
        flows->top = slot + 1;
    return slot;
}

static bool is_used(const struct flows *flows, uint32_t slot)
{
    return flows->used[slot / 64] >> (slot & 63) & 1;
}

/* A flow ends, or is dropped. */
static void release(struct flows *flows, uint32_t slot)
{
    if (flows->flows[slot].bytes)
        leave_port(flows, slot);
    flows->demand[slot] = flows->weight[slot] = flows->rate[slot] = 0;
    flows->finish_ps[slot] = FLOW_NEVER;
    flows->used[slot / 64] &= ~(1ull << (slot & 63));
    while (flows->top && !is_used(flows, flows->top - 1))
        flows->top--;
    flows->stale = true;
}

static uint64_t weight_of(const struct flow_request *request)
{
    uint128 weight = ((uint128)request->hbm_bytes << FAIR_WEIGHT_SHIFT) / request->bytes;

    return weight > FAIR_WEIGHT_MAX ? FAIR_WEIGHT_MAX : (uint64_t)weight; /* a byte that moves two large sectors */
}

uint32_t flow_start(struct flows *flows, uint64_t now_ps, const struct flow_request *request)
{
    uint32_t slot;

    assert(request->port < flows->port_count && request->cap_bytes_per_s);
    advance(flows, now_ps);
    slot = take_slot(flows);
    if (slot == FLOW_NONE)
        return slot;
    flows->flows[slot] = (struct flow){.left = (uint128)request->bytes * PS_PER_S,
                                       .since_ps = now_ps,
                                       .cap = least(request->cap_bytes_per_s, FLOW_UNLIMITED),
                                       .bytes = request->bytes,
                                       .hbm_bytes = request->hbm_bytes,
                                       .sequence = flows->sequence++,
                                       .port = request->port};
    flows->finish_ps[slot] = now_ps; /* so it stays if there is nothing to move */
    if (request->bytes) {
        flows->weight[slot] = weight_of(request);
        join_port(flows, slot);
    }
    flows->stale = true;
    return slot;
}

uint64_t flows_next(struct flows *flows)
{
    if (flows->stale)
        solve(flows);
    return flows->next_ps;
}

/* End the flows that are due just now, in the order of their starts. */
static uint32_t finish_due(struct flows *flows, uint32_t *handles)
{
    uint32_t count = 0;

    for (uint32_t slot = 0; slot < flows->top; slot++) {
        uint32_t place = count;

        if (flows->finish_ps[slot] > flows->now_ps)
            continue;
        for (; place && flows->flows[handles[place - 1]].sequence > flows->flows[slot].sequence; place--)
            handles[place] = handles[place - 1];
        handles[place] = slot;
        count++;
    }
    for (uint32_t i = 0; i < count; i++) {
        flows->l2.bytes += flows->flows[handles[i]].bytes;
        flows->hbm.bytes += flows->flows[handles[i]].hbm_bytes;
        release(flows, handles[i]);
    }
    return count;
}

uint32_t flows_finish(struct flows *flows, uint64_t now_ps, uint32_t *handles)
{
    uint32_t count = 0;

    while (flows_next(flows) <= now_ps) {
        advance(flows, flows->next_ps);
        count += finish_due(flows, handles + count);
    }
    advance(flows, now_ps);
    return count;
}

uint64_t flow_rate(struct flows *flows, uint32_t handle)
{
    assert(handle < flows->max_flows && is_used(flows, handle));
    if (flows->stale)
        solve(flows);
    return flows->rate[handle];
}

uint64_t flow_left(const struct flows *flows, uint32_t handle, uint64_t at_ps)
{
    const struct flow *flow = &flows->flows[handle];
    uint128 moved = at_ps > flow->since_ps ? (uint128)flows->rate[handle] * (at_ps - flow->since_ps) : 0;

    return flow->left > moved ? (uint64_t)((flow->left - moved) / PS_PER_S) : 0;
}

bool flow_is_live(const struct flows *flows, uint32_t handle)
{
    return is_used(flows, handle);
}

void flows_reset(struct flows *flows, uint64_t now_ps)
{
    for (uint32_t slot = flows->top; slot-- > 0;)
        if (is_used(flows, slot))
            release(flows, slot);
    flows->now_ps = now_ps;
    solve(flows);
}
