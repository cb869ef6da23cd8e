/* vector.c - the shapes of the elementwise vector instructions, and their bodies: see vector.def and vector.h.
 *
 * Count mode: the mask's low word counts the elements of the whole instruction, and the repeat field means nothing.
 * vcopy is the exception: it copies as many rows as its repeat field says, each of that many elements, one stride
 * between repeats apart. The tile library's padding and its extraction of unaligned columns (pto-isa at 3186c381,
 * a2a3/TFillPad.hpp and TExtract.hpp) have the results that their tests expect only so.
 */
#include "isa/vector.h"
#include "isa/shapes.h"

static void spans(const struct isa_exec *x, uint32_t reads, isa_span_fn *fn, void *ctx)
{
    uint32_t to = isa_bytes(x->entry->type), from = isa_bytes(x->entry->from), lanes = vector_lanes(x);
    struct isa_operand dst = isa_dst(x, to), a = isa_src0(x, from), b = isa_src1(x, from);

    if (reads & VECTOR_READS_A)
        isa_lane_spans(x, &a, lanes, ISA_READ, fn, ctx);
    if (reads & VECTOR_READS_B)
        isa_lane_spans(x, &b, lanes, ISA_READ, fn, ctx);
    if (reads & VECTOR_READS_DST)
        isa_lane_spans(x, &dst, lanes, ISA_READ, fn, ctx);
    isa_lane_spans(x, &dst, lanes, ISA_WRITE, fn, ctx);
}

static void binary_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    spans(x, VECTOR_READS_A | VECTOR_READS_B, fn, ctx);
}

static void ternary_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    spans(x, VECTOR_READS_A | VECTOR_READS_B | VECTOR_READS_DST, fn, ctx);
}

static void unary_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    spans(x, VECTOR_READS_A, fn, ctx);
}

static void axpy_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    spans(x, VECTOR_READS_A | VECTOR_READS_DST, fn, ctx);
}

static void dup_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    spans(x, 0, fn, ctx);
}

static void copy_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = vector_lanes(x);

    if (!x->state.count_mode) {
        spans(x, VECTOR_READS_A, fn, ctx);
        return;
    }
    for (uint64_t r = 0; r < ISA_V_REPEAT(x->w); r++) {
        struct isa_operand dst = vector_row(isa_dst(x, bytes), r), src = vector_row(isa_src0(x, bytes), r);

        isa_lane_spans(x, &src, lanes, ISA_READ, fn, ctx);
        isa_lane_spans(x, &dst, lanes, ISA_WRITE, fn, ctx);
    }
}

static uint64_t repeat_units(const struct isa_exec *x)
{
    return isa_repeats(x, vector_lanes(x));
}

static uint64_t copy_units(const struct isa_exec *x)
{
    return repeat_units(x) * (x->state.count_mode ? ISA_V_REPEAT(x->w) : 1);
}

#define SHAPE(name, units_, walks_, ...)                                                                               \
    const struct isa_shape isa_shape_vector_##name = {                                                                 \
        .spans = name##_spans, .refuse = isa_refuse_count, .units = units_, .align = {__VA_ARGS__}, .walks = walks_};
SHAPE(binary, repeat_units, ISA_WALKS_DST | ISA_WALKS_SRC0 | ISA_WALKS_SRC1, 32, 32, 32)
SHAPE(ternary, repeat_units, ISA_WALKS_DST | ISA_WALKS_SRC0 | ISA_WALKS_SRC1 | ISA_READS_DST, 32, 32, 32)
SHAPE(unary, repeat_units, ISA_WALKS_DST | ISA_WALKS_SRC0, 32, 32, 0)
SHAPE(axpy, repeat_units, ISA_WALKS_DST | ISA_WALKS_SRC0 | ISA_READS_DST, 32, 32, 0)
SHAPE(copy, copy_units, 0, 32, 32, 0)
SHAPE(dup, repeat_units, ISA_WALKS_DST, 32, 0, 0)

#define BODY(name, suffix, run, reads)                                                                                 \
    vector_kernel vector_##name##_##suffix;                                                                            \
    void isa_body_##name##_##suffix(const struct isa_exec *x)                                                          \
    {                                                                                                                  \
        run(x, vector_##name##_##suffix, reads);                                                                       \
    }
#define VECTOR_BINARY(name, type, ctype, cost) BODY(name, type, vector_run, VECTOR_READS_A | VECTOR_READS_B)
#define VECTOR_TERNARY(name, type, ctype, cost)                                                                        \
    BODY(name, type, vector_run, VECTOR_READS_A | VECTOR_READS_B | VECTOR_READS_DST)
#define VECTOR_UNARY(name, type, ctype, cost)       BODY(name, type, vector_run, VECTOR_READS_A)
#define VECTOR_COPY(name, type, ctype, cost)        BODY(name, type, vector_run_rows, VECTOR_READS_A)
#define VECTOR_SCALAR(name, type, ctype, cost)      BODY(name, type, vector_run, VECTOR_READS_A)
#define VECTOR_SHIFT_RIGHT(name, type, ctype, cost) BODY(name, type, vector_run, VECTOR_READS_A)
#define VECTOR_AXPY(name, suffix, type, ctype, from, cfrom, cost)                                                      \
    BODY(name, suffix, vector_run, VECTOR_READS_A | VECTOR_READS_DST)
#define VECTOR_DUP(name, type, ctype, cost) BODY(name, type, vector_run, 0)
#include "isa/vector.def"
