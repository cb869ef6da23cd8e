/* cxx.cpp - what C++ schedulers use: mutexes, condition variables, threads, function statics, call_once, containers,
 * strings, exceptions. Expected: value[0] = 50 x threads; value[1] = 1 (one initialization); value[2] = 1 (call_once).
 * 1 to 3 threads.
 */
#include <chrono>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

static std::mutex mutex;
static std::condition_variable arrival;
static std::once_flag once;
static std::queue<int> queue;
static thread_local std::string name;

struct Table {
    std::map<int, std::string> words;

    explicit Table(device_result *result)
    {
        for (int i = 0; i < 20; i++)
            words[i * 7 % 20] = std::to_string(i * 7 % 20);
        std::this_thread::sleep_for(std::chrono::microseconds(2));
        result->value[1]++;
    }
};

static const Table &table(device_result *result)
{
    static Table only(result);

    return only;
}

static void produce_and_consume(device_result *result)
{
    std::thread producer([] {
        for (int i = 0; i < 50; i++) {
            std::lock_guard<std::mutex> lock(mutex);
            queue.push(i);
            arrival.notify_one();
        }
    });

    for (int i = 0; i < 50; i++) {
        std::unique_lock<std::mutex> lock(mutex);
        arrival.wait(lock, [] { return !queue.empty(); });
        queue.pop();
        result->value[0]++;
    }
    producer.join();
}

static int fail_at(int depth)
{
    if (depth == 0)
        throw std::runtime_error("at the bottom");
    std::this_thread::sleep_for(std::chrono::nanoseconds(100));
    return fail_at(depth - 1) + 1;
}

extern "C" int aicpu_execute(device_result *result)
{
    std::list<int> list;
    std::vector<std::string> texts;

    std::call_once(once, [result] { result->value[2]++; });
    CHECK(result, table(result).words.at(13) == "13" && table(result).words.size() == 20);
    produce_and_consume(result);
    name = "a text that is too long to stand within the string itself";
    for (int i = 0; i < 30; i++) {
        list.push_back(i);
        texts.push_back(name + std::to_string(i));
        if (i % 3 == 0)
            list.pop_front();
    }
    CHECK(result, list.size() == 20 && list.front() == 10 && texts[29].back() == '9');
    for (int i = 0; i < 5; i++) {
        try {
            fail_at(i);
            CHECK(result, false);
        } catch (const std::exception &error) {
            std::this_thread::sleep_for(std::chrono::nanoseconds(300)); /* others throw meanwhile */
            CHECK(result, std::string(error.what()) == "at the bottom");
        }
    }
    FINISH(result);
    return 0;
}
