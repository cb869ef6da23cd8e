/* compact.c - vreducev2: the elements that a mask chooses, one behind the other; see permute.def.
 *
 * Modes 1 and 2 choose the first or second of each two elements, 3 to 6 one of each four, 7 all, 0 those whose bit is
 * set in the mask in UB (src1; bit e of a repeat's part). What is chosen goes to dst without gaps, over all repeats;
 * how many these are is left for get_rsvd_cnt. The repeat field counts in both mask modes: in norm mode a repeat is 256
 * B and the vector mask is ignored, in count mode it is as many elements as the count says, more than 256 B or fewer.
 * Source: the tile library's TGATHER and what its tests expect (pto-isa 3186c381); Ascend C's GatherMask says the same.
 */
#include <inttypes.h>
#include <string.h>

#include "isa/lanes.h"
#include "isa/refusal.h"
#include "isa/shapes.h"

enum { MODE_MASK = 0, MODE_ALL = 7 };

struct compact {
    uint32_t mode, bytes;
    uint64_t repeats, elements; /* elements: of a repeat */
    struct isa_operand src;
    uint64_t mask, mask_step;
};

static struct compact compact_of(const struct isa_exec *x)
{
    uint32_t bytes = isa_bytes(x->entry->type);

    return (struct compact){
        .mode = ISA_V_MODE(x->w),
        .bytes = bytes,
        .repeats = ISA_V_REPEAT(x->w),
        .elements = x->state.count_mode ? x->state.mask[0] : ISA_REPEAT_BYTES / bytes,
        .src = isa_src0(x, bytes),
        .mask = x->w[2],
        .mask_step = (uint64_t)ISA_V_SRC1_RPT(x->w) * ISA_BLOCK_BYTES,
    };
}

static uint64_t mask_bytes(const struct compact *c)
{
    return (c->elements + 7) / 8;
}

static bool chosen(const struct isa_exec *x, const struct compact *c, uint64_t r, uint64_t e)
{
    if (c->mode == MODE_MASK)
        return x->buffer[ISA_UB][c->mask + r * c->mask_step + e / 8] >> e % 8 & 1;
    if (c->mode == MODE_ALL)
        return true;
    return c->mode <= 2 ? e % 2 == c->mode - 1 : e % 4 == c->mode - 3;
}

static bool mask_in_ub(const struct isa_exec *x, const struct compact *c)
{
    uint64_t bytes = (c->repeats - 1) * c->mask_step + mask_bytes(c);

    return !c->repeats || (c->mask <= x->bytes[ISA_UB] && bytes <= x->bytes[ISA_UB] - c->mask);
}

/* Elements that are chosen of all repeats. */
static uint64_t total(const struct isa_exec *x, const struct compact *c)
{
    uint64_t n = c->elements, sum = 0;

    if (c->mode == MODE_ALL)
        return c->repeats * n;
    if (c->mode != MODE_MASK)
        return c->repeats * (c->mode <= 2 ? (n + 2 - c->mode) / 2 : (n + 6 - c->mode) / 4);
    for (uint64_t r = 0; mask_in_ub(x, c) && r < c->repeats; r++)
        for (uint64_t e = 0; e < n; e++)
            sum += chosen(x, c, r, e);
    return sum;
}

/* The source is told as whole blocks in a row: which of their elements are chosen does not change what the hardware
 * fetches. */
static void tell_source(const struct compact *c, isa_span_fn *fn, void *ctx)
{
    uint64_t per_block = ISA_BLOCK_BYTES / c->bytes;

    for (uint64_t r = 0; c->elements && r < c->repeats; r++) {
        uint64_t addr = c->src.addr + r * c->src.rpt * ISA_BLOCK_BYTES;

        if (c->src.blk == 1) {
            fn(ctx, ISA_READ, ISA_UB, addr, c->elements * c->bytes);
            continue;
        }
        for (uint64_t e = 0; e < c->elements; e += per_block)
            fn(ctx, ISA_READ, ISA_UB, addr + e / per_block * c->src.blk * ISA_BLOCK_BYTES,
               (c->elements - e < per_block ? c->elements - e : per_block) * c->bytes);
    }
}

static void vreducev2_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct compact c = compact_of(x);
    uint64_t chosen_elements = total(x, &c);

    tell_source(&c, fn, ctx);
    for (uint64_t r = 0; c.mode == MODE_MASK && c.elements && r < c.repeats; r++)
        fn(ctx, ISA_READ, ISA_UB, c.mask + r * c.mask_step, mask_bytes(&c));
    if (chosen_elements)
        fn(ctx, ISA_WRITE, ISA_UB, x->w[0], chosen_elements * c.bytes);
}

static const char *vreducev2_refuse(const struct isa_exec *x)
{
    struct compact c = compact_of(x);
    const char *why = isa_range("patternMode", c.mode, MODE_MASK, MODE_ALL);
    uint64_t to = x->w[0], mask_end = c.mask + (c.repeats - 1) * c.mask_step + mask_bytes(&c);

    if (!why)
        why = isa_range("the count of the vector mask", c.elements, 0, x->bytes[ISA_UB] / c.bytes);
    if (why || c.mode != MODE_MASK || !c.repeats)
        return why;
    if (c.mask % ISA_BLOCK_BYTES)
        return isa_refusal("src1 is 0x%" PRIx64 "; allowed: multiples of 32", c.mask);
    if (to < mask_end && c.mask < to + total(x, &c) * c.bytes)
        return "dst overlaps the mask";
    return NULL;
}

static uint64_t vreducev2_units(const struct isa_exec *x)
{
    struct compact c = compact_of(x);

    return c.repeats * ((c.elements * c.bytes + ISA_REPEAT_BYTES - 1) / ISA_REPEAT_BYTES);
}

const struct isa_shape isa_shape_vreducev2 = {
    .spans = vreducev2_spans, .refuse = vreducev2_refuse, .units = vreducev2_units, .align = {32, 32}};

/* dst may be src: what is written has been read, as nothing moves to the right. */
#define VREDUCEV2(type, ctype)                                                                                         \
    void isa_body_vreducev2_##type(const struct isa_exec *x)                                                           \
    {                                                                                                                  \
        struct compact c = compact_of(x);                                                                              \
        uint8_t *ub = x->buffer[ISA_UB], *to = ub + x->w[0];                                                           \
        uint64_t per_block = ISA_BLOCK_BYTES / sizeof(ctype);                                                          \
                                                                                                                       \
        for (uint64_t r = 0; r < c.repeats; r++)                                                                       \
            for (uint64_t e = 0; e < c.elements; e++)                                                                  \
                if (chosen(x, &c, r, e)) {                                                                             \
                    uint64_t block = r * c.src.rpt + e / per_block * c.src.blk;                                        \
                                                                                                                       \
                    memmove(to, ub + c.src.addr + block * ISA_BLOCK_BYTES + e % per_block * sizeof(ctype),             \
                            sizeof(ctype));                                                                            \
                    to += sizeof(ctype);                                                                               \
                }                                                                                                      \
        x->v->rsvd_cnt = (uint64_t)(to - (ub + x->w[0])) / sizeof(ctype);                                              \
    }
VREDUCEV2(U16, uint16_t)
VREDUCEV2(U32, uint32_t)
