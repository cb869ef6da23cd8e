/* orchestration.c - one kernel, and memory for those that want it. */
#include "runtime.h"

/** launch_pipes - @args: core type, rounds, cores, bytes of memory. */
int launch_pipes(Runtime *runtime, uint64_t *args, int arg_count)
{
    uint64_t memory;

    if (arg_count != 4)
        return -1;
    memory = add_tensor(runtime, NULL, args[3], TENSOR_SCRATCH);
    if (!memory || set_kernel(runtime, (int)args[0], 0) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){args[1], args[2], memory}, 3);
}
