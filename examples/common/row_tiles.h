/* row_tiles.h - rows of a matrix in GM through UB, tile by tile: out[row] = f(x[row]), computed in floats.
 *
 * A kernel gives f as apply(), and calls do_tiles() with its share of the rows. Loads (MTE2), f (V) and stores (MTE3)
 * of different tiles run side by side: each tile uses one of two sets of buffers, and a flag orders each pair of uses
 * of a buffer:
 *
 *   MTE2 -> V      x is there                   V -> MTE2      x may be overwritten
 *   V -> MTE3      out is there                 MTE3 -> V      out may be overwritten
 *
 * The flags on the right exist before the first tile, as if somebody had just finished with the buffers. ELEMENT is
 * what stands in GM, float or half; halves are widened before f and rounded after it.
 *
 * Rows of two cores may share a sector or a cache line of GM: transfers write the bytes of a row and no others.
 */
#ifndef EXAMPLES_COMMON_ROW_TILES_H
#define EXAMPLES_COMMON_ROW_TILES_H

#include "rows.h"

#ifndef ELEMENT
#define ELEMENT float
#endif

#define TILE       6144u      /* elements, and so the longest row */
#define TILE_BYTES (TILE * 4) /* of floats */
#define TILE_ROWS  128u       /* at most */
#define TILE_PITCH (32 / sizeof(ELEMENT))

typedef __ubuf__ ELEMENT *ub_t;

/* UB: two tiles of x and two of out; for halves, a tile of floats behind them; then what f uses. */
#define UB_X(set)     ((ub_t)((uint64_t)(set)*TILE * sizeof(ELEMENT)))
#define UB_OUT(set)   ((ub_t)((uint64_t)((set) + 2) * TILE * sizeof(ELEMENT)))
#define UB_FLOATS     ((rows_f32)(uint64_t)(2 * TILE_BYTES))
#define UB_SCRATCH    ((rows_f32)(uint64_t)(4 * TILE_BYTES))
#define UB_ROW(which) ((rows_f32)(uint64_t)((5 + (which)) * TILE_BYTES)) /* two rows that all rows share */
#define UB_GROUPS     ((rows_f32)(uint64_t)(7 * TILE_BYTES))
#define UB_BLOCKS     (UB_GROUPS + 8 * TILE_ROWS)
#define UB_VALUES     (UB_BLOCKS + 8 * TILE_ROWS)

/* out[row] = f(x[row]); @out may be @x; @scalar: what the kernel gave do_tiles. */
__aicore__ static void apply(struct rows g, rows_f32 out, rows_f32 x, float scalar);

__aicore__ static inline float scalar_of(int64_t bits)
{
    union {
        int64_t bits;
        float value;
    } pun = {bits};
    return pun.value;
}

/* Where the rows of @columns elements stand in UB. */
__aicore__ static inline struct rows tile_shape(uint32_t rows, uint32_t columns)
{
    return (struct rows){rows, columns, rows_up(columns, TILE_PITCH) * TILE_PITCH};
}

__aicore__ static inline void tile_load(ub_t to, const __gm__ ELEMENT *from, struct rows g)
{
    copy_gm_to_ubuf_align_b8(to, from, 0, (uint16_t)g.rows, g.columns * sizeof(ELEMENT), 0, 0, 0, 0);
}

/* f on a tile that is there; x may be overwritten as soon as it has been read. */
__aicore__ static inline void tile_compute(int set, struct rows g, float scalar)
{
    if (sizeof(ELEMENT) == 2) {
        pipe_barrier(PIPE_V); /* the tile before has been narrowed */
        rows_widen(g, UB_FLOATS, (rows_f16)UB_X(set));
        set_flag(PIPE_V, PIPE_MTE2, set);
        pipe_barrier(PIPE_V);
        apply(g, UB_FLOATS, UB_FLOATS, scalar);
        pipe_barrier(PIPE_V);
        rows_narrow(g, (rows_f16)UB_OUT(set), UB_FLOATS);
    } else {
        apply(g, (rows_f32)UB_OUT(set), (rows_f32)UB_X(set), scalar);
        set_flag(PIPE_V, PIPE_MTE2, set);
    }
}

__aicore__ static inline void do_tile(int set, const __gm__ ELEMENT *x, __gm__ ELEMENT *out, struct rows g,
                                      float scalar)
{
    wait_flag(PIPE_V, PIPE_MTE2, set);
    tile_load(UB_X(set), x, g);
    set_flag(PIPE_MTE2, PIPE_V, set);

    wait_flag(PIPE_MTE2, PIPE_V, set);
    wait_flag(PIPE_MTE3, PIPE_V, set);
    tile_compute(set, g, scalar);
#ifndef SABOTAGE_STORE
    set_flag(PIPE_V, PIPE_MTE3, set);
    wait_flag(PIPE_V, PIPE_MTE3, set);
#endif
    copy_ubuf_to_gm_align_b8(out, UB_OUT(set), 0, (uint16_t)g.rows, g.columns * sizeof(ELEMENT), 0, 0, 0, 0);
    set_flag(PIPE_MTE3, PIPE_V, set);
}

/* Values and groups are worked on in eights of rows; what is beyond the rows has to be something. */
__aicore__ static inline void tile_clear(void)
{
    rows_mask(ROWS_LANES);
    vector_dup(UB_GROUPS, 0.0f, 8 * TILE_ROWS / ROWS_LANES, 1, 1, 8, 0);
    vector_dup(UB_VALUES, 0.0f, TILE_ROWS / ROWS_LANES, 1, 1, 8, 0);
    pipe_barrier(PIPE_V);
}

/* @rows rows of @columns each, one behind the other in GM. */
__aicore__ static inline void do_tiles(const __gm__ ELEMENT *x, __gm__ ELEMENT *out, uint64_t rows, uint32_t columns,
                                       float scalar)
{
    uint32_t pitch = tile_shape(1, columns).pitch, most = at_most(TILE / pitch, TILE_ROWS);
    int set = 0;

    tile_clear();
    for (int i = 0; i < 2; i++) {
        set_flag(PIPE_V, PIPE_MTE2, i);
        set_flag(PIPE_MTE3, PIPE_V, i);
    }
    for (uint64_t row = 0; row < rows; row += most, set = 1 - set) {
        uint64_t left = rows - row, at = row * columns;
        do_tile(set, x + at, out + at, tile_shape(left < most ? (uint32_t)left : most, columns), scalar);
    }
    for (int i = 0; i < 2; i++) {
        wait_flag(PIPE_V, PIPE_MTE2, i);
        wait_flag(PIPE_MTE3, PIPE_V, i);
    }
    set_vector_mask(ROWS_ALL_LANES, ROWS_ALL_LANES);
}

/* This core's rows of @rows: a share for each AIV. */
struct share {
    uint64_t first, rows;
};
__aicore__ static inline struct share tile_share(uint64_t rows)
{
    uint64_t cores = get_block_num() * get_subblockdim();
    uint64_t core = get_block_idx() * get_subblockdim() + get_subblockid();
    uint64_t each = (rows + cores - 1) / cores, first = core * each;

    if (first >= rows)
        return (struct share){0, 0};
    return (struct share){first, rows - first < each ? rows - first : each};
}

#endif
