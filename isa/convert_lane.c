/* convert_lane.c - what a conversion makes of the lanes of a repeat: see convert.def.
 *
 * F16 and BF16 are widened to single precision first, which is exact; integers come from whole numbers in single
 * precision. A float beyond an integer's range is saturated, or wraps (CTRL bit 59): then it is first saturated to 64
 * bits, of which the low ones stay, so that infinity gives -1 and minus infinity 0. A NaN gives 0 either way.
 */
#include "isa/convert.h"
#include "isa/rounding.h"

/* Lanes of a repeat, by the wider side. */
enum { LANES16 = 128, LANES32 = 64, LANES64 = 32 };

#define INLINE static inline __attribute__((always_inline))

/* ---- single precision from what the source has ---- */

INLINE void floats_of_f16(float *to, const union isa_row *from, uint32_t lanes)
{
    isa_f16_to_f32_n(to, from->u16, lanes);
}

INLINE void floats_of_bf16(float *to, const union isa_row *from, uint32_t lanes)
{
    isa_bf16_to_f32_n(to, from->u16, lanes);
}

INLINE void floats_of_f32(float *to, const union isa_row *from, uint32_t lanes)
{
    memcpy(to, from->f32, lanes * sizeof(*to));
}

/* ---- floats to floats ---- */

INLINE void f16s(union isa_row *to, const float *from, uint32_t lanes, enum isa_rounding how)
{
    if (how == ISA_ROUND_R)
        isa_f32_to_f16_n(to->u16, from, lanes);
    else
        for (uint32_t e = 0; e < lanes; e++)
            to->u16[e] = isa_f32_to_f16_as(from[e], how);
}

INLINE void convert_F16_F32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x, (void)how;
    floats_of_f16(to->f32, from, LANES32);
}

INLINE void convert_BF16_F32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                             enum isa_rounding how)
{
    (void)x, (void)how;
    floats_of_bf16(to->f32, from, LANES32);
}

INLINE void convert_F32_F16(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x;
    f16s(to, from->f32, LANES32, how);
}

INLINE void convert_F32_BF16(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                             enum isa_rounding how)
{
    (void)x;
    for (uint32_t e = 0; e < LANES32; e++)
        to->u16[e] = isa_f32_to_bf16_as(from->f32[e], how);
}

INLINE void convert_F32_F32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x;
    for (uint32_t e = 0; e < LANES32; e++)
        to->f32[e] = isa_whole(from->f32[e], how);
}

/* ---- floats to integers ---- */

#define FLOAT_TO_NARROW(from_, floats, type, member, lanes, least, most)                                               \
    INLINE void convert_##from_##_##type(const struct isa_exec *x, union isa_row *to, const union isa_row *from,       \
                                         enum isa_rounding how)                                                        \
    {                                                                                                                  \
        float value[lanes];                                                                                            \
                                                                                                                       \
        floats(value, from, lanes);                                                                                    \
        if (isa_wraps(x))                                                                                              \
            for (uint32_t e = 0; e < lanes; e++)                                                                       \
                to->member[e] = (__typeof__(to->member[0]))isa_wrapped_s32(isa_whole(value[e], how));                  \
        else                                                                                                           \
            for (uint32_t e = 0; e < lanes; e++)                                                                       \
                to->member[e] = (__typeof__(to->member[0]))isa_saturated(isa_whole(value[e], how), least, most);       \
    }
FLOAT_TO_NARROW(F16, floats_of_f16, S8, s8, LANES16, -128, 127)
FLOAT_TO_NARROW(F16, floats_of_f16, U8, u8, LANES16, 0, 255)
FLOAT_TO_NARROW(F16, floats_of_f16, S16, s16, LANES16, -32768, 32767)
FLOAT_TO_NARROW(F32, floats_of_f32, S16, s16, LANES32, -32768, 32767)

#define FLOAT_TO_S32(from_, floats)                                                                                    \
    INLINE void convert_##from_##_S32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,          \
                                      enum isa_rounding how)                                                           \
    {                                                                                                                  \
        float value[LANES32];                                                                                          \
                                                                                                                       \
        floats(value, from, LANES32);                                                                                  \
        if (isa_wraps(x))                                                                                              \
            for (uint32_t e = 0; e < LANES32; e++)                                                                     \
                to->s32[e] = isa_wrapped_s32(isa_whole(value[e], how));                                                \
        else                                                                                                           \
            for (uint32_t e = 0; e < LANES32; e++)                                                                     \
                to->s32[e] = isa_saturated_s32(isa_whole(value[e], how));                                              \
    }
FLOAT_TO_S32(F16, floats_of_f16)
FLOAT_TO_S32(BF16, floats_of_bf16)
FLOAT_TO_S32(F32, floats_of_f32)

INLINE void convert_F32_S64(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x;
    for (uint32_t e = 0; e < LANES64; e++)
        to->s64[e] = isa_saturated_s64(isa_whole(from->f32[e], how));
}

