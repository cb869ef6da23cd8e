/* pack.c - see pack.h.
 *
 * A fractal of L0A has the order of a chunk already and is only converted. One of L0B is turned around: 16-bit elements
 * before they become floats, bytes once they have become 16-bit integers.
 */
#include <string.h>

#include "isa/format.h"
#include "isa/gemm.h"
#include "isa/pack.h"

enum { SIDE = ISA_GEMM_SIDE, CHUNK = ISA_GEMM_CHUNK };

typedef uint16_t halves __attribute__((vector_size(16)));
typedef uint16_t halves_mem __attribute__((vector_size(16), aligned(2), may_alias));
typedef float floats __attribute__((vector_size(16)));
typedef float floats_mem __attribute__((vector_size(16), aligned(4), may_alias));

size_t isa_packed(uint32_t rows, uint32_t k)
{
    /* bytes come 32 along k in a fractal: the last chunk of each row may be only padding */
    return (size_t)isa_ceil(rows, SIDE) * isa_ceil(k, 2 * SIDE) * 2 * CHUNK;
}

/* ---- conversion ---- */

float isa_hf32_round(float value, enum isa_hf32 hf32)
{
    uint32_t bits = isa_f32_bits(value);

    if (hf32 == ISA_HF32_OFF || (bits & 0x7f800000) == 0x7f800000)
        return value;
    bits += hf32 == ISA_HF32_EVEN ? 0x7ff + (bits >> 12 & 1) : 0x800;
    return isa_f32_of(bits & ~0xfffu);
}

static void round_hf32(float *values, size_t count, enum isa_hf32 hf32)
{
    if (hf32 != ISA_HF32_OFF)
        for (size_t i = 0; i < count; i++)
            values[i] = isa_hf32_round(values[i], hf32);
}

static void convert_halves(float *to, const uint16_t *from, size_t count, enum isa_type type)
{
    if (type == ISA_F16)
        isa_f16_to_f32_n(to, from, count);
    else if (type == ISA_BF16)
        isa_bf16_to_f32_n(to, from, count);
    else
        for (size_t i = 0; i < count; i++)
            to[i] = (int16_t)from[i];
}

bool isa_moderate(const uint16_t *from, size_t count)
{
    enum { LEAST = (127 - 62) << 7, BEYOND = (127 + 63) << 7 };
    uint16_t extreme = 0;

    for (size_t i = 0; i < count; i++) {
        uint16_t size = from[i] & 0x7fff;

        extreme |= (uint16_t)((size != 0) & ((size < LEAST) | (size >= BEYOND)));
    }
    return !extreme;
}

bool isa_moderate_fractals(const uint8_t *buffer, const struct isa_fractals *f)
{
    for (uint32_t row = 0; row < f->rows; row += SIDE)
        for (uint32_t k = 0; k < f->k; k += SIDE)
            if (!isa_moderate((const uint16_t *)(const void *)(buffer + isa_fractal_addr(f, row, k)), CHUNK))
                return false;
    return true;
}

/* Columns [@first, @first + 16) of a fractal of bytes, as 16-bit integers. */
static void widen(uint16_t *to, const uint8_t *fractal, uint32_t first)
{
    for (int row = 0; row < SIDE; row++)
        for (int i = 0; i < SIDE; i++)
            to[row * SIDE + i] = (uint16_t)(int8_t)fractal[row * ISA_FRACTAL_ROW_BYTES + (int)first + i];
}

/* ---- turning around ---- */

#define LOW(a, b)  __builtin_shuffle(a, b, (halves){0, 8, 1, 9, 2, 10, 3, 11})
#define HIGH(a, b) __builtin_shuffle(a, b, (halves){4, 12, 5, 13, 6, 14, 7, 15})

/* 8 x 8 of a matrix of 16 columns: three times, pairs of rows that are four apart are interleaved. */
static void turn_8x8(uint16_t *to, const uint16_t *from)
{
    halves row[8], next[8];

#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
        row[i] = *(const halves_mem *)(from + i * SIDE);
#pragma GCC unroll 3
    for (int pass = 0; pass < 3; pass++) {
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            next[2 * i] = LOW(row[i], row[i + 4]);
            next[2 * i + 1] = HIGH(row[i], row[i + 4]);
        }
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++)
            row[i] = next[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
        *(halves_mem *)(to + i * SIDE) = row[i];
}

static void turn_halves(uint16_t *to, const uint16_t *from)
{
    for (int i = 0; i < SIDE; i += 8)
        for (int j = 0; j < SIDE; j += 8)
            turn_8x8(to + j * SIDE + i, from + i * SIDE + j);
}

