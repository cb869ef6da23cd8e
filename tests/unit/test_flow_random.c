/* test_flow_random.c - many flows that start and end by lot (fixed seeds), against a solver too simple to be wrong: it
 * lets all rates rise together, step by step, in floating point, and takes what was moved from what is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/memory/flow.h"

enum { FLOWS = 40, PORTS = 12, STEPS = 1000, SCENES = 30 };

#define GB  1000000000ull
#define PS  1e-12
#define OFF 1000.0 /* bytes a second by which rates may be off: weights have 32 bits, links carry 1e10 and more */

/* What the test knows of a flow. */
struct known {
    struct flow_request request;
    uint64_t sequence;
    double left; /* bytes */
    bool live;
};

struct scene {
    struct flows flows;
    struct known known[FLOWS];
    uint32_t live;
    uint64_t port[PORTS], l2, hbm, lot, sequence;
    uint64_t l2_bytes, hbm_bytes;
};

static struct scene scene, twin;

static uint64_t draw(struct scene *s)
{
    s->lot ^= s->lot << 13;
    s->lot ^= s->lot >> 7;
    s->lot ^= s->lot << 17;
    return s->lot >> 11;
}

/* Links that hold nobody back, some, and all flows. */
static void open_scene(struct scene *s, uint64_t lot)
{
    memset(s, 0, sizeof(*s));
    s->lot = lot * 0x9e3779b97f4a7c15ull + 1;
    s->l2 = (20 + draw(s) % 2000) * GB + draw(s) % GB;
    s->hbm = (10 + draw(s) % 600) * GB + draw(s) % GB;
    assert_int_equal(flows_init(&s->flows, s->l2, s->hbm, PORTS, FLOWS), 0);
    for (uint32_t port = 0; port < PORTS; port++) {
        s->port[port] = (30 + draw(s) % 200) * GB;
        flows_set_port(&s->flows, port, s->port[port]);
    }
}

static void start_one(struct scene *s, uint64_t now)
{
    static const uint64_t caps[] = {100 * GB, 135 * GB, 188 * GB, 70 * GB};
    uint64_t bytes = draw(s) % 8 ? 1 + draw(s) % 40000 : draw(s) % 3;
    uint64_t share = draw(s) % 4, hbm = share < 2 ? 0 : share == 2 ? bytes : bytes * (draw(s) % 20) / 7;
    uint64_t cap = draw(s) % 2 ? caps[draw(s) % 4] : 1 + draw(s) % (200 * GB);
    struct flow_request request = {bytes, hbm, cap, (uint32_t)(draw(s) % PORTS)};
    uint32_t flow = flow_start(&s->flows, now, &request);

    if (s->live == FLOWS) {
        assert_int_equal(flow, FLOW_NONE);
        return;
    }
    assert_true(flow < FLOWS && !s->known[flow].live);
    s->known[flow] = (struct known){request, s->sequence++, (double)bytes, true};
    s->live++;
    s->l2_bytes += bytes;
    s->hbm_bytes += hbm;
}

/* The simple solver. Links: the ports, then L2, then HBM. */
enum { L2 = PORTS, HBM, LINKS };

static double weight(const struct scene *s, uint32_t flow, int link)
{
    const struct flow_request *request = &s->known[flow].request;

    if (!s->known[flow].live || !request->bytes)
        return 0;
    if (link == HBM)
        return (double)request->hbm_bytes / (double)request->bytes;
    return link == L2 || link == (int)request->port;
}

static double capacity(const struct scene *s, int link)
{
    return (double)(link == L2 ? s->l2 : link == HBM ? s->hbm : s->port[link]);
}

