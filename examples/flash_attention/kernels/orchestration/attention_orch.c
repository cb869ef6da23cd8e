/* attention_orch.c - a kernel for the AICs and one for the AIVs, which work together cluster by cluster. */
#include "runtime.h"

#include "../sizes.h"

/** launch_attention - @args: q, k, v and out on the host, heads, queries, keys, dim, the bits of the scale, clusters.
 */
int launch_attention(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 10)
        return -1;
    uint64_t heads = args[4], queries = args[5], keys = args[6], dim = args[7];
    uint64_t q = add_tensor(runtime, (void *)(uintptr_t)args[0], heads * queries * dim * 2, TENSOR_IN);
    uint64_t k = add_tensor(runtime, (void *)(uintptr_t)args[1], heads * keys * dim * 2, TENSOR_IN);
    uint64_t v = add_tensor(runtime, (void *)(uintptr_t)args[2], heads * keys * dim * 2, TENSOR_IN);
    uint64_t out = add_tensor(runtime, (void *)(uintptr_t)args[3], heads * queries * dim * 4, TENSOR_OUT);
    uint64_t meetings = add_tensor(runtime, NULL, args[9] * MEETING_BYTES, TENSOR_SCRATCH);
    if (!q || !k || !v || !out || !meetings)
        return -1;
    if (set_kernel(runtime, RUNTIME_AIC, 0) != 0 || set_kernel(runtime, RUNTIME_AIV, 1) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){q, k, v, out, meetings, heads, queries, keys, dim, args[8]}, 10);
}
