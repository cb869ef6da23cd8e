// kernel_total.cpp - total = the sum of y[0..count), by the scalar unit. Arguments: y, total (a line of its own),
// count.
#include "aicore/aicore.h"

#include <cstdint>

extern "C" __aicore__ void kernel_total(__gm__ int64_t *args)
{
    __gm__ const float *y = reinterpret_cast<__gm__ const float *>(args[0]);
    float total = 0;

    for (int64_t i = 0; i < args[2]; i++)
        total += y[i];
    *reinterpret_cast<__gm__ float *>(args[1]) = total;
}
