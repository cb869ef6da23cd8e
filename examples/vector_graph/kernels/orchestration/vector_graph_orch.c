/* vector_graph_orch.c - the graph of f = (a + b + 1)(a + b + 2), four tasks a tile:
 *
 *     sum = a + b  ->  left = sum + 1, right = sum + 2  ->  f = left * right
 *
 * A tile starts on a cache line of its own, so no two cores ever write the same line.
 */
#include "runtime.h"

#include <string.h>

enum { KERNEL_ADD, KERNEL_ADD_SCALAR, KERNEL_MUL };

/* The arrays on the device, and how many there are. */
enum { A, B, SUM, LEFT, RIGHT, F, ARRAYS };

static uint64_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Device memory for the arrays; the runtime copies f back and frees all of them. */
static int make_arrays(Runtime *runtime, void *const host[ARRAYS], size_t size, char *device[ARRAYS])
{
    const HostApi *api = &runtime->host_api;
    for (int i = 0; i < ARRAYS; i++) {
        device[i] = api->device_malloc(size);
        if (record_tensor_pair(runtime, i == F ? host[i] : NULL, device[i], size) != 0)
            return -1;
        if ((i == A || i == B) && api->copy_to_device(device[i], host[i], size) != 0)
            return -1;
    }
    return 0;
}

static int add_tile(Runtime *runtime, char *const device[ARRAYS], size_t offset, uint64_t count)
{
    uint64_t at[ARRAYS];
    for (int i = 0; i < ARRAYS; i++)
        at[i] = (uint64_t)(uintptr_t)(device[i] + offset);
    int sum = add_task(runtime, (uint64_t[]){at[A], at[B], at[SUM], count}, 4, KERNEL_ADD, RUNTIME_AIV);
    int left = add_task(runtime, (uint64_t[]){at[SUM], bits_of(1), at[LEFT], count}, 4, KERNEL_ADD_SCALAR, RUNTIME_AIV);
    int right =
        add_task(runtime, (uint64_t[]){at[SUM], bits_of(2), at[RIGHT], count}, 4, KERNEL_ADD_SCALAR, RUNTIME_AIV);
    int product = add_task(runtime, (uint64_t[]){at[LEFT], at[RIGHT], at[F], count}, 4, KERNEL_MUL, RUNTIME_AIV);
    if (sum < 0 || left < 0 || right < 0 || product < 0)
        return -1;
    return add_successor(runtime, sum, left) | add_successor(runtime, sum, right) |
           add_successor(runtime, left, product) | add_successor(runtime, right, product);
}

/** build_vector_graph - @args: a, b and f on the host, tiles, floats of a tile, floats from one tile to the next. */
int build_vector_graph(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 6)
        return -1;
    void *host[ARRAYS] = {
        [A] = (void *)(uintptr_t)args[0], [B] = (void *)(uintptr_t)args[1], [F] = (void *)(uintptr_t)args[2]};
    uint64_t tiles = args[3], count = args[4], stride = args[5];
    char *device[ARRAYS];
    if (runtime_reserve_tasks(runtime, (int)(4 * tiles)) != 0 ||
        make_arrays(runtime, host, tiles * stride * sizeof(float), device) != 0)
        return -1;
    for (uint64_t tile = 0; tile < tiles; tile++)
        if (add_tile(runtime, device, tile * stride * sizeof(float), count) != 0)
            return -1;
    return 0;
}