/* 4 x 4 floats from rows of 8 to rows of 16. */
static void turn_4x4(float *to, const float *from)
{
    floats a = *(const floats_mem *)from, b = *(const floats_mem *)(from + 8), c = *(const floats_mem *)(from + 16),
           d = *(const floats_mem *)(from + 24);
    typedef int32_t order __attribute__((vector_size(16)));
    floats ac = __builtin_shuffle(a, c, (order){0, 4, 1, 5}), bd = __builtin_shuffle(b, d, (order){0, 4, 1, 5}),
           ac2 = __builtin_shuffle(a, c, (order){2, 6, 3, 7}), bd2 = __builtin_shuffle(b, d, (order){2, 6, 3, 7});

    *(floats_mem *)to = __builtin_shuffle(ac, bd, (order){0, 4, 1, 5});
    *(floats_mem *)(to + SIDE) = __builtin_shuffle(ac, bd, (order){2, 6, 3, 7});
    *(floats_mem *)(to + 2 * SIDE) = __builtin_shuffle(ac2, bd2, (order){0, 4, 1, 5});
    *(floats_mem *)(to + 3 * SIDE) = __builtin_shuffle(ac2, bd2, (order){2, 6, 3, 7});
}

/* ---- operands ---- */

/* The two chunks of a fractal of bytes, or the one of another. */
static void left_fractal(float *to, const uint8_t *fractal, enum isa_type type)
{
    uint16_t wide[CHUNK];

    if (type == ISA_S8)
        for (uint32_t half = 0; half < 2; half++) {
            widen(wide, fractal, half * SIDE);
            convert_halves(to + half * CHUNK, wide, CHUNK, ISA_S16);
        }
    else
        convert_halves(to, (const uint16_t *)(const void *)fractal, CHUNK, type);
}

/* A fractal of floats is half a chunk, the left or the right one. */
static void left_floats(float *to, const uint8_t *fractal)
{
    for (int row = 0; row < SIDE; row++)
        memcpy(to + row * SIDE, fractal + row * ISA_FRACTAL_ROW_BYTES, ISA_FRACTAL_ROW_BYTES);
}

void isa_pack_left(float *to, const uint8_t *buffer, const struct isa_fractals *f, enum isa_type type,
                   enum isa_hf32 hf32)
{
    uint32_t c0 = ISA_FRACTAL_ROW_BYTES / f->bytes;
    size_t panel = isa_packed(SIDE, f->k);

    for (uint32_t row = 0; row < f->rows; row += SIDE, to += panel)
        for (uint32_t k = 0; k < f->k; k += c0) {
            const uint8_t *fractal = buffer + isa_fractal_addr(f, row, k);
            float *chunk = to + k / SIDE * CHUNK;

            if (type != ISA_F32) {
                left_fractal(chunk, fractal, type);
                continue;
            }
            left_floats(chunk + k % SIDE, fractal);
            if (k % SIDE || k + c0 >= f->k)
                round_hf32(chunk, CHUNK, hf32);
        }
}

void isa_pack_left_row(float *to, const uint8_t *row, uint32_t k, enum isa_type type, enum isa_hf32 hf32)
{
    for (uint32_t i = 0; i < k; i++) {
        float *at = to + i / SIDE * CHUNK + i % SIDE;

        switch (type) {
        case ISA_F32:
            memcpy(at, row + i * sizeof(float), sizeof(float));
            *at = isa_hf32_round(*at, hf32);
            break;
        case ISA_S8:
            *at = (int8_t)row[i];
            break;
        default:
            convert_halves(at, (const uint16_t *)(const void *)row + i, 1, type);
        }
    }
}

static void right_fractal(float *to, const uint8_t *fractal, enum isa_type type)
{
    uint16_t wide[CHUNK], turned[CHUNK];

    if (type == ISA_S8)
        for (uint32_t half = 0; half < 2; half++) {
            widen(wide, fractal, half * SIDE);
            turn_halves(turned, wide);
            convert_halves(to + half * CHUNK, turned, CHUNK, ISA_S16);
        }
    else {
        turn_halves(turned, (const uint16_t *)(const void *)fractal);
        convert_halves(to, turned, CHUNK, type);
    }
}

static void right_floats(float *to, const uint8_t *fractal, enum isa_hf32 hf32)
{
    const float *from = (const float *)(const void *)fractal;

    for (int n = 0; n < SIDE; n += 4)
        for (int k = 0; k < 8; k += 4)
            turn_4x4(to + k * SIDE + n, from + n * 8 + k);
    round_hf32(to, CHUNK / 2, hf32);
}

void isa_pack_right(float *to, const uint8_t *buffer, const struct isa_fractals *f, enum isa_type type,
                    enum isa_hf32 hf32)
{
    uint32_t c0 = ISA_FRACTAL_ROW_BYTES / f->bytes;
    size_t panel = isa_packed(SIDE, f->k);

    for (uint32_t n = 0; n < f->rows; n += SIDE, to += panel)
        for (uint32_t k = 0; k < f->k; k += c0) {
            const uint8_t *fractal = buffer + isa_fractal_addr(f, n, k);

            if (type == ISA_F32)
                right_floats(to + (size_t)k * SIDE, fractal, hf32);
            else
                right_fractal(to + (size_t)k * SIDE, fractal, type);
        }
}
