/* reduce.c - reductions inside a repeat: see reduce.def.
 *
 * Every form has the same picture: the lanes of a repeat fall into groups of neighbours (all of them, those of a block,
 * two), and each group with an active lane gives one result; results of a repeat stand side by side. Where the next
 * repeat's stand is told by the destination's repeat stride, in its own unit: whole repeats count results (vcmax and
 * vcmin with both value and index: pairs; index alone: 4 B), groups count eights of results, pairs count 32 B blocks.
 *
 * Sums are made as the vendor describes it, in a binary tree of neighbours: (0+1)+(2+3), ... Half precision is rounded
 * at every level. A lane that does not act adds nothing, not even to the sign of a zero. vcmax and vcmin give the first
 * of equal lanes (zeros of both signs are equal), and the first NaN if there is one.
 */
#include "isa/format.h"
#include "isa/join.h"
#include "isa/row.h"
#include "isa/shapes.h"

/* Order_t (include/cce/reduce.h) */
enum { VALUE_INDEX, INDEX_VALUE, ONLY_VALUE, ONLY_INDEX };

/* How the results of an instruction lie. */
struct results {
    uint32_t lanes;  /* of a repeat */
    uint32_t group;  /* lanes for a result */
    uint32_t bytes;  /* of a result */
    uint32_t stride; /* bytes from repeat to repeat */
};

static uint32_t lanes_of(const struct isa_exec *x)
{
    return ISA_REPEAT_BYTES / isa_bytes(x->entry->type);
}

/* One result a repeat, of @bytes. */
static struct results whole_results(const struct isa_exec *x, uint32_t bytes)
{
    return (struct results){lanes_of(x), lanes_of(x), bytes, ISA_V_DST_RPT(x->w) * bytes};
}

static struct results add_results(const struct isa_exec *x)
{
    return whole_results(x, isa_bytes(x->entry->type));
}

static struct results extreme_results(const struct isa_exec *x)
{
    uint32_t bytes = isa_bytes(x->entry->type), order = ISA_V_MODE(x->w);

    return whole_results(x, order == ONLY_INDEX ? 4 : order == ONLY_VALUE ? bytes : 2 * bytes);
}

static struct results group_results(const struct isa_exec *x)
{
    uint32_t bytes = isa_bytes(x->entry->type);

    return (struct results){lanes_of(x), lanes_of(x) / 8, bytes, ISA_V_DST_RPT(x->w) * 8 * bytes};
}

static struct results pair_results(const struct isa_exec *x)
{
    return (struct results){lanes_of(x), 2, isa_bytes(x->entry->type), ISA_V_DST_RPT(x->w) * ISA_BLOCK_BYTES};
}

static bool has_result(const struct isa_lanes *active, const struct results *results, uint32_t k)
{
    uint32_t first = k * results->group;

    if (results->group > 32)
        return !isa_none_acts(active);
    return isa_lanes_at(active, first, results->group) != 0;
}

/* ---- shapes ---- */

static void tell(const struct isa_exec *x, struct results results, isa_span_fn *fn, void *ctx)
{
    struct isa_operand src = isa_src0(x, isa_bytes(x->entry->type));
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = ISA_WRITE, .space = ISA_UB};
    uint64_t repeats = isa_repeats(x, results.lanes);

    isa_lane_spans(x, &src, results.lanes, ISA_READ, fn, ctx);
    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, results.lanes);
        bool all = isa_all_lanes_act(&active, results.lanes);
        uint32_t count = results.lanes / results.group, joined = all ? count : 1;

        for (uint32_t k = 0; k < count; k += joined)
            if (all || has_result(&active, &results, k))
                isa_join_add(&join, x->w[0] + r * results.stride + k * results.bytes, joined * results.bytes);
    }
    isa_join_end(&join);
}

static void add_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    tell(x, add_results(x), fn, ctx);
}

static void extreme_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    tell(x, extreme_results(x), fn, ctx);
}

static void group_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    tell(x, group_results(x), fn, ctx);
}

static void pair_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    tell(x, pair_results(x), fn, ctx);
}

/* A destination needs no block of its own, only the alignment of its results, of @bytes each. */
static const char *refuse_results(const struct isa_exec *x, uint32_t bytes)
{
    if (x->w[0] % bytes == 0)
        return isa_refuse_count(x);
    return bytes == 2   ? "operand 0 is not aligned to 2 bytes"
           : bytes == 4 ? "operand 0 is not aligned to 4 bytes"
                        : "operand 0 is not aligned to 8 bytes";
}

