/* cube.c - mad: the product of the matrices in L0A and L0B, into L0C.
 *
 * L0C holds fractals of 16 x 16 elements of 32 bits; those with the same columns follow each other. It is written in
 * whole fractals. What lies in them beyond m rows and n columns is 0 when mad starts from zero or from a bias, and
 * stays as it is when mad adds to what stands there; of a and b only the elements that count matter. m = 1 is the
 * product with a vector: a's elements stand one after the other then, not in fractals.
 *
 * f32 sums go along ascending k, one rounding a step (gemm.h). s8 sums are exact modulo 2^32: they are made of sums of
 * up to 1024 products in fp32, which are whole numbers that it holds.
 */
#include <stdlib.h>
#include <string.h>

#include "isa/fractal.h"
#include "isa/gemm.h"
#include "isa/pack.h"
#include "isa/shapes.h"

enum {
    SIDE = ISA_GEMM_SIDE,
    L0C_FRACTAL = 1024,
    BIAS_ALIGN = 64,
    MAX_SIZE = 4095,
    EXACT_K = 1024,
    SUMS_ROWS = 128,
    SUMS_COLUMNS = 128
};

struct mad {
    uint32_t m, k, n, down, across; /* in elements; in fractals of c */
    bool vector, from_zero, from_bias;
    struct isa_fractals a, b; /* of a vector, `a` is not used */
};

static struct mad mad_of(const struct isa_exec *x)
{
    uint32_t m = ISA_MAD_M(x->w), k = ISA_MAD_K(x->w), n = ISA_MAD_N(x->w), bytes = isa_bytes(x->entry->from),
             room = bytes == 4 && ISA_MAD_K_ALIGN(x->w) ? isa_ceil(k, SIDE) * SIDE : k;

    return (struct mad){
        .m = m,
        .k = k,
        .n = n,
        .down = isa_ceil(m, SIDE),
        .across = isa_ceil(n, SIDE),
        .vector = m == 1,
        .from_zero = ISA_MAD_FROM_ZERO(x->w),
        .from_bias = !ISA_MAD_FROM_ZERO(x->w) && ISA_MAD_FROM_BIAS(x->w),
        .a = isa_left(x->w[1], m, k, room, bytes),
        .b = isa_right(x->w[2], n, k, bytes),
    };
}

static void mad_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct mad mad = mad_of(x);
    uint64_t c_bytes = (uint64_t)mad.down * mad.across * L0C_FRACTAL;

    if (mad.vector)
        fn(ctx, ISA_READ, ISA_L0A, x->w[1], (uint64_t)mad.k * mad.a.bytes);
    else
        isa_fractal_spans(&mad.a, ISA_READ, fn, ctx);
    isa_fractal_spans(&mad.b, ISA_READ, fn, ctx);
    if (mad.from_bias)
        fn(ctx, ISA_READ, ISA_BT, x->w[4], (uint64_t)mad.n * 4);
    else if (!mad.from_zero)
        fn(ctx, ISA_READ, ISA_L0C, x->w[0], c_bytes);
    fn(ctx, ISA_WRITE, ISA_L0C, x->w[0], c_bytes);
}

static bool sane(uint32_t size)
{
    return size >= 1 && size <= MAX_SIZE;
}

static const char *mad_refuse(const struct isa_exec *x)
{
    if (!sane(ISA_MAD_M(x->w)) || !sane(ISA_MAD_K(x->w)) || !sane(ISA_MAD_N(x->w)))
        return "m, k or n is 0 or more than 4095";
    if (x->w[0] % L0C_FRACTAL)
        return "c is not a multiple of 1024";
    if (x->w[1] % ISA_FRACTAL_BYTES || x->w[2] % ISA_FRACTAL_BYTES)
        return "a or b is not a multiple of 512";
    if (mad_of(x).from_bias && x->w[4] % BIAS_ALIGN)
        return "the bias is not a multiple of 64";
    if (ISA_MAD_UNIT_FLAG(x->w) > 3 || ISA_MAD_UNIT_FLAG(x->w) == 1)
        return "unitFlag is none of 0, 2 and 3";
    return NULL;
}

