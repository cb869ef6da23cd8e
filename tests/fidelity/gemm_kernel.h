/* gemm_kernel.h - the product of matrices of rows J04, tiled as on silicon. */
#ifndef FIDELITY_GEMM_KERNEL_H
#define FIDELITY_GEMM_KERNEL_H

#include <stdint.h>

#include "aicore/aicore.h"

/** gemm - AIC @block's part of c = a * b on GEMM_ACROSS * GEMM_DOWN AICs. a: @size x @size halves in rows; b: the same
 * in columns; c: floats in rows. */
__aicore__ void gemm(uint32_t block, const __gm__ void *a, const __gm__ void *b, __gm__ void *c, uint32_t size);

#endif
