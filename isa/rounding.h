/* rounding.h - the roundings of conversions: to whole numbers, to half precision and bfloat16, and of whole numbers.
 *
 * A conversion takes the magnitude towards zero and asks once whether the part cut off lifts it by one. All of it is
 * branchless, so that loops over it are vectorised, and uses no function of the host's libm.
 *
 * What goes beyond the largest number of a format becomes it or infinity, as its rounding has it (IEEE 754): r and a
 * give infinity, z and o the largest number, f and c the one or the other by sign. Infinity stays infinity, a NaN stays
 * a NaN.
 */
#ifndef DAV_ISA_ROUNDING_H
#define DAV_ISA_ROUNDING_H

#include <stdbool.h>
#include <stdint.h>

#include "isa/format.h"

enum isa_rounding {
    ISA_ROUND_R, /* to nearest, ties to even */
    ISA_ROUND_A, /* to nearest, ties away from zero */
    ISA_ROUND_F, /* floor */
    ISA_ROUND_C, /* ceiling */
    ISA_ROUND_Z, /* towards zero */
    ISA_ROUND_O, /* to odd: an inexact result gets an odd last bit */
};

/* All ones if @condition, else 0; and a choice by such a mask. A conditional expression instead may become a branch,
 * and then the loop around it is not vectorised. */
static inline uint32_t isa_mask(uint32_t condition)
{
    return 0 - condition;
}

static inline uint32_t isa_pick(uint32_t mask, uint32_t yes, uint32_t no)
{
    return no ^ ((yes ^ no) & mask);
}

/* What was cut off a magnitude; each 0 or 1. */
struct isa_rest {
    uint32_t inexact, half, tie; /* above 0, at least one half, exactly one half of the last bit */
};

/** isa_lifted - 1 if a magnitude that was cut is lifted by one. */
static inline uint32_t isa_lifted(enum isa_rounding how, uint32_t negative, uint32_t odd, struct isa_rest rest)
{
    switch (how) {
    case ISA_ROUND_R:
        return rest.half & ((rest.tie ^ 1) | odd);
    case ISA_ROUND_A:
        return rest.half;
    case ISA_ROUND_F:
        return rest.inexact & negative;
    case ISA_ROUND_C:
        return rest.inexact & (negative ^ 1);
    case ISA_ROUND_O:
        return rest.inexact & (odd ^ 1);
    default:
        return 0;
    }
}

/** isa_whole - @value rounded to a whole number; keeps the sign of zero. */
static inline float isa_whole(float value, enum isa_rounding how)
{
    uint32_t bits = isa_f32_bits(value), magnitude = bits & 0x7fffffff;
    uint32_t small = isa_mask(magnitude < 0x4b000000); /* 2^23: beyond it all are whole */
    float fine = isa_f32_of(magnitude & small);
    int32_t cut = (int32_t)fine;
    float rest = fine - (float)cut;
    uint32_t lifted =
        isa_lifted(how, bits >> 31, (uint32_t)cut & 1, (struct isa_rest){rest > 0.0f, rest >= 0.5f, rest == 0.5f});
    uint32_t whole = isa_f32_bits((float)(cut + (int32_t)lifted)) | (bits & 0x80000000);

    return isa_f32_of(isa_pick(small, whole, bits));
}

