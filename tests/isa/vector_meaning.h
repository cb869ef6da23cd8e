/* vector_meaning.h - what elementwise vector instructions make of one element, for tests: in double and int64_t, which
 * hold every intermediate exactly or with bits to spare, and by the C library. Include after cmocka.h. */
#ifndef DAV_VECTOR_MEANING_H
#define DAV_VECTOR_MEANING_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "isa/isa.h"

static inline bool is_float(enum isa_type type)
{
    return type == ISA_F16 || type == ISA_F32;
}

static inline double float_of(enum isa_type type, uint32_t bits)
{
    _Float16 half;
    float value;

    memcpy(&half, &bits, 2);
    memcpy(&value, &bits, 4);
    return type == ISA_F16 ? (double)half : (double)value;
}

static inline uint32_t float_bits(enum isa_type type, float value)
{
    _Float16 half = (_Float16)value;
    uint32_t bits = 0;

    if (isnan(value))
        return type == ISA_F16 ? 0x7e00 : 0x7fc00000;
    memcpy(&bits, type == ISA_F16 ? (void *)&half : (void *)&value, isa_bytes(type));
    return bits;
}

static inline int64_t int_of(enum isa_type type, uint32_t bits)
{
    switch (type) {
    case ISA_S16:
        return (int16_t)bits;
    case ISA_S32:
        return (int32_t)bits;
    default:
        return isa_bytes(type) == 2 ? bits & 0xffff : bits;
    }
}

static inline double maximum(double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    if (a == 0 && b == 0)
        return signbit(a) ? b : a;
    return fmax(a, b);
}

static inline bool is(const char *name, const char *what)
{
    return strcmp(name, what) == 0;
}

/* Of a fused form, rounded to the type of its destination. */
static inline double product(double a, double b, bool half)
{
    float rounded = (float)(a * b);

    return half ? (double)(_Float16)rounded : (double)rounded;
}

static inline double float_meaning(const char *name, double a, double b, double d, double s, bool half)
{
    if (is(name, "vadd") || is(name, "vadds"))
        return a + (is(name, "vadd") ? b : s);
    if (is(name, "vmul") || is(name, "vmuls"))
        return a * (is(name, "vmul") ? b : s);
    if (is(name, "vsub"))
        return a - b;
    if (is(name, "vdiv"))
        return a / b;
    if (is(name, "vmax") || is(name, "vmaxs"))
        return maximum(a, is(name, "vmax") ? b : s);
    if (is(name, "vmin") || is(name, "vmins"))
        return -maximum(-a, -(is(name, "vmin") ? b : s));
    if (is(name, "vsubrelu"))
        return maximum(a - b, 0);
    if (is(name, "vmadd"))
        return product(a, d, half) + b;
    if (is(name, "vmaddrelu"))
        return maximum(product(a, d, half) + b, 0);
    if (is(name, "vmla"))
        return product(a, b, half) + d;
    if (is(name, "vaxpy"))
        return product(a, s, half) + d;
    if (is(name, "vexp"))
        return exp(a);
    if (is(name, "vln"))
        return log(a);
    if (is(name, "vsqrt"))
        return sqrt(a);
    if (is(name, "vrsqrt"))
        return 1 / sqrt(a);
    if (is(name, "vrec"))
        return 1 / a;
    if (is(name, "vabs"))
        return fabs(a);
    if (is(name, "vrelu"))
        return maximum(a, 0);
    assert_string_equal(name, "vlrelu");
    return a <= 0 ? a * s : a;
}

static inline int64_t int_meaning(const char *name, int64_t a, int64_t b, int64_t s, bool round)
{
    if (is(name, "vadd") || is(name, "vadds"))
        return a + (is(name, "vadd") ? b : s);
    if (is(name, "vmul") || is(name, "vmuls"))
        return a * (is(name, "vmul") ? b : s);
    if (is(name, "vsub"))
        return a - b;
    if (is(name, "vmax") || is(name, "vmaxs"))
        return a > (is(name, "vmax") ? b : s) ? a : is(name, "vmax") ? b : s;
    if (is(name, "vmin") || is(name, "vmins"))
        return a < (is(name, "vmin") ? b : s) ? a : is(name, "vmin") ? b : s;
    if (is(name, "vsubrelu"))
        return (int16_t)(a - b) < 0 ? 0 : a - b;
    if (is(name, "vrelu"))
        return a < 0 ? 0 : a;
    if (is(name, "vand"))
        return a & b;
    if (is(name, "vor"))
        return a | b;
    if (is(name, "vnot"))
        return -1 - a;
    if (s < 0 || s > 40)
        s = 40; /* all gone already */
    if (is(name, "vshl"))
        return s > 32 ? 0 : (int64_t)((uint64_t)a << s);
    assert_string_equal(name, "vshr");
    return (a + (round && s ? INT64_C(1) << (s - 1) : 0)) >> s;
}

#endif
