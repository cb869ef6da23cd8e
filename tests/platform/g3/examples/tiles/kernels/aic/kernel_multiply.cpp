/* kernel_multiply.cpp - out[i] = x[i] * y[i]. Arguments: out, x, y, count. */
#include "aicore/aicore.h"

extern "C" __aicore__ void kernel_multiply(__gm__ int64_t *args)
{
    __gm__ int32_t *out = reinterpret_cast<__gm__ int32_t *>(args[0]);
    __gm__ const int32_t *x = reinterpret_cast<__gm__ const int32_t *>(args[1]);
    __gm__ const int32_t *y = reinterpret_cast<__gm__ const int32_t *>(args[2]);

    for (int64_t i = 0; i < args[3]; i++)
        out[i] = x[i] * y[i];
}