static const char *element_refuse(const struct isa_exec *x)
{
    return refuse_results(x, isa_bytes(x->entry->type));
}

static const char *add_refuse(const struct isa_exec *x)
{
    if (ISA_V_MODE(x->w))
        return "mode is 1 (into ACC_VAL); allowed: 0";
    return element_refuse(x);
}

static const char *extreme_refuse(const struct isa_exec *x)
{
    if (ISA_V_MODE(x->w) > ONLY_INDEX)
        return "order is not a value of Order_t";
    return refuse_results(x, extreme_results(x).bytes);
}

static uint64_t repeat_units(const struct isa_exec *x)
{
    return isa_repeats(x, lanes_of(x));
}

const struct isa_shape isa_shape_reduce_add = {
    .spans = add_spans, .refuse = add_refuse, .units = repeat_units, .align = {1, 32, 0}, .walks = ISA_WALKS_SRC0};
const struct isa_shape isa_shape_reduce_extreme = {.spans = extreme_spans,
                                                   .refuse = extreme_refuse,
                                                   .units = repeat_units,
                                                   .align = {1, 32, 0},
                                                   .walks = ISA_WALKS_SRC0};
const struct isa_shape isa_shape_reduce_group = {.spans = group_spans,
                                                 .refuse = element_refuse,
                                                 .units = repeat_units,
                                                 .align = {1, 32, 0},
                                                 .walks = ISA_WALKS_SRC0};
const struct isa_shape isa_shape_reduce_pair = {
    .spans = pair_spans, .refuse = element_refuse, .units = repeat_units, .align = {1, 32, 0}, .walks = ISA_WALKS_SRC0};

/* ---- sums ---- */

/* The lanes in single precision; -0 where none acts, which no sum notices. */
static void addends(float *value, const struct isa_exec *x, const union isa_row *row, const struct isa_lanes *active,
                    uint32_t lanes)
{
    if (x->entry->type == ISA_F16)
        isa_f16_to_f32_n(value, row->u16, lanes);
    else
        memcpy(value, row->f32, lanes * sizeof(*value));
    if (isa_all_lanes_act(active, lanes))
        return;
    for (uint32_t e = 0; e < lanes; e++)
        value[e] = isa_acts(active, e) ? value[e] : -0.0f;
}

/* One level of the tree: @count sums of neighbours. In eights, because loops of a constant length are unrolled. */
static void level(float *to, const float *from, uint32_t count, bool is_half)
{
    uint16_t rounded[ISA_LANES_MAX / 2];
    uint32_t k = 0;

    for (; k + 8 <= count; k += 8)
        for (uint32_t j = 0; j < 8; j++)
            to[k + j] = from[2 * (k + j)] + from[2 * (k + j) + 1];
    for (; k < count; k++)
        to[k] = from[2 * k] + from[2 * k + 1];
    if (!is_half)
        return;
    isa_f32_to_f16_n(rounded, to, count);
    isa_f16_to_f32_n(to, rounded, count);
}

static void add(const struct isa_exec *x, struct results results)
{
    bool is_half = x->entry->type == ISA_F16;
    struct isa_operand src = isa_src0(x, isa_bytes(x->entry->type));
    uint64_t repeats = isa_repeats(x, results.lanes);

    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, results.lanes);
        float value[2][ISA_LANES_MAX];
        uint32_t count = results.lanes, now = 0;
        union isa_row row;

        isa_row_take(&row, x->buffer[ISA_UB], &src, r, &active, results.lanes);
        addends(value[0], x, &row, &active, results.lanes);
        for (; count > results.lanes / results.group; now ^= 1)
            level(value[now ^ 1], value[now], count /= 2, is_half);
        if (is_half)
            isa_f32_to_f16_n(row.u16, value[now], count);
        else
            memcpy(row.f32, value[now], count * sizeof(float));
        if (isa_all_lanes_act(&active, results.lanes)) {
            memcpy(x->buffer[ISA_UB] + x->w[0] + r * results.stride, row.u8, count * results.bytes);
            continue;
        }
        for (uint32_t k = 0; k < count; k++)
            if (has_result(&active, &results, k))
                memcpy(x->buffer[ISA_UB] + x->w[0] + r * results.stride + k * results.bytes, row.u8 + k * results.bytes,
                       results.bytes);
    }
}