static uint64_t mad_units(const struct isa_exec *x)
{
    uint32_t c0 = ISA_FRACTAL_ROW_BYTES / isa_bytes(x->entry->from);

    return (uint64_t)isa_ceil(ISA_MAD_M(x->w), SIDE) * isa_ceil(ISA_MAD_K(x->w), c0) * isa_ceil(ISA_MAD_N(x->w), SIDE);
}

const struct isa_shape isa_shape_mad = {
    .spans = mad_spans,
    .refuse = mad_refuse,
    .units = mad_units,
    .align = {32, 32, 32},
};

bool isa_unit_flag(const struct isa_exec *x)
{
    if (x->entry->shape == &isa_shape_mad)
        return ISA_MAD_UNIT_FLAG(x->w) != 0;
    return x->entry->shape == &isa_shape_fix && ISA_FIX_UNIT_FLAG(x->w) != 0;
}

/* ---- bodies ---- */

/* The packed operands, what the rows of c start from, and a block of sums; one piece of memory. */
struct operands {
    float *a, *b, *start, *sums;
};

static struct operands pack(const struct isa_exec *x, const struct mad *mad, size_t sums)
{
    uint64_t ctrl = x->state.spr[ISA_SPR_CTRL];
    enum isa_hf32 hf32 = !ISA_CTRL_HF32(ctrl) ? ISA_HF32_OFF : ISA_CTRL_HF32_AWAY(ctrl) ? ISA_HF32_AWAY : ISA_HF32_EVEN;
    size_t a = isa_packed(mad->m, mad->k), b = isa_packed(mad->n, mad->k), start = mad->across * SIDE;
    float *memory = aligned_alloc(64, (a + b + start + sums) * sizeof(float));
    struct operands o = {memory, memory + a, memory + a + b, memory + a + b + start};
    const uint8_t *l0a = x->buffer[ISA_L0A];

    if (!memory)
        abort();
    if (mad->vector)
        isa_pack_left_row(o.a, l0a + x->w[1], mad->k, x->entry->from, hf32);
    else
        isa_pack_left(o.a, l0a, &mad->a, x->entry->from, hf32);
    isa_pack_right(o.b, x->buffer[ISA_L0B], &mad->b, x->entry->from, hf32);
    memset(o.start, 0, start * sizeof(float));
    return o;
}

/* What lies beyond m rows and n columns in the fractals of c. */
static void clear_padding(const struct mad *mad, uint32_t *c)
{
    uint32_t rows = mad->down * SIDE;

    for (uint32_t panel = 0; panel < mad->across; panel++, c += rows * SIDE) {
        uint32_t left = mad->n - panel * SIDE, columns = left < SIDE ? left : SIDE;

        if (columns < SIDE)
            for (uint32_t row = 0; row < mad->m; row++)
                memset(c + row * SIDE + columns, 0, (SIDE - columns) * sizeof(*c));
        memset(c + mad->m * SIDE, 0, (size_t)(rows - mad->m) * SIDE * sizeof(*c));
    }
}

static void mad_float(const struct isa_exec *x, bool fused)
{
    struct mad mad = mad_of(x);
    struct operands o = pack(x, &mad, 0);
    float *c = (float *)(void *)(x->buffer[ISA_L0C] + x->w[0]);

    if (mad.from_bias)
        memcpy(o.start, x->buffer[ISA_BT] + x->w[4], mad.n * sizeof(float));
    isa_gemm(&(struct isa_product){
        .m = mad.m,
        .k = mad.k,
        .n = mad.n,
        .a = o.a,
        .b = o.b,
        .c = c,
        .a_panel = isa_packed(SIDE, mad.k),
        .b_panel = isa_packed(SIDE, mad.k),
        .c_panel = mad.down * SIDE * SIDE,
        .start = mad.from_zero || mad.from_bias ? o.start : NULL,
        .start_panel = SIDE,
        .fused = fused,
    });
    if (mad.from_zero || mad.from_bias)
        clear_padding(&mad, (uint32_t *)(void *)c);
    free(o.a);
}

