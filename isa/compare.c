/* compare.c - comparisons and selection: see compare.def.
 *
 * Bits of lanes are packed, lowest first; those of a repeat of 64 or 128 lanes fill 8 or 16 bytes, and the next
 * repeat's follow. vcmpv and vcmpvs compare whole repeats: the mask is ignored, and in count mode the last repeat is
 * whole too. vcmp honours it; the bits of its idle lanes become 0, and of several repeats the last stays. A NaN is
 * unequal to everything and neither below nor above.
 */
#include "isa/format.h"
#include "isa/join.h"
#include "isa/row.h"
#include "isa/shapes.h"

enum { BY_CMPMASK, BY_BITS_AT_SRC1, BY_BITS_AT_CMPMASK };

static uint32_t lanes_of(const struct isa_exec *x)
{
    return ISA_REPEAT_BYTES / isa_bytes(x->entry->type);
}

static uint64_t repeat_units(const struct isa_exec *x)
{
    return isa_repeats(x, lanes_of(x));
}

static uint64_t one_unit(const struct isa_exec *x)
{
    (void)x;
    return 1;
}

/* @x with every lane of its repeats active. */
static struct isa_exec whole_repeats(const struct isa_exec *x)
{
    struct isa_exec whole = *x;

    whole.state.mask[0] = x->state.count_mode ? repeat_units(x) * lanes_of(x) : ~0ull;
    whole.state.mask[1] = x->state.count_mode ? 0 : ~0ull;
    return whole;
}

/* ---- shapes of comparisons ---- */

static void compare_spans_of(const struct isa_exec *x, bool has_src1, isa_span_fn *fn, void *ctx)
{
    struct isa_exec whole = whole_repeats(x);
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);
    uint64_t repeats = repeat_units(x);

    isa_lane_spans(&whole, &src0, lanes, ISA_READ, fn, ctx);
    if (has_src1)
        isa_lane_spans(&whole, &src1, lanes, ISA_READ, fn, ctx);
    if (repeats)
        fn(ctx, ISA_WRITE, ISA_UB, x->w[0], repeats * lanes / 8);
}

static void compare_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    compare_spans_of(x, true, fn, ctx);
}

static void compare_scalar_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    compare_spans_of(x, false, fn, ctx);
}

static void compare_mask_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);

    isa_lane_spans(x, &src0, lanes, ISA_READ, fn, ctx);
    isa_lane_spans(x, &src1, lanes, ISA_READ, fn, ctx);
}

const struct isa_shape isa_shape_compare = {.spans = compare_spans,
                                            .refuse = isa_refuse_count,
                                            .units = repeat_units,
                                            .align = {32, 32, 32},
                                            .walks = ISA_WALKS_SRC0 | ISA_WALKS_SRC1};
const struct isa_shape isa_shape_compare_scalar = {.spans = compare_scalar_spans,
                                                   .refuse = isa_refuse_count,
                                                   .units = repeat_units,
                                                   .align = {32, 32, 0},
                                                   .walks = ISA_WALKS_SRC0};
const struct isa_shape isa_shape_compare_mask = {
    .spans = compare_mask_spans, .refuse = isa_refuse_count, .units = repeat_units, .align = {0, 32, 32}};

/* ---- comparing ---- */

/* What a lane is compared as. */
typedef float number_F16, number_F32;
typedef int16_t number_S16;
typedef uint16_t number_U16;
typedef int32_t number_S32;

enum { LANES_F16 = 128, LANES_S16 = 128, LANES_U16 = 128, LANES_F32 = 64, LANES_S32 = 64 };

#define INLINE static inline __attribute__((always_inline))

INLINE void numbers_F16(float *to, const union isa_row *row)
{
    isa_f16_to_f32_n(to, row->u16, LANES_F16);
}
#define NUMBERS(type)                                                                                                  \
    INLINE void numbers_##type(number_##type *to, const union isa_row *row)                                            \
    {                                                                                                                  \
        memcpy(to, row, ISA_REPEAT_BYTES);                                                                             \
    }
NUMBERS(F32)
NUMBERS(S16)
NUMBERS(U16)
NUMBERS(S32)

/* Eight bytes of 0 or 1 as the bits of one: the product brings each to its place in the top byte, and none meets. */
static void pack(uint8_t *bits, const uint8_t *flags, uint32_t lanes)
{
    for (uint32_t k = 0; k < lanes / 8; k++) {
        uint64_t eight;

        memcpy(&eight, flags + 8 * k, 8);
        bits[k] = (uint8_t)(eight * 0x0102040810204080ull >> 56);
    }
}

