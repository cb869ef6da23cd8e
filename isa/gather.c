/* gather.c - vbrcb, vgather, vgatherb: see permute.def.
 *
 * All three read what one repeat needs before they write it, so the destination may be where the operand is, as long as
 * no repeat writes over what a later one reads (the tile library does so: TGATHER, TCI). What a write would change is
 * refused. Only vgather heeds the mask.
 * Source of the mask's part: hiascend.com, CCE intrinsic API, vgather and vgatherb.
 */
#include <inttypes.h>
#include <string.h>

#include "isa/lanes.h"
#include "isa/refusal.h"
#include "isa/shapes.h"

enum { PER_REPEAT = 8 }; /* blocks written, and scalars or offsets read */

/* Whether a repeat that writes @to_bytes at @to + r @to_step changes what a later one reads: @from_step bytes each, in
 * a row from @from on. */
static bool overwrites(uint64_t to, uint64_t to_step, uint64_t to_bytes, uint64_t from, uint64_t from_step,
                       uint64_t repeats)
{
    for (uint64_t r = 0; r + 1 < repeats; r++)
        if (to + r * to_step < from + repeats * from_step && from + (r + 1) * from_step < to + r * to_step + to_bytes)
            return true;
    return false;
}

static bool in_ub(const struct isa_exec *x, uint64_t addr, uint64_t bytes)
{
    return addr <= x->bytes[ISA_UB] && bytes <= x->bytes[ISA_UB] - addr;
}

/* From the first to the last byte of a repeat's eight blocks. */
static uint64_t extent(const struct isa_operand *dst)
{
    return ((PER_REPEAT - 1) * (uint64_t)dst->blk + 1) * ISA_BLOCK_BYTES;
}

static void tell_blocks(const struct isa_operand *dst, uint64_t repeats, isa_span_fn *fn, void *ctx)
{
    if (isa_flat(dst, repeats, ISA_REPEAT_BYTES / dst->bytes) && repeats) {
        fn(ctx, ISA_WRITE, ISA_UB, dst->addr, repeats * ISA_REPEAT_BYTES);
        return;
    }
    for (uint64_t r = 0; r < repeats; r++)
        for (uint64_t i = 0; i < PER_REPEAT; i++)
            fn(ctx, ISA_WRITE, ISA_UB, dst->addr + (r * dst->rpt + i * dst->blk) * ISA_BLOCK_BYTES, ISA_BLOCK_BYTES);
}

static uint64_t repeat_units(const struct isa_exec *x)
{
    return ISA_V_REPEAT(x->w);
}

/* ---- vbrcb: eight scalars a repeat, each all over a block ---- */

static void vbrcb_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct isa_operand dst = isa_dst(x, isa_bytes(x->entry->type));
    uint64_t repeats = ISA_V_REPEAT(x->w);

    if (repeats)
        fn(ctx, ISA_READ, ISA_UB, x->w[1], repeats * PER_REPEAT * dst.bytes);
    tell_blocks(&dst, repeats, fn, ctx);
}

static const char *vbrcb_refuse(const struct isa_exec *x)
{
    struct isa_operand dst = isa_dst(x, isa_bytes(x->entry->type));

    if (overwrites(dst.addr, (uint64_t)dst.rpt * ISA_BLOCK_BYTES, extent(&dst), x->w[1], PER_REPEAT * dst.bytes,
                   ISA_V_REPEAT(x->w)))
        return "dst overlaps what a later repeat reads of src";
    return NULL;
}

const struct isa_shape isa_shape_vbrcb = {
    .spans = vbrcb_spans, .refuse = vbrcb_refuse, .units = repeat_units, .align = {32, 32}};

#define VBRCB(type, ctype)                                                                                             \
    void isa_body_vbrcb_##type(const struct isa_exec *x)                                                               \
    {                                                                                                                  \
        struct isa_operand dst = isa_dst(x, sizeof(ctype));                                                            \
                                                                                                                       \
        for (uint64_t r = 0; r < ISA_V_REPEAT(x->w); r++) {                                                            \
            ctype scalar[PER_REPEAT], block[ISA_BLOCK_BYTES / sizeof(ctype)];                                          \
                                                                                                                       \
            memcpy(scalar, x->buffer[ISA_UB] + x->w[1] + r * sizeof(scalar), sizeof(scalar));                          \
            for (uint64_t i = 0; i < PER_REPEAT; i++) {                                                                \
                for (uint64_t e = 0; e < ISA_BLOCK_BYTES / sizeof(ctype); e++)                                         \
                    block[e] = scalar[i];                                                                              \
                memcpy(x->buffer[ISA_UB] + dst.addr + (r * dst.rpt + i * dst.blk) * ISA_BLOCK_BYTES, block,            \
                       sizeof(block));                                                                                 \
            }                                                                                                          \
        }                                                                                                              \
    }