/* Set the rows of c to @bias, or to 0. */
static void start_whole(const struct mad *mad, uint32_t *c, const uint32_t *bias)
{
    uint32_t rows = mad->down * SIDE;

    for (uint32_t panel = 0; panel < mad->across; panel++) {
        uint32_t left = mad->n - panel * SIDE, start[SIDE] = {0};

        if (bias)
            memcpy(start, bias + panel * SIDE, (left < SIDE ? left : SIDE) * sizeof(*bias));
        for (uint32_t i = 0; i < mad->m; i++)
            memcpy(c + (panel * rows + i) * SIDE, start, sizeof(start));
    }
    clear_padding(mad, c);
}

/* Add @rows x @columns sums to c, whose panels are so far apart. */
static void add_whole(uint32_t *c, size_t c_panel, const float *sums, uint32_t rows, uint32_t columns)
{
    for (uint32_t j = 0; j < columns; j += SIDE, c += c_panel, sums += SUMS_ROWS * SIDE) {
        uint32_t left = columns - j, width = left < SIDE ? left : SIDE;

        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t e = 0; e < width; e++)
                c[i * SIDE + e] += (uint32_t)(int32_t)sums[i * SIDE + e];
    }
}

/* The block of c from row @i and column @j on. */
static void mad_block(const struct mad *mad, const struct operands *o, uint32_t *c, uint32_t i, uint32_t j)
{
    size_t panel = isa_packed(SIDE, mad->k), c_panel = mad->down * SIDE * SIDE;
    uint32_t rows = mad->m - i, columns = mad->n - j;
    struct isa_product product = {
        .m = rows < SUMS_ROWS ? rows : SUMS_ROWS,
        .n = columns < SUMS_COLUMNS ? columns : SUMS_COLUMNS,
        .c = o->sums,
        .a_panel = panel,
        .b_panel = panel,
        .c_panel = SUMS_ROWS * SIDE,
        .start = o->start,
        .fused = true,
    };

    for (uint32_t k = 0; k < mad->k; k += EXACT_K) {
        product.k = mad->k - k < EXACT_K ? mad->k - k : EXACT_K;
        product.a = o->a + i / SIDE * panel + k / SIDE * ISA_GEMM_CHUNK;
        product.b = o->b + j / SIDE * panel + (size_t)k * SIDE;
        isa_gemm(&product);
        add_whole(c + j / SIDE * c_panel + (size_t)i * SIDE, c_panel, o->sums, product.m, product.n);
    }
}

void isa_body_mad_S8(const struct isa_exec *x)
{
    struct mad mad = mad_of(x);
    struct operands o = pack(x, &mad, SUMS_ROWS * SUMS_COLUMNS);
    uint32_t *c = (uint32_t *)(void *)(x->buffer[ISA_L0C] + x->w[0]);

    if (mad.from_bias)
        start_whole(&mad, c, (const uint32_t *)(const void *)(x->buffer[ISA_BT] + x->w[4]));
    else if (mad.from_zero)
        start_whole(&mad, c, NULL);
    for (uint32_t i = 0; i < mad.m; i += SUMS_ROWS)
        for (uint32_t j = 0; j < mad.n; j += SUMS_COLUMNS)
            mad_block(&mad, &o, c, i, j);
    free(o.a);
}

/* Products of halves are exact in fp32. */
void isa_body_mad_F16(const struct isa_exec *x)
{
    mad_float(x, true);
}

/* Those of bf16 have few enough bits too, but may leave the range. */
void isa_body_mad_BF16(const struct isa_exec *x)
{
    struct mad mad = mad_of(x);
    bool a = mad.vector ? isa_moderate((const uint16_t *)(const void *)(x->buffer[ISA_L0A] + x->w[1]), mad.k)
                        : isa_moderate_fractals(x->buffer[ISA_L0A], &mad.a);

    mad_float(x, a && isa_moderate_fractals(x->buffer[ISA_L0B], &mad.b));
}

void isa_body_mad_F32(const struct isa_exec *x)
{
    mad_float(x, false);
}
