/* vector_float.c - kernels of float and half: see vector.h.
 *
 * Half is computed in float and rounded once at the end. For + - * / and the square root this is the correctly rounded
 * half. The fused forms (vmadd, vmla, vaxpy) round the product to float and then the sum, as the tile library's
 * expected results do; with half operands the product is exact, so half has one rounding to float and one to half, and
 * vaxpy of float and half has a single one. A true fused multiply-add would cost a library call on hosts without it.
 *
 * NaN: a result that is not a number is always the one NaN 0x7fc00000 (0x7e00), since hosts differ in the sign and in
 * the payload they keep. Denormals are kept. Maximum, minimum and relu give a NaN for a NaN, and +0 is above -0.
 *
 * Accuracy: the largest error in units of the last place, over all floats and all halves, against the C library in
 * double. vadd, vsub, vmul, vdiv, vsqrt and vrec are correctly rounded.
 *            float     half
 *   vexp     0.5002    0.5001
 *   vln      0.5006    0.5001
 *   vrsqrt   0.5001    0.5
 */
#include <math.h>

#include "isa/format.h"
#include "isa/math.h"
#include "isa/vector.h"

static inline float larger(float a, float b)
{
    float equal = isa_f32_of(isa_f32_bits(a) & isa_f32_bits(b));

    return a == b ? equal : a > b || a != a ? a : b;
}

static inline float smaller(float a, float b)
{
    float equal = isa_f32_of(isa_f32_bits(a) | isa_f32_bits(b));

    return a == b ? equal : a < b || a != a ? a : b;
}

static inline float relu(float a)
{
    return a > 0 ? a : a == a ? 0 : a;
}

static inline float exponential(float a)
{
    return a == a ? (float)isa_exp(a) : a;
}

static inline float logarithm(float a)
{
    float finite = a > 0 && a < INFINITY ? a : 1;
    float special = a == 0 ? -INFINITY : a > 0 ? a : NAN;

    return finite == a ? (float)isa_ln(finite) : special;
}

static inline float inverse_root(float a)
{
    return (float)(1 / __builtin_sqrt((double)a));
}

/* ---- float ---- */

#define LOAD_A   float a = as[i];
#define LOAD_AD  LOAD_A float d = to[i];
#define LOAD_AB  LOAD_A float b = bs[i];
#define LOAD_ABD LOAD_AB float d = to[i];

#define FLOAT(name, loads, result)                                                                                     \
    VECTOR_CLONES void vector_##name##_F32(void *dst, const void *a_, const void *b_, uint64_t scalar, size_t count)   \
    {                                                                                                                  \
        float *to = dst;                                                                                               \
        const float *as = a_, *bs = b_, s = isa_f32_of((uint32_t)scalar);                                              \
                                                                                                                       \
        (void)bs, (void)s;                                                                                             \
        VECTOR_LOOP                                                                                                    \
        for (size_t i = 0; i < count; i++) {                                                                           \
            LOAD_##loads float value = result;                                                                         \
            to[i] = value == value ? value : isa_f32_of(0x7fc00000);                                                   \
        }                                                                                                              \
    }

/* ---- half ---- */

enum { CHUNK = 512 };

/* @kernel, of float, on halves. @from_dst: it reads its destination. */
static void on_halves(vector_kernel *kernel, uint16_t *dst, const uint16_t *a, const uint16_t *b, bool from_dst,
                      uint64_t scalar, size_t count)
{
    float to[CHUNK], as[CHUNK], bs[CHUNK];
    uint32_t wide_scalar = isa_f32_bits(isa_f16_to_f32((uint16_t)scalar));

    for (size_t done = 0; done < count; done += CHUNK) {
        size_t n = count - done < CHUNK ? count - done : CHUNK;

        isa_f16_to_f32_n(as, a + done, n);
        if (b)
            isa_f16_to_f32_n(bs, b + done, n);
        if (from_dst)
            isa_f16_to_f32_n(to, dst + done, n);
        kernel(to, as, bs, wide_scalar, n);
        isa_f32_to_f16_n(dst + done, to, n);
    }
}

#define B_OF_A     NULL
#define B_OF_AD    NULL
#define B_OF_AB    b
#define B_OF_ABD   b
#define DST_OF_A   false
#define DST_OF_AB  false
#define DST_OF_AD  true
#define DST_OF_ABD true

#define HALF(name, loads)                                                                                              \
    void vector_##name##_F16(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)                   \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        on_halves(vector_##name##_F32, dst, a, B_OF_##loads, DST_OF_##loads, scalar, count);                           \
    }

/* ---- the kernels: a and b are the sources, d what stood in the destination, s the scalar ---- */

#define BOTH(name, loads, result)                                                                                      \
    vector_kernel vector_##name##_F16, vector_##name##_F32;                                                            \
    FLOAT(name, loads, result)                                                                                         \
    HALF(name, loads)

/* clang-format off */
BOTH(vadd,      AB,  a + b)
BOTH(vsub,      AB,  a - b)
BOTH(vmul,      AB,  a * b)
BOTH(vdiv,      AB,  a / b)
BOTH(vmax,      AB,  larger(a, b))
BOTH(vmin,      AB,  smaller(a, b))
BOTH(vsubrelu,  AB,  relu(a - b))
BOTH(vmadd,     ABD, a * d + b)
BOTH(vmaddrelu, ABD, relu(a * d + b))
BOTH(vmla,      ABD, a * b + d)
BOTH(vexp,      A,   exponential(a))
BOTH(vln,       A,   logarithm(a))
BOTH(vsqrt,     A,   __builtin_sqrtf(a))
BOTH(vrsqrt,    A,   inverse_root(a))
BOTH(vrec,      A,   1 / a)
BOTH(vabs,      A,   __builtin_fabsf(a))
BOTH(vrelu,     A,   relu(a))
BOTH(vadds,     A,   a + s)
BOTH(vmuls,     A,   a * s)
BOTH(vmaxs,     A,   larger(a, s))
BOTH(vmins,     A,   smaller(a, s))
BOTH(vlrelu,    A,   a > 0 ? a : a * s)
BOTH(vaxpy,     AD,  a * s + d)
/* clang-format on */

vector_kernel vector_vaxpy_F32_F16;
void vector_vaxpy_F32_F16(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)
{
    const uint16_t *halves = a;
    float *to = dst, as[CHUNK];
    uint32_t wide_scalar = isa_f32_bits(isa_f16_to_f32((uint16_t)scalar));

    for (size_t done = 0; done < count; done += CHUNK) {
        size_t n = count - done < CHUNK ? count - done : CHUNK;

        isa_f16_to_f32_n(as, halves + done, n);
        vector_vaxpy_F32(to + done, as, b, wide_scalar, n);
    }
}
