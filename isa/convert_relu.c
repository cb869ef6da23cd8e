/* convert_relu.c - vaddreluconv, vsubreluconv: the sum or difference, not below zero, in a narrower type.
 *
 * Half precision is added in single precision and rounded once, at the end: so the library's own expectations have it.
 * A NaN counts as such until it becomes an integer.
 */
#include "isa/convert.h"
#include "isa/rounding.h"

enum { LANES16 = 128, LANES32 = 64 };

#define INLINE static inline __attribute__((always_inline))

INLINE float relu(float value)
{
    return isa_f32_of(isa_f32_bits(value) & isa_mask(!(value <= 0.0f)));
}

INLINE void relu_F32_F16(const struct isa_exec *x, union isa_row *to, const union isa_row *a, const union isa_row *b,
                         float sign)
{
    float value[LANES32];

    (void)x;
    for (uint32_t e = 0; e < LANES32; e++)
        value[e] = relu(a->f32[e] + sign * b->f32[e]);
    isa_f32_to_f16_n(to->u16, value, LANES32);
}

INLINE void relu_F16_S8(const struct isa_exec *x, union isa_row *to, const union isa_row *a, const union isa_row *b,
                        float sign)
{
    float first[LANES16], second[LANES16];

    isa_f16_to_f32_n(first, a->u16, LANES16);
    isa_f16_to_f32_n(second, b->u16, LANES16);
    for (uint32_t e = 0; e < LANES16; e++)
        first[e] = isa_whole(relu(first[e] + sign * second[e]), ISA_ROUND_R);
    if (isa_wraps(x))
        for (uint32_t e = 0; e < LANES16; e++)
            to->s8[e] = (int8_t)isa_wrapped_s32(first[e]);
    else
        for (uint32_t e = 0; e < LANES16; e++)
            to->s8[e] = (int8_t)isa_saturated(first[e], -128, 127);
}

INLINE void relu_S16_S8(const struct isa_exec *x, union isa_row *to, const union isa_row *a, const union isa_row *b,
                        int32_t sign)
{
    bool wraps = isa_wraps(x);

    for (uint32_t e = 0; e < LANES16; e++) {
        int32_t value = a->s16[e] + sign * b->s16[e];

        value = value > 0 ? value : 0;
        to->s8[e] = (int8_t)(wraps || value < 127 ? value : 127);
    }
}

#define CONVERT(name, type, ctype, from, cfrom, how)
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign)                                                             \
    ISA_ROWS static void row_##name(const struct isa_exec *x, union isa_row *to, const union isa_row *from0,           \
                                    const union isa_row *from1)                                                        \
    {                                                                                                                  \
        relu_##from##_##type(x, to, from0, from1, sign 1);                                                             \
    }                                                                                                                  \
    void isa_body_##name##_##type(const struct isa_exec *x)                                                            \
    {                                                                                                                  \
        isa_convert(x, 2, row_##name);                                                                                 \
    }

#include "isa/convert.def"
