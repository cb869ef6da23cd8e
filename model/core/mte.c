/* mte.c - see mte.h. One effect stands in the book for the flow that ends next; when the rates change, another takes
 * its place, and the old one finds that it is out of date. */
#include "model/core/mte.h"

#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/memory/flow.h"
#include "model/memory/l2.h"

enum { TRANSFERS_A_CORE = 3 }; /* MTE2, MTE3, FIX */

struct mte {
    struct flows flows;
    struct l2 l2;
    struct pipe_instr **moving; /* by handle of the flow */
    struct pipe_instr **moved;
    uint32_t *ended;
    uint64_t next_ps;                   /* of the effect in the book that counts */
    uint64_t under_way_ps;              /* of transfers that have ended */
    uint64_t read_bytes, written_bytes; /* of all that have begun */
};

struct flow_effect {
    struct effect effect;
    struct chip_state *chip;
    struct agent *agent; /* in whose name it stands in the book */
};

int mte_init(struct chip_state *chip)
{
    const struct l2_geometry l2 = {chip->file.l2.size_bytes, chip->file.l2.ways, (uint32_t)chip->file.l2.sector_bytes};
    uint32_t transfers = chip->aicores * TRANSFERS_A_CORE;
    struct mte *mte = calloc(1, sizeof(*mte));

    chip->mte = mte;
    if (!mte ||
        flows_init(&mte->flows, chip->file.l2.bandwidth_bytes_per_s, chip->file.hbm.bandwidth_bytes_per_s,
                   chip->aicores * 2, transfers) != 0 ||
        l2_init(&mte->l2, &l2) != 0)
        return -1;
    mte->moving = calloc(transfers, sizeof(struct pipe_instr *));
    mte->moved = calloc(transfers, sizeof(struct pipe_instr *));
    mte->ended = calloc(transfers, sizeof(*mte->ended));
    mte->next_ps = CLOCK_NEVER;
    return mte->moving && mte->moved && mte->ended ? 0 : -1;
}

void mte_fini(struct chip_state *chip)
{
    struct mte *mte = chip->mte;

    if (!mte)
        return;
    flows_fini(&mte->flows);
    l2_fini(&mte->l2);
    free(mte->moving);
    free(mte->moved);
    free(mte->ended);
    free(mte);
    chip->mte = NULL;
}

void mte_forget(struct chip_state *chip)
{
    flows_reset(&chip->mte->flows, chip->clock.time);
    chip->mte->next_ps = CLOCK_NEVER;
}

static void flow_ends(struct effect *effect);

static void look_for_next(struct chip_state *chip, struct agent *agent)
{
    struct mte *mte = chip->mte;
    uint64_t next = flows_next(&mte->flows);
    struct flow_effect *end;

    if (next == mte->next_ps || next == FLOW_NEVER)
        return;
    mte->next_ps = next;
    end = clock_effect(&chip->clock);
    *end = (struct flow_effect){.effect.apply = flow_ends, .chip = chip, .agent = agent};
    clock_schedule(&chip->clock, agent, end, next);
}

static void flow_ends(struct effect *effect)
{
    struct flow_effect *end = (struct flow_effect *)effect;
    struct mte *mte = end->chip->mte;
    uint32_t count;

    if (mte->next_ps != effect->at)
        return;
    mte->next_ps = CLOCK_NEVER;
    count = flows_finish(&mte->flows, effect->at, mte->ended);
    for (uint32_t i = 0; i < count; i++)
        mte->moved[i] = mte->moving[mte->ended[i]];
    for (uint32_t i = 0; i < count; i++) {
        const struct pipe_instr *instr = mte->moved[i];

        mte->under_way_ps += effect->at - instr->start_ps;

        /* May start the next transfer, which may get any of the handles that have become free. */
        pipe_moved(&instr->core->pipes->pipe[instr->x.entry->pipe], effect->at);
    }
    look_for_next(end->chip, end->agent);
}

/* ---- a transfer begins ---- */

