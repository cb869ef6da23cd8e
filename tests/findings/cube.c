/* cube.c - the order between the pipes of an AIC: tiles go from GM by MTE2 to L1, by MTE1 to L0A, by M to L0C, and by
 * FIX to GM. Each buffer is used again for the next tile.
 */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(l1_unloaded, "pipe-hazard", "")                                                                                  \
    X(l1_overwritten, "pipe-hazard", "")                                                                               \
    X(l0a_unloaded, "pipe-hazard", "")                                                                                 \
    X(l0a_overwritten, "pipe-hazard", "")                                                                              \
    X(l0c_unfinished, "pipe-hazard", "")                                                                               \
    X(l0c_overwritten, "pipe-hazard", "")                                                                              \
    X(flags_of_one_buffer, "pipe-hazard", "")                                                                          \
    X(unit_flag_of_one, "pipe-hazard", "")                                                                             \
    X(l0b_unwritten, "uninitialised", "")                                                                              \
    X(one_buffer_right, "", "")                                                                                        \
    X(two_buffers_right, "", "")                                                                                       \
    X(unit_flags_right, "", "")                                                                                        \
    X(barriers_right, "", "")
CASE_ENUM;

enum { TILES = 6, SIDE = 16, ELEMENTS = SIDE * SIDE };

