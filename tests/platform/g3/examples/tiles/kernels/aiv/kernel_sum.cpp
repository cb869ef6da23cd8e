/* kernel_sum.cpp - *out = the sum of x. Arguments: out, x, count. */
#include "aicore/aicore.h"

extern "C" __aicore__ void kernel_sum(__gm__ int64_t *args)
{
    __gm__ const int32_t *x = reinterpret_cast<__gm__ const int32_t *>(args[1]);
    int32_t sum = 0;

    for (int64_t i = 0; i < args[2]; i++)
        sum += x[i];
    *reinterpret_cast<__gm__ int32_t *>(args[0]) = sum;
}
