// kernel_step.cpp - a step of Horner's scheme: y[i] = y[i] * x[i] + coefficient. Arguments: x, y, bits of the float
// coefficient, count, a multiple of 64.
#include "cce.h"

#include <cstdint>

extern "C" __aicore__ void kernel_step(__gm__ int64_t *args)
{
    __gm__ void *x = reinterpret_cast<__gm__ void *>(args[0]);
    __gm__ void *y = reinterpret_cast<__gm__ void *>(args[1]);
    const uint32_t bits = static_cast<uint32_t>(args[2]);
    const float coefficient = *reinterpret_cast<const float *>(&bits);
    const uint16_t bursts = static_cast<uint16_t>(args[3] / 8);
    const uint8_t repeats = static_cast<uint8_t>(args[3] / 64);
    __ubuf__ float *factor = reinterpret_cast<__ubuf__ float *>(0);
    __ubuf__ float *sum = reinterpret_cast<__ubuf__ float *>(args[3] * 4);

    copy_gm_to_ubuf(factor, x, 0, 1, bursts, 0, 0);
    copy_gm_to_ubuf(sum, y, 0, 1, bursts, 0, 0);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    vmul(sum, sum, factor, repeats, 1, 1, 1, 8, 8, 8);
    pipe_barrier(PIPE_V);
    vadds(sum, sum, coefficient, repeats, 1, 1, 8, 8);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    copy_ubuf_to_gm(y, sum, 0, 1, bursts, 0, 0);
    pipe_barrier(PIPE_ALL);
}
