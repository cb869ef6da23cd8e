/* standard.cpp - the rest of the C++ library that schedulers lean on: streams, files, futures, shared locks, virtual
 * calls, exceptions of all kinds, thread_local counters. Expected: value[0] = threads (what was thrown was caught);
 * value[1] = 200 x threads (counted under a mutex by two threads each). 1 to 3 threads.
 */
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <shared_mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "aicpu/device_log.h"
#include "check.h"

namespace
{

std::mutex mutex;
std::shared_mutex shared;
thread_local int counted;
const std::unordered_map<std::string, int> numbers = {{"one", 1}, {"two", 2}}; /* made before anybody runs */

struct Shape {
    virtual ~Shape() = default;
    virtual int corners() const = 0;
};

struct Square : Shape {
    int corners() const override { return 4; }
};

void streams(device_result *result, const std::string &directory)
{
    const std::string path = directory + "/numbers.txt";
    std::ostringstream text;
    std::string word;
    int number = 0;

    text << 3.5 << ' ' << std::hex << 255 << ' ' << std::boolalpha << true;
    CHECK(result, text.str() == "3.5 ff true");
    std::filesystem::create_directories(directory);
    std::ofstream(path) << "answer " << 42 << '\n';
    std::ifstream(path) >> word >> number;
    CHECK(result, word == "answer" && number == 42 && std::filesystem::file_size(path) == 10);
    CHECK(result, std::filesystem::is_directory(directory) && !std::filesystem::exists("/etc/passwd"));
    CHECK(result, std::filesystem::remove(path) && std::filesystem::remove(directory) && !std::ifstream(path));
    std::cout << "out " << number << std::endl;
    std::cerr << "err " << number << '\n';
}

int thrown(int what)
{
    try {
        switch (what) {
        case 0:
            return std::vector<int>().at(3);
        case 1:
            return std::stoi("no number");
        case 2:
            throw 5;
        default:
            try {
                throw std::logic_error("again");
            } catch (...) {
                std::this_thread::sleep_for(std::chrono::nanoseconds(200)); /* others throw meanwhile */
                throw;
            }
        }
    } catch (const std::out_of_range &) {
        return 1;
    } catch (const std::invalid_argument &) {
        return 2;
    } catch (int number) {
        return number - 2;
    } catch (const std::exception &error) {
        return std::string(error.what()) == "again" ? 4 : 0;
    }
}

void count(device_result *result)
{
    for (int i = 0; i < 100; i++) {
        std::lock_guard<std::mutex> lock(mutex);
        result->value[1]++;
        counted++;
    }
    CHECK(result, counted == 100);
}

} // namespace

extern "C" int aicpu_execute(device_result *result)
{
    const int me = dav_thread_idx();
    std::unique_ptr<Shape> shape = std::make_unique<Square>();
    std::function<int(int)> twice = [](int x) { return 2 * x; };
    std::vector<int> sorted(100);
    std::mt19937 random(1);

    streams(result, "/tmp/thread/" + std::to_string(me));
    CHECK(result, thrown(0) == 1 && thrown(1) == 2 && thrown(2) == 3 && thrown(3) == 4);
    __atomic_fetch_add(&result->value[0], 1, __ATOMIC_RELAXED);
    std::thread other(count, result);
    count(result);
    other.join();
    CHECK(result, std::async(std::launch::async, twice, 21).get() == 42);
    {
        std::shared_lock<std::shared_mutex> reading(shared);
        CHECK(result, numbers.at("two") == 2 && numbers.count("three") == 0);
    }
    {
        std::unique_lock<std::shared_mutex> writing(shared);
        CHECK(result, dynamic_cast<Square *>(shape.get()) && shape->corners() == 4);
    }
    std::iota(sorted.begin(), sorted.end(), 0);
    std::sort(sorted.begin(), sorted.end(), std::greater<int>());
    CHECK(result, sorted.front() == 99 && random() == 1791095845u);
    std::random_device chance;
    CHECK(result, chance() != chance()); /* a fixed sequence: the run repeats */
    FINISH(result);
    return 0;
}
