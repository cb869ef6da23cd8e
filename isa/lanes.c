/* lanes.c - see lanes.h. */
#include "isa/lanes.h"

#include "isa/join.h"

/* Up to 64 lanes without a gap between them: those with a bit in @acting act. */
static void join_lanes(struct isa_join *join, uint64_t addr, uint32_t bytes, uint64_t acting)
{
    while (acting) {
        uint32_t first = (uint32_t)__builtin_ctzll(acting);
        uint64_t rest = ~(acting >> first);
        uint32_t next = rest ? first + (uint32_t)__builtin_ctzll(rest) : 64;

        isa_join_add(join, addr + (uint64_t)first * bytes, (uint64_t)(next - first) * bytes);
        acting = next < 64 ? acting & ~0ull << next : 0;
    }
}

void isa_lane_spans(const struct isa_exec *x, const struct isa_operand *operand, uint32_t lanes, enum isa_access access,
                    isa_span_fn *fn, void *ctx)
{
    uint32_t step = operand->blk == 1 ? 64 : ISA_BLOCK_BYTES / operand->bytes;
    uint64_t repeats = isa_repeats(x, lanes);
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = access, .space = ISA_UB};

    if (isa_flat(operand, repeats, lanes) && (x->state.count_mode || isa_all_act(x, repeats, lanes))) {
        uint64_t elements = x->state.count_mode ? x->state.mask[0] : repeats * lanes;

        if (elements)
            fn(ctx, access, ISA_UB, operand->addr, elements * operand->bytes);
        return;
    }
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        for (uint32_t lane = 0; lane < lanes; lane += step)
            join_lanes(&join, isa_lane_addr(operand, r, lane), operand->bytes,
                       active.bits[lane / 64] >> lane % 64 & ~0ull >> (64 - step));
    }
    isa_join_end(&join);
}

const char *isa_refuse_count(const struct isa_exec *x)
{
    if (x->state.count_mode && x->state.mask[0] > x->bytes[ISA_UB] / isa_bytes(x->entry->type))
        return "count mode with more elements than UB holds";
    return NULL;
}

/* The first (@last: the last) repeat in which the operand has byte @addr; @repeats if none has. */
static uint64_t turn_of(const struct isa_operand *operand, uint32_t lanes, uint64_t addr, uint64_t repeats, bool last)
{
    uint64_t blocks = (lanes * operand->bytes + ISA_BLOCK_BYTES - 1) / ISA_BLOCK_BYTES;
    uint64_t extent = (blocks - 1) * operand->blk * ISA_BLOCK_BYTES + ISA_BLOCK_BYTES;
    uint64_t step = (uint64_t)operand->rpt * ISA_BLOCK_BYTES, offset = addr - operand->addr, first;

    if (addr < operand->addr || (!step && offset >= extent))
        return repeats;
    if (!step)
        return last ? repeats - 1 : 0;
    first = offset < extent ? 0 : (offset - extent) / step + 1;
    if (first >= repeats || first * step > offset)
        return repeats;
    if (!last)
        return first;
    return offset / step < repeats ? offset / step : repeats - 1;
}

uint64_t isa_turn(const struct isa_exec *x, enum isa_access access, uint64_t addr, uint64_t repeats)
{
    uint32_t to = isa_bytes(x->entry->type), from = isa_bytes(x->entry->from);
    uint32_t lanes = ISA_REPEAT_BYTES / (to > from ? to : from);
    uint32_t walks = x->entry->type == ISA_S4 || x->entry->from == ISA_S4 ? 0 : x->entry->shape->walks;
    struct isa_operand dst = isa_dst(x, to), src0 = isa_src0(x, from), src1 = isa_src1(x, from);
    uint64_t turn, first = repeats;

    if (access == ISA_WRITE)
        return walks & ISA_WALKS_DST ? turn_of(&dst, lanes, addr, repeats, true) : repeats - 1;
    if (!(walks & (ISA_WALKS_SRC0 | ISA_WALKS_SRC1 | ISA_READS_DST)))
        return 0;
    if (walks & ISA_WALKS_SRC0)
        first = turn_of(&src0, lanes, addr, repeats, false);
    if (walks & ISA_WALKS_SRC1 && (turn = turn_of(&src1, lanes, addr, repeats, false)) < first)
        first = turn;
    if (walks & ISA_READS_DST && (turn = turn_of(&dst, lanes, addr, repeats, false)) < first)
        first = turn;
    return first;
}
