/* fractal.c - see fractal.h. */
#include "isa/fractal.h"
#include "isa/join.h"

/* The rows of one fractal, of which @k elements count. */
static void tell_fractal(struct isa_join *join, uint64_t addr, uint32_t rows, uint32_t k, uint32_t bytes)
{
    if (k * bytes == ISA_FRACTAL_ROW_BYTES) {
        isa_join_add(join, addr, rows * ISA_FRACTAL_ROW_BYTES);
        return;
    }
    for (uint32_t row = 0; row < rows; row++)
        isa_join_add(join, addr + row * ISA_FRACTAL_ROW_BYTES, k * bytes);
}

void isa_fractal_spans(const struct isa_fractals *f, enum isa_access access, isa_span_fn *fn, void *ctx)
{
    struct isa_join join = {.fn = fn, .ctx = ctx, .access = access, .space = f->space};
    uint32_t c0 = ISA_FRACTAL_ROW_BYTES / f->bytes, down = isa_ceil(f->rows, ISA_FRACTAL_ROWS),
             across = isa_ceil(f->k, c0);
    bool rows_first = f->row_step < f->k_step; /* follow the addresses, that more can be joined */

    for (uint32_t i = 0; i < down * across; i++) {
        uint32_t row = (rows_first ? i % down : i / across) * ISA_FRACTAL_ROWS,
                 k = (rows_first ? i / down : i % across) * c0, rows = f->rows - row, length = f->k - k;

        tell_fractal(&join, isa_fractal_addr(f, row, k), rows < ISA_FRACTAL_ROWS ? rows : ISA_FRACTAL_ROWS,
                     length < c0 ? length : c0, f->bytes);
    }
    isa_join_end(&join);
}
