/* gemm.c - see gemm.h: the blocks around the kernels.
 *
 * 128 elements along k at a time, so that the panels of b that a kernel goes through stay in the first-level cache; c
 * rests in memory in between, which does not change it. Tiles that stick out of the m x n elements are computed beside
 * c and copied as far as they count.
 */
#include <string.h>

#include "isa/gemm.h"

enum { K_BLOCK = 128, MAX_ROWS = 16, MAX_PANELS = 2 };

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Copy @rows rows of @columns columns between tiles whose panels are so far apart. */
static void copy_tile(float *to, size_t to_panel, const float *from, size_t from_panel, uint32_t rows, uint32_t columns)
{
    for (uint32_t panel = 0; columns; panel++) {
        uint32_t width = least(columns, ISA_GEMM_SIDE);

        for (uint32_t r = 0; r < rows; r++)
            memcpy(to + panel * to_panel + r * ISA_GEMM_SIDE, from + panel * from_panel + r * ISA_GEMM_SIDE,
                   width * sizeof(float));
        columns -= width;
    }
}

static void edge_tile(struct isa_gemm_tile tile, isa_gemm_kernel *kernel, uint32_t rows, uint32_t columns)
{
    float aside[MAX_PANELS * MAX_ROWS * ISA_GEMM_SIDE];
    float *c = tile.c;
    size_t c_panel = tile.c_panel;

    memset(aside, 0, sizeof(aside));
    tile.c = aside;
    tile.c_panel = MAX_ROWS * ISA_GEMM_SIDE;
    if (tile.from == c) {
        copy_tile(aside, tile.c_panel, c, c_panel, rows, columns);
        tile.from = aside;
        tile.from_panel = tile.c_panel;
    }
    kernel(&tile);
    copy_tile(c, c_panel, aside, tile.c_panel, rows, columns);
}

/* @panels panels of c from panel @j on, elements [@k, @k + @count) along k. */
static void column_of_tiles(const struct isa_product *p, const struct isa_gemm_kernels *kernels, uint32_t j,
                            uint32_t panels, uint32_t k, uint32_t count)
{
    isa_gemm_kernel *kernel = panels == kernels->panels ? kernels->wide : kernels->narrow;
    uint32_t columns = least(p->n - j * ISA_GEMM_SIDE, panels * ISA_GEMM_SIDE);
    bool first = k == 0 && p->start;

    for (uint32_t i = 0; i < p->m; i += kernels->rows) {
        float *c = p->c + j * p->c_panel + i * ISA_GEMM_SIDE;
        struct isa_gemm_tile tile = {
            .c = c,
            .c_panel = p->c_panel,
            .from = first ? p->start + j * p->start_panel : c,
            .from_panel = first ? p->start_panel : p->c_panel,
            .from_row = first ? 0 : ISA_GEMM_SIDE,
            .a = p->a + i / ISA_GEMM_SIDE * p->a_panel + k / ISA_GEMM_SIDE * ISA_GEMM_CHUNK +
                 i % ISA_GEMM_SIDE * ISA_GEMM_SIDE,
            .b = p->b + j * p->b_panel + (size_t)k * ISA_GEMM_SIDE,
            .b_panel = p->b_panel,
            .k = count,
        };
        uint32_t rows = least(p->m - i, kernels->rows);

        if (rows == kernels->rows && columns == panels * ISA_GEMM_SIDE)
            kernel(&tile);
        else
            edge_tile(tile, kernel, rows, columns);
    }
}

void isa_gemm(const struct isa_product *p)
{
    const struct isa_gemm_kernels *kernels = p->fused ? isa_gemm_fused(p->set) : isa_gemm_rounded(p->set);
    uint32_t all = (p->n + ISA_GEMM_SIDE - 1) / ISA_GEMM_SIDE;

    for (uint32_t k = 0; k < p->k; k += K_BLOCK)
        for (uint32_t j = 0; j < all;) {
            uint32_t panels = all - j >= kernels->panels ? kernels->panels : 1;

            column_of_tiles(p, kernels, j, panels, k, least(p->k - k, K_BLOCK));
            j += panels;
        }
}
