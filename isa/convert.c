/* convert.c - conversions: which bytes they touch, and their walk over repeats. What is done to a lane: convert_lane.c.
 *
 * The two sides of a conversion differ in width, so each has its own blocks; a repeat has the lanes of the wider one.
 * S4 is the exception to everything: it is walked as bytes of two lanes. Where only one lane of a destination byte
 * acts, the other half of the byte stays as it is, so the byte is read as well.
 */
#include "isa/convert.h"
#include "isa/shapes.h"

static uint32_t lanes_of(const struct isa_exec *x)
{
    uint32_t to = isa_bytes(x->entry->type), from = isa_bytes(x->entry->from);

    return ISA_REPEAT_BYTES / (to > from ? to : from);
}

/* Bit k: whether one (or @both) of lanes 2k and 2k + 1 acts. */
static struct isa_lanes halved(const struct isa_lanes *active, bool both)
{
    struct isa_lanes bytes = {{0, 0}};

    if (isa_all_lanes_act(active, ISA_LANES_MAX))
        return isa_all_lanes(ISA_LANES_MAX / 2);
    for (uint32_t k = 0; k < 64; k++) {
        uint32_t pair = isa_lanes_at(active, 2 * k, 2);

        if (both ? pair == 3 : pair != 0)
            bytes.bits[0] |= 1ull << k;
    }
    return bytes;
}

/* ---- spans ---- */

/* The bytes of S4 lanes are lanes of an instruction with half as many. */
static void s4_spans(const struct isa_exec *x, const struct isa_operand *operand, uint32_t lanes,
                     enum isa_access access, isa_span_fn *fn, void *ctx)
{
    struct isa_exec bytes = *x;
    struct isa_lanes active = isa_active(x, 0, lanes), some = halved(&active, false), whole = halved(&active, true);
    uint64_t last = x->state.mask[0] / 2;

    if (x->state.count_mode)
        bytes.state.mask[0] = (x->state.mask[0] + 1) / 2;
    else
        bytes.state.mask[0] = some.bits[0];
    bytes.state.mask[1] = 0;
    isa_lane_spans(&bytes, operand, lanes / 2, access, fn, ctx);
    if (access == ISA_READ)
        return;
    if (!x->state.count_mode) {
        bytes.state.mask[0] = some.bits[0] & ~whole.bits[0];
        if (bytes.state.mask[0])
            isa_lane_spans(&bytes, operand, lanes / 2, ISA_READ, fn, ctx);
    } else if (x->state.mask[0] % 2) {
        fn(ctx, ISA_READ, ISA_UB, isa_lane_addr(operand, last / (lanes / 2), (uint32_t)(last % (lanes / 2))), 1);
    }
}

static void side_spans(const struct isa_exec *x, const struct isa_operand *operand, enum isa_type type,
                       enum isa_access access, isa_span_fn *fn, void *ctx)
{
    if (type == ISA_S4)
        s4_spans(x, operand, lanes_of(x), access, fn, ctx);
    else
        isa_lane_spans(x, operand, lanes_of(x), access, fn, ctx);
}

static void convert_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct isa_operand dst = isa_dst(x, isa_bytes(x->entry->type)), src = isa_src0(x, isa_bytes(x->entry->from));

    side_spans(x, &src, x->entry->from, ISA_READ, fn, ctx);
    side_spans(x, &dst, x->entry->type, ISA_WRITE, fn, ctx);
}

static void relu_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct isa_operand src1 = isa_src1(x, isa_bytes(x->entry->from));

    side_spans(x, &src1, x->entry->from, ISA_READ, fn, ctx);
    convert_spans(x, fn, ctx);
}

static uint64_t repeat_units(const struct isa_exec *x)
{
    return isa_repeats(x, lanes_of(x));
}

/* The trailing bool would put the narrow results into the upper half of something; the sources do not say of what. */
static const char *relu_refuse(const struct isa_exec *x)
{
    return ISA_V_MODE(x->w) ? "its last argument is true; allowed: false" : isa_refuse_count(x);
}

const struct isa_shape isa_shape_convert = {
    .spans = convert_spans,
    .refuse = isa_refuse_count,
    .units = repeat_units,
    .align = {32, 32, 0},
    .walks = ISA_WALKS_DST | ISA_WALKS_SRC0,
};

const struct isa_shape isa_shape_convert_relu = {
    .spans = relu_spans,
    .refuse = relu_refuse,
    .units = repeat_units,
    .align = {32, 32, 32},
    .walks = ISA_WALKS_DST | ISA_WALKS_SRC0 | ISA_WALKS_SRC1,
};

/* ---- bodies ---- */

static void take(const struct isa_exec *x, union isa_row *row, const struct isa_operand *src, uint64_t r,
                 const struct isa_lanes *active, uint32_t lanes)
{
    struct isa_lanes bytes;

    if (x->entry->from != ISA_S4) {
        isa_row_take(row, x->buffer[ISA_UB], src, r, active, lanes);
        return;
    }
    bytes = halved(active, false);
    isa_row_take(row, x->buffer[ISA_UB], src, r, &bytes, lanes / 2);
}

static void put(const struct isa_exec *x, union isa_row *row, const struct isa_operand *dst, uint64_t r,
                const struct isa_lanes *active, uint32_t lanes)
{
    struct isa_lanes some, whole;
    uint64_t part;

    if (x->entry->type != ISA_S4) {
        isa_row_put(x->buffer[ISA_UB], dst, r, active, lanes, row);
        return;
    }
    some = halved(active, false);
    whole = halved(active, true);
    for (part = some.bits[0] & ~whole.bits[0]; part; part &= part - 1) {
        uint32_t k = (uint32_t)__builtin_ctzll(part);
        uint8_t keep = isa_acts(active, 2 * k) ? 0xf0 : 0x0f, old = x->buffer[ISA_UB][isa_lane_addr(dst, r, k)];

        row->u8[k] = (uint8_t)((old & keep) | (row->u8[k] & ~keep));
    }
    isa_row_put(x->buffer[ISA_UB], dst, r, &some, lanes / 2, row);
}

void isa_convert(const struct isa_exec *x, uint32_t sources, isa_convert_row *row)
{
    struct isa_operand dst = isa_dst(x, isa_bytes(x->entry->type)), src0 = isa_src0(x, isa_bytes(x->entry->from)),
                       src1 = isa_src1(x, isa_bytes(x->entry->from));
    uint32_t lanes = lanes_of(x);
    uint64_t repeats = isa_repeats(x, lanes);
    union isa_row to, from0, from1;

    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        if (isa_none_acts(&active))
            continue;
        take(x, &from0, &src0, r, &active, lanes);
        if (sources > 1)
            take(x, &from1, &src1, r, &active, lanes);
        row(x, &to, &from0, sources > 1 ? &from1 : NULL);
        put(x, &to, &dst, r, &active, lanes);
    }
}
