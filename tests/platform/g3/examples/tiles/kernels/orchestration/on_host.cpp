/* on_host.cpp - for each tile d = a - b, p = d * d, q = 3 d + a, out = p + q; then the total of all of out.
 * Arguments: pointers to the number of tiles, a, b, out, total; all of them on the host. */
#include <initializer_list>

#include "runtime.h"

constexpr int TILE = 16; /* a line of numbers, so that no two cores write the same one */

struct Tensors {
    int32_t *a, *b, *d, *p, *q, *out, *total;
};

static int32_t *allocate(Runtime *runtime, void *result, size_t bytes)
{
    void *memory = runtime->host_api.device_malloc(bytes);
    return runtime->record_tensor_pair(result, memory, bytes) ? static_cast<int32_t *>(memory) : nullptr;
}

static int add(Runtime *runtime, std::initializer_list<const void *> pointers, int64_t factor, int func_id,
               CoreType core_type, std::initializer_list<int> after)
{
    uint64_t args[MAX_ARGS];
    int count = 0;
    for (const void *pointer : pointers)
        args[count++] = reinterpret_cast<uint64_t>(pointer);
    if (factor)
        args[count++] = static_cast<uint64_t>(factor);
    args[count++] = TILE;
    const int id = runtime->add_task(args, count, func_id, core_type);
    for (int before : after)
        runtime->add_successor(before, id);
    return id;
}

static int add_tile(Runtime *runtime, const Tensors &t, int i)
{
    const int at = TILE * i;
    const int d = add(runtime, {t.d + at, t.b + at, t.a + at}, -1, 0, CoreType::AIV, {});
    const int p = add(runtime, {t.p + at, t.d + at, t.d + at}, 0, 1, CoreType::AIC, {d});
    const int q = add(runtime, {t.q + at, t.d + at, t.a + at}, 3, 0, CoreType::AIV, {d});
    return add(runtime, {t.out + at, t.p + at, t.q + at}, 1, 0, CoreType::AIV, {p, q});
}

extern "C" int build_tiles(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 5)
        return -1;
    const int tiles = *reinterpret_cast<const int32_t *>(args[0]);
    const size_t bytes = sizeof(int32_t) * TILE * static_cast<size_t>(tiles);
    Tensors t;
    for (int32_t **scratch : {&t.a, &t.b, &t.d, &t.p, &t.q})
        if (!(*scratch = allocate(runtime, nullptr, bytes)))
            return -1;
    t.out = allocate(runtime, reinterpret_cast<void *>(args[3]), bytes);
    t.total = allocate(runtime, reinterpret_cast<void *>(args[4]), sizeof(int32_t));
    if (!t.out || !t.total || runtime->host_api.copy_to_device(t.a, reinterpret_cast<void *>(args[1]), bytes) != 0 ||
        runtime->host_api.copy_to_device(t.b, reinterpret_cast<void *>(args[2]), bytes) != 0)
        return -1;
    int last[MAX_TASKS];
    for (int i = 0; i < tiles; i++)
        if ((last[i] = add_tile(runtime, t, i)) < 0)
            return -1;
    const uint64_t sum[] = {reinterpret_cast<uint64_t>(t.total), reinterpret_cast<uint64_t>(t.out),
                            static_cast<uint64_t>(TILE * tiles)};
    const int id = runtime->add_task(sum, 3, 2, CoreType::AIV);
    for (int i = 0; id >= 0 && i < tiles; i++)
        runtime->add_successor(last[i], id);
    return id < 0 ? -1 : 0;
}
