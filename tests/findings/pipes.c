/* pipes.c - the order between the pipes of an AIV: what no flag orders, flags without partner, bytes of UB that nobody
 * has written. The accesses meet, however long each takes: what is missing is told whether or not it went wrong.
 */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(load_then_add, "pipe-hazard", "")                                                                                \
    X(late_load_then_add, "pipe-hazard", "")                                                                           \
    X(add_then_store, "pipe-hazard", "")                                                                               \
    X(store_then_load, "pipe-hazard", "")                                                                              \
    X(add_then_load, "pipe-hazard", "")                                                                                \
    X(add_then_add, "pipe-hazard", "")                                                                                 \
    X(add_over_operand, "pipe-hazard", "")                                                                             \
    X(add_over_result, "pipe-hazard", "")                                                                              \
    X(add_partly, "pipe-hazard", "")                                                                                   \
    X(scalar_then_add, "pipe-hazard", "")                                                                              \
    X(add_then_scalar, "pipe-hazard", "")                                                                              \
    X(scalar_reads_then_add, "pipe-hazard", "")                                                                        \
    X(scalar_then_store, "pipe-hazard", "")                                                                            \
    X(barrier_for_scalar, "pipe-hazard", "")                                                                           \
    X(wrong_pipe, "pipe-hazard", "")                                                                                   \
    X(one_buffer, "pipe-hazard", "")                                                                                   \
    X(wrong_id, "pipe-hazard unpaired-flag", "")                                                                       \
    X(left_set, "unpaired-flag", "")                                                                                   \
    X(no_set, "deadlock", "")                                                                                          \
    X(no_set_scalar, "deadlock", "")                                                                                   \
    X(unwritten_tail, "uninitialised", "")                                                                             \
    X(unwritten_scalar, "uninitialised", "")                                                                           \
    X(unwritten_store, "uninitialised", "")                                                                            \
    X(last_launch, "uninitialised", "")                                                                                \
    X(chain_right, "", "")                                                                                             \
    X(chain_slow_right, "", "--set isa.vadd=2000+2n")                                                                  \
    X(barriers_right, "", "")                                                                                          \
    X(all_right, "", "")                                                                                               \
    X(around_right, "", "")                                                                                            \
    X(scalar_right, "", "")                                                                                            \
    X(scalar_waits_right, "", "")                                                                                      \
    X(two_buffers_right, "", "")                                                                                       \
    X(in_place_right, "", "")                                                                                          \
    X(apart_right, "", "")                                                                                             \
    X(interleaved_right, "", "")                                                                                       \
    X(same_operand_right, "", "")                                                                                      \
    X(padding_right, "", "")                                                                                           \
    X(earlier_stage_right, "", "")
CASE_ENUM;

enum { TILE = 64, TILES = 8, BYTES = TILE * 4 };

