/* gemm_kernels.h - the sets of kernels, one for each kind of host, and the choice among them: GEMM_CHOICE names it. No
 * guard: gemm_fused.c and gemm_rounded.c include it, which are compiled with and without leave to fuse. */
#include "isa/gemm.h"

#ifdef __x86_64__
#define GEMM_NAME   wide_512
#define GEMM_TARGET __attribute__((target("avx512f,fma")))
#define GEMM_BYTES  64
#define GEMM_ROWS   8
#define GEMM_PANELS 2
#include "isa/gemm_kernel.h"

#define GEMM_NAME   narrow_512
#define GEMM_TARGET __attribute__((target("avx512f,fma")))
#define GEMM_BYTES  64
#define GEMM_ROWS   8
#define GEMM_PANELS 1
#include "isa/gemm_kernel.h"

#define GEMM_NAME   only_256
#define GEMM_TARGET __attribute__((target("avx2,fma")))
#define GEMM_BYTES  32
#define GEMM_ROWS   4
#define GEMM_PANELS 1
#include "isa/gemm_kernel.h"
#endif

#define GEMM_NAME only_128
#define GEMM_TARGET
#define GEMM_BYTES  16
#define GEMM_ROWS   2
#define GEMM_PANELS 1
#include "isa/gemm_kernel.h"

const struct isa_gemm_kernels *GEMM_CHOICE(uint32_t set)
{
    static const struct isa_gemm_kernels plain = {2, 1, only_128, only_128};
#ifdef __x86_64__
    static const struct isa_gemm_kernels avx2 = {4, 1, only_256, only_256}, avx512 = {8, 2, wide_512, narrow_512};

    if (__builtin_cpu_supports("avx512f") && set-- == 0)
        return &avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && set-- == 0)
        return &avx2;
#endif
    return set == 0 ? &plain : NULL;
}
