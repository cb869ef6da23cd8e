/* on_device.cpp - the graph of on_host.cpp, built on an AICPU thread through the Runtime's table of functions.
 * Arguments: pointers to the number of tiles, a, b, out, total; all of them in GM. */
#include <initializer_list>
#include <vector>

#include "aicpu/platform_regs.h"
#include "runtime.h"

constexpr int TILE = 16; /* a line of numbers, so that no two cores write the same one */

class Graph
{
  public:
    explicit Graph(Runtime *whose) : runtime(whose), api(whose->api) {}

    int32_t *allocate(size_t bytes) { return static_cast<int32_t *>(api.allocate(runtime, bytes)); }

    int add(const std::vector<uint64_t> &args, int func_id, CoreType core_type, std::initializer_list<int> after)
    {
        const int id = api.add_task(runtime, args.data(), static_cast<int>(args.size()), func_id, core_type);
        for (int before : after)
            api.add_edge(runtime, before, id);
        return id;
    }

    void edge(int from, int to) { api.add_edge(runtime, from, to); }
    void publish(int id) { api.publish(runtime, id); }

  private:
    Runtime *runtime;
    GraphApi api;
};

/* The numbers of a tile. */
static uint64_t tile(const int32_t *tensor, int i)
{
    return reinterpret_cast<uint64_t>(tensor + TILE * i);
}

extern "C" int build_tiles(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 5)
        return -1;
    const int32_t *a = reinterpret_cast<int32_t *>(args[1]), *b = reinterpret_cast<int32_t *>(args[2]);
    const int32_t *out = reinterpret_cast<int32_t *>(args[3]);
    const volatile int32_t *count = reinterpret_cast<int32_t *>(args[0]);
    cache_invalidate_range(count, sizeof(*count)); /* fresh count */
    const int tiles = *count;
    const size_t bytes = sizeof(int32_t) * TILE * static_cast<size_t>(tiles);

    Graph graph(runtime);
    const int32_t *d = graph.allocate(bytes), *p = graph.allocate(bytes), *q = graph.allocate(bytes);
    const int total = graph.add({args[4], args[3], static_cast<uint64_t>(TILE * tiles)}, 2, CoreType::AIV, {});
    for (int i = 0; i < tiles; i++) {
        const uint64_t minus = static_cast<uint64_t>(-1);
        const int first = graph.add({tile(d, i), tile(b, i), tile(a, i), minus, TILE}, 0, CoreType::AIV, {});
        graph.publish(first);
        const int square = graph.add({tile(p, i), tile(d, i), tile(d, i), TILE}, 1, CoreType::AIC, {first});
        graph.publish(square);
        const int triple = graph.add({tile(q, i), tile(d, i), tile(a, i), 3, TILE}, 0, CoreType::AIV, {first});
        graph.publish(triple);
        const int last = graph.add({tile(out, i), tile(p, i), tile(q, i), 1, TILE}, 0, CoreType::AIV, {square, triple});
        graph.edge(last, total);
        graph.publish(last);
    }
    graph.publish(total);
    return 0;
}
