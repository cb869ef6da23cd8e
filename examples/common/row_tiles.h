/* row_tiles.h - a matrix of halves or floats in GM goes through UB in tiles of rows, in floats: in, compute, out.
 *
 * Loads, computation and stores of different tiles run side by side, each tile in one of two sets of buffers. The flags
 * are those of examples/vector_ops/kernels/aiv/tiles.h.
 *
 * A kernel has compute(out, in, rows). Elements in GM are halves where HALF_IN and HALF_OUT (HALF: both) are defined;
 * compute's are floats always. With TASK the kernel is a task's, which has all the rows to itself.
 */
#ifndef EXAMPLES_COMMON_ROW_TILES_H
#define EXAMPLES_COMMON_ROW_TILES_H

#include "rows.h"

#ifdef HALF
#define HALF_IN
#define HALF_OUT
#endif
#ifdef HALF_IN
typedef half element_in;
#else
typedef float element_in;
#endif
#ifdef HALF_OUT
typedef half element_out;
#else
typedef float element_out;
#endif

#define TILE_FLOATS 4096
#define TILE_BYTES  (TILE_FLOATS * 4)

/* Places in UB: the two sets, then tiles of compute's own, of which the first is where halves become floats and back.
 */
#define TILES_IN(set)  ((uint64_t)(set)*TILE_BYTES)
#define TILES_OUT(set) ((uint64_t)((set) + 2) * TILE_BYTES)
#define TILES_OWN(n)   ((uint64_t)((n) + 4) * TILE_BYTES)

/* Whole blocks of 32 B, of halves too. */
#define TILES_PITCH(columns) (((columns) + 15u) / 16u * 16u)

__aicore__ static void compute(rows_ub out, rows_ub in, struct rows r);

__aicore__ static void convert_and_compute(int set, struct rows r)
{
    rows_ub in = ROWS_FLOAT(TILES_IN(set)), out = ROWS_FLOAT(TILES_OUT(set));

#ifdef HALF_IN
    in = ROWS_FLOAT(TILES_OWN(0));
    rows_from_half(in, (__ubuf__ half *)TILES_IN(set), r);
    pipe_barrier(PIPE_V);
#endif
#ifdef HALF_OUT
    out = ROWS_FLOAT(TILES_OWN(0));
    compute(out, in, r);
    rows_to_half((__ubuf__ half *)TILES_OUT(set), out, r);
#else
    compute(out, in, r);
#endif
}

__aicore__ static void do_tile(int set, __gm__ element_out *out, const __gm__ element_in *in, struct rows r)
{
    uint32_t bytes = r.columns * sizeof(element_in), bytes_out = r.columns * sizeof(element_out);

    wait_flag(PIPE_V, PIPE_MTE2, set);
    copy_gm_to_ubuf_align_b8((__ubuf__ char *)TILES_IN(set), in, 0, (uint16_t)r.count, bytes, 0, 0, 0,
                             (r.pitch - r.columns) * sizeof(element_in) / 32);
    set_flag(PIPE_MTE2, PIPE_V, set);

    wait_flag(PIPE_MTE2, PIPE_V, set);
    wait_flag(PIPE_MTE3, PIPE_V, set);
    convert_and_compute(set, r);
    set_flag(PIPE_V, PIPE_MTE2, set);
#ifndef SABOTAGE_STORE
    set_flag(PIPE_V, PIPE_MTE3, set);
    wait_flag(PIPE_V, PIPE_MTE3, set);
#endif
    copy_ubuf_to_gm_align_b8(out, (__ubuf__ char *)TILES_OUT(set), 0, (uint16_t)r.count, bytes_out, 0, 0,
                             (r.pitch - r.columns) * sizeof(element_out) / 32, 0);
    set_flag(PIPE_MTE3, PIPE_V, set);
}

/* Rows [first, end) of a matrix. */
__aicore__ static void do_rows(__gm__ element_out *out, const __gm__ element_in *in, uint64_t first, uint64_t end,
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

/* This AIV's share of @rows rows: all AIVs of a launch work on them, or it has a task. */
__aicore__ static void do_share(__gm__ element_out *out, const __gm__ element_in *in, uint64_t rows, uint32_t columns)
{
#ifdef TASK
    uint64_t cores = 1, core = 0;
#else
    uint64_t cores = get_block_num() * get_subblockdim();
    uint64_t core = get_block_idx() * get_subblockdim() + get_subblockid();
#endif
    do_rows(out, in, rows * core / cores, rows * (core + 1) / cores, columns);
}

#endif
