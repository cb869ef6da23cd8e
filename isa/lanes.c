/* lanes.c - see lanes.h. */
#include "isa/lanes.h"

/* A span that grows as long as its next bytes follow. */
struct run {
    uint64_t start, end;
    enum isa_access access;
    isa_span_fn *fn;
    void *ctx;
};

static void run_tell(const struct run *run)
{
    if (run->end > run->start)
        run->fn(run->ctx, run->access, ISA_UB, run->start, run->end - run->start);
}

static void run_add(struct run *run, uint64_t addr, uint64_t bytes)
{
    if (addr != run->end || run->end == run->start) {
        run_tell(run);
        run->start = addr;
    }
    run->end = addr + bytes;
}

/* Up to 64 lanes without a gap between them: those with a bit in @acting act. */
static void run_add_lanes(struct run *run, uint64_t addr, uint32_t bytes, uint64_t acting)
{
    while (acting) {
        uint32_t first = (uint32_t)__builtin_ctzll(acting);
        uint64_t rest = ~(acting >> first);
        uint32_t next = rest ? first + (uint32_t)__builtin_ctzll(rest) : 64;

        run_add(run, addr + (uint64_t)first * bytes, (uint64_t)(next - first) * bytes);
        acting = next < 64 ? acting & ~0ull << next : 0;
    }
}

void isa_lane_spans(const struct isa_exec *x, const struct isa_operand *operand, uint32_t lanes, enum isa_access access,
                    isa_span_fn *fn, void *ctx)
{
    uint32_t step = operand->blk == 1 ? 64 : ISA_BLOCK_BYTES / operand->bytes;
    uint64_t repeats = isa_repeats(x, lanes);
    struct run run = {.access = access, .fn = fn, .ctx = ctx};

    if (isa_flat(operand, repeats, lanes) && (x->state.count_mode || isa_all_act(x, repeats, lanes))) {
        uint64_t elements = x->state.count_mode ? x->state.mask[0] : repeats * lanes;

        if (elements)
            fn(ctx, access, ISA_UB, operand->addr, elements * operand->bytes);
        return;
    }
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        for (uint32_t lane = 0; lane < lanes; lane += step)
            run_add_lanes(&run, isa_lane_addr(operand, r, lane), operand->bytes,
                          active.bits[lane / 64] >> lane % 64 & ~0ull >> (64 - step));
    }
    run_tell(&run);
}