/** isa_f32_to_f16_as, isa_f32_to_bf16_as - as isa_f32_to_f16 and isa_f32_to_bf16, by any rounding. */
static inline uint16_t isa_f32_to_f16_as(float value, enum isa_rounding how)
{
    uint32_t bits = isa_f32_bits(value), magnitude = bits & 0x7fffffff, sign = bits >> 31;
    uint32_t tiny = isa_mask(magnitude < 0x38800000), huge = isa_mask(magnitude >= 0x47800000);
    uint32_t infinite = magnitude == 0x7f800000, nan = isa_mask(magnitude > 0x7f800000);
    /* A denormal half is a whole number of 2^-24. */
    float scaled = isa_f32_of(magnitude & tiny) * 0x1p24f;
    int32_t whole = (int32_t)scaled;
    float part = scaled - (float)whole;
    /* What is cut off, so that 0x1000 is one half of the last bit. */
    uint32_t below =
        isa_pick(tiny, (part > 0.0f) + 0xfff * (uint32_t)(part >= 0.5f) + (part > 0.5f), magnitude & 0x1fff);
    uint32_t cut = isa_pick(tiny, (uint32_t)whole, (magnitude - 0x38000000) >> 13), half;

    cut = isa_pick(huge, 0x7bff + infinite, cut);
    below = isa_pick(huge, 0x1fff * (infinite ^ 1), below);
    half = cut + isa_lifted(how, sign, cut & 1, (struct isa_rest){below > 0, below >= 0x1000, below == 0x1000});
    half = isa_pick(nan, 0x7e00 | (magnitude >> 13 & 0x3ff), half);
    return (uint16_t)(sign << 15 | half);
}

static inline uint16_t isa_f32_to_bf16_as(float value, enum isa_rounding how)
{
    uint32_t bits = isa_f32_bits(value), below = bits & 0xffff, cut = bits >> 16;
    struct isa_rest rest = {below > 0, below >= 0x8000, below == 0x8000};
    uint32_t bfloat = cut + isa_lifted(how, bits >> 31, cut & 1, rest);

    return (uint16_t)isa_pick(isa_mask((bits & 0x7fffffff) > 0x7f800000), cut | 0x40, bfloat);
}

/** isa_s64_to_f32_as - a whole number in single precision. */
static inline float isa_s64_to_f32_as(int64_t value, enum isa_rounding how)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int shift = 40 - __builtin_clzll(magnitude | 1); /* beyond 24 bits */
    uint64_t cut, below, half;
    struct isa_rest rest;

    if (how == ISA_ROUND_R || shift <= 0)
        return (float)value;
    cut = magnitude >> shift;
    below = magnitude & ((1ull << shift) - 1);
    half = 1ull << (shift - 1);
    rest = (struct isa_rest){below > 0, below >= half, below == half};
    cut += isa_lifted(how, value < 0, cut & 1, rest);
    return (value < 0 ? -1.0f : 1.0f) * (float)cut * (float)(1ull << shift);
}

/* A whole number in single precision as an integer: saturated, a NaN as 0. */
static inline int32_t isa_saturated(float whole, float least, float most)
{
    float known = isa_f32_of(isa_f32_bits(whole) & isa_mask(whole == whole));

    known = known < least ? least : known;
    known = known > most ? most : known;
    return (int32_t)known;
}

static inline int32_t isa_saturated_s32(float whole)
{
    uint32_t over = isa_mask(whole >= 0x1p31f);
    int32_t value = isa_saturated(isa_f32_of(isa_f32_bits(whole) & ~over), -0x1p31f, 0x1p31f - 128.0f);

    return (int32_t)isa_pick(over, INT32_MAX, (uint32_t)value);
}

/* The low bits of isa_saturated_s64. */
static inline int32_t isa_wrapped_s32(float whole)
{
    uint32_t bits = isa_f32_bits(whole), magnitude = bits & 0x7fffffff, negative = isa_mask(bits >> 31);
    uint32_t small = isa_mask(magnitude < 0x4f000000), huge = isa_mask(magnitude >= 0x5f000000); /* 2^31, 2^63 */
    uint32_t nan = isa_mask(magnitude > 0x7f800000);
    uint32_t places = (magnitude >> 23) - (127 + 23), reaches = isa_mask(places < 32);
    uint32_t low = ((magnitude & 0x7fffff) | 0x800000) << (places & reaches & 31) & reaches;

    low = isa_pick(huge, ~negative & ~nan, (low ^ negative) - negative);
    return (int32_t)isa_pick(small, (uint32_t)(int32_t)isa_f32_of(bits & small), low);
}

static inline int64_t isa_saturated_s64(float whole)
{
    if (whole != whole)
        return 0;
    if (whole >= 0x1p63f)
        return INT64_MAX;
    return whole < -0x1p63f ? INT64_MIN : (int64_t)whole;
}

#endif
