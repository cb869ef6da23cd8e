/* layout.h - where the elements of a matrix stand: offsets, in elements, of row i and column j.
 *
 * C0 is how many elements fill 32 B. A fractal is 16 rows of C0, 512 B.
 *   ND  row after row.
 *   NZ  columns in groups of C0; inside a group all rows, C0 elements each. L1's operands of mad; L0C, where a group is
 *       16 columns wide whatever the type.
 *   ZN  the same with the roles of rows and columns exchanged. L1's transposed B; L0B.
 *   ZZ  fractals row after row of fractals. L0A.
 * Rows of NZ (columns of ZN) count what is allocated: in L0B and L0C a multiple of 16.
 */
#ifndef DAV_ISA_LAYOUT_H
#define DAV_ISA_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

enum { ISA_FRACTAL_ROWS = 16, ISA_C0_BYTES = 32, ISA_FRACTAL_BYTES = 512 };

static inline uint64_t isa_round_up(uint64_t value, uint64_t unit)
{
    return (value + unit - 1) / unit * unit;
}

static inline uint64_t isa_nd(uint64_t i, uint64_t j, uint64_t pitch)
{
    return i * pitch + j;
}

static inline uint64_t isa_nz(uint64_t i, uint64_t j, uint64_t rows, uint64_t c0)
{
    return (j / c0 * rows + i) * c0 + j % c0;
}

static inline uint64_t isa_zn(uint64_t i, uint64_t j, uint64_t columns, uint64_t c0)
{
    return isa_nz(j, i, columns, c0);
}

static inline uint64_t isa_zz(uint64_t i, uint64_t j, uint64_t columns, uint64_t c0)
{
    return (i / ISA_FRACTAL_ROWS * (columns / c0) + j / c0) * ISA_FRACTAL_ROWS * c0 + i % ISA_FRACTAL_ROWS * c0 +
           j % c0;
}

/** isa_nd_to_nz - copy @rows rows of @row_bytes, one behind the other, in pieces of 32 B: piece p of row i goes to
 *  @to + p * @piece_step + i * @row_step. A last piece that is not full is filled up with zeros. */
void isa_nd_to_nz(uint8_t *to, const uint8_t *from, size_t rows, size_t row_bytes, size_t piece_step, size_t row_step);

#endif