typedef struct Runtime {
    Word which;
    _Alignas(LINE) float in[TILES][TILE];
    _Alignas(LINE) float out[TILES][TILE];
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

#define UB(type, offset) ((__ubuf__ type *)(uintptr_t)(offset))

enum { A = 0, B = 0x400, C = 0x800, D = 0xc00 };

__attribute__((noinline)) static void load(uint32_t to, __gm__ float *from)
{
    copy_gm_to_ubuf(UB(void, to), (__gm__ void *)from, 0, 1, BYTES / 32, 0, 0);
}
__attribute__((noinline)) static void store(__gm__ float *to, uint32_t from)
{
    copy_ubuf_to_gm((__gm__ void *)to, UB(void, from), 0, 1, BYTES / 32, 0, 0);
}
__attribute__((always_inline)) static inline void add(uint32_t to, uint32_t a, uint32_t b)
{
    vadd(UB(float, to), UB(float, a), UB(float, b), 1, 1, 1, 1, 8, 8, 8);
}
__attribute__((always_inline)) static inline void pass(pipe_t from, pipe_t to)
{
    set_flag(from, to, EVENT_ID0);
    wait_flag(from, to, EVENT_ID0);
}
#define LOAD(to, from)  copy_gm_to_ubuf(UB(void, to), (__gm__ void *)(from), 0, 1, BYTES / 32, 0, 0)
#define STORE(to, from) copy_ubuf_to_gm((__gm__ void *)(to), UB(void, from), 0, 1, BYTES / 32, 0, 0)

/* ---- what is wrong ---- */

static void first_half(__gm__ Runtime *r, int which)
{
    switch (which) {
    case CASE_load_then_add:
        LOAD(A, r->in[0]); /* CAUSE load_then_add */
        add(B, A, A);      /* EFFECT load_then_add */
        break;
    case CASE_late_load_then_add: /* V is ready before MTE2 is */
        LOAD(C, r->in[0]);
        LOAD(D, r->in[1]);
        LOAD(A, r->in[0]); /* CAUSE late_load_then_add */
        add(B, A, A);      /* EFFECT late_load_then_add */
        break;
    case CASE_add_then_store:
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A);        /* CAUSE add_then_store */
        STORE(r->out[0], B); /* EFFECT add_then_store */
        break;
    case CASE_store_then_load:
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_MTE3);
        STORE(r->out[0], A); /* EFFECT store_then_load */
        LOAD(A, r->in[1]);   /* CAUSE store_then_load */
        break;
    case CASE_add_then_load:
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A);      /* EFFECT add_then_load */
        LOAD(A, r->in[1]); /* CAUSE add_then_load */
        break;
    case CASE_add_then_add:
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A); /* CAUSE add_then_add */
        add(C, B, A); /* EFFECT add_then_add */
        break;
    case CASE_add_over_operand:
        load(A, r->in[0]);
        load(B, r->in[1]);
        pass(PIPE_MTE2, PIPE_V);
        add(C, A, A); /* EFFECT add_over_operand */
        add(A, B, B); /* CAUSE add_over_operand */
        break;
    case CASE_add_over_result:
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A); /* EFFECT add_over_result */
        add(B, A, A); /* CAUSE add_over_result */
        break;
    case CASE_add_partly: /* one lane of the second is the first one's */
        load(A, r->in[0]);
        load(B, r->in[1]);
        pass(PIPE_MTE2, PIPE_V);
        set_vector_mask(0, 1ull << 32);
        add(C, A, A); /* CAUSE add_partly */
        set_vector_mask(~0ull, ~0ull);
        set_vector_mask(0, 0xffull << 32);
        vadd(UB(float, D), UB(float, A), UB(float, C), 1, 1, 1, 1, 8, 8, 8); /* EFFECT add_partly */
        set_vector_mask(~0ull, ~0ull);
        break;
    }
}

static void second_half(__gm__ Runtime *r, int which)
{
    float seen = 0;

    switch (which) {
    case CASE_scalar_then_add:
        load(A, r->in[0]);
        pipe_barrier(PIPE_ALL);
        *(volatile __ubuf__ float *)UB(float, A) = 3; /* CAUSE scalar_then_add */
        add(B, A, A);                                 /* EFFECT scalar_then_add */
        break;
    case CASE_add_then_scalar:
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A);                                    /* CAUSE add_then_scalar */
        seen = *(volatile __ubuf__ float *)UB(float, B); /* EFFECT add_then_scalar */
        break;
    case CASE_scalar_reads_then_add:
        load(A, r->in[0]);
        pipe_barrier(PIPE_ALL);
        seen = *(volatile __ubuf__ float *)UB(float, A); /* EFFECT scalar_reads_then_add */
        add(A, A, A);                                    /* CAUSE scalar_reads_then_add */
        break;
    case CASE_scalar_then_store:
        load(A, r->in[0]);
        pipe_barrier(PIPE_ALL);
        *(volatile __ubuf__ float *)UB(float, A) = 3; /* CAUSE scalar_then_store */
        pass(PIPE_S, PIPE_V);
        STORE(r->out[0], A); /* EFFECT scalar_then_store */
        break;
    case CASE_barrier_for_scalar: /* orders V's instructions, and nothing else */
        load(A, r->in[0]);
        pipe_barrier(PIPE_ALL);
        *(volatile __ubuf__ float *)UB(float, A) = 3; /* CAUSE barrier_for_scalar */
        pipe_barrier(PIPE_V);
        add(B, A, A); /* EFFECT barrier_for_scalar */
        break;
    case CASE_wrong_pipe:
        LOAD(A, r->in[0]); /* CAUSE wrong_pipe */
        pass(PIPE_MTE2, PIPE_MTE3);
        add(B, A, A); /* EFFECT wrong_pipe */
        break;
    case CASE_one_buffer: /* the reverse flag is missing */
        for (int i = 0; i < TILES; i++) {
            LOAD(A, r->in[i]); /* CAUSE one_buffer */
            pass(PIPE_MTE2, PIPE_V);
            add(B + (uint32_t)i * BYTES, A, A); /* EFFECT one_buffer */
        }
        break;
    case CASE_wrong_id: /* the wait takes the flag of the load before */
        LOAD(B, r->in[1]);
        set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
        LOAD(A, r->in[0]); /* CAUSE wrong_id */
        set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
        wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
        add(C, A, A); /* EFFECT wrong_id */
        break;
    case CASE_left_set:
        load(A, r->in[0]);
        set_flag(PIPE_MTE2, PIPE_V, EVENT_ID2); /* CAUSE left_set */
        break;
    case CASE_no_set:
        load(A, r->in[0]);
        set_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);  /* EFFECT no_set */
        wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID3); /* CAUSE no_set */
        add(B, A, A);
        break;
    case CASE_no_set_scalar:
        wait_flag(PIPE_MTE2, PIPE_S, EVENT_ID3); /* CAUSE no_set_scalar */
        break;
    case CASE_unwritten_tail:
        copy_gm_to_ubuf(UB(void, A), (__gm__ void *)r->in[0], 0, 1, BYTES / 64, 0, 0);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A); /* CAUSE unwritten_tail */
        break;
    case CASE_unwritten_scalar:
        seen = *(volatile __ubuf__ int16_t *)UB(int16_t, C); /* CAUSE unwritten_scalar */
        break;
    case CASE_unwritten_store:
        STORE(r->out[0], A); /* CAUSE unwritten_store */
        break;
    case CASE_last_launch:
        if (r->which.value != CASE_last_launch)
            break;
        if (r->out[1][0] == 0)
            load(A, r->in[0]);
        else
            STORE(r->out[0], A); /* CAUSE last_launch */
        break;
    }
    r->out[TILES - 1][0] = seen;
}

