/* layer_norm_orch.c - one kernel over all AIVs. */
#include "runtime.h"

/** launch_layer_norm - @args: x, gamma, beta and out on the host, rows, columns, bytes of an element of x and out. */
int launch_layer_norm(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 7)
        return -1;
    uint64_t rows = args[4], columns = args[5], size = rows * columns * args[6];
    uint64_t x = add_tensor(runtime, (void *)(uintptr_t)args[0], size, TENSOR_IN);
    uint64_t gamma = add_tensor(runtime, (void *)(uintptr_t)args[1], columns * 4, TENSOR_IN);
    uint64_t beta = add_tensor(runtime, (void *)(uintptr_t)args[2], columns * 4, TENSOR_IN);
    uint64_t out = add_tensor(runtime, (void *)(uintptr_t)args[3], size, TENSOR_OUT);
    if (!x || !gamma || !beta || !out || set_kernel(runtime, RUNTIME_AIV, 0) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){x, gamma, beta, out, rows, columns}, 6);
}
