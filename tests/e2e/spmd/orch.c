/* orch.c - @args: out on the host, its bytes, a number, func_id of the AICs' kernel and of the AIVs', -1 for none. */
#include "runtime.h"

int launch_place(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 5)
        return -1;
    uint64_t out = add_tensor(runtime, (void *)(uintptr_t)args[0], args[1], TENSOR_IN | TENSOR_OUT);
    for (int type = 0; type < RUNTIME_CORE_TYPES; type++)
        if ((int)args[3 + type] >= 0 && set_kernel(runtime, type, (int)args[3 + type]) != 0)
            return -1;
    return out ? set_args(runtime, (uint64_t[]){out, args[2]}, 2) : -1;
}

int launch_too_many_args(Runtime *runtime, uint64_t *args, int arg_count)
{
    (void)arg_count;
    return set_args(runtime, args, RUNTIME_MAX_ARGS + 1);
}