typedef struct Runtime {
    Word which;
    _Alignas(512) uint16_t ones[ELEMENTS]; /* 1.0 as a half */
    _Alignas(512) uint16_t in[TILES][ELEMENTS];
    _Alignas(512) float out[TILES][ELEMENTS];
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

enum { TILE = ELEMENTS * 2, L1_B = 0x4000 };

#define BUFFER(type, offset) ((type *)(uintptr_t)(offset))
#define TO_L1(to, from)      copy_gm_to_cbuf(BUFFER(void, to), (__gm__ void *)(from), 0, 1, TILE / 32, 0, 0, PAD_NONE)
#define TO_L0A(to, from)     load_cbuf_to_ca(BUFFER(half, to), BUFFER(half, from), 0, 1, 1, 0, 0, false, inc)
#define TO_L0B(to, from)     load_cbuf_to_cb(BUFFER(half, to), BUFFER(half, from), 0, 1, 1, 0, 0, false, inc)
#define MULTIPLY(c, a, flag)                                                                                           \
    mad(BUFFER(float, c), BUFFER(half, a), BUFFER(half, 0), SIDE, SIDE, SIDE, flag, false, false, true)
#define OUT(to, c, flag)                                                                                               \
    copy_matrix_cc_to_gm((__gm__ float *)(to), BUFFER(float, c), ISA_FIX2(SIDE, SIDE, SIDE),                           \
                         ISA_FIX3(SIDE, flag, NoQuant, 0, 0, 1))

/* A unit flag hands L0C over, both ways. */
#define UNIT_FLAGS (which == CASE_unit_flags_right || which == CASE_unit_flag_of_one)

/* A flag, unless the case is the one that misses it. */
#define SET(from, to, id, missing)                                                                                     \
    do {                                                                                                               \
        if (which != (missing))                                                                                        \
            set_flag(from, to, id);                                                                                    \
    } while (0)
#define WAIT(from, to, id, missing)                                                                                    \
    do {                                                                                                               \
        if (which != (missing))                                                                                        \
            wait_flag(from, to, id);                                                                                   \
    } while (0)

static void prepare(__gm__ Runtime *r, int which)
{
    set_nd_para(1);
    TO_L1(L1_B, r->ones);
    pipe_barrier(PIPE_ALL);
    if (which != CASE_l0b_unwritten)
        TO_L0B(0, L1_B);
    pipe_barrier(PIPE_ALL);
}

/* The reverse flags, as if the buffers had just been used. */
static void set_reverse(int buffers, int which)
{
    for (int i = 0; i < buffers; i++) {
        SET(PIPE_MTE1, PIPE_MTE2, i, CASE_l1_overwritten);
        SET(PIPE_M, PIPE_MTE1, i, CASE_l0a_overwritten);
        if (!UNIT_FLAGS)
            SET(PIPE_FIX, PIPE_M, i, CASE_l0c_overwritten);
    }
}

static void wait_reverse(int buffers, int which)
{
    for (int i = 0; i < buffers; i++) {
        WAIT(PIPE_MTE1, PIPE_MTE2, i, CASE_l1_overwritten);
        WAIT(PIPE_M, PIPE_MTE1, i, CASE_l0a_overwritten);
        if (!UNIT_FLAGS)
            WAIT(PIPE_FIX, PIPE_M, i, CASE_l0c_overwritten);
    }
}

static void work(__gm__ Runtime *r, int which, int buffers, int flags)
{
    set_reverse(flags, which);
    for (int i = 0; i < TILES; i++) {
        int id = i % flags;
        uint32_t at = (uint32_t)(i % buffers) * TILE, c = (uint32_t)(i % buffers) * ELEMENTS * 4;

        WAIT(PIPE_MTE1, PIPE_MTE2, id, CASE_l1_overwritten);
        TO_L1(at, r->in[i]); /* CAUSE l1_unloaded l1_overwritten */
        SET(PIPE_MTE2, PIPE_MTE1, id, CASE_l1_unloaded);
        WAIT(PIPE_MTE2, PIPE_MTE1, id, CASE_l1_unloaded);
        WAIT(PIPE_M, PIPE_MTE1, id, CASE_l0a_overwritten);
        TO_L0A(at, at); /* EFFECT l1_unloaded l1_overwritten l0a_unloaded l0a_overwritten flags_of_one_buffer */
        SET(PIPE_MTE1, PIPE_MTE2, id, CASE_l1_overwritten);
        SET(PIPE_MTE1, PIPE_M, id, CASE_l0a_unloaded);
        WAIT(PIPE_MTE1, PIPE_M, id, CASE_l0a_unloaded);
        if (!UNIT_FLAGS)
            WAIT(PIPE_FIX, PIPE_M, id, CASE_l0c_overwritten);
        if (UNIT_FLAGS)
            MULTIPLY(c, at, 3); /* CAUSE unit_flag_of_one */
        else
            MULTIPLY(c, at, 0); /* CAUSE l0a_unloaded l0a_overwritten l0c_unfinished l0c_overwritten l0b_unwritten */
        SET(PIPE_M, PIPE_MTE1, id, CASE_l0a_overwritten);
        if (!UNIT_FLAGS)
            SET(PIPE_M, PIPE_FIX, id, CASE_l0c_unfinished);
        if (!UNIT_FLAGS)
            WAIT(PIPE_M, PIPE_FIX, id, CASE_l0c_unfinished);
        if (which == CASE_unit_flags_right)
            OUT(r->out[i], c, 3);
        else
            OUT(r->out[i], c, 0); /* EFFECT l0c_unfinished l0c_overwritten unit_flag_of_one */
        if (!UNIT_FLAGS)
            SET(PIPE_FIX, PIPE_M, id, CASE_l0c_overwritten);
    }
    wait_reverse(flags, which);
}

static void work_slowly(__gm__ Runtime *r)
{
    for (int i = 0; i < TILES; i++) {
        TO_L1(0, r->in[i]);
        pipe_barrier(PIPE_ALL);
        TO_L0A(0, 0);
        pipe_barrier(PIPE_ALL);
        MULTIPLY(0, 0, 0);
        pipe_barrier(PIPE_ALL);
        OUT(r->out[i], 0, 0);
        pipe_barrier(PIPE_ALL);
    }
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 0)
        return;
    prepare(runtime, which);
    if (which == CASE_barriers_right)
        work_slowly(runtime);
    else
        work(runtime, which, which == CASE_two_buffers_right ? 2 : 1,
             which == CASE_two_buffers_right || which == CASE_flags_of_one_buffer ? 2 : 1);
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static const uint16_t halves[TILES] = {0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600}; /* 1.0 to 6.0 */
    static Runtime runtime;
    Runtime *device;

    runtime.which.value = CASE_OF(argc, argv);
    for (int i = 0; i < ELEMENTS; i++) {
        runtime.ones[i] = halves[0];
        for (int tile = 0; tile < TILES; tile++)
            runtime.in[tile][i] = halves[tile];
    }
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int tile = 0; tile < TILES; tile++)
        for (int i = 0; i < ELEMENTS; i++)
            check((int64_t)runtime.out[tile][i], SIDE * (tile + 1), "out[%d][%d]", tile, i);
    return verdict();
}
#endif
