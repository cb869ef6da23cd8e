/* reference.h - numbers as tests compute them: one at a time, in long double, which holds every operand exactly. */
#ifndef DAV_REFERENCE_H
#define DAV_REFERENCE_H

#include <math.h>
#include <string.h>

#include "tests/isa/machine.h"

/* A binary format: bits of its significand, exponents of its least and of its greatest number's last bit. */
struct ref_format {
    int precision, least, greatest;
};

static inline struct ref_format ref_format_of(enum isa_type type)
{
    if (type == ISA_F16)
        return (struct ref_format){11, -24, 5};
    if (type == ISA_BF16)
        return (struct ref_format){8, -133, 120};
    return (struct ref_format){24, -149, 104};
}

static inline bool ref_is_float(enum isa_type type)
{
    return type == ISA_F16 || type == ISA_BF16 || type == ISA_F32;
}

static inline int ref_bits(enum isa_type type)
{
    return type == ISA_S4 ? 4 : 8 * (int)isa_bytes(type);
}

/** ref_value - what the @bits of an element mean. */
static inline long double ref_value(enum isa_type type, uint64_t bits)
{
    struct ref_format format = ref_format_of(type);
    int fraction = format.precision - 1, width = ref_bits(type), exponents = width - format.precision;
    uint64_t exponent, significand;
    long double value;

    if (!ref_is_float(type)) {
        if (type == ISA_U8 || type == ISA_U16 || type == ISA_U32)
            return (long double)bits;
        return (long double)((int64_t)(bits << (64 - width)) >> (64 - width));
    }
    exponent = bits >> fraction & ((1u << exponents) - 1);
    significand = bits & ((1u << fraction) - 1);
    if (exponent == (1u << exponents) - 1)
        value = significand ? (long double)NAN : (long double)INFINITY;
    else if (exponent)
        value = ldexpl((long double)(significand | 1u << fraction), (int)exponent - 1 + format.least);
    else
        value = ldexpl((long double)significand, format.least);
    return bits >> (width - 1) ? -value : value;
}

/** ref_round - to a whole number, by the letter of a rounding. */
static inline long double ref_round(long double value, char how)
{
    long double cut;

    switch (how) {
    case 'r':
        return rintl(value);
    case 'a':
        return roundl(value);
    case 'f':
        return floorl(value);
    case 'c':
        return ceill(value);
    case 'o':
        cut = truncl(value);
        return cut != value && fmodl(cut, 2) == 0 ? cut + copysignl(1, value) : cut;
    default:
        return truncl(value);
    }
}

/** ref_to_float - @value in a format. */
static inline long double ref_to_float(enum isa_type type, long double value, char how)
{
    struct ref_format format = ref_format_of(type);
    long double most = ldexpl(ldexpl(1, format.precision) - 1, format.greatest), near;
    int last;

    if (isnan(value) || isinf(value) || value == 0)
        return value;
    last = ilogbl(value) - (format.precision - 1);
    last = last < format.least ? format.least : last;
    near = ldexpl(ref_round(ldexpl(value, -last), how), last);
    if (fabsl(near) > most && (how == 'z' || how == 'o' || how == (value > 0 ? 'f' : 'c')))
        return copysignl(most, value);
    return copysignl(fabsl(near) > most ? (long double)INFINITY : near, value);
}

/** ref_to_integer - the bits of @value as an integer: saturated, or wrapping after saturation to 64 bits. */
static inline uint64_t ref_to_integer(enum isa_type type, long double value, char how, bool wraps)
{
    int width = ref_bits(type);
    bool is_unsigned = type == ISA_U8;
    long double most = ldexpl(1, width - !is_unsigned) - 1, least = is_unsigned ? 0 : -most - 1;
    int64_t whole;

    if (isnan(value))
        return 0;
    if (wraps) {
        most = ldexpl(1, 63) - 1;
        least = -most - 1;
    }
    value = ref_round(value, how);
    value = value < least ? least : value > most ? most : value;
    whole = (int64_t)value;
    return (uint64_t)whole & (width == 64 ? ~0ull : (1ull << width) - 1);
}

/** ref_same - equal, both zeros of one sign, or both not numbers. */
static inline bool ref_same(long double a, long double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return a == b && signbit(a) == signbit(b);
}

/** ref_address - where lane @lane of repeat @r of an operand stands; of S4 the byte it shares. */
static inline uint64_t ref_address(enum isa_type type, uint64_t base, uint32_t blk, uint32_t rpt, uint64_t r,
                                   uint32_t lane)
{
    uint32_t at = type == ISA_S4 ? lane / 2 : lane * isa_bytes(type);

    return base + 32 * (r * rpt + (uint64_t)(at / 32) * blk) + at % 32;
}

/** ref_get - the bits of the element at @address of @ub; of S4 those of the @odd or even lane. */
static inline uint64_t ref_get(const uint8_t *ub, enum isa_type type, uint64_t address, bool odd)
{
    uint64_t bits = 0;

    memcpy(&bits, ub + address, isa_bytes(type));
    return type == ISA_S4 ? bits >> 4 * odd & 15 : bits;
}

/** ref_acts - whether lane @lane of repeat @r of @lanes acts. */
static inline bool ref_acts(uint64_t r, uint32_t lane, uint32_t lanes)
{
    if (machine.state.count_mode)
        return r * lanes + lane < machine.state.mask[0];
    return machine.state.mask[lane / 64] >> lane % 64 & 1;
}

/** ref_repeats - how often an instruction repeats. */
static inline uint64_t ref_repeats(uint32_t repeat, uint32_t lanes)
{
    return machine.state.count_mode ? (machine.state.mask[0] + lanes - 1) / lanes : repeat;
}

#endif
