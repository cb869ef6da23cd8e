/* format.h - half precision and bfloat16 in terms of float. Round to nearest, ties to even; a NaN keeps its sign and
 * the high bits of its payload and becomes quiet. Every host gives the same bits, with or without hardware for it. */
#ifndef DAV_ISA_FORMAT_H
#define DAV_ISA_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t isa_f32_bits(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static inline float isa_f32_of(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

static inline float isa_f16_to_f32(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 0x3ff;

    if (exponent == 31)
        return isa_f32_of(sign | 0x7f800000 | fraction << 13 | (fraction ? 0x400000 : 0));
    if (exponent)
        return isa_f32_of(sign | (exponent + 112) << 23 | fraction << 13);
    return isa_f32_of(sign | isa_f32_bits((float)fraction * 0x1p-24f));
}

static inline uint16_t isa_f32_to_f16(float value)
{
    uint32_t bits = isa_f32_bits(value), magnitude = bits & 0x7fffffff;
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);

    if (magnitude > 0x7f800000)
        return (uint16_t)(sign | 0x7e00 | (magnitude >> 13 & 0x3ff));
    if (magnitude >= 0x477ff000) /* rounds beyond 65504 */
        return sign | 0x7c00;
    if (magnitude < 0x38800000) /* a denormal half: the addition rounds it at the right bit */
        return (uint16_t)(sign | (isa_f32_bits(isa_f32_of(magnitude) + 0.5f) - 0x3f000000));
    magnitude += 0xfff + (magnitude >> 13 & 1);
    return (uint16_t)(sign | ((magnitude - 0x38000000) >> 13));
}

static inline float isa_bf16_to_f32(uint16_t bfloat)
{
    return isa_f32_of((uint32_t)bfloat << 16);
}

static inline uint16_t isa_f32_to_bf16(float value)
{
    uint32_t bits = isa_f32_bits(value);

    if ((bits & 0x7fffffff) > 0x7f800000)
        return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/** isa_f16_to_f32_n, ... - @count values; the arrays do not overlap. Fast. */
void isa_f16_to_f32_n(float *to, const uint16_t *from, size_t count);
void isa_f32_to_f16_n(uint16_t *to, const float *from, size_t count);
void isa_bf16_to_f32_n(float *to, const uint16_t *from, size_t count);
void isa_f32_to_bf16_n(uint16_t *to, const float *from, size_t count);

#endif
