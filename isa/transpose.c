/* transpose.c - set_va_reg_sb and scatter_vnchwconv_*: see permute.def.
 *
 * A transpose takes its sixteen source rows and sixteen destination rows, 32 B each, from two neighbouring address
 * registers each: any rows of UB, not a matrix. Further repeats do the same a stride further on. No mask.
 *   b16: 16 x 16.   b32: 16 rows of 8 become 8 rows of 16, each of two blocks.
 *   b8: 16 x 16 out of the low or high halves of the source blocks, into the low or high halves of the others.
 */
#include <string.h>

#include "isa/lanes.h"
#include "isa/refusal.h"
#include "isa/shapes.h"

enum { ROWS = 16, VA_ADDRS = 8, VA_REGS = 8, HALF_BYTES = 16 };

/* ---- address registers ---- */

static void no_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    (void)x, (void)fn, (void)ctx;
}

static const char *set_va_refuse(const struct isa_exec *x)
{
    return isa_range("VA", x->w[0], 0, VA_REGS - 1);
}

static uint64_t once(const struct isa_exec *x)
{
    (void)x;
    return 1;
}

const struct isa_shape isa_shape_set_va = {.spans = no_spans, .refuse = set_va_refuse, .units = once};

void isa_body_set_va_reg_sb_U32(const struct isa_exec *x)
{
    memcpy(x->v->va[x->w[0]], &x->w[1], sizeof(x->v->va[0]));
}

/* ---- transposes ---- */

struct rows {
    const struct isa_exec *x;
    uint64_t va;     /* number of the first of the two registers */
    uint64_t stride; /* bytes from repeat to repeat */
    uint64_t skip;   /* bytes of each block before those that count */
    uint64_t bytes;  /* that count */
};

static struct rows rows_of(const struct isa_exec *x, uint64_t va, uint32_t stride, bool high)
{
    bool halves = x->entry->type == ISA_U8;

    return (struct rows){x, va, (uint64_t)stride * ISA_BLOCK_BYTES, halves && high ? HALF_BYTES : 0,
                         halves ? HALF_BYTES : ISA_BLOCK_BYTES};
}

static struct rows dst_rows(const struct isa_exec *x)
{
    return rows_of(x, x->w[0], ISA_V_DST_RPT(x->w), ISA_V_MODE(x->w) & 1);
}

static struct rows src_rows(const struct isa_exec *x)
{
    return rows_of(x, x->w[1], ISA_V_SRC0_RPT(x->w), ISA_V_MODE(x->w) & 2);
}

static uint64_t row_addr(const struct rows *rows, uint64_t r, uint64_t i)
{
    return rows->x->v->va[rows->va + i / VA_ADDRS][i % VA_ADDRS] + r * rows->stride + rows->skip;
}

static void tell_rows(const struct rows *rows, enum isa_access access, isa_span_fn *fn, void *ctx)
{
    for (uint64_t r = 0; r < ISA_V_REPEAT(rows->x->w); r++)
        for (uint64_t i = 0; i < ROWS; i++)
            fn(ctx, access, ISA_UB, row_addr(rows, r, i), rows->bytes);
}

static void transpose_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct rows dst = dst_rows(x), src = src_rows(x);

    tell_rows(&src, ISA_READ, fn, ctx);
    tell_rows(&dst, ISA_WRITE, fn, ctx);
}

static const char *refuse_rows(const struct isa_exec *x, const char *name, uint64_t va)
{
    if (va % 2 || va >= VA_REGS)
        return isa_refusal("%s is VA%u; allowed: VA0, VA2, VA4, VA6", name, (unsigned)va);
    for (uint64_t i = 0; i < ROWS; i++) {
        uint32_t addr = x->v->va[va + i / VA_ADDRS][i % VA_ADDRS];

        if (addr % ISA_BLOCK_BYTES)
            return isa_refusal("address %u of VA%u is 0x%x; allowed: multiples of 32", (unsigned)(i % VA_ADDRS),
                               (unsigned)(va + i / VA_ADDRS), addr);
    }
    return NULL;
}

static const char *transpose_refuse(const struct isa_exec *x)
{
    const char *why = refuse_rows(x, "dst", x->w[0]);

    return why ? why : refuse_rows(x, "src", x->w[1]);
}

static uint64_t transpose_units(const struct isa_exec *x)
{
    return ISA_V_REPEAT(x->w);
}

const struct isa_shape isa_shape_transpose = {
    .spans = transpose_spans, .refuse = transpose_refuse, .units = transpose_units};

/* Element j of destination row i: for 32-bit elements two destination rows make one of the transposed matrix. */
#define TRANSPOSE(name, type, ctype, from_row, from_column)                                                            \
    void isa_body_scatter_vnchwconv_##name##_##type(const struct isa_exec *x)                                          \
    {                                                                                                                  \
        enum { ELEMENTS = (sizeof(ctype) == 1 ? HALF_BYTES : ISA_BLOCK_BYTES) / sizeof(ctype) };                       \
        struct rows dst = dst_rows(x), src = src_rows(x);                                                              \
        uint8_t *ub = x->buffer[ISA_UB];                                                                               \
                                                                                                                       \
        for (uint64_t r = 0; r < ISA_V_REPEAT(x->w); r++) {                                                            \
            ctype from[ROWS][ELEMENTS], to[ROWS][ELEMENTS];                                                            \
                                                                                                                       \
            for (uint64_t i = 0; i < ROWS; i++)                                                                        \
                memcpy(from[i], ub + row_addr(&src, r, i), sizeof(from[i]));                                           \
            for (uint64_t i = 0; i < ROWS; i++)                                                                        \
                for (uint64_t j = 0; j < ELEMENTS; j++)                                                                \
                    to[i][j] = from[from_row][from_column];                                                            \
            for (uint64_t i = 0; i < ROWS; i++)                                                                        \
                memcpy(ub + row_addr(&dst, r, i), to[i], sizeof(to[i]));                                               \
        }                                                                                                              \
    }
TRANSPOSE(b8, U8, uint8_t, j, i)
TRANSPOSE(b16, U16, uint16_t, j, i)
TRANSPOSE(b32, U32, uint32_t, i % 2 * 8 + j, i / 2)
