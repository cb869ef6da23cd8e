/* vector_float.c - kernels of float and half: see vector.h.
 *
 * Half is computed in float and rounded once at the end. For + - * / and the square root this is the correctly rounded
 * half. The fused forms (vmadd, vmla, vaxpy) round the product and then the sum, each to the type of the destination,
 * as the tile library's expected results do: its system tests of half allow too few differences for a single rounding.
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

/* @kernel, of float, on halves. */
static void on_halves(vector_kernel *kernel, uint16_t *dst, const uint16_t *a, const uint16_t *b, uint64_t scalar,
                      size_t count)
{
    float to[CHUNK], as[CHUNK], bs[CHUNK];
    uint32_t wide_scalar = isa_f32_bits(isa_f16_to_f32((uint16_t)scalar));

    for (size_t done = 0; done < count; done += CHUNK) {
        size_t n = count - done < CHUNK ? count - done : CHUNK;

        isa_f16_to_f32_n(as, a + done, n);
        if (b)
            isa_f16_to_f32_n(bs, b + done, n);
        kernel(to, as, bs, wide_scalar, n);
        isa_f32_to_f16_n(dst + done, to, n);
    }
}

#define B_OF_A  NULL
#define B_OF_AB b

#define HALF(name, loads)                                                                                              \
    void vector_##name##_F16(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)                   \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        on_halves(vector_##name##_F32, dst, a, B_OF_##loads, scalar, count);                                           \
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
/* clang-format on */

/* ---- fused forms ---- */

/* Halves: a x + y, where x and y are the second source, the destination and the scalar. */
static void fuse(uint16_t *dst, const uint16_t *a, const uint16_t *x, const uint16_t *y, float scalar, bool positive,
                 size_t count)
{
    float as[CHUNK], xs[CHUNK], ys[CHUNK];
    uint16_t product[CHUNK];

    for (size_t done = 0; done < count; done += CHUNK) {
        size_t n = count - done < CHUNK ? count - done : CHUNK;

        isa_f16_to_f32_n(as, a + done, n);
        isa_f16_to_f32_n(ys, y + done, n);
        if (x) {
            isa_f16_to_f32_n(xs, x + done, n);
            vector_vmul_F32(as, as, xs, 0, n);
        } else {
            vector_vmuls_F32(as, as, NULL, isa_f32_bits(scalar), n);
        }
        isa_f32_to_f16_n(product, as, n);
        isa_f16_to_f32_n(as, product, n);
        vector_vadd_F32(as, as, ys, 0, n);
        if (positive)
            vector_vrelu_F32(as, as, NULL, 0, n);
        isa_f32_to_f16_n(dst + done, as, n);
    }
}

#define FUSED(name, loads, result, x, y, positive)                                                                     \
    vector_kernel vector_##name##_F16, vector_##name##_F32;                                                            \
    FLOAT(name, loads, result)                                                                                         \
    void vector_##name##_F16(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)                   \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        fuse(dst, a, x, y, isa_f16_to_f32((uint16_t)scalar), positive, count);                                         \
    }

/* clang-format off */
FUSED(vmadd,     ABD, a * d + b,       dst,  b,   false)
FUSED(vmaddrelu, ABD, relu(a * d + b), dst,  b,   true)
FUSED(vmla,      ABD, a * b + d,       b,    dst, false)
FUSED(vaxpy,     AD,  a * s + d,       NULL, dst, false)
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