INLINE void convert_F16_S4(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                           enum isa_rounding how)
{
    float value[LANES16];
    int32_t whole[LANES16];

    floats_of_f16(value, from, LANES16);
    if (isa_wraps(x))
        for (uint32_t e = 0; e < LANES16; e++)
            whole[e] = isa_wrapped_s32(isa_whole(value[e], how));
    else
        for (uint32_t e = 0; e < LANES16; e++)
            whole[e] = isa_saturated(isa_whole(value[e], how), -8, 7);
    for (uint32_t k = 0; k < LANES16 / 2; k++)
        to->u8[k] = (uint8_t)((whole[2 * k] & 15) | (whole[2 * k + 1] & 15) << 4);
}

/* ---- integers to floats ---- */

#define INTEGER_TO_F16(from_, member, lanes)                                                                           \
    INLINE void convert_##from_##_F16(const struct isa_exec *x, union isa_row *to, const union isa_row *from,          \
                                      enum isa_rounding how)                                                           \
    {                                                                                                                  \
        float value[lanes];                                                                                            \
                                                                                                                       \
        (void)x;                                                                                                       \
        for (uint32_t e = 0; e < lanes; e++)                                                                           \
            value[e] = (float)from->member[e];                                                                         \
        f16s(to, value, lanes, how);                                                                                   \
    }
INTEGER_TO_F16(S8, s8, LANES16)
INTEGER_TO_F16(U8, u8, LANES16)
INTEGER_TO_F16(S16, s16, LANES16)

INLINE void convert_S4_F16(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                           enum isa_rounding how)
{
    float value[LANES16];

    (void)x;
    for (uint32_t k = 0; k < LANES16 / 2; k++) {
        value[2 * k] = (float)((from->u8[k] & 15) ^ 8) - 8;
        value[2 * k + 1] = (float)(from->u8[k] >> 4 ^ 8) - 8;
    }
    f16s(to, value, LANES16, how);
}

INLINE void convert_S16_F32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x, (void)how;
    for (uint32_t e = 0; e < LANES32; e++)
        to->f32[e] = (float)from->s16[e];
}

INLINE void convert_S32_F32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x;
    for (uint32_t e = 0; e < LANES32; e++)
        to->f32[e] = how == ISA_ROUND_R ? (float)from->s32[e] : isa_s64_to_f32_as(from->s32[e], how);
}

INLINE void convert_S64_F32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x;
    for (uint32_t e = 0; e < LANES64; e++)
        to->f32[e] = isa_s64_to_f32_as(from->s64[e], how);
}

/* vconv_deq. The product with DEQSCALE, a half, has at most 43 bits and is rounded once: what does not fit single
 * precision leaves its trace in the last bit there (rounding to odd), so that rounding to half sees it. */
INLINE void convert_S32_F16(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    double scale = isa_f16_to_f32((uint16_t)x->state.spr[ISA_SPR_DEQSCALE]);
    float value[LANES32];

    for (uint32_t e = 0; e < LANES32; e++) {
        double product = from->s32[e] * scale;
        float near = (float)product;
        uint32_t bits = isa_f32_bits(near), is_beyond = near > 0 ? near > product : near < product;

        value[e] = isa_f32_of((double)near != product && near == near ? (bits - is_beyond) | 1 : bits);
    }
    f16s(to, value, LANES32, how);
}

/* ---- integers to integers ---- */

INLINE int64_t narrowed(const struct isa_exec *x, int64_t value, int64_t least, int64_t most)
{
    if (isa_wraps(x))
        return value;
    return value < least ? least : value > most ? most : value;
}

INLINE void convert_S32_S16(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)how;
    for (uint32_t e = 0; e < LANES32; e++)
        to->s16[e] = (int16_t)narrowed(x, from->s32[e], INT16_MIN, INT16_MAX);
}

INLINE void convert_S64_S32(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)how;
    for (uint32_t e = 0; e < LANES64; e++)
        to->s32[e] = (int32_t)narrowed(x, from->s64[e], INT32_MIN, INT32_MAX);
}

INLINE void convert_S32_S64(const struct isa_exec *x, union isa_row *to, const union isa_row *from,
                            enum isa_rounding how)
{
    (void)x, (void)how;
    for (uint32_t e = 0; e < LANES64; e++)
        to->s64[e] = from->s32[e];
}

/* ---- bodies ---- */

#define CONVERT(name, type, ctype, from, cfrom, how)                                                                   \
    ISA_ROWS static void row_##name(const struct isa_exec *x, union isa_row *to, const union isa_row *from0,           \
                                    const union isa_row *from1)                                                        \
    {                                                                                                                  \
        (void)from1;                                                                                                   \
        convert_##from##_##type(x, to, from0, ISA_ROUND_##how);                                                        \
    }                                                                                                                  \
    void isa_body_##name##_##type(const struct isa_exec *x)                                                            \
    {                                                                                                                  \
        isa_convert(x, 1, row_##name);                                                                                 \
    }
#define CONVERT_RELU(name, type, ctype, from, cfrom, sign)

#include "isa/convert.def"
