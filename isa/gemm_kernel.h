/* gemm_kernel.h - one kernel of gemm.c: no guard, included once for each (gemm_kernels.h). It is given
 *   GEMM_NAME, GEMM_TARGET   the function and the instructions that the compiler may use
 *   GEMM_BYTES               of the vectors that these have
 *   GEMM_ROWS, GEMM_PANELS   the tile, whose sums stay in registers
 */
#define GEMM_JOIN_(a, b) a##b
#define GEMM_JOIN(a, b)  GEMM_JOIN_(a, b)
#define GEMM_VEC         GEMM_JOIN(GEMM_NAME, _vec)
#define GEMM_BITS        GEMM_JOIN(GEMM_NAME, _bits)
#define GEMM_MEM         GEMM_JOIN(GEMM_NAME, _mem)
#define GEMM_LANES       (GEMM_BYTES / 4)
#define GEMM_VECS        (GEMM_PANELS * ISA_GEMM_SIDE / GEMM_LANES)
/* Where vector v of a row stands, panels being `panel` floats apart. */
#define GEMM_AT(v, panel) ((v)*GEMM_LANES / ISA_GEMM_SIDE * (panel) + (v)*GEMM_LANES % ISA_GEMM_SIDE)

typedef float GEMM_VEC __attribute__((vector_size(GEMM_BYTES)));
typedef int32_t GEMM_BITS __attribute__((vector_size(GEMM_BYTES)));
typedef float GEMM_MEM __attribute__((vector_size(GEMM_BYTES), aligned(4), may_alias));

GEMM_TARGET static void GEMM_NAME(const struct isa_gemm_tile *tile)
{
    GEMM_VEC sum[GEMM_ROWS][GEMM_VECS];
    const float *a = tile->a, *b = tile->b;

#pragma GCC unroll 16
    for (size_t r = 0; r < GEMM_ROWS; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < GEMM_VECS; v++)
            sum[r][v] = *(const GEMM_MEM *)(tile->from + r * tile->from_row + GEMM_AT(v, tile->from_panel));
    for (uint32_t left = tile->k; left; a += ISA_GEMM_CHUNK) {
        uint32_t count = left < ISA_GEMM_SIDE ? left : ISA_GEMM_SIDE;

        for (uint32_t i = 0; i < count; i++, b += ISA_GEMM_SIDE) {
            GEMM_VEC right[GEMM_VECS];

#pragma GCC unroll 16
            for (size_t v = 0; v < GEMM_VECS; v++)
                right[v] = *(const GEMM_MEM *)(b + GEMM_AT(v, tile->b_panel));
#pragma GCC unroll 16
            for (size_t r = 0; r < GEMM_ROWS; r++)
#pragma GCC unroll 16
                for (size_t v = 0; v < GEMM_VECS; v++)
                    sum[r][v] += right[v] * a[r * ISA_GEMM_SIDE + i];
        }
        left -= count;
    }
#pragma GCC unroll 16
    for (size_t r = 0; r < GEMM_ROWS; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < GEMM_VECS; v++) {
            GEMM_BITS nan = (GEMM_BITS)(sum[r][v] != sum[r][v]);

            *(GEMM_MEM *)(tile->c + r * ISA_GEMM_SIDE + GEMM_AT(v, tile->c_panel)) =
                (GEMM_VEC)(((GEMM_BITS)sum[r][v] & ~nan) | (nan & 0x7fc00000));
        }
}

#undef GEMM_JOIN_
#undef GEMM_JOIN
#undef GEMM_VEC
#undef GEMM_BITS
#undef GEMM_MEM
#undef GEMM_LANES
#undef GEMM_VECS
#undef GEMM_AT
#undef GEMM_NAME
#undef GEMM_TARGET
#undef GEMM_BYTES
#undef GEMM_ROWS
#undef GEMM_PANELS
