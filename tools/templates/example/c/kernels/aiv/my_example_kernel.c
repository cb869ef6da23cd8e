/* my_example_kernel.c - out[i] = in[i] + 1. Arguments: in, out, count. */
#include "aicore/aicore.h"

__aicore__ void my_example_kernel(__gm__ int64_t *args)
{
    const __gm__ float *in = (const __gm__ float *)args[0];
    __gm__ float *out = (__gm__ float *)args[1];
    int64_t count = args[2];
    for (int64_t i = 0; i < count; i++)
        out[i] = in[i] + 1;
}
