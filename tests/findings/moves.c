/* moves.c - what MTE2 reads and MTE3 writes in GM, past the data caches, beside what scalar units read and write
 * through them; and words that go past them too.
 */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(dirty_line, "missing-dcci-publish", "")                                                                          \
    X(own_dirty_line, "missing-dcci-publish", "")                                                                      \
    X(own_flight, "early-signal", "")                                                                                  \
    X(own_old_line, "stale-read", "")                                                                                  \
    X(other_old_line, "stale-read", "")                                                                                \
    X(own_store_unwaited, "pipe-hazard", "")                                                                           \
    X(store_then_load, "pipe-hazard", "")                                                                              \
    X(load_then_store, "pipe-hazard", "")                                                                              \
    X(cond_early, "early-signal", "")                                                                                  \
    X(mailbox_early, "early-signal", "")                                                                               \
    X(mailbox_by_luck, "early-signal", "")                                                                             \
    X(dsb_only, "early-signal", "")                                                                                    \
    X(flag_of_other_pipe, "early-signal", "")                                                                          \
    X(unwritten, "uninitialised", "")                                                                                  \
    X(unwritten_add, "uninitialised", "")                                                                              \
    X(load_behind, "oob", "")                                                                                          \
    X(store_behind, "oob", "")                                                                                         \
    X(load_freed, "use-after-free", "")                                                                                \
    X(lost_under_store, "lost-write", "")                                                                              \
    X(lost_own, "lost-write", "")                                                                                      \
    X(st_dev_old_line, "stale-read", "")                                                                               \
    X(dirty_line_ld_dev, "missing-dcci-publish", "")                                                                   \
    X(dirty_line_right, "", "")                                                                                        \
    X(own_dirty_line_right, "", "")                                                                                    \
    X(own_old_line_right, "", "")                                                                                      \
    X(other_old_line_right, "", "")                                                                                    \
    X(store_then_load_right, "", "")                                                                                   \
    X(load_then_store_right, "", "")                                                                                   \
    X(cond_right, "", "")                                                                                              \
    X(mailbox_right, "", "")                                                                                           \
    X(barrier_right, "", "")                                                                                           \
    X(flag_of_other_pipe_right, "", "")                                                                                \
    X(not_told_right, "", "")                                                                                          \
    X(add_right, "", "")                                                                                               \
    X(last_block_right, "", "")                                                                                        \
    X(large_right, "", "")                                                                                             \
    X(lost_under_store_right, "", "")                                                                                  \
    X(lost_own_right, "", "")                                                                                          \
    X(st_dev_right, "", "")
CASE_ENUM;

enum { COUNT = 64, BYTES = COUNT * 4, DONE = 3, OLD = 5, NEW = 7, LARGE = 5000 };

typedef struct Runtime {
    Word which;
    int32_t *block; /* BYTES bytes, never written; large: LARGE numbers */
    int32_t *large;
    _Alignas(256) int32_t data[COUNT];  /* OLD; 0 for adding */
    _Alignas(LINE) int32_t news[COUNT]; /* NEW */
    Flag told, answered;
    Word result;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    if (which != CASE_cond_early && which != CASE_cond_right)
        return 0;
    *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
    while (*window(1, REG_COND) != DONE)
        SPIN_WAIT_HINT();
    rmb();
    runtime->result.value = ((volatile int32_t *)runtime->data)[3]; /* EFFECT cond_early */
    return 0;
}
#endif

#ifdef PART_AICORE
#include "cce.h"

#define UB(offset) ((__ubuf__ void *)(uintptr_t)(offset))

enum { A = 0, B = 0x400 };

#define LOAD(to, from)  copy_gm_to_ubuf(UB(to), (__gm__ void *)(from), 0, 1, BYTES / 32, 0, 0)
#define STORE(to, from) copy_ubuf_to_gm((__gm__ void *)(to), UB(from), 0, 1, BYTES / 32, 0, 0)
#define STORE16(to, from)                                                                                              \
    copy_ubuf_to_gm_align_b32((__gm__ uint32_t *)(to), (__ubuf__ uint32_t *)UB(from), 0, 1, 16, 0, 0, 0, 0)
#define SEEN(offset) (*(volatile __ubuf__ int32_t *)UB(offset))