static void rise_together(const struct scene *s, double *rates)
{
    bool rises[FLOWS];

    for (uint32_t flow = 0; flow < FLOWS; flow++) {
        rises[flow] = weight(s, flow, L2) > 0;
        rates[flow] = 0;
    }
    for (bool any = true; any;) {
        double step = 1e18, room[LINKS];

        for (int link = 0; link < LINKS; link++) {
            double rising = 0;

            room[link] = capacity(s, link);
            for (uint32_t flow = 0; flow < FLOWS; flow++) {
                room[link] -= rates[flow] * weight(s, flow, link);
                rising += rises[flow] ? weight(s, flow, link) : 0;
            }
            if (rising > 0 && room[link] / rising < step)
                step = room[link] / rising;
        }
        for (uint32_t flow = 0; flow < FLOWS; flow++)
            if (rises[flow] && (double)s->known[flow].request.cap_bytes_per_s - rates[flow] < step)
                step = (double)s->known[flow].request.cap_bytes_per_s - rates[flow];
        any = false;
        for (uint32_t flow = 0; flow < FLOWS; flow++)
            rates[flow] += rises[flow] ? step : 0;
        for (int link = 0; link < LINKS; link++) {
            room[link] = capacity(s, link);
            for (uint32_t flow = 0; flow < FLOWS; flow++)
                room[link] -= rates[flow] * weight(s, flow, link);
        }
        for (uint32_t flow = 0; flow < FLOWS; flow++) {
            for (int link = 0; link < LINKS; link++)
                if (weight(s, flow, link) > 0 && room[link] < 1e-3)
                    rises[flow] = false;
            if ((double)s->known[flow].request.cap_bytes_per_s - rates[flow] < 1e-3)
                rises[flow] = false;
            any |= rises[flow];
        }
    }
}

static void check_rates(struct scene *s, const double *rates)
{
    for (uint32_t flow = 0; flow < FLOWS; flow++) {
        double rate = weight(s, flow, L2) > 0 ? (double)flow_rate(&s->flows, flow) : 0;

        if (rate < rates[flow] - OFF || rate > rates[flow] + OFF)
            fail_msg("flow %u: %.0f bytes/s, not %.0f", flow, rate, rates[flow]);
    }
}

/* Max-min by its definition: who is below its cap has a full link on which nobody is faster. */
static void check_fair(struct scene *s)
{
    double load[LINKS] = {0}, fastest[LINKS] = {0};

    for (int link = 0; link < LINKS; link++) {
        for (uint32_t flow = 0; flow < FLOWS; flow++) {
            double w = weight(s, flow, link), rate = w > 0 ? (double)flow_rate(&s->flows, flow) : 0;

            load[link] += w * rate;
            fastest[link] = rate > fastest[link] ? rate : fastest[link];
        }
        assert_true(load[link] <= capacity(s, link) + OFF);
    }
    for (uint32_t flow = 0; flow < FLOWS; flow++) {
        bool held = weight(s, flow, L2) == 0 || flow_rate(&s->flows, flow) == s->known[flow].request.cap_bytes_per_s;

        for (int link = 0; link < LINKS && !held; link++)
            held = weight(s, flow, link) > 0 && load[link] > capacity(s, link) - OFF &&
                   (double)flow_rate(&s->flows, flow) > fastest[link] - 2;
        assert_true(held);
    }
}

/* Flows that end have, but for what moves in a ps, nothing left; the others have something. */
static void check_ended(struct scene *s, const double *rates, const uint32_t *ended, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct known *known = &s->known[ended[i]];

        assert_true(known->live);
        assert_true(known->left < 0.01 && known->left > -0.01 - rates[ended[i]] * PS);
        assert_true(i == 0 || s->known[ended[i - 1]].sequence < known->sequence);
    }
    for (uint32_t i = 0; i < count; i++)
        s->known[ended[i]].live = false;
    s->live -= count;
    for (uint32_t flow = 0; flow < FLOWS; flow++)
        assert_true(!s->known[flow].live || !s->known[flow].request.bytes || s->known[flow].left > -0.01);
}