typedef void compare_row(uint8_t *bits, const union isa_row *a, const union isa_row *b);

/* One function for each type and operator, of whole repeats. */
#define COMPARE_ROW(name, type, op)                                                                                    \
    static void row_##name##_##type(uint8_t *bits, const union isa_row *a, const union isa_row *b)                     \
    {                                                                                                                  \
        number_##type first[LANES_##type], second[LANES_##type];                                                       \
        uint8_t flags[LANES_##type];                                                                                   \
                                                                                                                       \
        numbers_##type(first, a);                                                                                      \
        numbers_##type(second, b);                                                                                     \
        for (uint32_t e = 0; e < LANES_##type; e++)                                                                    \
            flags[e] = first[e] op second[e];                                                                          \
        pack(bits, flags, LANES_##type);                                                                               \
    }

/* vcmpv, vcmpvs. */
static void compare(const struct isa_exec *x, bool has_src1, compare_row *row)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);
    struct isa_lanes all = isa_all_lanes(lanes);
    uint64_t repeats = repeat_units(x);
    union isa_row a, b;

    if (!has_src1)
        for (uint32_t e = 0; e < lanes; e++)
            memcpy(b.u8 + e * bytes, &x->w[2], bytes);
    for (uint64_t r = 0; r < repeats; r++) {
        isa_row_take(&a, x->buffer[ISA_UB], &src0, r, &all, lanes);
        if (has_src1)
            isa_row_take(&b, x->buffer[ISA_UB], &src1, r, &all, lanes);
        row(x->buffer[ISA_UB] + x->w[0] + r * lanes / 8, &a, &b);
    }
}

/* vcmp. */
static void compare_mask(const struct isa_exec *x, compare_row *row)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);
    uint64_t repeats = repeat_units(x), r = repeats - 1, bits[2] = {0, 0};
    struct isa_lanes active;
    union isa_row a, b;

    if (!repeats)
        return;
    active = isa_active(x, r, lanes);
    isa_row_take(&a, x->buffer[ISA_UB], &src0, r, &active, lanes);
    isa_row_take(&b, x->buffer[ISA_UB], &src1, r, &active, lanes);
    row((uint8_t *)bits, &a, &b);
    x->v->cmpmask[0] = bits[0] & active.bits[0];
    x->v->cmpmask[1] = bits[1] & active.bits[1];
}

/* ---- selection ---- */

static uint64_t bits_addr(const struct isa_exec *x)
{
    return ISA_V_MODE(x->w) == BY_BITS_AT_SRC1 ? x->w[2] : (uint32_t)x->v->cmpmask[0];
}

/* The bytes of the bit array in which a bit of an active lane stands. */
static void bit_spans(const struct isa_exec *x, uint32_t lanes, isa_span_fn *fn, void *ctx)
{
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = ISA_READ, .space = ISA_UB};
    uint64_t repeats = isa_repeats(x, lanes);
    uint64_t first_lanes = x->state.count_mode ? x->state.mask[0] : repeats * lanes;

    if (x->state.count_mode || isa_all_act(x, repeats, lanes)) {
        if (first_lanes)
            fn(ctx, ISA_READ, ISA_UB, bits_addr(x), (first_lanes + 7) / 8);
        return;
    }
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        for (uint32_t k = 0; k < lanes / 8; k++)
            if (isa_lanes_at(&active, 8 * k, 8))
                isa_join_add(&join, bits_addr(x) + r * lanes / 8 + k, 1);
    }
    isa_join_end(&join);
}

static void select_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand dst = isa_dst(x, bytes), src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);

    isa_lane_spans(x, &src0, lanes, ISA_READ, fn, ctx);
    if (ISA_V_MODE(x->w) != BY_BITS_AT_SRC1)
        isa_lane_spans(x, &src1, lanes, ISA_READ, fn, ctx);
    if (ISA_V_MODE(x->w) != BY_CMPMASK)
        bit_spans(x, lanes, fn, ctx);
    isa_lane_spans(x, &dst, lanes, ISA_WRITE, fn, ctx);
}

static const char *select_refuse(const struct isa_exec *x)
{
    return ISA_V_MODE(x->w) > BY_BITS_AT_CMPMASK ? "mode is above 2; allowed: 0 to 2" : isa_refuse_count(x);
}

const struct isa_shape isa_shape_select = {.spans = select_spans,
                                           .refuse = select_refuse,
                                           .units = repeat_units,
                                           .align = {32, 32, 32},
                                           .walks = ISA_WALKS_DST};

