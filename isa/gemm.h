/* gemm.h - the product of matrices in fp32, with one order of summation whatever the host.
 *
 * Every element is start + a[0] * b[0] + a[1] * b[1] + ... along ascending k, each step rounded to fp32. Blocks,
 * vectors and threads of the host only choose which elements are computed together, so the bits are the same
 * everywhere. A NaN comes out as 0x7fc00000. `fused` leaves it to the host whether a step rounds its product before it
 * adds it; it may be set where the product is exact and in range (halves, small integers), so that this makes no
 * difference.
 *
 * Operands are packed: a in chunks of 16 rows times 16 elements along k, b in panels of 16 columns with k going down.
 * c is what L0C holds: panels of 16 columns, the rows below each other.
 */
#ifndef DAV_ISA_GEMM_H
#define DAV_ISA_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ISA_GEMM_SIDE = 16, ISA_GEMM_CHUNK = ISA_GEMM_SIDE * ISA_GEMM_SIDE };

struct isa_product {
    uint32_t m, k, n;
    const float *a, *b;
    float *c;
    size_t a_panel; /* floats from 16 rows to the next 16 */
    size_t b_panel; /* floats from 16 columns to the next 16; so of c_panel and start_panel */
    size_t c_panel;
    const float *start; /* what each row starts from: 16 floats a panel; NULL: from c itself */
    size_t start_panel;
    bool fused;
    uint32_t set; /* which of the host's sets of kernels, 0 being the best: they only differ in speed */
};

/** isa_gemm - write the m x n elements of c; what else stands in the last panel and rows stays as it is. */
void isa_gemm(const struct isa_product *product);

/* ---- the kernels, of which the host's best set is used ---- */

/* One tile of c: `rows` rows times `panels` panels. */
struct isa_gemm_tile {
    float *c;
    const float *from; /* what it starts from */
    const float *a, *b;
    size_t c_panel, from_panel, from_row, b_panel;
    uint32_t k;
};

typedef void isa_gemm_kernel(const struct isa_gemm_tile *tile);

struct isa_gemm_kernels {
    uint32_t rows, panels;
    isa_gemm_kernel *wide, *narrow; /* of `panels` panels, and of one */
};

/** isa_gemm_fused, isa_gemm_rounded - with fused steps where the host has them; with each product rounded. @set: the
 *  best that the host has is 0; NULL if it has not so many. */
const struct isa_gemm_kernels *isa_gemm_fused(uint32_t set);
const struct isa_gemm_kernels *isa_gemm_rounded(uint32_t set);

#endif