/* One moment: some start, or the next end. Return the time. */
static uint64_t step(struct scene *s, uint64_t now, bool check)
{
    uint64_t next = flows_next(&s->flows), until = now + draw(s) % 60000;
    uint32_t ended[FLOWS], count;
    double rates[FLOWS];

    until = until < next ? until : next;
    if (check) {
        rise_together(s, rates);
        check_rates(s, rates);
        check_fair(s);
        for (uint32_t flow = 0; flow < FLOWS; flow++)
            s->known[flow].left -= rates[flow] * (double)(until - now) * PS;
    }
    count = flows_finish(&s->flows, until, ended);
    assert_int_equal(count != 0, until == next);
    if (check)
        check_ended(s, rates, ended, count);
    else
        for (uint32_t i = 0; i < count; i++) {
            s->known[ended[i]].live = false;
            s->live--;
        }
    if (!count)
        for (uint64_t starts = draw(s) % 5; starts--;)
            start_one(s, until);
    return until;
}

static void test_rates_and_ends_are_those_of_the_simple_solver(void **state)
{
    (void)state;
    for (uint64_t lot = 1; lot <= SCENES; lot++) {
        uint64_t now = 0, next;

        open_scene(&scene, lot);
        for (int i = 0; i < STEPS; i++)
            now = step(&scene, now, true);
        while ((next = flows_next(&scene.flows)) != FLOW_NEVER) {
            uint32_t ended[FLOWS];

            assert_true(flows_finish(&scene.flows, next, ended) > 0);
        }
        assert_true(scene.sequence > 100);
        assert_int_equal(scene.flows.l2.bytes, scene.l2_bytes);
        assert_int_equal(scene.flows.hbm.bytes, scene.hbm_bytes);
        assert_true((double)scene.flows.l2.bytes <= (double)scene.flows.l2.busy_ps * PS * (double)scene.l2 + 1);
        assert_true((double)scene.flows.hbm.bytes <= (double)scene.flows.hbm.busy_ps * PS * (double)scene.hbm + 1);
        flows_fini(&scene.flows);
    }
}

/* The scenes are to meet every way of being held back. */
static void test_the_lot_leaves_nothing_out(void **state)
{
    uint64_t l2 = 0, hbm = 0, both = 0, none = 0, mixed = 0, full = 0;

    (void)state;
    for (uint64_t lot = 1; lot <= SCENES; lot++) {
        uint64_t now = 0;

        open_scene(&scene, lot);
        for (int i = 0; i < STEPS; i++) {
            const struct flows *flows = &scene.flows;

            now = step(&scene, now, false);
            flows_next(&scene.flows);
            both += flows->l2.limits && flows->hbm.limits;
            l2 += flows->l2.limits && !flows->hbm.limits;
            hbm += !flows->l2.limits && flows->hbm.limits;
            none += !flows->l2.limits && !flows->hbm.limits;
            mixed += flows->hbm.limits && flows->mixed_ports;
            full += scene.live == FLOWS;
        }
        flows_fini(&scene.flows);
    }
    assert_true(l2 > 50 && hbm > 50 && both > 50 && none > 50 && mixed > 50 && full > 50);
}

static void test_asking_changes_nothing(void **state)
{
    uint64_t now = 0, twin_now = 0;

    (void)state;
    open_scene(&scene, 77);
    open_scene(&twin, 77);
    for (int i = 0; i < STEPS; i++) {
        for (uint32_t flow = 0; flow < FLOWS; flow++)
            if (scene.known[flow].live)
                flow_rate(&scene.flows, flow);
        now = step(&scene, now, false);
        flows_next(&scene.flows);
        twin_now = step(&twin, twin_now, false);
        assert_int_equal(now, twin_now);
        assert_int_equal(scene.live, twin.live);
    }
    assert_memory_equal(&scene.flows.l2, &twin.flows.l2, sizeof(twin.flows.l2));
    assert_memory_equal(&scene.flows.hbm, &twin.flows.hbm, sizeof(twin.flows.hbm));
    flows_fini(&scene.flows);
    flows_fini(&twin.flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates_and_ends_are_those_of_the_simple_solver),
        cmocka_unit_test(test_the_lot_leaves_nothing_out),
        cmocka_unit_test(test_asking_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
