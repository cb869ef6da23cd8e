/* vector_ops_orch.c - one kernel over all AIVs. */
#include "runtime.h"

/** launch_vector_op - @args: x, y and out on the host, elements, bytes of one, the bits of the scalar. */
int launch_vector_op(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 6)
        return -1;
    size_t size = args[3] * args[4];
    uint64_t x = add_tensor(runtime, (void *)(uintptr_t)args[0], size, TENSOR_IN);
    uint64_t y = add_tensor(runtime, (void *)(uintptr_t)args[1], size, TENSOR_IN);
    uint64_t out = add_tensor(runtime, (void *)(uintptr_t)args[2], size, TENSOR_OUT);
    if (!x || !y || !out || set_kernel(runtime, RUNTIME_AIV, 0) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){x, y, out, args[3], args[5]}, 5);
}
