/* lanes.c - see lanes.h. */
#include "isa/lanes.h"

void isa_lane_spans(const struct isa_exec *x, const struct isa_operand *operand, uint32_t lanes, enum isa_access access,
                    isa_span_fn *fn, void *ctx)
{
    uint64_t repeats = isa_repeats(x, lanes), start = 0, end = 0;

    if (isa_flat(operand, repeats, lanes) && (x->state.count_mode || isa_all_act(x, repeats, lanes))) {
        uint64_t elements = x->state.count_mode ? x->state.mask[0] : repeats * lanes;

        if (elements)
            fn(ctx, access, ISA_UB, operand->addr, elements * operand->bytes);
        return;
    }
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        for (uint32_t lane = 0; lane < lanes; lane++) {
            uint64_t addr = isa_lane_addr(operand, r, lane);

            if (!isa_acts(&active, lane))
                continue;
            if (end > start && addr != end) {
                fn(ctx, access, ISA_UB, start, end - start);
                start = end = addr;
            } else if (end == start) {
                start = addr;
            }
            end = addr + operand->bytes;
        }
    }
    if (end > start)
        fn(ctx, access, ISA_UB, start, end - start);
}
