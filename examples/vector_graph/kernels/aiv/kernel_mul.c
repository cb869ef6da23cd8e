/* kernel_mul.c - out[i] = x[i] * y[i]. Arguments: x, y, out, count. */
#include "aicore.h"

__aicore__ void kernel_mul(__gm__ int64_t *args)
{
    const __gm__ float *x = (const __gm__ float *)args[0];
    const __gm__ float *y = (const __gm__ float *)args[1];
    __gm__ float *out = (__gm__ float *)args[2];
    int64_t count = args[3];
    for (int64_t i = 0; i < count; i++)
        out[i] = x[i] * y[i];
}
