/* kernel_add_scalar.c - out[i] = x[i] + s. Arguments: x, the bits of s, out, count. */
#include "aicore.h"

__aicore__ void kernel_add_scalar(__gm__ int64_t *args)
{
    const __gm__ float *x = (const __gm__ float *)args[0];
    union {
        uint32_t bits;
        float value;
    } scalar = {.bits = (uint32_t)args[1]};
    __gm__ float *out = (__gm__ float *)args[2];
    int64_t count = args[3];
    for (int64_t i = 0; i < count; i++)
        out[i] = x[i] + scalar.value;
}
