/* cube.c - how fast mad is on this host, beside OpenBLAS on the same sizes and one thread. `make bench` runs it where
 * libopenblas-dev is installed; by itself, in a tree that has been built:
 *     cc -std=gnu11 -O2 -I. bench/cube.c build/release/isa/libdavisa.a -lopenblas -lm -o cube && ./cube
 * A line a type and shape: microseconds and GFLOP/s of the whole instruction, packing and all; then of sgemm on floats
 * that lie ready, and the ratio of the speeds. CPU time, the least of several runs each, taken turn by turn.
 */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "isa/isa.h"

enum { TURNS = 40 };

void openblas_set_num_threads(int count);

static uint8_t *buffer[ISA_BUFFERS];
static const uint32_t sizes[ISA_BUFFERS] = {[ISA_L0A] = 64 << 10, [ISA_L0B] = 64 << 10, [ISA_L0C] = 128 << 10};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

/* Elements of about 1 of each type, so that nothing overflows or is denormal. */
static void fill(enum isa_type type)
{
    for (int i = ISA_L0A; i <= ISA_L0B; i++)
        for (uint32_t k = 0; k < sizes[i]; k += 4) {
            uint32_t noise = (uint32_t)random();
            float value = 0.5f + (float)(noise & 0xffff) / 65536.0f;
            uint32_t half = type == ISA_F16 ? 0x3800 | (noise & 0x3ff) : 0x3f00 | (noise & 0x7f);

            if (type == ISA_F32)
                memcpy(buffer[i] + k, &value, 4);
            else if (type == ISA_S8)
                memcpy(buffer[i] + k, &noise, 4);
            else
                memcpy(buffer[i] + k, &(uint32_t){half | half << 16}, 4);
        }
}

static double time_mad(uint32_t opcode, uint32_t m, uint32_t k, uint32_t n)
{
    struct isa_exec x = {.entry = isa_entry_of(opcode), .w = {0, 0, 0, ISA_MAD3(m, k, n, 0, 0, 0, 1), 0}};
    double start;

    memcpy(x.buffer, buffer, sizeof(buffer));
    memcpy(x.bytes, sizes, sizeof(sizes));
    start = now();
    for (int i = 0; i < 10; i++)
        x.entry->body(&x);
    return (now() - start) / 10;
}

static double time_blas(const float *a, const float *b, float *c, int m, int k, int n)
{
    double start = now();

    for (int i = 0; i < 10; i++)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, a, k, b, n, 0.0f, c, n);
    return (now() - start) / 10;
}

static void compare(const char *name, uint32_t opcode, uint32_t m, uint32_t k, uint32_t n)
{
    float *a = malloc(m * k * sizeof(float)), *b = malloc(k * n * sizeof(float)), *c = malloc(m * n * sizeof(float));
    double mad = 1e9, blas = 1e9, flop = 2.0 * m * k * n;

    for (uint32_t i = 0; i < m * k; i++)
        a[i] = 0.5f + (float)(random() & 0xffff) / 65536.0f;
    for (uint32_t i = 0; i < k * n; i++)
        b[i] = 0.5f + (float)(random() & 0xffff) / 65536.0f;
    for (int i = 0; i < TURNS; i++) {
        double one = time_mad(opcode, m, k, n), other = time_blas(a, b, c, (int)m, (int)k, (int)n);

        mad = one < mad ? one : mad;
        blas = other < blas ? other : blas;
    }
    printf("mad %-4s %3u x %3u x %3u: %7.1f us %6.1f GFLOP/s; sgemm %7.1f us %6.1f GFLOP/s; ratio %.2f\n", name, m, k,
           n, mad, flop / mad * 1e-3, blas, flop / blas * 1e-3, blas / mad);
    free(a);
    free(b);
    free(c);
}

int main(void)
{
    static const struct {
        const char *name;
        uint32_t opcode;
        enum isa_type type;
    } types[] = {
        {"f16", ISA_OP_mad_F16, ISA_F16},
        {"bf16", ISA_OP_mad_BF16, ISA_BF16},
        {"f32", ISA_OP_mad_F32, ISA_F32},
        {"s8", ISA_OP_mad_S8, ISA_S8},
    };
    /* m, k, n: what fits the buffers at 16 bits, halved along k for floats */
    static const uint32_t shapes[][3] = {{128, 64, 256}, {64, 128, 128}, {128, 128, 128},
                                         {64, 256, 64},  {256, 64, 128}, {16, 256, 64}};

    openblas_set_num_threads(1);
    for (int i = 0; i < ISA_BUFFERS; i++)
        buffer[i] = sizes[i] ? aligned_alloc(4096, sizes[i]) : NULL;
    for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++) {
        fill(types[t].type);
        for (size_t s = 0; s < sizeof(shapes) / sizeof(*shapes); s++)
            compare(types[t].name, types[t].opcode, shapes[s][0], shapes[s][1], shapes[s][2]);
    }
    return 0;
}
