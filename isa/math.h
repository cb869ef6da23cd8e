/* math.h - exponential and logarithm of a float, computed in double and without the host's libm, so that every host
 * gives the same bits. They are branch-free: a loop over them vectorises. The results are so much more accurate than a
 * float that, rounded to one, they differ from the correctly rounded value only where that is a near tie. */
#ifndef DAV_ISA_MATH_H
#define DAV_ISA_MATH_H

#include <stdint.h>
#include <string.h>

static inline uint64_t isa_f64_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static inline double isa_f64_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/** isa_exp - e to the @x. Beyond -150 and 128 it stays what it is there, which no float can tell from 0 and infinity.
 * Not for a NaN. Relative error below 1e-11: n = round(x / ln 2), a Taylor series on the rest, 2 to the n. */
static inline double isa_exp(double x)
{
    const double to_integer = 0x1.8p52; /* adding it leaves n in the low bits */
    double shifted, r, p;

    x = x < -150 ? -150 : x > 128 ? 128 : x;
    shifted = x * 0x1.71547652b82fep0 + to_integer;
    r = x - (shifted - to_integer) * 0x1.62e42fefa39efp-1;
    p = 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    return isa_f64_of(isa_f64_bits(p) + (isa_f64_bits(shifted) << 52));
}

/** isa_ln - natural logarithm of @x, which is positive, finite and, as a double, not denormal. Relative error below
 * 1e-10: x = m 2^k with m from sqrt(1/2) to sqrt(2), ln m = 2 artanh((m - 1) / (m + 1)). */
static inline double isa_ln(double x)
{
    const uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    uint64_t exponent = (isa_f64_bits(x) - root_half + one) >> 52; /* k + 1023 */
    double m = isa_f64_of(isa_f64_bits(x) - (exponent << 52) + one);
    double k = isa_f64_of(0x4330000000000000 | exponent) - (0x1p52 + 1023);
    double s = (m - 1) / (m + 1), z = s * s, p;

    p = 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    p = p * z + 1.0;
    return k * 0x1.62e42fefa39efp-1 + 2 * s * p;
}

#endif
