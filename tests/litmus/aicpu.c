/* aicpu.c - AICPU threads among themselves: coherent, but each with a store buffer of its own. */
#include "isa/core_port.h"
#include "tests/litmus/litmus.h"

/* Both lines in the cluster's cache: then a load is faster than a store of the other thread becomes visible. */
#define WARM LAUNCH(AICPU0(LOAD(x, none), LOAD(y, none)))

/* clang-format off */
const struct litmus litmus_aicpu[] = {
    {.name = "store_buffering",
     .says = "two threads may each miss the other's store: neither waits for its own to be visible",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), LOAD(y, r0)),
                       AICPU1(SWEEP, STORE(y, 1), LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 0)}},

    {.name = "store_buffering_with_full_fences",
     .says = "with a full fence between store and load one of two threads sees the other's store",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), FULL_FENCE, LOAD(y, r0)),
                       AICPU1(SWEEP, STORE(y, 1), FULL_FENCE, LOAD(x, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "store_buffering_with_rmw",
     .says = "an atomic read-modify-write is ordered after the thread's earlier stores: it is as good as a fence",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), RMW_ADD(z, 1, none), LOAD(y, r0)),
                       AICPU1(SWEEP, STORE(y, 1), RMW_ADD(p, 1, none), LOAD(x, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "a_thread_sees_its_own_stores",
     .says = "a load takes the thread's own pending store; another thread sees it later",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), LOAD(x, r0), STORE(x, 2), LOAD(x, r1)),
                       AICPU1(SWEEP, LOAD(x, r2)))},
     .required = {OUTCOME(1, 2, 0), OUTCOME(1, 2, 1), OUTCOME(1, 2, 2)},
     .forbidden = {OUTCOME(0, 2, 0), OUTCOME(1, 1, 1)}},

    {.name = "one_word_never_goes_back",
     .says = "two loads of one word by one thread never see a newer value first",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1)),
                       AICPU1(SWEEP, LOAD(x, r0), LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(1, 0)}},

    {.name = "message_between_threads",
     .says = "with wmb and rmb, who sees the flag sees the data",
     .sweep = 300,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), WMB, STORE(y, 1)),
                       AICPU1(SWEEP, LOAD(y, r0), RMB, LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(1, 0)}},

    {.name = "atomic_increments_add_up",
     .says = "no increment of two threads is lost, and no two see the same value",
     .sweep = 200,
     .phases = {LAUNCH(AICPU0(DELAY(100), RMW_ADD(x, 1, none), RMW_ADD(x, 1, none), RMW_ADD(x, 1, none)),
                       AICPU1(SWEEP, RMW_ADD(x, 1, none), RMW_ADD(x, 1, none), RMW_ADD(x, 1, none))),
                HOST(READ(x, r0))},
     .allowed = {OUTCOME(6)},
     .forbidden = {OUTCOME(3), OUTCOME(4), OUTCOME(5)}},

    {.name = "one_of_two_increments_comes_first",
     .says = "of two increments one sees the other's result",
     .sweep = 300,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), RMW_ADD(x, 1, r0)),
                       AICPU1(SWEEP, RMW_ADD(x, 1, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0)},
     .forbidden = {OUTCOME(0, 0), OUTCOME(1, 1)}},

    {.name = "an_increment_follows_the_threads_store",
     .says = "a read-modify-write takes the thread's own pending store of the same word",
     .phases = {LAUNCH(AICPU0(STORE(x, 5), RMW_ADD(x, 1, r0), LOAD(x, r1))),
                HOST(READ(x, r2))},
     .allowed = {OUTCOME(5, 6, 6)},
     .forbidden = {OUTCOME(0, 1, 1), OUTCOME(0, 5, 5), OUTCOME(5, 6, 5)}},

    {.name = "threads_share_a_line_without_loss",
     .says = "AICPU stores merge by bytes: two threads that write different words of a line lose nothing",
     .layout = ONE_LINE,
     .sweep = 200,
     .phases = {LAUNCH(AICPU0(DELAY(100), STORE(x, 1)),
                       AICPU1(SWEEP, STORE(y, 2))),
                HOST(READ(x, r0), READ(y, r1))},
     .allowed = {OUTCOME(1, 2)},
     .forbidden = {OUTCOME(0, 2), OUTCOME(1, 0)}},

    {.name = "a_store_across_lines",
     .says = "a word across two lines is stored whole",
     .layout = ACROSS_LINES,
     .phases = {LAUNCH(AICPU0(STORE(x, 0x04030201), LOAD(x, r0)),
                       AICPU1(DELAY(5000), LOAD(x, r1))),
                HOST(READ(x, r2))},
     .allowed = {OUTCOME(0x04030201, 0x04030201, 0x04030201)},
     .forbidden = {OUTCOME(0x04030201, 0x0201, 0x0201), OUTCOME(0x04030201, 0x04030000, 0x04030000)}},

    {.name = "an_aicpu_threads_stack_and_statics",
     .says = "an AICPU thread's stack and its module's statics are ordinary memory",
     .phases = {LAUNCH(AICPU0(STACK(1, r0), STATIC(2, r1)))},
     .allowed = {OUTCOME(1, 2)}},
    {0},
};
/* clang-format on */
