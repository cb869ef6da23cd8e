/* layout.c - see layout.h. */
#include "isa/layout.h"

#include <string.h>

/* Rows that are taken piece by piece before the next ones are: few enough to stay in the host's first-level cache. */
enum { BAND = 128 };

static void band(uint8_t *to, const uint8_t *from, size_t rows, size_t row_bytes, size_t piece_step, size_t row_step)
{
    size_t full = row_bytes / ISA_C0_BYTES, rest = row_bytes % ISA_C0_BYTES;

    for (size_t p = 0; p < full; p++)
        for (size_t i = 0; i < rows; i++)
            memcpy(to + p * piece_step + i * row_step, from + i * row_bytes + p * ISA_C0_BYTES, ISA_C0_BYTES);
    for (size_t i = 0; rest && i < rows; i++) {
        uint8_t *piece = to + full * piece_step + i * row_step;

        memcpy(piece, from + i * row_bytes + full * ISA_C0_BYTES, rest);
        memset(piece + rest, 0, ISA_C0_BYTES - rest);
    }
}

void isa_nd_to_nz(uint8_t *to, const uint8_t *from, size_t rows, size_t row_bytes, size_t piece_step, size_t row_step)
{
    for (size_t i = 0; i < rows; i += BAND)
        band(to + i * row_step, from + i * row_bytes, rows - i < BAND ? rows - i : BAND, row_bytes, piece_step,
             row_step);
}
