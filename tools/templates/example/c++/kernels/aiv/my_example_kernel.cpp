// my_example_kernel.cpp - out[i] = in[i] + 1. Arguments: in, out, count.
#include "aicore/aicore.h"

extern "C" __aicore__ void my_example_kernel(__gm__ int64_t *args)
{
    const __gm__ float *in = reinterpret_cast<const __gm__ float *>(args[0]);
    __gm__ float *out = reinterpret_cast<__gm__ float *>(args[1]);
    int64_t count = args[2];
    for (int64_t i = 0; i < count; i++)
        out[i] = in[i] + 1;
}
