/* vector_run.c - from lanes to arrays and back: see vector.h.
 *
 * Three ways, the cheapest that fits. *Flat*: all operands stand in UB without gaps and everything acts up to the last
 * element: one call. *Row*: so it is within a repeat, but not from repeat to repeat: one call a repeat. Otherwise the
 * blocks of a repeat in which a lane acts are gathered, the kernel works on whole blocks, and the lanes that act are
 * put back. A kernel's source must be its destination or apart from it, and sources are read before anything is
 * written in a repeat; so operands that overlap otherwise always go the third way.
 */
#include <string.h>

#include "isa/vector.h"

struct walk {
    uint8_t *ub;
    struct isa_operand dst, a, b;
    vector_kernel *kernel;
    uint64_t scalar;
    uint32_t reads, lanes;
};

static bool has(const struct walk *walk, uint32_t source)
{
    return walk->reads & source;
}

/* Whether a kernel may work on @count elements at @dst and @src directly. */
static bool apart(const struct isa_operand *dst, uint64_t at, const struct isa_operand *src, uint64_t from,
                  uint64_t count)
{
    return (at == from && dst->bytes == src->bytes) || at + count * dst->bytes <= from ||
           from + count * src->bytes <= at;
}

static void call(const struct walk *walk, uint64_t dst, uint64_t a, uint64_t b, uint64_t count)
{
    walk->kernel(walk->ub + dst, has(walk, VECTOR_READS_A) ? walk->ub + a : NULL,
                 has(walk, VECTOR_READS_B) ? walk->ub + b : NULL, walk->scalar, count);
}

static bool try_flat(const struct walk *walk, const struct isa_exec *x, uint64_t repeats)
{
    uint64_t count = x->state.count_mode ? x->state.mask[0] : repeats * walk->lanes;

    if (!x->state.count_mode && !isa_all_act(x, repeats, walk->lanes))
        return false;
    if (!isa_flat(&walk->dst, repeats, walk->lanes))
        return false;
    if (has(walk, VECTOR_READS_A) && (!isa_flat(&walk->a, repeats, walk->lanes) ||
                                      !apart(&walk->dst, walk->dst.addr, &walk->a, walk->a.addr, count)))
        return false;
    if (has(walk, VECTOR_READS_B) && (!isa_flat(&walk->b, repeats, walk->lanes) ||
                                      !apart(&walk->dst, walk->dst.addr, &walk->b, walk->b.addr, count)))
        return false;
    call(walk, walk->dst.addr, walk->a.addr, walk->b.addr, count);
    return true;
}

/* How many lanes act if they are the first ones, else 0. */
static uint32_t prefix(const struct isa_lanes *active)
{
    uint64_t low = active->bits[0], high = active->bits[1];

    if (low != ~0ull)
        return high || (low & (low + 1)) ? 0 : (uint32_t)__builtin_popcountll(low);
    return high & (high + 1) ? 0 : 64 + (uint32_t)__builtin_popcountll(high);
}

static bool try_row(const struct walk *walk, uint64_t r, const struct isa_lanes *active)
{
    uint32_t count = prefix(active);
    uint64_t dst = isa_lane_addr(&walk->dst, r, 0), a = isa_lane_addr(&walk->a, r, 0),
             b = isa_lane_addr(&walk->b, r, 0);

    if (!count || walk->dst.blk != 1)
        return false;
    if (has(walk, VECTOR_READS_A) && (walk->a.blk != 1 || !apart(&walk->dst, dst, &walk->a, a, count)))
        return false;
    if (has(walk, VECTOR_READS_B) && (walk->b.blk != 1 || !apart(&walk->dst, dst, &walk->b, b, count)))
        return false;
    call(walk, dst, a, b, count);
    return true;
}

/* The lanes that act in block @k of @operand, a bit each. */
static uint32_t block_mask(const struct isa_operand *operand, const struct isa_lanes *active, uint32_t k)
{
    uint32_t per_block = ISA_BLOCK_BYTES / operand->bytes, lane = k * per_block;

    return (uint32_t)(active->bits[lane / 64] >> lane % 64) & ((1u << per_block) - 1);
}

