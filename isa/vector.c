/* vector.c - elementwise vector instructions: see vector.def. */
#include "isa/lanes.h"
#include "isa/shapes.h"

static uint32_t lanes_of(const struct isa_exec *x)
{
    return ISA_REPEAT_BYTES / isa_bytes(x->entry->type);
}

static void binary_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    uint32_t bytes = isa_bytes(x->entry->type), lanes = lanes_of(x);
    struct isa_operand dst = isa_dst(x, bytes), src0 = isa_src0(x, bytes), src1 = isa_src1(x, bytes);

    isa_lane_spans(x, &src0, lanes, ISA_READ, fn, ctx);
    isa_lane_spans(x, &src1, lanes, ISA_READ, fn, ctx);
    isa_lane_spans(x, &dst, lanes, ISA_WRITE, fn, ctx);
}

static uint64_t repeat_units(const struct isa_exec *x)
{
    return isa_repeats(x, lanes_of(x));
}

const struct isa_shape isa_shape_vector_binary = {
    .spans = binary_spans,
    .units = repeat_units,
    .align = {32, 32, 32},
};

#define VADD(suffix, ctype)                                                                                            \
    void isa_body_vadd_##suffix(const struct isa_exec *x)                                                              \
    {                                                                                                                  \
        uint32_t lanes = lanes_of(x);                                                                                  \
        struct isa_operand dst = isa_dst(x, sizeof(ctype)), a = isa_src0(x, sizeof(ctype)),                            \
                           b = isa_src1(x, sizeof(ctype));                                                             \
        uint8_t *ub = x->buffer[ISA_UB];                                                                               \
                                                                                                                       \
        for (uint64_t r = 0; r < isa_repeats(x, lanes); r++) {                                                         \
            struct isa_lanes active = isa_active(x, r, lanes);                                                         \
                                                                                                                       \
            for (uint32_t e = 0; e < lanes; e++)                                                                       \
                if (isa_acts(&active, e))                                                                              \
                    *(ctype *)(ub + isa_lane_addr(&dst, r, e)) =                                                       \
                        (ctype)(*(ctype *)(ub + isa_lane_addr(&a, r, e)) + *(ctype *)(ub + isa_lane_addr(&b, r, e)));  \
        }                                                                                                              \
    }
VADD(F16, int16_t)
VADD(F32, float)
VADD(S16, int16_t)
VADD(S32, int32_t)