struct ask {
    struct mte *mte;
    uint64_t base;
    uint64_t missed, hbm; /* bytes that a read waits for; bytes that cross HBM */
};

static void ask_l2(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct ask *ask = ctx;
    struct l2_traffic traffic;

    if (space != ISA_GM)
        return;
    traffic = l2_touch(&ask->mte->l2, addr - ask->base, bytes, access == ISA_WRITE);
    ask->missed += access == ISA_READ ? traffic.missed_bytes : 0;
    ask->hbm += (access == ISA_READ ? traffic.missed_bytes : 0) + traffic.written_back_bytes;
}

/* What the core's own side carries at best. */
static uint64_t best_rate(const struct pipe_instr *instr, uint64_t bytes)
{
    const struct isa_linear *cost = &instr->core->chip->file.isa[instr->x.entry->cost];
    uint64_t clock_hz = instr->core->chip->file.aicore.clock_hz;
    unsigned __int128 cycles = (unsigned __int128)cost->slope * instr->x.entry->shape->units(&instr->x);
    unsigned __int128 rate;

    if (!cycles)
        return FLOW_UNLIMITED;
    rate = (unsigned __int128)bytes * clock_hz * 1000000 / cycles;
    return rate < 1 ? 1 : rate > FLOW_UNLIMITED ? FLOW_UNLIMITED : (uint64_t)rate;
}

void mte_start(struct pipe_instr *instr, uint64_t now)
{
    struct core *core = instr->core;
    struct chip_state *chip = core->chip;
    uint64_t bytes = instr->gm_bytes[ISA_READ] + instr->gm_bytes[ISA_WRITE];
    struct ask ask = {.mte = chip->mte, .base = (uintptr_t)chip->gm.base};
    struct flow_request request;
    uint32_t handle;

    instr->x.entry->shape->spans(&instr->x, ask_l2, &ask);
    instr->latency_ps = pipe_cycles_ps(core, chip->file.isa[instr->x.entry->cost].head) + core->noc_ps;
    if (ask.missed)
        instr->latency_ps += chip->file.l2.miss_ps;
    core->counters.mte_read_bytes += instr->gm_bytes[ISA_READ];
    core->counters.mte_write_bytes += instr->gm_bytes[ISA_WRITE];
    core->counters.hbm_bytes += ask.hbm;
    chip->mte->read_bytes += instr->gm_bytes[ISA_READ];
    chip->mte->written_bytes += instr->gm_bytes[ISA_WRITE];
    instr->missed_bytes = ask.missed;
    instr->hbm_bytes = ask.hbm;
    request = (struct flow_request){.bytes = bytes,
                                    .hbm_bytes = ask.hbm,
                                    .cap_bytes_per_s = best_rate(instr, bytes),
                                    .port = core->slot * 2 + (instr->gm_bytes[ISA_WRITE] ? 1 : 0)};
    handle = flow_start(&chip->mte->flows, now, &request);
    chip->mte->moving[handle] = instr;
    look_for_next(chip, &core->agent);
}

void mte_done(const struct chip_state *chip, uint64_t at_ps, struct mte_done *done)
{
    const struct mte *mte = chip->mte;

    *done = (struct mte_done){.read_bytes = mte->read_bytes,
                              .written_bytes = mte->written_bytes,
                              .hit_bytes = mte->l2.done.read_hit_bytes + mte->l2.done.write_hit_bytes,
                              .missed_bytes = mte->l2.done.read_missed_bytes + mte->l2.done.write_missed_bytes,
                              .under_way_ps = mte->under_way_ps};
    for (uint32_t handle = 0; handle < mte->flows.top; handle++) {
        const struct pipe_instr *instr = mte->moving[handle];

        if (!flow_is_live(&mte->flows, handle))
            continue;
        *(instr->gm_bytes[ISA_WRITE] ? &done->written_bytes : &done->read_bytes) -=
            flow_left(&mte->flows, handle, at_ps);
        done->under_way_ps += at_ps - instr->start_ps;
    }
}