static void gather(const struct walk *walk, const struct isa_operand *operand, uint64_t r,
                   const struct isa_lanes *active, uint8_t *lanes)
{
    uint32_t blocks = walk->lanes * operand->bytes / ISA_BLOCK_BYTES;
    const uint8_t *from = walk->ub + operand->addr + r * operand->rpt * ISA_BLOCK_BYTES;

    for (uint32_t k = 0; k < blocks; k++)
        if (block_mask(operand, active, k))
            memcpy(lanes + k * ISA_BLOCK_BYTES, from + (uint64_t)k * operand->blk * ISA_BLOCK_BYTES, ISA_BLOCK_BYTES);
}

static void put_lanes(uint8_t *block, const uint8_t *lanes, uint32_t mask, uint32_t bytes)
{
    for (; mask; mask &= mask - 1) {
        uint32_t at = (uint32_t)__builtin_ctz(mask) * bytes;

        if (bytes == 4) /* sizes that the compiler knows */
            memcpy(block + at, lanes + at, 4);
        else
            memcpy(block + at, lanes + at, 2);
    }
}

static void put_back(const struct walk *walk, uint64_t r, const struct isa_lanes *active, const uint8_t *lanes)
{
    const struct isa_operand *dst = &walk->dst;
    uint32_t blocks = walk->lanes * dst->bytes / ISA_BLOCK_BYTES, all = (1u << ISA_BLOCK_BYTES / dst->bytes) - 1;
    uint8_t *to = walk->ub + dst->addr + r * dst->rpt * ISA_BLOCK_BYTES;

    for (uint32_t k = 0; k < blocks; k++) {
        uint32_t mask = block_mask(dst, active, k);

        if (mask == all)
            memcpy(to, lanes, ISA_BLOCK_BYTES);
        else
            put_lanes(to, lanes, mask, dst->bytes);
        to += (uint64_t)dst->blk * ISA_BLOCK_BYTES;
        lanes += ISA_BLOCK_BYTES;
    }
}

struct repeat {
    _Alignas(64) uint8_t dst[ISA_REPEAT_BYTES], a[ISA_REPEAT_BYTES], b[ISA_REPEAT_BYTES];
};

static void scattered(const struct walk *walk, uint64_t r, const struct isa_lanes *active, struct repeat *lanes)
{
    if (has(walk, VECTOR_READS_DST))
        gather(walk, &walk->dst, r, active, lanes->dst);
    if (has(walk, VECTOR_READS_A))
        gather(walk, &walk->a, r, active, lanes->a);
    if (has(walk, VECTOR_READS_B))
        gather(walk, &walk->b, r, active, lanes->b);
    walk->kernel(lanes->dst, lanes->a, lanes->b, walk->scalar, walk->lanes);
    put_back(walk, r, active, lanes->dst);
}

static void run(const struct walk *walk, const struct isa_exec *x)
{
    uint64_t repeats = isa_repeats(x, walk->lanes);
    struct repeat lanes;

    if (!repeats || try_flat(walk, x, repeats))
        return;
    memset(&lanes, 0, sizeof(lanes)); /* lanes that do not act are computed too, and thrown away */
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, walk->lanes);

        if ((active.bits[0] | active.bits[1]) && !try_row(walk, r, &active))
            scattered(walk, r, &active, &lanes);
    }
}

static struct walk walk_of(const struct isa_exec *x, vector_kernel *kernel, uint32_t reads)
{
    uint32_t to = isa_bytes(x->entry->type), from = isa_bytes(x->entry->from);

    return (struct walk){.ub = x->buffer[ISA_UB],
                         .dst = isa_dst(x, to),
                         .a = isa_src0(x, from),
                         .b = isa_src1(x, from),
                         .kernel = kernel,
                         .scalar = (uint32_t)x->w[2] | (uint64_t)ISA_V_MODE(x->w) << VECTOR_MODE_SHIFT,
                         .reads = reads,
                         .lanes = vector_lanes(x)};
}

void vector_run(const struct isa_exec *x, vector_kernel *kernel, uint32_t reads)
{
    struct walk walk = walk_of(x, kernel, reads);

    run(&walk, x);
}

void vector_run_rows(const struct isa_exec *x, vector_kernel *kernel, uint32_t reads)
{
    struct walk walk = walk_of(x, kernel, reads), row = walk;

    if (!x->state.count_mode) {
        run(&walk, x);
        return;
    }
    for (uint64_t r = 0; r < ISA_V_REPEAT(x->w); r++) {
        row.dst = vector_row(walk.dst, r);
        row.a = vector_row(walk.a, r);
        run(&row, x);
    }
}
