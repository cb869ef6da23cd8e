/* flash_attention_orch.c - a kernel on the AICs and another on their AIVs. */
#include "runtime.h"

enum { SCRATCH_BYTES = 128 * 128 * 2 * (4 + 4 + 2) }; /* of a cluster: struct scratch */

/** launch_flash_attention - @args: q, k, v and out on the host, heads, rows of q, rows of k and v, columns, the bits of
 * scale, clusters. */
int launch_flash_attention(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 10)
        return -1;
    uint64_t heads = args[4], rows = args[5], keys = args[6], columns = args[7];
    size_t of_q = heads * rows * columns, of_k = heads * keys * columns;
    uint64_t q = add_tensor(runtime, (void *)(uintptr_t)args[0], of_q * 2, TENSOR_IN);
    uint64_t k = add_tensor(runtime, (void *)(uintptr_t)args[1], of_k * 2, TENSOR_IN);
    uint64_t v = add_tensor(runtime, (void *)(uintptr_t)args[2], of_k * 2, TENSOR_IN);
    uint64_t out = add_tensor(runtime, (void *)(uintptr_t)args[3], of_q * 4, TENSOR_OUT);
    uint64_t scratch = add_tensor(runtime, NULL, args[9] * SCRATCH_BYTES, TENSOR_SCRATCH);
    if (!q || !k || !v || !out || !scratch)
        return -1;
    if (set_kernel(runtime, RUNTIME_AIC, 0) != 0 || set_kernel(runtime, RUNTIME_AIV, 1) != 0)
        return -1;
    return set_args(runtime, (uint64_t[]){q, k, v, out, scratch, heads, rows, keys, columns, args[8]}, 10);
}
