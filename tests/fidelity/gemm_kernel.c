/* gemm_kernel.c - see gemm_kernel.h.
 *
 * c is divided among 4 x 6 AICs. A core makes its tiles of 128 x 256 one after the other, each the sum of steps of 256
 * along k. A step is loaded into one of two places in L1 when its turn has come in the program, not ahead of it; how
 * far MTE2 runs ahead is up to the pipes. It is taken to L0A and L0B in four parts of 64, each into one of two places.
 * Between two tiles M waits for FIX.
 */
#include "tests/fidelity/gemm_kernel.h"

#include "examples/common/cube.h"
#include "tests/fidelity/probe.h"

enum { TILE_M = 128, TILE_N = 256, STEP = 256, PART = 64 };

#define L1_A(place) CUBE_HALF((place)*TILE_M *STEP * 2)
#define L1_B(place) CUBE_HALF(2 * TILE_M * STEP * 2 + (place)*TILE_N * STEP * 2)
#define L0_A(place) CUBE_HALF((place)*32768)
#define L0_B(place) CUBE_HALF((place)*32768)

/* A flag for each matrix that is loaded. */
enum { LOADED_A, LOADED_B };

__aicore__ static void load(int place, const __gm__ half *a, const __gm__ half *b, uint32_t size)
{
    wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    cube_nd2nz(L1_A(place), a, TILE_M, STEP, size);
    set_flag(PIPE_MTE2, PIPE_MTE1, LOADED_A);
    cube_nd2nz(L1_B(place), b, TILE_N, STEP, size);
    set_flag(PIPE_MTE2, PIPE_MTE1, LOADED_B);
}

/* Part @at of the step in @place: the left matrix as an image of one row, the right one by rows of fractals. */
__aicore__ static void extract(int place, int part_place, uint32_t at)
{
    wait_flag(PIPE_M, PIPE_MTE1, part_place);
    if (at == 0)
        wait_flag(PIPE_MTE2, PIPE_MTE1, LOADED_A);
    img2colv2_cbuf_to_ca(L0_A(part_place), L1_A(place), PART, TILE_M, at, 0, 1, 1, 1, 1, 1, 1, false, false, false,
                         false, STEP);
    if (at == 0)
        wait_flag(PIPE_MTE2, PIPE_MTE1, LOADED_B);
    for (uint32_t k = 0; k < PART; k += CUBE_SIDE)
        load_cbuf_to_cb(L0_B(part_place) + k * TILE_N, L1_B(place) + (at + k) * TILE_N, 0, TILE_N / CUBE_SIDE, 1, 0, 0,
                        false, inc);
    if (at + PART == STEP)
        set_flag(PIPE_MTE1, PIPE_MTE2, place);
}

__aicore__ static void multiply(int part_place, bool add)
{
    set_flag(PIPE_MTE1, PIPE_M, part_place);
    wait_flag(PIPE_MTE1, PIPE_M, part_place);
    cube_mad(CUBE_FLOAT(0), L0_A(part_place), L0_B(part_place), TILE_M, PART, TILE_N, add);
    set_flag(PIPE_M, PIPE_MTE1, part_place);
}

__aicore__ static void store(__gm__ float *c, uint32_t size)
{
    set_flag(PIPE_M, PIPE_FIX, 0);
    wait_flag(PIPE_M, PIPE_FIX, 0);
    cube_store(c, CUBE_FLOAT(0), TILE_M, TILE_N, size);
    set_flag(PIPE_FIX, PIPE_M, 0);
    wait_flag(PIPE_FIX, PIPE_M, 0);
}

/* The places take turns over all tiles: @steps counts the steps that the core has begun. */
__aicore__ static void tile(const __gm__ half *a, const __gm__ half *b, __gm__ float *c, uint32_t size, uint32_t *steps)
{
    for (uint32_t k = 0; k < size; k += STEP) {
        int place = (int)((*steps)++ % 2);

        load(place, a + k, b + k, size);
        for (uint32_t at = 0; at < STEP; at += PART) {
            int part_place = (int)(at / PART % 2);

            extract(place, part_place, at);
            multiply(part_place, k + at > 0);
        }
    }
    store(c, size);
}

__aicore__ void gemm(uint32_t block, const __gm__ void *a, const __gm__ void *b, __gm__ void *c, uint32_t size)
{
    uint32_t rows = size / GEMM_DOWN, columns = size / GEMM_ACROSS, steps = 0;
    uint64_t row = block % GEMM_DOWN * rows, column = block / GEMM_DOWN * columns;

    set_nd_para(1);
    set_fmatrix(TILE_M | 1ull << 16);
    for (int place = 0; place < 2; place++) {
        set_flag(PIPE_MTE1, PIPE_MTE2, place);
        set_flag(PIPE_M, PIPE_MTE1, place);
    }
    for (uint64_t i = row; i < row + rows; i += TILE_M)
        for (uint64_t j = column; j < column + columns; j += TILE_N)
            tile((const __gm__ half *)a + i * size, (const __gm__ half *)b + j * size, (__gm__ float *)c + i * size + j,
                 size, &steps);
    for (int place = 0; place < 2; place++) {
        wait_flag(PIPE_M, PIPE_MTE1, place);
        wait_flag(PIPE_MTE1, PIPE_MTE2, place);
    }
    pipe_barrier(PIPE_ALL);
}
