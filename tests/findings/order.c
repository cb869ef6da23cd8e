/* order.c - an AICPU's stores to different lines, and its loads behind a register, keep no order by themselves. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(flag, "unordered-publish", "")                                                                                   \
    X(by_register, "unordered-publish", "")                                                                            \
    X(by_register_late, "unordered-publish", "--set aicpu.drain=900ns")                                                \
    X(barrier_elsewhere, "unordered-publish", "")                                                                      \
    X(barrier_of_reader, "unordered-publish", "")                                                                      \
    X(relaxed, "unordered-publish", "")                                                                                \
    X(load_barrier, "unordered-publish", "")                                                                           \
    X(to_aicpu, "unordered-publish", "")                                                                               \
    X(no_rmb, "unordered-publish", "")                                                                                 \
    X(wmb_for_rmb, "unordered-publish", "")                                                                            \
    X(passed_on, "unordered-publish", "")                                                                              \
    X(flag_right, "", "")                                                                                              \
    X(by_register_right, "", "")                                                                                       \
    X(write_reg_right, "", "")                                                                                         \
    X(release_right, "", "")                                                                                           \
    X(exchange_right, "", "")                                                                                          \
    X(fences_right, "", "")                                                                                            \
    X(same_line_right, "", "")                                                                                         \
    X(same_line_two_flags_right, "", "")                                                                               \
    X(same_line_passed_on_right, "", "")                                                                               \
    X(passed_on_right, "", "")                                                                                         \
    X(to_aicpu_right, "", "")                                                                                          \
    X(rmb_right, "", "")                                                                                               \
    X(read_reg_right, "", "")                                                                                          \
    X(mailbox_poll_right, "", "")
CASE_ENUM;

enum { OLD = 5, NEW = 7, GO = 3, FINISHED = 4 };

typedef struct Runtime {
    Word which;
    Word data;
    Flag flag, other, told;
    struct {
        _Alignas(LINE) volatile int up;
        int64_t data;
    } both; /* one line */
    Word result;
} Runtime;

#ifdef PART_AICPU
static void by_register(const Runtime *runtime, int which)
{
    *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
    if (which == CASE_by_register_right)
        wmb();
    if (which == CASE_write_reg_right)
        write_reg(((const uint64_t *)(uintptr_t)get_platform_regs())[dav_aicore_count() / CORES], REG_DATA_MAIN_BASE,
                  GO);
    else
        *window(1, REG_DATA_MAIN_BASE) = GO;
    (void)runtime;
}

static void tell(Runtime *runtime, int which)
{
    switch (which) {
    case CASE_flag_right:
    case CASE_to_aicpu_right:
    case CASE_passed_on_right:
        wmb();
        runtime->flag.up = 1;
        break;
    case CASE_barrier_elsewhere:
        runtime->flag.up = 1;
        wmb();
        break;
    case CASE_load_barrier:
        rmb();
        runtime->flag.up = 1;
        break;
    case CASE_release_right:
        __atomic_store_n(&runtime->flag.up, 1, __ATOMIC_RELEASE);
        break;
    case CASE_exchange_right:
        __atomic_exchange_n(&runtime->flag.up, 1, __ATOMIC_ACQ_REL);
        break;
    case CASE_relaxed:
        __atomic_store_n(&runtime->flag.up, 1, __ATOMIC_RELAXED);
        break;
    case CASE_fences_right:
        __atomic_thread_fence(__ATOMIC_RELEASE);
        __atomic_store_n(&runtime->flag.up, 1, __ATOMIC_RELAXED);
        break;
    default:
        runtime->flag.up = 1;
    }
}

