/* format.c - see format.h: the array forms use the host's conversion instructions where it has them. */
#include "isa/format.h"

#ifdef __x86_64__
#include <immintrin.h>

__attribute__((target("avx,f16c"))) static size_t to_f32_hardware(float *to, const uint16_t *from, size_t count)
{
    size_t i = 0;

    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)(from + i))));
    return i;
}

__attribute__((target("avx,f16c"))) static size_t to_f16_hardware(uint16_t *to, const float *from, size_t count)
{
    size_t i = 0;

    for (; i + 8 <= count; i += 8)
        _mm_storeu_si128((__m128i *)(void *)(to + i),
                         _mm256_cvtps_ph(_mm256_loadu_ps(from + i), _MM_FROUND_TO_NEAREST_INT));
    return i;
}

static int has_hardware(void)
{
    return __builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c");
}
#else
static size_t to_f32_hardware(float *to, const uint16_t *from, size_t count)
{
    (void)to, (void)from, (void)count;
    return 0;
}
static size_t to_f16_hardware(uint16_t *to, const float *from, size_t count)
{
    (void)to, (void)from, (void)count;
    return 0;
}
static int has_hardware(void)
{
    return 0;
}
#endif

void isa_f16_to_f32_n(float *to, const uint16_t *from, size_t count)
{
    size_t i = has_hardware() ? to_f32_hardware(to, from, count) : 0;

    for (; i < count; i++)
        to[i] = isa_f16_to_f32(from[i]);
}

void isa_f32_to_f16_n(uint16_t *to, const float *from, size_t count)
{
    size_t i = has_hardware() ? to_f16_hardware(to, from, count) : 0;

    for (; i < count; i++)
        to[i] = isa_f32_to_f16(from[i]);
}

void isa_bf16_to_f32_n(float *to, const uint16_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = isa_bf16_to_f32(from[i]);
}

void isa_f32_to_bf16_n(uint16_t *to, const float *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = isa_f32_to_bf16(from[i]);
}
