/* quantise.h - what becomes of an element on its way out of L0C: the modes, and what they do with one element.
 *
 * A scale is 64 bits: [31:13] the upper bits of a float; [35:32] a shift less 1; [45:37] a signed offset; [46] whether
 * bytes are signed. Bytes are round(x * scale), saturated to 9 bits, plus offset, saturated. Floats with a scale
 * saturate, those that are only cast may become infinite.
 */
#ifndef DAV_ISA_QUANTISE_H
#define DAV_ISA_QUANTISE_H

#include "isa/format.h"
#include "isa/isa.h"

enum isa_how { ISA_HOW_COPIED, ISA_HOW_CAST, ISA_HOW_SCALED, ISA_HOW_BYTES, ISA_HOW_SHIFTED };

struct isa_quantiser {
    uint8_t quant;    /* enum isa_quant */
    uint8_t from, to; /* enum isa_type; S8: U8 too */
    uint8_t how;      /* enum isa_how */
    bool vector;      /* a scale for each column */
};

/** isa_quantiser - mode @quant between these types, NULL if it has no meaning there. */
const struct isa_quantiser *isa_quantiser(uint32_t quant, enum isa_type from, enum isa_type to);

static inline float isa_scale_of(uint64_t scale)
{
    return isa_f32_of((uint32_t)scale & 0xffffe000);
}

static inline int32_t isa_clamp(int32_t value, int32_t least, int32_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* To 9 bits, half way to even: the sum has no bits left below 1. A NaN is 0. */
static inline int32_t isa_rounded(float value)
{
    value = value > 255.0f ? 255.0f : value < -256.0f ? -256.0f : value;
    return value == value ? (int32_t)(value + 0x1.8p23f - 0x1.8p23f) : 0;
}

/** isa_quantised_byte, isa_quantised_float, isa_shifted - @value as @scale says; within @most. */
static inline uint8_t isa_quantised_byte(float value, uint64_t scale)
{
    int32_t whole = isa_rounded(value * isa_scale_of(scale)) + (int32_t)(ISA_TAKE(scale, 37, 9) ^ 0x100) - 0x100;
    bool is_signed = ISA_TAKE(scale, 46, 1);

    return (uint8_t)isa_clamp(whole, is_signed ? -128 : 0, is_signed ? 127 : 255);
}

static inline float isa_quantised_float(float value, uint64_t scale, float most)
{
    value *= isa_scale_of(scale);
    return value > most ? most : value < -most ? -most : value;
}

static inline uint16_t isa_shifted(int32_t value, uint64_t scale)
{
    return (uint16_t)isa_clamp((int32_t)((int64_t)value >> (ISA_TAKE(scale, 32, 4) + 1)), INT16_MIN, INT16_MAX);
}

#endif