/* ---- what is right: out[0] is twice in[0], or more where it says so ---- */

static void two_buffers(__gm__ Runtime *r)
{
    for (int i = 0; i < 2; i++) {
        set_flag(PIPE_V, PIPE_MTE2, i);
        set_flag(PIPE_MTE3, PIPE_V, i);
    }
    for (int i = 0; i < TILES; i++) {
        uint32_t in = A + (uint32_t)(i & 1) * BYTES, out = B + (uint32_t)(i & 1) * BYTES;
        int id = i & 1;

        wait_flag(PIPE_V, PIPE_MTE2, id);
        load(in, r->in[i]);
        set_flag(PIPE_MTE2, PIPE_V, id);
        wait_flag(PIPE_MTE2, PIPE_V, id);
        wait_flag(PIPE_MTE3, PIPE_V, id);
        add(out, in, in);
        set_flag(PIPE_V, PIPE_MTE2, id);
        set_flag(PIPE_V, PIPE_MTE3, id);
        wait_flag(PIPE_V, PIPE_MTE3, id);
        store(r->out[i], out);
        set_flag(PIPE_MTE3, PIPE_V, id);
    }
    for (int i = 0; i < 2; i++) {
        wait_flag(PIPE_V, PIPE_MTE2, i);
        wait_flag(PIPE_MTE3, PIPE_V, i);
    }
}

static void right_chain(__gm__ Runtime *r, int which)
{
    load(A, r->in[0]);
    switch (which) {
    case CASE_chain_right:
    case CASE_chain_slow_right:
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A);
        break;
    case CASE_barriers_right: /* 2a by way of 3a */
        pass(PIPE_MTE2, PIPE_V);
        add(C, A, A);
        pipe_barrier(PIPE_V);
        add(D, C, A);
        pipe_barrier(PIPE_V);
        vsub(UB(float, B), UB(float, D), UB(float, A), 1, 1, 1, 1, 8, 8, 8);
        break;
    case CASE_all_right:
        pipe_barrier(PIPE_ALL);
        add(C, A, A);
        pipe_barrier(PIPE_ALL);
        vsub(UB(float, D), UB(float, C), UB(float, A), 1, 1, 1, 1, 8, 8, 8);
        pipe_barrier(PIPE_ALL);
        add(B, D, A);
        break;
    case CASE_around_right: /* a chain of flags through another pipe stands for V's barrier */
        pass(PIPE_MTE2, PIPE_V);
        add(C, A, A);
        pass(PIPE_V, PIPE_MTE3);
        pass(PIPE_MTE3, PIPE_V);
        vsub(UB(float, D), UB(float, C), UB(float, A), 1, 1, 1, 1, 8, 8, 8);
        pass(PIPE_V, PIPE_S);
        pass(PIPE_S, PIPE_V);
        add(B, D, A);
        break;
    case CASE_in_place_right:
        pass(PIPE_MTE2, PIPE_V);
        add(A, A, A);
        pipe_barrier(PIPE_V);
        vsub(UB(float, C), UB(float, A), UB(float, A), 1, 1, 1, 1, 8, 8, 8);
        pipe_barrier(PIPE_V);
        add(B, A, C);
        break;
    case CASE_same_operand_right:
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A);
        add(C, A, A);
        add(D, A, A);
        break;
    }
    pass(PIPE_V, PIPE_MTE3);
    store(r->out[0], B);
}

