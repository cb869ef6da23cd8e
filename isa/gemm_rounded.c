/* gemm_rounded.c - the kernels that round each product before they add it. */
#define GEMM_CHOICE isa_gemm_rounded
#include "isa/gemm_kernels.h"
