/* graph.cpp - see graph.h. A task waits for its predecessors and for being published. */
#include "graph.h"

#include <deque>
#include <mutex>
#include <vector>

#include "aicpu/device_malloc.h"

struct Node {
    CoreType type;
    int waiting = 1;
    bool ended = false;
    std::vector<int> successors;
};

static std::mutex mutex;
static std::vector<Node> nodes;
static std::vector<void *> allocations;
static std::deque<int> ready[2]; /* of each core type */
static int ended;
static bool complete;
static thread_local int added;

/* With the mutex held. */
static void wait_less(int id)
{
    Node &node = nodes[static_cast<size_t>(id)];

    if (--node.waiting == 0)
        ready[static_cast<int>(node.type)].push_back(id);
}

static void *allocate(Runtime *, size_t size)
{
    std::lock_guard<std::mutex> lock(mutex);

    allocations.push_back(aicpu_device_malloc(size));
    return allocations.back();
}

static int add_task(Runtime *runtime, const uint64_t *args, int num_args, int func_id, CoreType core_type)
{
    std::lock_guard<std::mutex> lock(mutex);
    const int id = static_cast<int>(nodes.size());

    if (id == MAX_TASKS || num_args > MAX_ARGS)
        return -1;
    Task &task = runtime->tasks[id];
    task.function_bin_addr = runtime->get_function_bin_addr(func_id);
    for (int i = 0; i < num_args; i++)
        task.args[i] = args[i];
    task.func_id = func_id;
    task.core_type = core_type;
    nodes.emplace_back();
    nodes.back().type = core_type;
    added++;
    return id;
}

static void add_edge(Runtime *, int from, int to)
{
    std::lock_guard<std::mutex> lock(mutex);
    Node &node = nodes[static_cast<size_t>(from)];

    if (node.ended)
        return;
    node.successors.push_back(to);
    nodes[static_cast<size_t>(to)].waiting++;
}

static void publish(Runtime *, int id)
{
    std::lock_guard<std::mutex> lock(mutex);

    wait_less(id);
}

void graph_open(Runtime *runtime)
{
    runtime->api = {allocate, add_task, add_edge, publish};
    ended = 0;
    complete = false;
}

int graph_complete()
{
    std::lock_guard<std::mutex> lock(mutex);
    const int count = added;

    complete = true;
    added = 0;
    return count;
}

int graph_take(CoreType type)
{
    std::lock_guard<std::mutex> lock(mutex);
    std::deque<int> &queue = ready[static_cast<int>(type)];

    if (queue.empty())
        return AICPU_TASK_INVALID;
    const int id = queue.front();
    queue.pop_front();
    return id;
}

void graph_end(int id)
{
    std::lock_guard<std::mutex> lock(mutex);
    Node &node = nodes[static_cast<size_t>(id)];

    node.ended = true;
    ended++;
    for (int next : node.successors)
        wait_less(next);
}

bool graph_ended()
{
    std::lock_guard<std::mutex> lock(mutex);

    return complete && ended == static_cast<int>(nodes.size());
}

void graph_close()
{
    for (void *allocation : allocations)
        aicpu_device_free(allocation);
    allocations.clear();
    nodes.clear();
    for (std::deque<int> &queue : ready)
        queue.clear();
}
