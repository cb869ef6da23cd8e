/* fractal.h - matrices as L0A and L0B hold them: fractals of 512 B, each of 16 rows of 32 B.
 *
 * In L0A a row of a fractal is a piece of a row of the left matrix (element k along it) and the fractals of 16 such
 * rows follow each other (Zz). In L0B a row of a fractal is a piece of a column of the right matrix, again along k, and
 * the fractals that have the same k follow each other (Zn). So both are a matrix of `rows` times k whose fractals stand
 * in another order.
 */
#ifndef DAV_ISA_FRACTAL_H
#define DAV_ISA_FRACTAL_H

#include "isa/isa.h"

enum { ISA_FRACTAL_BYTES = 512, ISA_FRACTAL_ROWS = 16, ISA_FRACTAL_ROW_BYTES = 32 };

struct isa_fractals {
    enum isa_space space;
    uint64_t addr;
    uint32_t rows, k;  /* elements that count: what is left of the last fractals is padding */
    uint32_t bytes;    /* of an element */
    uint32_t row_step; /* bytes from a fractal to the one 16 rows on */
    uint32_t k_step;   /* bytes from a fractal to the one 32 B along k on */
};

static inline uint32_t isa_ceil(uint32_t value, uint32_t unit)
{
    return (value + unit - 1) / unit;
}

/** isa_left - the left matrix in L0A, of @m rows; fractals for @k_room elements along k stand in it for each row. */
static inline struct isa_fractals isa_left(uint64_t addr, uint32_t m, uint32_t k, uint32_t k_room, uint32_t bytes)
{
    uint32_t across = isa_ceil(k_room, ISA_FRACTAL_ROW_BYTES / bytes);

    return (struct isa_fractals){ISA_L0A, addr, m, k, bytes, across * ISA_FRACTAL_BYTES, ISA_FRACTAL_BYTES};
}

/** isa_right - the right matrix in L0B, of @n columns. */
static inline struct isa_fractals isa_right(uint64_t addr, uint32_t n, uint32_t k, uint32_t bytes)
{
    uint32_t down = isa_ceil(n, ISA_FRACTAL_ROWS);

    return (struct isa_fractals){ISA_L0B, addr, n, k, bytes, ISA_FRACTAL_BYTES, down * ISA_FRACTAL_BYTES};
}

/** isa_fractal_addr - where element @k of row @row stands. */
static inline uint64_t isa_fractal_addr(const struct isa_fractals *f, uint32_t row, uint32_t k)
{
    uint32_t c0 = ISA_FRACTAL_ROW_BYTES / f->bytes;

    return f->addr + (uint64_t)(row / ISA_FRACTAL_ROWS) * f->row_step + (uint64_t)(k / c0) * f->k_step +
           row % ISA_FRACTAL_ROWS * ISA_FRACTAL_ROW_BYTES + k % c0 * f->bytes;
}

/** isa_fractal_spans - tell the elements that count. */
void isa_fractal_spans(const struct isa_fractals *f, enum isa_access access, isa_span_fn *fn, void *ctx);

#endif
