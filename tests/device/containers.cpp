#include <list>
#include <map>
#include "check.h"
extern "C" int aicpu_execute(device_result *result)
{
    auto *list = new std::list<int>;
    list->push_back(1);
    list->push_back(2);
    int sum = 0;
    for (int i : *list) sum += i;
    result->value[0] = sum;
    auto *map = new std::map<int,int>;
    (*map)[1] = 5;
    (*map)[2] = 6;
    result->value[1] = (int)map->size();
    for (auto &p : *map) result->value[2] += p.second;
    CHECK(result, sum == 3 && result->value[2] == 11);
    FINISH(result);
    return 0;
}
