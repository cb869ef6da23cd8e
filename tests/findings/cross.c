/* cross.c - flags between the cores of a cluster, and what they say of what pipes have stored. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(to_cube, "early-signal", "")                                                                                     \
    X(to_vectors, "early-signal", "")                                                                                  \
    X(vectors_meet, "early-signal", "")                                                                                \
    X(all_meet, "early-signal", "")                                                                                    \
    X(scalar_dirty, "missing-dcci-publish", "")                                                                        \
    X(no_answer, "pipe-hazard", "")                                                                                    \
    X(one_missing, "deadlock", "")                                                                                     \
    X(to_cube_right, "", "")                                                                                           \
    X(to_vectors_right, "", "")                                                                                        \
    X(vectors_meet_right, "", "")                                                                                      \
    X(all_meet_right, "", "")                                                                                          \
    X(scalar_dirty_right, "", "")                                                                                      \
    X(other_pipe_right, "", "")                                                                                        \
    X(two_rounds_right, "", "")                                                                                        \
    X(answer_right, "", "")                                                                                            \
    X(answer_again_right, "", "")
CASE_ENUM;

enum { COUNT = 64, BYTES = COUNT * 4, NEW = 7 };

typedef struct Runtime {
    Word which;
    _Alignas(256) int32_t news[COUNT];    /* NEW */
    _Alignas(256) int32_t data[3][COUNT]; /* by each worker */
    _Alignas(256) int32_t out[3][COUNT];
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

#define UB(offset) ((__ubuf__ void *)(uintptr_t)(offset))
#define L1(offset) ((__cbuf__ void *)(uintptr_t)(offset))

enum { A = 0, B = 0x400, THERE = 1, BACK = 2 };

#define LOAD(to, from)   copy_gm_to_ubuf(UB(to), (__gm__ void *)(from), 0, 1, BYTES / 32, 0, 0)
#define STORE(to, from)  copy_ubuf_to_gm((__gm__ void *)(to), UB(from), 0, 1, BYTES / 32, 0, 0)
#define LOAD1(to, from)  copy_gm_to_cbuf(L1(to), (__gm__ void *)(from), 0, 1, BYTES / 32, 0, 0, PAD_NONE)
#define STORE1(to, from) copy_cbuf_to_gm((__gm__ void *)(to), L1(from), 0, 1, BYTES / 32, 0, 0)
#define ADD(to, a, b)                                                                                                  \
    vadd((__ubuf__ int32_t *)UB(to), (__ubuf__ int32_t *)UB(a), (__ubuf__ int32_t *)UB(b), 1, 1, 1, 1, 8, 8, 8)
#define SYNC(pipe, mode, id) ffts_cross_core_sync(pipe, 1 | (mode) << 4 | (id) << 8)

static inline void pass(pipe_t from, pipe_t to)
{
    set_flag(from, to, EVENT_ID0);
    wait_flag(from, to, EVENT_ID0);
}

/* ---- the AIVs store, and the AIC loads what both have stored ---- */

static void vectors_store(__gm__ Runtime *r, int worker, int which)
{
    LOAD(A, r->news);
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->data[worker], A); /* CAUSE to_cube */
    if (which == CASE_one_missing && worker == 2)
        return;
    if (which == CASE_to_cube)
        SYNC(PIPE_MTE2, 2, THERE);
    else if (which == CASE_other_pipe_right) { /* V knows that MTE3 is done */
        pass(PIPE_MTE3, PIPE_V);
        SYNC(PIPE_V, 2, THERE);
    } else
        SYNC(PIPE_MTE3, 2, THERE);
}

static void cube_loads(__gm__ Runtime *r)
{
    wait_flag_dev(THERE); /* CAUSE one_missing */
    LOAD1(A, r->data[1]); /* EFFECT to_cube */
    LOAD1(B, r->data[2]);
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE1(r->out[1], A);
    STORE1(r->out[2], B);
}

/* ---- the AIC stores, and both AIVs load it ---- */

static void cube_stores(__gm__ Runtime *r, int which)
{
    LOAD1(A, r->news);
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE1(r->data[0], A); /* CAUSE to_vectors */
    SYNC(which == CASE_to_vectors ? PIPE_S : PIPE_MTE3, 2, THERE);
}

static void vectors_load(__gm__ Runtime *r, int worker)
{
    wait_flag_dev(THERE);
    LOAD(A, r->data[0]); /* EFFECT to_vectors */
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->out[worker], A);
}

