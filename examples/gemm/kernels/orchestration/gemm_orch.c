/* gemm_orch.c - one kernel over all AICs. */
#include "runtime.h"

/** launch_gemm - @args: a, b and c on the host, m, n, k. */
int launch_gemm(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 6)
        return -1;
    uint64_t m = args[3], n = args[4], k = args[5];
    uint64_t a = add_tensor(runtime, (void *)(uintptr_t)args[0], m * k * 2, TENSOR_IN);
    uint64_t b = add_tensor(runtime, (void *)(uintptr_t)args[1], k * n * 2, TENSOR_IN);
    uint64_t c = add_tensor(runtime, (void *)(uintptr_t)args[2], m * n * 4, TENSOR_OUT);
    if (!a || !b || !c || set_kernel(runtime, RUNTIME_AIC, 0) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){a, b, c, m, n, k}, 6);
}