VBRCB(U16, uint16_t)
VBRCB(U32, uint32_t)

/* ---- vgather: elements; vgatherb: blocks ---- */

/* Where entry @i of the offsets points. Offsets count from the base, modulo 2^32. */
static uint64_t target(const struct isa_exec *x, uint64_t i)
{
    uint32_t offset;

    memcpy(&offset, x->buffer[ISA_UB] + x->w[1] + i * sizeof(offset), sizeof(offset));
    return (uint32_t)(x->w[2] + offset);
}

static const char *refuse_target(const struct isa_exec *x, uint64_t i, uint32_t bytes)
{
    uint64_t addr = target(x, i);

    if (addr % bytes)
        return isa_refusal("offset %" PRIu64 " leads to UB+0x%" PRIx64 "; allowed: multiples of %u", i, addr, bytes);
    return NULL;
}

static const char *refuse_base(const struct isa_exec *x)
{
    if (x->w[2] > UINT32_MAX)
        return isa_refusal("the base is 0x%" PRIx64 "; allowed: addresses of UB", x->w[2]);
    return NULL;
}

static uint32_t gather_lanes(const struct isa_exec *x)
{
    return ISA_REPEAT_BYTES / isa_bytes(x->entry->type);
}

/* The offsets as an operand: in a row, whatever the destination's strides. */
static struct isa_operand offsets_of(const struct isa_exec *x, uint32_t lanes)
{
    return (struct isa_operand){x->w[1], 4, 1, lanes * 4 / ISA_BLOCK_BYTES};
}

/* Call @fn for every active lane's data. */
static void tell_targets(const struct isa_exec *x, uint32_t lanes, uint32_t bytes, isa_span_fn *fn, void *ctx)
{
    for (uint64_t r = 0; r < isa_repeats(x, lanes); r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        for (uint32_t e = 0; e < lanes; e++)
            if (isa_acts(&active, e))
                fn(ctx, ISA_READ, ISA_UB, target(x, r * lanes + e), bytes);
    }
}

/* How many offsets vgather may look at. */
static uint64_t gather_entries(const struct isa_exec *x, uint32_t lanes)
{
    return x->state.count_mode ? x->state.mask[0] : (uint64_t)ISA_V_REPEAT(x->w) * lanes;
}

static bool offsets_in_ub(const struct isa_exec *x, uint64_t entries)
{
    return in_ub(x, x->w[1], entries * 4);
}

static void vgather_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    uint32_t lanes = gather_lanes(x);
    struct isa_operand dst = isa_dst(x, isa_bytes(x->entry->type)), offsets = offsets_of(x, lanes);

    isa_lane_spans(x, &offsets, lanes, ISA_READ, fn, ctx);
    if (offsets_in_ub(x, gather_entries(x, lanes)))
        tell_targets(x, lanes, dst.bytes, fn, ctx);
    isa_lane_spans(x, &dst, lanes, ISA_WRITE, fn, ctx);
}

static const char *vgather_refuse(const struct isa_exec *x)
{
    uint32_t lanes = gather_lanes(x);
    struct isa_operand dst = isa_dst(x, isa_bytes(x->entry->type));
    const char *why = refuse_base(x);

    if (!why)
        why = isa_range("the number of elements", gather_entries(x, lanes), 0, x->bytes[ISA_UB]);
    if (!why)
        why = isa_range("dstRepeatStride", dst.rpt, 0, 4095);
    if (!why && overwrites(dst.addr, (uint64_t)dst.rpt * ISA_BLOCK_BYTES, ISA_REPEAT_BYTES, x->w[1], lanes * 4,
                           isa_repeats(x, lanes)))
        why = "dst overlaps the offsets of a later repeat";
    if (why || !offsets_in_ub(x, gather_entries(x, lanes)))
        return why;
    for (uint64_t r = 0; !why && r < isa_repeats(x, lanes); r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        for (uint32_t e = 0; e < lanes && !why; e++)
            if (isa_acts(&active, e))
                why = refuse_target(x, r * lanes + e, dst.bytes);
    }
    return why;
}