static void right_scalar(__gm__ Runtime *r, int which)
{
    load(A, r->in[0]);
    if (which == CASE_scalar_waits_right) { /* what is issued after the scalar unit has waited needs no flag */
        pass(PIPE_MTE2, PIPE_S);
        add(B, A, A);
        pass(PIPE_V, PIPE_S);
        store(r->out[0], B);
        return;
    }
    pass(PIPE_MTE2, PIPE_S);
    for (uint32_t i = 0; i < TILE; i++)
        *(volatile __ubuf__ float *)UB(float, A + i * 4) += *(volatile __ubuf__ float *)UB(float, A + i * 4);
    pass(PIPE_S, PIPE_MTE3);
    store(r->out[0], A);
}

static void right_apart(__gm__ Runtime *r, int which)
{
    switch (which) {
    case CASE_apart_right: /* halves of a tile: different bytes need no order */
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        set_vector_mask(0, 0xffffffffull);
        add(B, A, A);
        vadd(UB(float, B + 128), UB(float, A + 128), UB(float, A + 128), 1, 1, 1, 1, 8, 8, 8);
        set_vector_mask(~0ull, ~0ull);
        break;
    case CASE_interleaved_right: /* every other block, from each of two instructions */
        load(A, r->in[0]);
        pass(PIPE_MTE2, PIPE_V);
        set_vector_mask(0, 0xffffffffull);
        vadd(UB(float, B), UB(float, A), UB(float, A), 1, 2, 2, 2, 8, 8, 8);
        vadd(UB(float, B + 32), UB(float, A + 32), UB(float, A + 32), 1, 2, 2, 2, 8, 8, 8);
        set_vector_mask(~0ull, ~0ull);
        break;
    case CASE_padding_right: /* the last block is loaded in part, and used as a whole */
        copy_gm_to_ubuf_align_b32(UB(uint32_t, A), (__gm__ uint32_t *)r->in[0], 0, 1, BYTES - 12, 0, 0, 0, 0);
        pass(PIPE_MTE2, PIPE_V);
        add(B, A, A);
        break;
    case CASE_earlier_stage_right: /* loaded, and used much later */
        load(A, r->in[0]);
        load(C, r->in[1]);
        pipe_barrier(PIPE_ALL);
        dcci(r, SINGLE_CACHE_LINE, CACHELINE_OUT);
        add(B, A, A);
        break;
    }
    pass(PIPE_V, PIPE_MTE3);
    store(r->out[0], B);
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1)
        return;
    if (which < CASE_scalar_then_add)
        first_half(runtime, which);
    else if (which < CASE_chain_right)
        second_half(runtime, which);
    else if (which == CASE_two_buffers_right)
        two_buffers(runtime);
    else if (which == CASE_scalar_right || which == CASE_scalar_waits_right)
        right_scalar(runtime, which);
    else if (which == CASE_apart_right || which == CASE_interleaved_right || which == CASE_padding_right ||
             which == CASE_earlier_stage_right)
        right_apart(runtime, which);
    else
        right_chain(runtime, which);
    pipe_barrier(PIPE_ALL);
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static Runtime runtime;
    int which = CASE_OF(argc, argv), tiles = which == CASE_two_buffers_right ? TILES : 1;
    Runtime *device;

    runtime.which.value = which;
    for (int i = 0; i < TILES * TILE; i++)
        runtime.in[i / TILE][i % TILE] = (float)(i + 1);
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    if (which == CASE_last_launch) {
        runtime.out[1][0] = 1;
        to_device(device, &runtime, sizeof(runtime));
        launch(device, sizeof(runtime), 1);
    }
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < tiles * TILE - (which == CASE_padding_right ? 3 : 0); i++)
        check((int64_t)runtime.out[i / TILE][i % TILE], 2 * (i + 1), "out[%d]", i);
    return verdict();
}
#endif
