/* flow.h - bandwidth: transfers that are under way at once, and how fast each of them is.
 *
 * A flow moves bytes between a core and L2, and moves a part of them on between L2 and HBM. A flow of rate r loads its
 * port with r, L2 with r, and HBM with r * hbm_bytes / bytes; it is never faster than its own cap. Rates are fair in
 * the max-min sense: no flow could be faster without making one slower that is not faster than itself. They are worked
 * out anew when a flow starts or ends, and stay as they are between; so a transfer costs two events, however long it
 * is.
 *
 * Rates are whole bytes a second and what is left of a flow is kept exactly, so nothing drifts: a flow that keeps its
 * rate ends when it would have ended alone, whatever starts and ends beside it.
 *
 * There is no clock inside. The owner says what time it is, never goes back, and lets flows finish (flows_finish)
 * before it starts one later than flows_next. How often it asks for the next finish changes nothing.
 */
#ifndef DAV_FLOW_H
#define DAV_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FLOW_NEVER     UINT64_MAX
#define FLOW_NONE      UINT32_MAX
#define FLOW_UNLIMITED (1ull << 44) /* bytes a second; larger capacities and caps count as this one */

/* One end of a core, in one direction: its flows together are no faster than it. */
struct flow_port {
    uint64_t bytes_per_s;
    uint32_t first;         /* of its flows */
    uint32_t count, misses; /* its flows, and those of them that load HBM */
};

/* L2 or HBM, and what it has done so far. */
struct flow_link {
    uint64_t bytes_per_s;
    uint64_t bytes;     /* carried by flows that have ended */
    uint64_t busy_ps;   /* time with a flow on the link */
    uint64_t limits_ps; /* time in which it held a flow back */
    uint32_t flows;     /* on it now */
    bool limits;        /* it holds a flow back now */
};

struct flow; /* what is known of a flow, beside its place in the arrays */

struct flows {
    struct flow_link l2, hbm;
    struct flow_port *ports;
    uint32_t port_count;
    uint32_t max_flows;
    uint32_t top;         /* slots from here on are free */
    uint32_t mixed_ports; /* with flows that load HBM, and others */
    uint64_t now_ps;
    uint64_t next_ps;
    uint64_t sequence;
    uint64_t l2_level, hbm_level; /* of flows that the link held back the last time: good first guesses */
    bool stale;                   /* rates and next_ps are to be worked out */
    unsigned __int128 hbm_demand;
    uint64_t l2_demand; /* load of L2 and HBM if each flow had its demand */
    /* By slot; a free one has demand, weight and rate 0. */
    struct flow *flows;
    uint64_t *demand;    /* rate if only caps and ports held flows back */
    uint64_t *offer;     /* rate if all but L2 held flows back, while HBM does */
    uint64_t *weight;    /* HBM bytes to a byte, times 2^32 */
    uint64_t *rate;      /* now */
    uint64_t *finish_ps; /* at this rate */
    uint64_t *used;      /* a bit each */
};

struct flow_request {
    uint64_t bytes;
    uint64_t hbm_bytes;       /* that cross HBM for it; can be more than @bytes where whole sectors move */
    uint64_t cap_bytes_per_s; /* what the core's own side carries at best; not 0 */
    uint32_t port;
};

/** flows_init - no flows, at time 0. @ports ports, not limited until flows_set_port; room for @max_flows at once. A
 *  capacity must be at least one byte a second for each flow. Return 0, or -1 without memory. */
int flows_init(struct flows *flows, uint64_t l2_bytes_per_s, uint64_t hbm_bytes_per_s, uint32_t ports,
               uint32_t max_flows);
void flows_fini(struct flows *flows);

/** flows_set_port - what @port carries. Only while it has no flows. */
void flows_set_port(struct flows *flows, uint32_t port, uint64_t bytes_per_s);

/** flow_start - a flow that begins at @now_ps; it gets a handle below max_flows, which is free again once flows_finish
 *  has returned it. FLOW_NONE when there are max_flows already. */
uint32_t flow_start(struct flows *flows, uint64_t now_ps, const struct flow_request *request);

/** flows_next - when the next flow ends, rounded up to whole ps, if no other starts before; FLOW_NEVER without flows.
 */
uint64_t flows_next(struct flows *flows);

/** flows_finish - end the flows that are due at @now_ps or before. Put their handles into @handles (room for max_flows)
 *  by the time at which they end, equal times in the order of their starts; return how many. */
uint32_t flows_finish(struct flows *flows, uint64_t now_ps, uint32_t *handles);

/** flow_rate - bytes a second of a live flow, just now. */
uint64_t flow_rate(struct flows *flows, uint32_t handle);

/** flow_left - bytes of a live flow that have not passed at @at_ps, before which no flow has started or ended since
 *  flows_next was asked. */
uint64_t flow_left(const struct flows *flows, uint32_t handle, uint64_t at_ps);

/** flow_is_live - whether @handle stands for a flow. */
bool flow_is_live(const struct flows *flows, uint32_t handle);

/** flows_reset - drop all flows as if they had never been, at @now_ps (which may be any time). The links keep count. */
void flows_reset(struct flows *flows, uint64_t now_ps);

#ifdef __cplusplus
}
#endif
#endif
