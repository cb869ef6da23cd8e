/* lanes.h - how a vector instruction walks over UB: repeats of 256 B, each of eight 32 B blocks, and which lanes act.
 *
 * Element e of repeat r of an operand stands at addr + r * rpt * 32 + e / per_block * blk * 32 + e % per_block * bytes.
 * A repeat has 256 / (bytes of its widest operand) lanes. In norm mode the 128-bit mask says which of them act, in
 * every repeat alike; in count mode the first so many of all repeats do, and the repeat field means nothing.
 * Source: the facts of pto-isa at 3186c381 (docs/isa.md names them).
 */
#ifndef DAV_ISA_LANES_H
#define DAV_ISA_LANES_H

#include "isa/isa.h"

enum { ISA_BLOCK_BYTES = 32, ISA_REPEAT_BYTES = 256, ISA_LANES_MAX = 128 };

/* One operand in UB. */
struct isa_operand {
    uint64_t addr;
    uint32_t bytes;    /* of an element */
    uint32_t blk, rpt; /* strides, blocks */
};

struct isa_lanes {
    uint64_t bits[2];
};

static inline struct isa_operand isa_dst(const struct isa_exec *x, uint32_t bytes)
{
    return (struct isa_operand){x->w[0], bytes, ISA_V_DST_BLK(x->w), ISA_V_DST_RPT(x->w)};
}

static inline struct isa_operand isa_src0(const struct isa_exec *x, uint32_t bytes)
{
    return (struct isa_operand){x->w[1], bytes, ISA_V_SRC0_BLK(x->w), ISA_V_SRC0_RPT(x->w)};
}

static inline struct isa_operand isa_src1(const struct isa_exec *x, uint32_t bytes)
{
    return (struct isa_operand){x->w[2], bytes, ISA_V_SRC1_BLK(x->w), ISA_V_SRC1_RPT(x->w)};
}

/** isa_repeats - how often a vector instruction of @lanes lanes repeats. */
static inline uint64_t isa_repeats(const struct isa_exec *x, uint32_t lanes)
{
    return x->state.count_mode ? (x->state.mask[0] + lanes - 1) / lanes : ISA_V_REPEAT(x->w);
}

/** isa_active - the lanes that act in repeat @r. */
static inline struct isa_lanes isa_active(const struct isa_exec *x, uint64_t r, uint32_t lanes)
{
    struct isa_lanes active = {{x->state.mask[0], x->state.mask[1]}};

    if (x->state.count_mode) {
        uint64_t left = x->state.mask[0] - r * lanes;

        active.bits[0] = left >= 64 ? ~0ull : (1ull << left) - 1;
        active.bits[1] = left >= 128 ? ~0ull : left > 64 ? (1ull << (left - 64)) - 1 : 0;
    }
    if (lanes < 128)
        active.bits[1] = 0;
    if (lanes < 64)
        active.bits[0] &= (1ull << lanes) - 1;
    return active;
}

static inline bool isa_acts(const struct isa_lanes *active, uint32_t lane)
{
    return active->bits[lane / 64] >> lane % 64 & 1;
}

/** isa_all_act - whether every lane of every one of @repeats repeats acts. */
static inline bool isa_all_act(const struct isa_exec *x, uint64_t repeats, uint32_t lanes)
{
    if (x->state.count_mode)
        return x->state.mask[0] == repeats * lanes;
    if (lanes <= 64)
        return (x->state.mask[0] | (lanes == 64 ? 0 : ~0ull << lanes)) == ~0ull;
    return (x->state.mask[0] & x->state.mask[1]) == ~0ull;
}

/** isa_flat - whether @repeats repeats of @lanes lanes of the operand stand in UB without a gap. */
static inline bool isa_flat(const struct isa_operand *operand, uint64_t repeats, uint32_t lanes)
{
    uint32_t blocks = lanes * operand->bytes / ISA_BLOCK_BYTES;

    return blocks && operand->blk == 1 && (repeats <= 1 || operand->rpt == blocks);
}

/** isa_lane_addr - where lane @lane of repeat @r stands. */
static inline uint64_t isa_lane_addr(const struct isa_operand *operand, uint64_t r, uint32_t lane)
{
    uint32_t per_block = ISA_BLOCK_BYTES / operand->bytes;

    return operand->addr + r * operand->rpt * ISA_BLOCK_BYTES +
           (uint64_t)(lane / per_block) * operand->blk * ISA_BLOCK_BYTES + (lane % per_block) * operand->bytes;
}

/** isa_refuse_count - the text if count mode says more elements than UB holds, else NULL. They could only be the same
 * ones over and over, and below that the arithmetic on addresses does not overflow. For refuse() of whatever walks
 * lanes. */
const char *isa_refuse_count(const struct isa_exec *x);

/** isa_lane_spans - tell the bytes of the active lanes of @operand. */
void isa_lane_spans(const struct isa_exec *x, const struct isa_operand *operand, uint32_t lanes, enum isa_access access,
                    isa_span_fn *fn, void *ctx);

#endif