static inline void pass(pipe_t from, pipe_t to)
{
    set_flag(from, to, EVENT_ID0);
    wait_flag(from, to, EVENT_ID0);
}

/* NEW stands in UB at A, and every pipe knows. */
static void fetch_news(__gm__ Runtime *r)
{
    copy_gm_to_ubuf(UB(A), (__gm__ void *)r->news, 0, 1, BYTES / 32, 0, 0);
    pipe_barrier(PIPE_ALL);
}

static void leave(__gm__ Runtime *r, int64_t result)
{
    r->result.value = result;
    dcci(&r->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

/* The value of data[3] as MTE2 finds it. */
static int32_t load_data(__gm__ Runtime *r)
{
    LOAD(B, r->data); /* EFFECT dirty_line mailbox_early mailbox_by_luck dsb_only lost_own lost_under_store */
    pass(PIPE_MTE2, PIPE_S);
    return SEEN(B + 12);
}

/* ---- by scalar stores ---- */

static void write_scalar(__gm__ Runtime *r, int which)
{
    r->data[3] = NEW; /* CAUSE dirty_line dirty_line_ld_dev */
    if (which == CASE_dirty_line_right)
        dcci(&r->data[3], SINGLE_CACHE_LINE, CACHELINE_OUT);
    raise(&r->told);
}

static void own_lines(__gm__ Runtime *r, int which)
{
    int32_t before;

    switch (which) {
    case CASE_own_dirty_line:
    case CASE_own_flight:
    case CASE_own_dirty_line_right:
        r->data[3] = NEW; /* CAUSE own_dirty_line own_flight */
        if (which != CASE_own_dirty_line)
            dcci(&r->data[3], SINGLE_CACHE_LINE, CACHELINE_OUT);
        if (which == CASE_own_dirty_line_right)
            dsb(DSB_DDR);
        LOAD(B, r->data); /* EFFECT own_dirty_line own_flight */
        pass(PIPE_MTE2, PIPE_S);
        leave(r, SEEN(B + 12));
        break;
    case CASE_own_old_line:
    case CASE_own_old_line_right:
    case CASE_own_store_unwaited:
        before = *(volatile __gm__ int32_t *)&r->data[3];
        fetch_news(r);
        STORE(r->data, A); /* CAUSE own_old_line own_store_unwaited */
        if (which == CASE_own_store_unwaited) {
            leave(r, before + *(volatile __gm__ int32_t *)&r->data[4]); /* EFFECT own_store_unwaited */
            break;
        }
        pass(PIPE_MTE3, PIPE_S);
        if (which == CASE_own_old_line_right)
            dcci(&r->data[3], SINGLE_CACHE_LINE, CACHELINE_OUT);
        leave(r, before - OLD + *(volatile __gm__ int32_t *)&r->data[3]); /* EFFECT own_old_line */
        break;
    case CASE_store_then_load:
    case CASE_store_then_load_right:
        fetch_news(r);
        STORE(r->data, A); /* CAUSE store_then_load */
        if (which == CASE_store_then_load_right)
            pass(PIPE_MTE3, PIPE_MTE2);
        LOAD(B, r->data); /* EFFECT store_then_load */
        pass(PIPE_MTE2, PIPE_S);
        leave(r, SEEN(B + 12));
        break;
    case CASE_load_then_store:
    case CASE_load_then_store_right:
        fetch_news(r);
        LOAD(B, r->data); /* EFFECT load_then_store */
        if (which == CASE_load_then_store_right)
            pass(PIPE_MTE2, PIPE_MTE3);
        STORE(r->data, A); /* CAUSE load_then_store */
        pipe_barrier(PIPE_ALL);
        leave(r, SEEN(B + 12) + NEW - OLD);
        break;
    }
}

/* ---- by MTE3, for another core ---- */

static void signal_register(__gm__ Runtime *r, int which)
{
    fetch_news(r);
    STORE(r->data, A); /* CAUSE cond_early */
    if (which == CASE_cond_right)
        pass(PIPE_MTE3, PIPE_S);
    write_reg(REG_COND, DONE);
}

static void write_tile(__gm__ Runtime *r, int which)
{
    fetch_news(r);
    if (which == CASE_other_old_line || which == CASE_other_old_line_right)
        await(&r->answered);
    STORE(r->data, A); /* CAUSE mailbox_early mailbox_by_luck dsb_only flag_of_other_pipe other_old_line */
    switch (which) {
    case CASE_mailbox_by_luck:
        spend_ns(20000);
        break;
    case CASE_dsb_only:
        dsb(DSB_DDR);
        break;
    case CASE_flag_of_other_pipe:
        pass(PIPE_MTE2, PIPE_S);
        break;
    case CASE_flag_of_other_pipe_right: /* the long way round */
        pass(PIPE_MTE3, PIPE_V);
        pass(PIPE_V, PIPE_S);
        break;
    case CASE_mailbox_right:
    case CASE_other_old_line:
    case CASE_other_old_line_right:
    case CASE_lost_under_store_right:
        pass(PIPE_MTE3, PIPE_S);
        break;
    case CASE_barrier_right:
        pipe_barrier(PIPE_ALL);
        break;
    }
    if (which != CASE_not_told_right)
        raise(&r->told);
}

static void read_lines(__gm__ Runtime *r, int which)
{
    int32_t before;

    switch (which) {
    case CASE_other_old_line:
    case CASE_other_old_line_right:
        before = *(volatile __gm__ int32_t *)&r->data[3];
        raise(&r->answered);
        await(&r->told);
        if (which == CASE_other_old_line_right)
            dcci(&r->data[3], SINGLE_CACHE_LINE, CACHELINE_OUT);
        leave(r, before - OLD + *(volatile __gm__ int32_t *)&r->data[3]); /* EFFECT other_old_line */
        break;
    case CASE_not_told_right:
        leave(r, load_data(r) >= OLD ? NEW : 0);
        break;
    case CASE_dirty_line_ld_dev:
        await(&r->told);
        leave(r, ld_dev(&r->data[3], 0)); /* EFFECT dirty_line_ld_dev */
        break;
    default:
        await(&r->told);
        leave(r, load_data(r));
    }
}

/* ---- whole lines over what MTE3 has stored ---- */

static void lose(__gm__ Runtime *r, int which)
{
    fetch_news(r);
    r->data[8] = OLD; /* the line becomes dirty */
    if (which == CASE_lost_own_right || which == CASE_lost_under_store_right) {
        dcci(&r->data[8], SINGLE_CACHE_LINE, CACHELINE_OUT);
        dsb(DSB_DDR);
    }
    if (which == CASE_lost_own || which == CASE_lost_own_right) {
        STORE16(r->data, A); /* CAUSE lost_own */
        pipe_barrier(PIPE_ALL);
    } else {
        raise(&r->answered);
        await(&r->told);
    }
    if (which == CASE_lost_own || which == CASE_lost_under_store) {
        dcci(&r->data[8], SINGLE_CACHE_LINE, CACHELINE_OUT);
        dsb(DSB_DDR);
    }
    leave(r, load_data(r));
}

static void store_under(__gm__ Runtime *r)
{
    fetch_news(r);
    await(&r->answered);
    STORE16(r->data, A); /* CAUSE lost_under_store */
    pipe_barrier(PIPE_ALL);
    raise(&r->told);
}

/* ---- memory itself ---- */

static void touch_memory(__gm__ Runtime *r, int which)
{
    switch (which) {
    case CASE_unwritten:
        LOAD(A, r->block); /* CAUSE unwritten */
        break;
    case CASE_unwritten_add:
        fetch_news(r);
        set_atomic_s32();
        set_atomic_add();
        STORE(r->block, A); /* CAUSE unwritten_add */
        set_atomic_none();
        break;
    case CASE_load_behind:
        LOAD(A, r->large + LARGE - 8); /* CAUSE load_behind */
        break;
    case CASE_store_behind:
        fetch_news(r);
        STORE(r->large + LARGE - 8, A); /* CAUSE store_behind */
        break;
    case CASE_load_freed:
        LOAD(A, r->block); /* CAUSE load_freed */
        break;
    case CASE_last_block_right: /* 20 bytes of it are behind the end */
        fetch_news(r);
        copy_ubuf_to_gm((__gm__ void *)(r->large + LARGE), UB(A), 0, 1, 1, 0, 0);
        pass(PIPE_MTE3, PIPE_MTE2);
        copy_gm_to_ubuf(UB(B), (__gm__ void *)(r->large + LARGE), 0, 1, 1, 0, 0);
        pass(PIPE_MTE2, PIPE_S);
        leave(r, SEEN(B));
        break;
    case CASE_large_right: /* pages as a whole */
        copy_gm_to_ubuf(UB(A), (__gm__ void *)r->large, 0, 1, LARGE / 8, 0, 0);
        pass(PIPE_MTE2, PIPE_MTE3);
        copy_ubuf_to_gm((__gm__ void *)r->large, UB(A), 0, 1, LARGE / 8, 0, 0);
        pass(PIPE_MTE3, PIPE_MTE2);
        copy_gm_to_ubuf(UB(A), (__gm__ void *)r->large, 0, 1, LARGE / 8, 0, 0);
        pass(PIPE_MTE2, PIPE_S);
        leave(r, SEEN(A + 4 * (LARGE - 1)));
        break;
    }
}

static void add(__gm__ Runtime *r, int block_idx)
{
    fetch_news(r);
    set_atomic_s32();
    set_atomic_add();
    STORE(r->data, A);
    set_atomic_none();
    pipe_barrier(PIPE_ALL);
    if (block_idx == 2) {
        raise(&r->told);
        return;
    }
    await(&r->told);
    leave(r, load_data(r) - NEW - OLD);
}

static void word(__gm__ Runtime *r, int block_idx, int which)
{
    int32_t before;

    if (block_idx == 1) {
        await(&r->answered);
        st_dev((int32_t)NEW, &r->data[3], 0); /* CAUSE st_dev_old_line */
        raise(&r->told);
        return;
    }
    before = *(volatile __gm__ int32_t *)&r->data[3];
    raise(&r->answered);
    await(&r->told);
    if (which == CASE_st_dev_right)
        leave(r, before - OLD + ld_dev(&r->data[3], 0));
    else
        leave(r, before - OLD + *(volatile __gm__ int32_t *)&r->data[3]); /* EFFECT st_dev_old_line */
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx == 0)
        return;
    switch (which) {
    case CASE_dirty_line:
    case CASE_dirty_line_right:
    case CASE_dirty_line_ld_dev:
        if (block_idx == 1)
            write_scalar(runtime, which);
        else
            read_lines(runtime, which);
        break;
    case CASE_own_dirty_line:
    case CASE_own_dirty_line_right:
    case CASE_own_flight:
    case CASE_own_old_line:
    case CASE_own_old_line_right:
    case CASE_own_store_unwaited:
    case CASE_store_then_load:
    case CASE_store_then_load_right:
    case CASE_load_then_store:
    case CASE_load_then_store_right:
        if (block_idx == 1)
            own_lines(runtime, which);
        break;
    case CASE_cond_early:
    case CASE_cond_right:
        if (block_idx == 1)
            signal_register(runtime, which);
        break;
    case CASE_lost_under_store:
    case CASE_lost_under_store_right:
    case CASE_lost_own:
    case CASE_lost_own_right:
        if (block_idx == 1)
            lose(runtime, which);
        else if (which == CASE_lost_under_store || which == CASE_lost_under_store_right)
            store_under(runtime);
        break;
    case CASE_add_right:
        add(runtime, block_idx);
        break;
    case CASE_st_dev_old_line:
    case CASE_st_dev_right:
        word(runtime, block_idx, which);
        break;
    case CASE_unwritten:
    case CASE_unwritten_add:
    case CASE_load_behind:
    case CASE_store_behind:
    case CASE_load_freed:
    case CASE_last_block_right:
    case CASE_large_right:
        if (block_idx == 1)
            touch_memory(runtime, which);
        break;
    default:
        if (block_idx == 1)
            write_tile(runtime, which);
        else
            read_lines(runtime, which);
    }
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static Runtime runtime;
    static int32_t large[LARGE + 3];
    int which = CASE_OF(argc, argv);
    Runtime *device;

    runtime.which.value = which;
    for (int i = 0; i < COUNT; i++) {
        runtime.data[i] = OLD;
        runtime.news[i] = NEW;
    }
    for (int i = 0; i < LARGE + 3; i++)
        large[i] = NEW;
    runtime.block = device_new(BYTES);
    runtime.large = device_copy(large, sizeof(large));
    if (which == CASE_load_freed)
        device_free(runtime.block);
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(&runtime.result, &device->result, sizeof(runtime.result));
    check(runtime.result.value, NEW, "result");
    return verdict();
}
#endif