/* ---- extremes ---- */

/* Integers that order the lanes as their values do: equal zeros, a NaN above everything, idle lanes below. */
static void keys_of(int32_t *key, const struct isa_exec *x, const union isa_row *row, const struct isa_lanes *active,
                    uint32_t lanes, bool is_least)
{
    bool is_half = x->entry->type == ISA_F16;
    uint32_t infinity = is_half ? 0x7c000000 : 0x7f800000, flip = is_least ? 0xffffffff : 0;
    uint32_t bits[ISA_LANES_MAX];

    for (uint32_t e = 0; e < lanes; e++)
        bits[e] = is_half ? (uint32_t)row->u16[e] << 16 : row->u32[e];
    for (uint32_t e = 0; e < lanes; e++) {
        uint32_t magnitude = bits[e] & 0x7fffffff, order = bits[e] >> 31 ? 0 - magnitude : magnitude;

        key[e] = magnitude > infinity ? INT32_MAX : (int32_t)(order ^ flip);
    }
    if (isa_all_lanes_act(active, lanes))
        return;
    for (uint32_t e = 0; e < lanes; e++)
        key[e] = isa_acts(active, e) ? key[e] : INT32_MIN;
}

static uint32_t first_greatest(const int32_t *key, uint32_t count)
{
    int32_t greatest = INT32_MIN;
    uint32_t e = 0;

    for (uint32_t k = 0; k < count; k++)
        greatest = key[k] > greatest ? key[k] : greatest;
    while (key[e] != greatest)
        e++;
    return e;
}

/* The result of a repeat in the order that is asked for; an index beside a value has the value's width. */
static void put_extreme(const struct isa_exec *x, uint8_t *to, const uint8_t *value, uint32_t index, uint32_t order)
{
    uint32_t bytes = isa_bytes(x->entry->type);

    if (order == ONLY_INDEX) {
        memcpy(to, &index, 4);
        return;
    }
    memcpy(to + (order == INDEX_VALUE ? bytes : 0), value, bytes);
    if (order != ONLY_VALUE)
        memcpy(to + (order == INDEX_VALUE ? 0 : bytes), &index, bytes);
}

static void extreme(const struct isa_exec *x, struct results results, uint32_t order, bool is_least)
{
    uint32_t bytes = isa_bytes(x->entry->type);
    struct isa_operand src = isa_src0(x, bytes);
    uint64_t repeats = isa_repeats(x, results.lanes);

    for (uint64_t r = 0; r < repeats; r++) {
        struct isa_lanes active = isa_active(x, r, results.lanes);
        int32_t key[ISA_LANES_MAX];
        union isa_row row;

        isa_row_take(&row, x->buffer[ISA_UB], &src, r, &active, results.lanes);
        keys_of(key, x, &row, &active, results.lanes, is_least);
        for (uint32_t k = 0; k < results.lanes / results.group; k++) {
            uint32_t index = first_greatest(key + k * results.group, results.group);

            if (has_result(&active, &results, k))
                put_extreme(x, x->buffer[ISA_UB] + x->w[0] + r * results.stride + k * results.bytes,
                            row.u8 + (k * results.group + index) * bytes, index, order);
        }
    }
}

/* ---- bodies ---- */

#define DO_vcadd(x)  add(x, add_results(x))
#define DO_vcgadd(x) add(x, group_results(x))
#define DO_vcpadd(x) add(x, pair_results(x))
#define DO_vcmax(x)  extreme(x, extreme_results(x), ISA_V_MODE(x->w), false)
#define DO_vcmin(x)  extreme(x, extreme_results(x), ISA_V_MODE(x->w), true)
#define DO_vcgmax(x) extreme(x, group_results(x), ONLY_VALUE, false)
#define DO_vcgmin(x) extreme(x, group_results(x), ONLY_VALUE, true)

#define INSTRUCTION(name, suffix, ...)                                                                                 \
    void isa_body_##name##_##suffix(const struct isa_exec *x)                                                          \
    {                                                                                                                  \
        DO_##name(x);                                                                                                  \
    }
#include "isa/reduce.def"
