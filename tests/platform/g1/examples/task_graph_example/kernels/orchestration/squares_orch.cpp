// squares_orch.cpp - out = the sum over all tiles of (x + y) * (x - y). A tile is a diamond of three tasks on AIVs; the
// tiles are added up in pairs by AICs.
#include "runtime.h"

#include <iostream>
#include <stdexcept>
#include <vector>

namespace
{

enum { ADD, SUB, MUL, SUM };

struct Made {
    int task;
    char *tensor;
};

int AddTask(Runtime *runtime, int func_id, CoreType core_type, char *x, char *y, char *out, size_t bytes)
{
    const uint64_t args[] = {reinterpret_cast<uint64_t>(x), reinterpret_cast<uint64_t>(y),
                             reinterpret_cast<uint64_t>(out), bytes / sizeof(float)};
    const int task = runtime->add_task(args, 4, func_id, core_type);
    if (task < 0)
        throw std::length_error("the graph has no room for another task");
    return task;
}

char *NewTensor(Runtime *runtime, size_t bytes, const void *in = nullptr, void *out = nullptr)
{
    void *tensor = runtime->NewTensor(bytes, in, out);
    if (tensor == nullptr)
        throw std::runtime_error("there is no room for another tensor");
    return static_cast<char *>(tensor);
}

} // namespace

// args: x, y, out, bytes of a tile, number of tiles. out is one tile.
extern "C" int BuildSquares(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 5 || args[4] == 0) {
        std::cerr << "BuildSquares: " << arg_count << " arguments for " << args[4] << " tiles\n";
        return -1;
    }
    const size_t bytes = args[3], tiles = args[4];
    char *x = NewTensor(runtime, bytes * tiles, reinterpret_cast<void *>(args[0]));
    char *y = NewTensor(runtime, bytes * tiles, reinterpret_cast<void *>(args[1]));
    char *sums = NewTensor(runtime, bytes * tiles), *differences = NewTensor(runtime, bytes * tiles);
    char *products = NewTensor(runtime, bytes * tiles);

    std::vector<Made> made;
    for (size_t at = 0; at < bytes * tiles; at += bytes) {
        int product = AddTask(runtime, MUL, CoreType::AIV, sums + at, differences + at, products + at, bytes);
        int sum = AddTask(runtime, ADD, CoreType::AIV, x + at, y + at, sums + at, bytes);
        int difference = AddTask(runtime, SUB, CoreType::AIV, x + at, y + at, differences + at, bytes);
        runtime->add_successor(sum, product);
        runtime->add_successor(difference, product);
        made.push_back({product, products + at});
    }
    for (size_t i = 0; i + 1 < made.size(); i += 2) {
        const bool last = i + 2 == made.size();
        char *out = NewTensor(runtime, bytes, nullptr, last ? reinterpret_cast<void *>(args[2]) : nullptr);
        int task = AddTask(runtime, SUM, CoreType::AIC, made[i].tensor, made[i + 1].tensor, out, bytes);
        runtime->add_successor(made[i].task, task);
        runtime->add_successor(made[i + 1].task, task);
        made.push_back({task, out});
    }
    return 0;
}
