/* vector_int.c - kernels of integers, and those that only move bits: see vector.h.
 *
 * Sums, differences and products wrap around: neither documents nor the tile library's tests tell whether the chip
 * wraps or saturates. Shifts by the width or more leave nothing, or the sign.
 */
#include <string.h>

#include "isa/vector.h"

#define LOAD_A  a = as[i]
#define LOAD_AB a = as[i], b = bs[i]

/* @result is computed in int or, where that could overflow, in uint32_t. */
#define INT(name, type, ctype, loads, result)                                                                          \
    vector_kernel vector_##name##_##type;                                                                              \
    VECTOR_CLONES void vector_##name##_##type(void *dst, const void *a_, const void *b_, uint64_t scalar,              \
                                              size_t count)                                                            \
    {                                                                                                                  \
        ctype *to = dst;                                                                                               \
        const ctype *as = a_, *bs = b_, s = (ctype)scalar;                                                             \
                                                                                                                       \
        (void)bs, (void)s;                                                                                             \
        VECTOR_LOOP                                                                                                    \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const ctype LOAD_##loads;                                                                                  \
            to[i] = (ctype)(result);                                                                                   \
        }                                                                                                              \
    }

#define SIGNED(name, loads, result)                                                                                    \
    INT(name, S16, int16_t, loads, result)                                                                             \
    INT(name, S32, int32_t, loads, result)
#define BITS16(name, loads, result)                                                                                    \
    INT(name, S16, int16_t, loads, result)                                                                             \
    INT(name, U16, uint16_t, loads, result)

/* clang-format off */
SIGNED(vadd,  AB, (uint32_t)a + (uint32_t)b)
SIGNED(vsub,  AB, (uint32_t)a - (uint32_t)b)
SIGNED(vmul,  AB, (uint32_t)a * (uint32_t)b)
SIGNED(vmax,  AB, a > b ? a : b)
SIGNED(vmin,  AB, a < b ? a : b)
SIGNED(vadds, A,  (uint32_t)a + (uint32_t)s)
SIGNED(vmuls, A,  (uint32_t)a * (uint32_t)s)
SIGNED(vmaxs, A,  a > s ? a : s)
SIGNED(vmins, A,  a < s ? a : s)
BITS16(vand,  AB, a & b)
BITS16(vor,   AB, a | b)
BITS16(vnot,  A,  ~a)
INT(vrelu, S32, int32_t, A, a > 0 ? a : 0)
/* clang-format on */

/* The difference wraps first, as vsub and vrelu one after the other would have it. */
INT(vsubrelu, S16, int16_t, AB, (int16_t)(a - b) > 0 ? a - b : 0)

/* ---- shifts: the scalar is a count, whatever its type ---- */

#define SHIFT(type, ctype, utype)                                                                                      \
    vector_kernel vector_vshl_##type, vector_vshr_##type;                                                              \
    VECTOR_CLONES void vector_vshl_##type(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)      \
    {                                                                                                                  \
        utype by = (utype)scalar, *to = dst, all = by < sizeof(utype) * 8 ? (utype)~0 : 0;                             \
        const utype *from = a;                                                                                         \
                                                                                                                       \
        (void)b;                                                                                                       \
        by &= sizeof(utype) * 8 - 1;                                                                                   \
        VECTOR_LOOP                                                                                                    \
        for (size_t i = 0; i < count; i++)                                                                             \
            to[i] = (utype)((utype)((uint32_t)from[i] << by) & all);                                                   \
    }                                                                                                                  \
    VECTOR_CLONES void vector_vshr_##type(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)      \
    {                                                                                                                  \
        enum { WIDTH = sizeof(ctype) * 8 };                                                                            \
        utype by = (utype)scalar;                                                                                      \
        bool round = scalar >> VECTOR_MODE_SHIFT & 1 && by;                                                            \
        /* In two steps, the first of which leaves the last bit that falls off: both are shorter than the width. */    \
        uint32_t first = by > WIDTH ? WIDTH - 1 : by ? by - 1u : 0, last = by > 0;                                     \
        ctype keep = (ctype)(by > WIDTH && (ctype)-1 > 0 ? 0 : -1);                                                    \
        ctype *to = dst;                                                                                               \
        const ctype *from = a;                                                                                         \
                                                                                                                       \
        (void)b;                                                                                                       \
        VECTOR_LOOP                                                                                                    \
        for (size_t i = 0; i < count; i++) {                                                                           \
            ctype half = (ctype)(from[i] >> first & keep);                                                             \
                                                                                                                       \
            to[i] = (ctype)((half >> last) + (round ? half & 1 : 0));                                                  \
        }                                                                                                              \
    }
SHIFT(S16, int16_t, uint16_t)
SHIFT(U16, uint16_t, uint16_t)
SHIFT(S32, int32_t, uint32_t)
SHIFT(U32, uint32_t, uint32_t)

/* ---- moves ---- */

#define MOVE(type, ctype)                                                                                              \
    vector_kernel vector_vcopy_##type, vector_vector_dup_##type;                                                       \
    void vector_vcopy_##type(void *dst, const void *a, const void *b, uint64_t scalar, size_t count)                   \
    {                                                                                                                  \
        (void)b, (void)scalar;                                                                                         \
        memmove(dst, a, count * sizeof(ctype));                                                                        \
    }                                                                                                                  \
    VECTOR_CLONES void vector_vector_dup_##type(void *dst, const void *a, const void *b, uint64_t scalar,              \
                                                size_t count)                                                          \
    {                                                                                                                  \
        ctype *to = dst;                                                                                               \
                                                                                                                       \
        (void)a, (void)b;                                                                                              \
        for (size_t i = 0; i < count; i++)                                                                             \
            to[i] = (ctype)scalar;                                                                                     \
    }
MOVE(F16, uint16_t)
MOVE(BF16, uint16_t)
MOVE(F32, uint32_t)
MOVE(S16, uint16_t)
MOVE(U16, uint16_t)
MOVE(S32, uint32_t)
MOVE(U32, uint32_t)