/* The bits of the active lanes of repeat @r; other bits need not be there. */
static void take_bits(const struct isa_exec *x, uint8_t *bits, uint64_t r, const struct isa_lanes *active,
                      uint32_t lanes)
{
    const uint8_t *from;

    if (ISA_V_MODE(x->w) == BY_CMPMASK) {
        memcpy(bits, x->v->cmpmask, 16);
        return;
    }
    from = x->buffer[ISA_UB] + bits_addr(x) + r * lanes / 8;
    if (isa_all_lanes_act(active, lanes)) {
        memcpy(bits, from, lanes / 8);
        return;
    }
    for (uint32_t k = 0; k < lanes / 8; k++)
        bits[k] = isa_lanes_at(active, 8 * k, 8) ? from[k] : 0;
}

#define CHOOSE(member, lanes)                                                                                          \
    for (uint32_t k = 0; k < (lanes) / 8; k++)                                                                         \
        for (uint32_t j = 0; j < 8; j++) {                                                                             \
            uint32_t e = 8 * k + j;                                                                                    \
                                                                                                                       \
            to->member[e] = bits[k] & 1 << j ? a->member[e] : b->member[e];                                            \
        }

static void choose(union isa_row *to, const uint8_t *bits, const union isa_row *a, const union isa_row *b,
                   uint32_t lanes)
{
    if (lanes == ISA_REPEAT_BYTES / 2)
        CHOOSE(u16, ISA_REPEAT_BYTES / 2)
    else
        CHOOSE(u32, ISA_REPEAT_BYTES / 4)
}

static void vsel(const struct isa_exec *x)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand dst = isa_dst(x, bytes), src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);
    bool has_src1 = ISA_V_MODE(x->w) != BY_BITS_AT_SRC1;
    uint64_t repeats = isa_repeats(x, lanes);
    union isa_row to, a, b;
    uint8_t bits[ISA_LANES_MAX / 8];

    if (!has_src1)
        for (uint32_t e = 0; e < lanes; e++)
            memcpy(b.u8 + e * bytes, x->v->cmpmask, bytes);
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, lanes);

        isa_row_take(&a, x->buffer[ISA_UB], &src0, r, &active, lanes);
        if (has_src1)
            isa_row_take(&b, x->buffer[ISA_UB], &src1, r, &active, lanes);
        take_bits(x, bits, r, &active, lanes);
        choose(&to, bits, &a, &b, lanes);
        isa_row_put(x->buffer[ISA_UB], &dst, r, &active, lanes, &to);
    }
}

/* ---- CMPMASK ---- */

static void set_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    fn(ctx, ISA_READ, ISA_UB, x->w[0], 16);
}

static void get_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    fn(ctx, ISA_WRITE, ISA_UB, x->w[0], 16);
}

const struct isa_shape isa_shape_set_cmpmask = {.spans = set_spans, .units = one_unit, .align = {16, 0, 0}};
const struct isa_shape isa_shape_get_cmpmask = {.spans = get_spans, .units = one_unit, .align = {16, 0, 0}};

static void set_cmpmask(const struct isa_exec *x)
{
    memcpy(x->v->cmpmask, x->buffer[ISA_UB] + x->w[0], 16);
}

static void get_cmpmask(const struct isa_exec *x)
{
    memcpy(x->buffer[ISA_UB] + x->w[0], x->v->cmpmask, 16);
}

/* ---- bodies ---- */

#define BODY(name, type, call)                                                                                         \
    void isa_body_##name##_##type(const struct isa_exec *x)                                                            \
    {                                                                                                                  \
        call;                                                                                                          \
    }
#define COMPARE(name, type, ctype, op)                                                                                 \
    COMPARE_ROW(name, type, op)                                                                                        \
    BODY(name, type, compare(x, true, row_##name##_##type))
#define COMPARE_SCALAR(name, type, ctype, op)                                                                          \
    COMPARE_ROW(name, type, op)                                                                                        \
    BODY(name, type, compare(x, false, row_##name##_##type))
#define COMPARE_MASK(name, type, ctype, op)                                                                            \
    COMPARE_ROW(name, type, op)                                                                                        \
    BODY(name, type, compare_mask(x, row_##name##_##type))
#define SELECT(name, type, ctype)      BODY(name, type, vsel(x))
#define CMPMASK(name, type, qualifier) BODY(name, type, name(x))

#include "isa/compare.def"
