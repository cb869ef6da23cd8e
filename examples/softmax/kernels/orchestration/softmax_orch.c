/* softmax_orch.c - one kernel over all AIVs. */
#include "runtime.h"

/** launch_softmax - @args: x and out on the host, rows, columns, bytes of an element. */
int launch_softmax(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 5)
        return -1;
    size_t size = args[2] * args[3] * args[4];
    uint64_t x = add_tensor(runtime, (void *)(uintptr_t)args[0], size, TENSOR_IN);
    uint64_t out = add_tensor(runtime, (void *)(uintptr_t)args[1], size, TENSOR_OUT);
    if (!x || !out || set_kernel(runtime, RUNTIME_AIV, 0) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){x, out, args[2], args[3]}, 4);
}
