/* scheduler.cpp - three threads schedule while the fourth builds the graph; one mutex guards all of it. */
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "plugin.h"

static std::mutex mutex;
static std::deque<int> ready;
static std::map<int, std::vector<int>> successors;
static std::vector<bool> ended;
static int added, finished, outcome;
static bool complete;
static std::atomic<int> entered, prepared, left;
static thread_local int executed;

static_assert(sizeof(Handshake) == 64, "a mailbox is a line");

extern "C" int plugin_add_task(Runtime *runtime, const uint64_t args[4], int after)
{
    std::lock_guard<std::mutex> lock(mutex);
    int number = added++;
    Task *task = &runtime->tasks[number];

    task->function_bin_addr = runtime->kernel;
    for (int i = 0; i < 4; i++)
        task->args[i] = args[i];
    ended.push_back(false);
    if (after >= 0 && !ended[static_cast<size_t>(after)])
        successors[after].push_back(number);
    else
        ready.push_back(number);
    return number;
}

static void end_task(int number)
{
    std::lock_guard<std::mutex> lock(mutex);

    ended[static_cast<size_t>(number)] = true;
    finished++;
    for (int next : successors[number])
        ready.push_back(next);
}

static int take_task()
{
    std::lock_guard<std::mutex> lock(mutex);

    if (ready.empty())
        return -1;
    int number = ready.front();
    ready.pop_front();
    return number;
}

static bool all_done()
{
    std::lock_guard<std::mutex> lock(mutex);

    return complete && (finished == added || outcome != 0);
}

static void serve(Runtime *runtime, Handshake *mailbox, int *running)
{
    if (*running >= 0) {
        if (mailbox->task_status != 0)
            return;
        mailbox->task = nullptr;
        end_task(*running);
        executed++;
    }
    *running = take_task();
    if (*running < 0)
        return;
    mailbox->task = &runtime->tasks[*running];
    wmb();
    mailbox->task_status = 1;
}

static void schedule(Runtime *runtime, int me, int schedulers)
{
    std::vector<Handshake *> mailboxes;
    std::vector<int> running;

    for (int i = me; i < runtime->worker_count; i += schedulers)
        mailboxes.push_back(&runtime->workers[i]);
    running.assign(mailboxes.size(), -1);
    for (Handshake *mailbox : mailboxes)
        mailbox->aicpu_ready = 1;
    for (Handshake *mailbox : mailboxes)
        while (mailbox->aicore_done == 0) {
        }
    while (!all_done())
        for (size_t i = 0; i < mailboxes.size(); i++)
            serve(runtime, mailboxes[i], &running[i]);
    for (Handshake *mailbox : mailboxes)
        mailbox->control = 1;
}

static int leave(Runtime *runtime)
{
    int result = outcome;

    if (left.fetch_add(1) + 1 < runtime->sche_cpu_num)
        return result;
    ready.clear();
    successors.clear();
    ended.clear();
    added = finished = outcome = 0;
    complete = false;
    cache_invalidate_range(runtime, sizeof(*runtime));
    entered = 0;
    prepared = 0;
    left = 0;
    return result;
}

extern "C" int aicpu_execute(Runtime *runtime)
{
    int me = entered.fetch_add(1), schedulers = runtime->sche_cpu_num - 1;

    executed = 0;
    if (me == schedulers) {
        cache_invalidate_range(runtime->library, runtime->library_size);
        runtime->add_task = plugin_add_task;
        prepared = 1;
        int result = run_plugin(runtime);
        std::lock_guard<std::mutex> lock(mutex);
        outcome = result;
        complete = true;
    } else {
        while (!prepared) {
        }
        schedule(runtime, me, schedulers);
        if (executed == 0 && outcome == 0)
            return 5;
    }
    return leave(runtime);
}
