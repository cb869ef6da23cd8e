// kernel_add.cpp - out[i] = x[i] + y[i]. Arguments: x, y, out, count.
#include "aicore.h"

#include <cstdint>

extern "C" __aicore__ void kernel_add(__gm__ int64_t *args)
{
    __gm__ const float *x = reinterpret_cast<__gm__ const float *>(args[0]);
    __gm__ const float *y = reinterpret_cast<__gm__ const float *>(args[1]);
    __gm__ float *out = reinterpret_cast<__gm__ float *>(args[2]);

    for (int64_t i = 0; i < args[3]; i++)
        out[i] = x[i] + y[i];
}
