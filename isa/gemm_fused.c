/* gemm_fused.c - the kernels with leave to round product and sum at once (-ffp-contract=fast, isa/CMakeLists.txt). */
#define GEMM_CHOICE isa_gemm_fused
#include "isa/gemm_kernels.h"
