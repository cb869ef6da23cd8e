/* cube.h - the cube's four movements, for kernels: matrices of halves in rows in GM, products in floats.
 *
 * Units are elements unless said otherwise. The cube works on fractals of 16 x 16, so in L1 and beyond every matrix has
 * room for whole fractals; what lies in them beyond its own rows and columns is never used for a result.
 *
 *   GM, rows --nd2nz--> L1, NZ --load_a--> L0A \
 *   GM, rows --nd2nz--> L1, NZ --load_b--> L0B -> mad -> L0C --store--> GM, rows
 *
 * NZ is column after column of fractals: fractal (i, j) is number j * (rows / 16) + i.
 */
#ifndef EXAMPLES_COMMON_CUBE_H
#define EXAMPLES_COMMON_CUBE_H

#include "cce.h"

#define CUBE_SIDE    16                        /* of a fractal */
#define CUBE_FRACTAL (CUBE_SIDE * CUBE_SIDE)   /* its elements */
#define CUBE_UP(n)   (((n) + 15u) / 16u * 16u) /* whole fractals */

/* A buffer's offset as a pointer. */
#define CUBE_HALF(offset)  ((half *)(uint64_t)(offset))
#define CUBE_FLOAT(offset) ((float *)(uint64_t)(offset))

/* MTE2: @rows x @columns, one row @pitch after the other, to NZ. The columns of the last fractals are filled with 0. */
__aicore__ static inline void cube_nd2nz(__cbuf__ half *to, const __gm__ half *from, uint32_t rows, uint32_t columns,
                                         uint32_t pitch)
{
    copy_gm_to_cbuf_multi_nd2nz_b16(to, from, 0, 1, (uint16_t)rows, (uint16_t)columns, 0, (uint16_t)pitch,
                                    (uint16_t)CUBE_UP(rows), 1, 0);
}

/* MTE1: @m x @k of the left matrix, which has room for @rows rows in L1; @from is where its first fractal stands.
 * L0A is row after row of fractals. */
__aicore__ static inline void cube_load_a(__ca__ half *to, const __cbuf__ half *from, uint32_t m, uint32_t k,
                                          uint32_t rows)
{
    uint32_t down = CUBE_UP(m) / CUBE_SIDE, across = CUBE_UP(k) / CUBE_SIDE;
    for (uint32_t i = 0; i < down; i++)
        load_cbuf_to_ca(to + i * across * CUBE_FRACTAL, from + i * CUBE_FRACTAL, 0, (uint8_t)across,
                        (uint16_t)(rows / CUBE_SIDE), 0, 0, false, inc);
}

/* MTE1: @k x @n of the right matrix, which has room for @rows rows in L1. L0B is row after row of fractals, each of
 * them transposed. */
__aicore__ static inline void cube_load_b(__cb__ half *to, const __cbuf__ half *from, uint32_t k, uint32_t n,
                                          uint32_t rows)
{
    uint32_t down = CUBE_UP(k) / CUBE_SIDE, across = CUBE_UP(n) / CUBE_SIDE;
    for (uint32_t i = 0; i < down; i++)
        load_cbuf_to_cb(to + i * across * CUBE_FRACTAL, from + i * CUBE_FRACTAL, 0, (uint8_t)across,
                        (uint16_t)(rows / CUBE_SIDE), 0, 0, true, inc);
}

/* MTE1: the right matrix, @k x @n, which stands transposed in L1, as @n x @k: fractals and their order are L0B's then.
 */
__aicore__ static inline void cube_load_bt(__cb__ half *to, const __cbuf__ half *from, uint32_t k, uint32_t n)
{
    load_cbuf_to_cb(to, from, 0, (uint8_t)(CUBE_UP(k) * CUBE_UP(n) / CUBE_FRACTAL), 1, 0, 0, false, inc);
}

/* M: c = a * b, or c += a * b. A left matrix of one row would have another layout, so there is none. */
__aicore__ static inline void cube_mad(__cc__ float *c, const __ca__ half *a, const __cb__ half *b, uint32_t m,
                                       uint32_t k, uint32_t n, bool add)
{
    mad(c, a, b, (uint16_t)CUBE_UP(m), (uint16_t)k, (uint16_t)CUBE_UP(n), 0, false, false, !add);
}

/* The registers of FIX: n and m, the pitch of the rows in GM; the pitch of L0C's columns of fractals, the conversion
 * in two parts, rows instead of fractals. Needs set_nd_para(1): one matrix. */
__aicore__ static inline uint64_t cube_xm(uint32_t m, uint32_t n, uint32_t pitch)
{
    return (uint64_t)n << 4 | (uint64_t)m << 16 | (uint64_t)pitch << 32;
}
__aicore__ static inline uint64_t cube_xt(uint32_t m, uint64_t conversion)
{
    return CUBE_UP(m) | conversion >> 5 << 29 | (conversion & 31) << 34 | UINT64_C(1) << 43;
}

/* FIX: @m x @n of L0C to rows, @pitch apart. */
__aicore__ static inline void cube_store(__gm__ float *to, const __cc__ float *from, uint32_t m, uint32_t n,
                                         uint32_t pitch)
{
    copy_matrix_cc_to_gm(to, from, cube_xm(m, n, pitch), cube_xt(m, NoQuant));
}

#endif