/* ---- each AIV stores, they meet, each loads what the other has stored ---- */

static void vectors_meet(__gm__ Runtime *r, int worker, int mode, pipe_t pipe)
{
    LOAD(A, r->news);
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->data[worker], A); /* CAUSE vectors_meet all_meet */
    SYNC(pipe, mode, THERE);
    wait_flag_dev(THERE);
    LOAD(B, r->data[3 - worker]); /* EFFECT vectors_meet all_meet */
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->out[worker], B);
}

static void two_rounds(__gm__ Runtime *r, int worker)
{
    LOAD(A, r->news);
    if (worker == 2)
        spend_ns(3000);
    pass(PIPE_MTE2, PIPE_MTE3);
    SYNC(PIPE_MTE3, 1, THERE); /* says nothing of data */
    STORE(r->data[worker], A);
    SYNC(PIPE_MTE3, 1, THERE);
    wait_flag_dev(THERE);
    wait_flag_dev(THERE);
    LOAD(B, r->data[3 - worker]);
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->out[worker], B);
}

/* ---- what the scalar unit has stored ---- */

static void scalars_store(__gm__ Runtime *r, int worker, int which)
{
    for (int i = 0; i < COUNT; i++)
        ((volatile __gm__ int32_t *)r->data[worker])[i] = NEW; /* CAUSE scalar_dirty */
    if (which == CASE_scalar_dirty_right) {
        dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
        dsb(DSB_DDR);
    }
    SYNC(PIPE_S, 1, THERE);
    wait_flag_dev(THERE);
    LOAD(B, r->data[3 - worker]); /* EFFECT scalar_dirty */
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->out[worker], B);
}

/* ---- an answer comes back: what was done before the question is over ---- */

static void ask(__gm__ Runtime *r, int worker, int which)
{
    LOAD(A, r->news);
    pass(PIPE_MTE2, PIPE_V);
    ADD(B, A, A); /* EFFECT no_answer */
    if (which != CASE_no_answer) {
        SYNC(PIPE_V, 2, THERE);
        wait_flag_dev(BACK);
    }
    LOAD(A, r->news); /* CAUSE no_answer */
    pass(PIPE_MTE2, PIPE_MTE3);
    STORE(r->out[worker], A);
}

static void answer(void)
{
    wait_flag_dev(THERE);
    SYNC(PIPE_S, 2, BACK);
}

static void vector(__gm__ Runtime *r, int worker, int which)
{
    switch (which) {
    case CASE_to_cube:
    case CASE_to_cube_right:
    case CASE_other_pipe_right:
    case CASE_one_missing:
        vectors_store(r, worker, which);
        break;
    case CASE_to_vectors:
    case CASE_to_vectors_right:
        vectors_load(r, worker);
        break;
    case CASE_vectors_meet:
    case CASE_vectors_meet_right:
        vectors_meet(r, worker, 1, which == CASE_vectors_meet ? PIPE_MTE2 : PIPE_MTE3);
        break;
    case CASE_all_meet:
    case CASE_all_meet_right:
        vectors_meet(r, worker, 0, which == CASE_all_meet ? PIPE_V : PIPE_MTE3);
        break;
    case CASE_two_rounds_right:
        two_rounds(r, worker);
        break;
    case CASE_scalar_dirty:
    case CASE_scalar_dirty_right:
        scalars_store(r, worker, which);
        break;
    default:
        ask(r, worker, which);
    }
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx) {
        vector(runtime, block_idx, which);
        pipe_barrier(PIPE_ALL);
        return;
    }
    switch (which) {
    case CASE_to_cube:
    case CASE_to_cube_right:
    case CASE_other_pipe_right:
    case CASE_one_missing:
        cube_loads(runtime);
        break;
    case CASE_to_vectors:
    case CASE_to_vectors_right:
        cube_stores(runtime, which);
        break;
    case CASE_answer_right:
    case CASE_answer_again_right:
        answer();
        break;
    }
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static Runtime runtime;
    Runtime *device;

    runtime.which.value = CASE_OF(argc, argv);
    for (int i = 0; i < COUNT; i++)
        runtime.news[i] = NEW;
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    if (runtime.which.value == CASE_answer_again_right) /* what each learned of the first launch does not count now */
        launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int worker = 1; worker < 3; worker++)
        for (int i = 0; i < COUNT; i++)
            check(runtime.out[worker][i], NEW, "out[%d][%d]", worker, i);
    return verdict();
}
#endif
