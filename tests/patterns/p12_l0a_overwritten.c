/* p12_l0a_overwritten.c - a matrix product by slices of k, with one buffer in L0A: MTE1 loads the next slice while M
 * has not read the one before.
 *
 * A flag from MTE1 to M says that the slice is there; nothing says to MTE1 that M is done with it. While M keeps up
 * with MTE1 it goes well: it goes wrong at some sizes only.
 *
 * Remedy: the reverse flag, from M to MTE1.
 */
#include "pattern.h"

enum { SIDE = 16, WIDTH = 1024, SLICES = 12, SLICE = SIDE * SIDE };

typedef struct Runtime {
    _Alignas(512) uint16_t a[SLICES][SLICE]; /* halves; slice i is all i + 1 */
    _Alignas(512) uint16_t b[SIDE * WIDTH];  /* 1.0, for every slice */
    _Alignas(512) float c[SIDE][WIDTH];
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    (void)runtime;
    return 0;
}
#endif

#ifdef PART_AICORE
#include "cce.h"

enum { SLICE_BYTES = SLICE * 2, B_BYTES = SIDE * WIDTH * 2, L1_B = 0x10000 };

#define BUFFER(type, offset) ((type *)(uintptr_t)(offset))

#define ADD_PRODUCT(first)                                                                                             \
    mad(BUFFER(float, 0), BUFFER(half, 0), BUFFER(half, 0), SIDE, SIDE, WIDTH, 0, false, false, first)

static void fetch(__gm__ Runtime *runtime)
{
    copy_gm_to_cbuf(BUFFER(void, 0), (__gm__ void *)runtime->a, 0, 1, SLICES * SLICE_BYTES / 32, 0, 0, PAD_NONE);
    copy_gm_to_cbuf(BUFFER(void, L1_B), (__gm__ void *)runtime->b, 0, 1, B_BYTES / 32, 0, 0, PAD_NONE);
    pipe_barrier(PIPE_ALL);
    load_cbuf_to_cb(BUFFER(half, 0), BUFFER(half, L1_B), 0, B_BYTES / 512, 1, 0, 0, false, inc);
    pipe_barrier(PIPE_ALL);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    (void)core_type;
    if (block_idx != 0)
        return;
    fetch(runtime);
#ifdef REPAIRED
    set_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
#endif
    for (uint32_t i = 0; i < SLICES; i++) {
#ifdef REPAIRED
        wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
#endif
        load_cbuf_to_ca(BUFFER(half, 0), BUFFER(half, i * SLICE_BYTES), 0, 1, 1, 0, 0, false, inc); /* CAUSE */
        set_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
        wait_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
        ADD_PRODUCT(i == 0); /* EFFECT */
#ifdef REPAIRED
        set_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
#endif
    }
#ifdef REPAIRED
    wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
#endif
    set_flag(PIPE_M, PIPE_FIX, EVENT_ID0);
    wait_flag(PIPE_M, PIPE_FIX, EVENT_ID0);
    set_nd_para(1);
    copy_matrix_cc_to_gm((__gm__ float *)runtime->c, BUFFER(float, 0), ISA_FIX2(WIDTH, SIDE, WIDTH),
                         ISA_FIX3(SIDE, 0, NoQuant, 0, 0, 1));
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_HOST
int main(void)
{
    static const uint16_t halves[SLICES] = {0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600,
                                            0x4700, 0x4800, 0x4880, 0x4900, 0x4980, 0x4a00}; /* 1.0 to 12.0 */
    static Runtime runtime;
    void *device;

    for (int i = 0; i < SLICES * SLICE; i++)
        runtime.a[i / SLICE][i % SLICE] = halves[i / SLICE];
    for (int i = 0; i < SIDE * WIDTH; i++)
        runtime.b[i] = halves[0];
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < SIDE * WIDTH; i++)
        check((int64_t)runtime.c[i / WIDTH][i % WIDTH], SIDE * SLICES * (SLICES + 1) / 2, "c[%d][%d]", i / WIDTH,
              i % WIDTH);
    return verdict();
}
#endif