static uint64_t vgather_units(const struct isa_exec *x)
{
    return isa_repeats(x, gather_lanes(x));
}

const struct isa_shape isa_shape_vgather = {
    .spans = vgather_spans, .refuse = vgather_refuse, .units = vgather_units, .align = {32, 32}};

#define VGATHER(type, ctype)                                                                                           \
    void isa_body_vgather_##type(const struct isa_exec *x)                                                             \
    {                                                                                                                  \
        uint32_t lanes = ISA_REPEAT_BYTES / sizeof(ctype);                                                             \
        uint8_t *ub = x->buffer[ISA_UB];                                                                               \
                                                                                                                       \
        for (uint64_t r = 0; r < isa_repeats(x, lanes); r++) {                                                         \
            struct isa_lanes active = isa_active(x, r, lanes);                                                         \
            ctype *dst = (ctype *)(ub + x->w[0] + r * ISA_V_DST_RPT(x->w) * ISA_BLOCK_BYTES), value[lanes];            \
                                                                                                                       \
            for (uint32_t e = 0; e < lanes; e++)                                                                       \
                if (isa_acts(&active, e))                                                                              \
                    value[e] = *(const ctype *)(ub + target(x, r * lanes + e));                                        \
            for (uint32_t e = 0; e < lanes; e++)                                                                       \
                if (isa_acts(&active, e))                                                                              \
                    dst[e] = value[e];                                                                                 \
        }                                                                                                              \
    }
VGATHER(U16, uint16_t)
VGATHER(U32, uint32_t)

static void vgatherb_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct isa_operand dst = isa_dst(x, 4);
    uint64_t repeats = ISA_V_REPEAT(x->w);

    if (repeats)
        fn(ctx, ISA_READ, ISA_UB, x->w[1], repeats * PER_REPEAT * 4);
    for (uint64_t i = 0; offsets_in_ub(x, repeats * PER_REPEAT) && i < repeats * PER_REPEAT; i++)
        fn(ctx, ISA_READ, ISA_UB, target(x, i), ISA_BLOCK_BYTES);
    tell_blocks(&dst, repeats, fn, ctx);
}

static const char *vgatherb_refuse(const struct isa_exec *x)
{
    struct isa_operand dst = isa_dst(x, 4);
    uint64_t repeats = ISA_V_REPEAT(x->w);
    const char *why = refuse_base(x);

    if (!why)
        why = isa_range("dstRepeatStride", dst.rpt, 0, 4095);
    if (!why &&
        overwrites(dst.addr, (uint64_t)dst.rpt * ISA_BLOCK_BYTES, extent(&dst), x->w[1], PER_REPEAT * 4, repeats))
        why = "dst overlaps the offsets of a later repeat";
    if (!offsets_in_ub(x, repeats * PER_REPEAT))
        return why;
    for (uint64_t i = 0; !why && i < repeats * PER_REPEAT; i++)
        why = refuse_target(x, i, ISA_BLOCK_BYTES);
    return why;
}

const struct isa_shape isa_shape_vgatherb = {
    .spans = vgatherb_spans, .refuse = vgatherb_refuse, .units = repeat_units, .align = {32, 32}};

void isa_body_vgatherb_U32(const struct isa_exec *x)
{
    struct isa_operand dst = isa_dst(x, 4);
    uint8_t *ub = x->buffer[ISA_UB];

    for (uint64_t r = 0; r < ISA_V_REPEAT(x->w); r++) {
        uint8_t block[PER_REPEAT][ISA_BLOCK_BYTES];

        for (uint64_t i = 0; i < PER_REPEAT; i++)
            memcpy(block[i], ub + target(x, r * PER_REPEAT + i), ISA_BLOCK_BYTES);
        for (uint64_t i = 0; i < PER_REPEAT; i++)
            memcpy(ub + dst.addr + (r * dst.rpt + i * dst.blk) * ISA_BLOCK_BYTES, block[i], ISA_BLOCK_BYTES);
    }
}
