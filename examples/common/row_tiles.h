/* row_tiles.h - a matrix of halves or floats in GM goes through UB in tiles of rows, in floats: in, compute, out.
 *
 * Loads, computation and stores of different tiles run side by side, each tile in one of two sets of buffers. The flags
 * are those of examples/vector_ops/kernels/aiv/tiles.h.
 *
 * A kernel has compute(out, in, rows). With HALF defined the elements in GM are halves; compute's are floats always.
 */
#ifndef EXAMPLES_COMMON_ROW_TILES_H
#define EXAMPLES_COMMON_ROW_TILES_H

#include "rows.h"

#ifdef HALF
#define ELEMENT half
#else
#define ELEMENT float
#endif

#define TILE_FLOATS 4096
#define TILE_BYTES  (TILE_FLOATS * 4)

/* Places in UB: the two sets, then tiles of compute's own, of which the first is also where halves become floats. */
#define TILES_IN(set)  ((uint64_t)(set)*TILE_BYTES)
#define TILES_OUT(set) ((uint64_t)((set) + 2) * TILE_BYTES)
#define TILES_OWN(n)   ((uint64_t)((n) + 4) * TILE_BYTES)

/* Whole blocks of 32 B in GM's type. */
#define TILES_PITCH(columns) (((columns) + 15u) / 16u * 16u)

__aicore__ static void compute(rows_ub out, rows_ub in, struct rows r);

/* Every set's element is converted, also those between a row's end and the next row: that is one instruction. */
__aicore__ static void convert_and_compute(int set, struct rows r)
{
#ifdef HALF
    uint64_t elements = (uint64_t)r.count * r.pitch;
    rows_count(elements);
    vconv_f162f32(ROWS_FLOAT(TILES_OWN(0)), (__ubuf__ half *)TILES_IN(set), 0, 1, 1, 8, 4);
    rows_count_end();
    pipe_barrier(PIPE_V);
    compute(ROWS_FLOAT(TILES_OWN(0)), ROWS_FLOAT(TILES_OWN(0)), r);
    rows_count(elements);
    vconv_f322f16((__ubuf__ half *)TILES_OUT(set), ROWS_FLOAT(TILES_OWN(0)), 0, 1, 1, 4, 8);
    rows_count_end();
#else
    compute(ROWS_FLOAT(TILES_OUT(set)), ROWS_FLOAT(TILES_IN(set)), r);
#endif
}

__aicore__ static void do_tile(int set, __gm__ ELEMENT *out, const __gm__ ELEMENT *in, struct rows r)
{
    uint32_t bytes = r.columns * sizeof(ELEMENT);
    uint32_t gap = (r.pitch * sizeof(ELEMENT) - bytes) / 32; /* blocks that a row does not reach into */

    wait_flag(PIPE_V, PIPE_MTE2, set);
    copy_gm_to_ubuf_align_b8((__ubuf__ ELEMENT *)TILES_IN(set), in, 0, (uint16_t)r.count, bytes, 0, 0, 0, gap);
    set_flag(PIPE_MTE2, PIPE_V, set);

    wait_flag(PIPE_MTE2, PIPE_V, set);
    wait_flag(PIPE_MTE3, PIPE_V, set);
    convert_and_compute(set, r);
    set_flag(PIPE_V, PIPE_MTE2, set);
#ifndef SABOTAGE_STORE
    set_flag(PIPE_V, PIPE_MTE3, set);
    wait_flag(PIPE_V, PIPE_MTE3, set);
#endif
    copy_ubuf_to_gm_align_b8(out, (__ubuf__ ELEMENT *)TILES_OUT(set), 0, (uint16_t)r.count, bytes, 0, 0, gap, 0);
    set_flag(PIPE_MTE3, PIPE_V, set);
}

/* Rows [first, end) of a matrix. */
__aicore__ static void do_rows(__gm__ ELEMENT *out, const __gm__ ELEMENT *in, uint64_t first, uint64_t end,
                               uint32_t columns)
{
    uint32_t pitch = TILES_PITCH(columns), most = TILE_FLOATS / pitch;
    most = most > ROWS_MOST ? ROWS_MOST : most;

    for (int set = 0; set < 2; set++) {
        set_flag(PIPE_V, PIPE_MTE2, set);
        set_flag(PIPE_MTE3, PIPE_V, set);
    }
    int set = 0;
    for (uint64_t at = first; at < end; at += most, set = 1 - set) {
        struct rows r = {end - at < most ? (uint32_t)(end - at) : most, columns, pitch};
        do_tile(set, out + at * columns, in + at * columns, r);
    }
    for (set = 0; set < 2; set++) {
        wait_flag(PIPE_V, PIPE_MTE2, set);
        wait_flag(PIPE_MTE3, PIPE_V, set);
    }
    pipe_barrier(PIPE_ALL);
}

/* This AIV's share of @rows rows, when all AIVs of a launch work on them. */
__aicore__ static void do_share(__gm__ ELEMENT *out, const __gm__ ELEMENT *in, uint64_t rows, uint32_t columns)
{
    uint64_t cores = get_block_num() * get_subblockdim();
    uint64_t core = get_block_idx() * get_subblockdim() + get_subblockid();
    do_rows(out, in, rows * core / cores, rows * (core + 1) / cores, columns);
}

#endif
