/* kernel_axpy.cpp - out[i] = factor * x[i] + y[i]. Arguments: out, x, y, factor, count. */
#include "aicore/aicore.h"

extern "C" __aicore__ void kernel_axpy(__gm__ int64_t *args)
{
    __gm__ int32_t *out = reinterpret_cast<__gm__ int32_t *>(args[0]);
    __gm__ const int32_t *x = reinterpret_cast<__gm__ const int32_t *>(args[1]);
    __gm__ const int32_t *y = reinterpret_cast<__gm__ const int32_t *>(args[2]);

    for (int64_t i = 0; i < args[4]; i++)
        out[i] = static_cast<int32_t>(args[3]) * x[i] + y[i];
}
