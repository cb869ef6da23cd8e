/* orchestration.cpp - the plugin: a chain of additions, args: start (GM), lines of results (GM), how many. */
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "aicpu/platform_regs.h"
#include "runtime.h"

static int calls; /* of this opening of the library */
static thread_local int calls_of_thread;
static std::unordered_map<std::string, int> numbers = {{"one", 1}, {"two", 2}};

struct Graph {
    virtual ~Graph() = default;
    virtual int add(uint64_t from, uint64_t to, uint64_t number) = 0;
};

struct Chain : Graph {
    Runtime *runtime;
    int last = -1;

    explicit Chain(Runtime *whose) : runtime(whose) {}

    int add(uint64_t from, uint64_t to, uint64_t number) override
    {
        const uint64_t args[4] = {from, to, number, 0};
        return last = runtime->add_task(runtime, args, last);
    }
};

static int build(Runtime *runtime, const uint64_t *args, int64_t start)
{
    std::unique_ptr<Graph> graph = std::make_unique<Chain>(runtime);
    std::function<uint64_t(uint64_t)> line = [args](uint64_t i) { return args[1] + 64 * i; };
    std::vector<uint64_t> added;

    calls++;
    calls_of_thread++;
    numbers.erase("two");
    numbers[std::to_string(calls)] = calls;
    if (calls != 1 || calls_of_thread != 1 || numbers.size() != 2)
        return 7;
    for (uint64_t i = 0; i < args[2]; i++) {
        if (graph->add(i ? line(i - 1) : args[0], line(i), i ? i : static_cast<uint64_t>(start)) < 0)
            return 8;
        added.push_back(i);
    }
    return added.size() == args[2] ? 0 : 9;
}

extern "C" int build_chain(Runtime *runtime, uint64_t *args)
{
    volatile int64_t *start = reinterpret_cast<volatile int64_t *>(args[0]);

    cache_invalidate_range(start, sizeof(*start));
    return build(runtime, args, *start);
}

extern "C" int build_stale(Runtime *runtime, uint64_t *args)
{
    volatile int64_t *start = reinterpret_cast<volatile int64_t *>(args[0]);

    return build(runtime, args, *start); /* stale: the host has written it since */
}

extern "C" int build_and_throw(Runtime *runtime, uint64_t *args)
{
    if (build(runtime, args, 0) == 0)
        throw std::runtime_error("out of tasks");
    return 0;
}
