/* containers.cpp - the C++ library's own code, which has no hooks, changes memory that still has stores pending.
 * Expected: value[0] = 3, value[1] = 2, value[2] = 11. 1 to 4 threads.
 */
#include <list>
#include <map>

#include "check.h"

extern "C" int aicpu_execute(device_result *result)
{
    auto *list = new std::list<int>;
    auto *map = new std::map<int, int>;
    int64_t sum = 0, total = 0;

    list->push_back(1);
    list->push_back(2);
    for (int number : *list)
        sum += number;
    (*map)[1] = 5;
    (*map)[2] = 6;
    for (const auto &entry : *map)
        total += entry.second;
    result->value[0] = sum;
    result->value[1] = static_cast<int64_t>(map->size());
    result->value[2] = total;
    CHECK(result, sum == 3 && map->size() == 2 && total == 11);
    delete list;
    delete map;
    FINISH(result);
    return 0;
}