__attribute__((noinline)) static void read(Runtime *runtime, int which)
{
    uint64_t base = ((const uint64_t *)(uintptr_t)get_platform_regs())[dav_aicore_count() / CORES];

    *window(1, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
    if (which == CASE_read_reg_right)
        while (read_reg(base, REG_COND) != FINISHED)
            SPIN_WAIT_HINT();
    else
        while (*window(1, REG_COND) != FINISHED)
            SPIN_WAIT_HINT();
    if (which == CASE_rmb_right)
        rmb();
    if (which == CASE_wmb_for_rmb)
        wmb();
    runtime->result.value = runtime->data.value; /* EFFECT no_rmb wmb_for_rmb */
}

__attribute__((noinline)) static void second_thread(Runtime *runtime, int which)
{
    if (which != CASE_to_aicpu && which != CASE_to_aicpu_right)
        return;
    while (runtime->flag.up == 0)
        SPIN_WAIT_HINT();
    rmb();
    runtime->result.value = runtime->data.value; /* EFFECT to_aicpu */
}

int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    if (dav_thread_idx() == 1) {
        second_thread(runtime, which);
        return 0;
    }
    switch (which) {
    case CASE_no_rmb:
    case CASE_wmb_for_rmb:
    case CASE_rmb_right:
    case CASE_read_reg_right:
        read(runtime, which);
        return 0;
    case CASE_mailbox_poll_right:
        runtime->flag.up = 1; /* two flags that the reader asks one after the other, and either may come first */
        runtime->other.up = 1;
        return 0;
    case CASE_same_line_right:
    case CASE_same_line_passed_on_right:
    case CASE_same_line_two_flags_right:
        runtime->both.data = NEW;
        runtime->both.up = 1;
        if (which == CASE_same_line_two_flags_right)
            runtime->other.up = 1;
        return 0;
    }
    runtime->data.value = NEW; /* CAUSE */
    if (which == CASE_by_register || which == CASE_by_register_late || which == CASE_by_register_right ||
        which == CASE_write_reg_right)
        by_register(runtime, which);
    else
        tell(runtime, which);
    return 0;
}
#endif

#ifdef PART_AICORE
static void give(__gm__ Runtime *runtime, int64_t result)
{
    runtime->result.value = result;
    dcci(&runtime->result, SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void finish(__gm__ Runtime *runtime)
{
    runtime->data.value = NEW; /* CAUSE no_rmb wmb_for_rmb */
    dcci(&runtime->data, SINGLE_CACHE_LINE, CACHELINE_OUT);
    dsb(DSB_DDR);
    write_reg(REG_COND, FINISHED);
}

__attribute__((noinline)) static void await_bare(__gm__ volatile int *flag)
{
    do
        dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
    while (*flag == 0);
}

static void worker_1(__gm__ Runtime *runtime, int which)
{
    switch (which) {
    case CASE_no_rmb:
    case CASE_wmb_for_rmb:
    case CASE_rmb_right:
    case CASE_read_reg_right:
        finish(runtime);
        return;
    case CASE_to_aicpu:
    case CASE_to_aicpu_right:
        return;
    case CASE_passed_on:
    case CASE_passed_on_right:
        await_bare(&runtime->flag.up);
        raise(&runtime->told);
        return;
    case CASE_same_line_right:
    case CASE_same_line_two_flags_right:
        await_bare(&runtime->both.up);
        if (which == CASE_same_line_two_flags_right)
            await_bare(&runtime->other.up);
        give(runtime, runtime->both.data);
        return;
    case CASE_same_line_passed_on_right:
        await_bare(&runtime->both.up);
        raise(&runtime->told);
        return;
    case CASE_mailbox_poll_right:
        for (bool one = false, other = false; !one || !other;) {
            dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
            other = runtime->other.up;
            one = runtime->flag.up;
        }
        give(runtime, NEW);
        return;
    case CASE_by_register:
    case CASE_by_register_late:
    case CASE_by_register_right:
    case CASE_write_reg_right:
        await_register(GO);
        break;
    default:
        await_bare(&runtime->flag.up);
        if (which == CASE_barrier_of_reader)
            dsb(DSB_ALL);
    }
    give(runtime, runtime->data.value); /* EFFECT */
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx == 1)
        worker_1(runtime, which);
    if (block_idx != 2 ||
        (which != CASE_passed_on && which != CASE_passed_on_right && which != CASE_same_line_passed_on_right))
        return;
    await(&runtime->told);
    if (which == CASE_same_line_passed_on_right)
        give(runtime, runtime->both.data);
    else
        give(runtime, runtime->data.value); /* EFFECT passed_on */
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    Runtime runtime = {.data.value = OLD, .both.data = OLD};
    Runtime *device;

    runtime.which.value = CASE_OF(argc, argv);
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 2);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.result.value, NEW, "result");
    return verdict();
}
#endif
