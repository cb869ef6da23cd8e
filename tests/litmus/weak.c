/* weak.c - what an AICPU may do that orders its accesses only where the program says so, and an AICore's cache that
 * lets dirty lines go by itself. Each table has its counterpart in order in the other files. */
#include "isa/core_port.h"
#include "tests/litmus/litmus.h"

/* Both lines in the cluster's cache. */
#define WARM LAUNCH(AICPU0(LOAD(x, none), LOAD(y, none)))

/* A writer of data and flag, and a reader that comes while both are on their way. */
#define MESSAGE(...) WARM, LAUNCH(AICPU0(DELAY(100), __VA_ARGS__), AICPU1(DELAY(300), LOAD(y, r0), LOAD(x, r1)))
#define ANY                                                                                                            \
    {                                                                                                                  \
        OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)                                                     \
    }
#define IN_ORDER                                                                                                       \
    {                                                                                                                  \
        OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 1)                                                                    \
    }
#define OVERTAKEN                                                                                                      \
    {                                                                                                                  \
        OUTCOME(1, 0)                                                                                                  \
    }

/* A store through a register window, so that the load after it takes as long as it can. */
#define LONG_LOAD(reg) STORE(aiv0_fast_path, 0xE), LOAD(aiv0_cond, reg)

/* An AICore that reports by COND when its data is in memory, at about 900 ns. */
#define REPORT      AIV0(STORE(x, 1), DCCI(x), DSB, SET_COND(1))
#define WAITER(...) AICPU0(LOAD(x, none), LOAD(y, none), DELAY(350), SWEEP, LONG_LOAD(r0), __VA_ARGS__)

/* clang-format off */
const struct litmus litmus_weak[] = {
    /* ---- stores ---- */
    {.name = "weak_message",
     .says = "without wmb a flag may be visible before the data",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), STORE(y, 1))},
     .required = ANY},

    {.name = "weak_message_of_another_thread",
     .says = "one thread's stores drain in order while another's do not",
     .sweep = 100,
     .vary = "drain:AICPU_1", .seeds = 1,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(260), STORE(x, 1), STORE(y, 1)),
                             AICPU1(STORE(z, 1), DELAY(240), SWEEP, LOAD(y, r0), LOAD(x, r1)))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_message_with_wmb",
     .says = "with wmb between them the flag is never visible before the data",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), WMB, STORE(y, 1))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_message_with_full_fence",
     .says = "with a full fence between them the flag is never visible before the data",
     .vary = "drain", .seeds = 50,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), STORE(x, 1), FULL_FENCE, STORE(y, 1)),
                             AICPU1(DELAY(400), LOAD(y, r0), LOAD(x, r1)))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_message_released",
     .says = "a store that releases is never visible before the stores before it",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), ATOMIC_STORE(y, 1, __ATOMIC_RELEASE))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_message_sequentially_consistent",
     .says = "nor is a sequentially consistent one",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), ATOMIC_STORE(y, 1, __ATOMIC_SEQ_CST))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_message_relaxed",
     .says = "a relaxed atomic store orders nothing",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), ATOMIC_STORE(y, 1, __ATOMIC_RELAXED))},
     .required = ANY},

    {.name = "weak_stores_pass_a_release",
     .says = "what comes after a release may be visible before it",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(ATOMIC_STORE(x, 1, __ATOMIC_RELEASE), STORE(y, 1))},
     .required = ANY},

    {.name = "weak_message_in_one_line",
     .says = "stores to one line stay in order",
     .layout = ONE_LINE,
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), STORE(y, 1))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_stores_to_one_word",
     .says = "two stores to one word are seen in order",
     .vary = "drain", .seeds = 200,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), STORE(x, 1), DELAY(100), STORE(x, 2), LOAD(x, r2)),
                             AICPU1(DELAY(250), LOAD(x, r0), DELAY(100), LOAD(x, r1)))},
     .required = {OUTCOME(0, 0, 2), OUTCOME(0, 1, 2), OUTCOME(0, 2, 2), OUTCOME(1, 1, 2), OUTCOME(1, 2, 2),
                 OUTCOME(2, 2, 2)},
     .forbidden = {OUTCOME(1, 0, 2), OUTCOME(2, 1, 2), OUTCOME(2, 0, 2)}},

    {.name = "weak_store_across_lines",
     .says = "a word across two lines is stored in two parts; it is whole in the end, and for its own thread always",
     .layout = ACROSS_LINES,
     .vary = "drain", .seeds = 50,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), STORE(x, 0x04030201), LOAD(x, r0)),
                             AICPU1(DELAY(250), LOAD(x, r1), DELAY(4000), LOAD(x, r2)))},
     .required = {OUTCOME(0x04030201, 0, 0x04030201), OUTCOME(0x04030201, 0x0201, 0x04030201),
                 OUTCOME(0x04030201, 0x04030000, 0x04030201), OUTCOME(0x04030201, 0x04030201, 0x04030201)}},

    {.name = "weak_store_buffering_with_full_fences",
     .says = "with a full fence between store and load one of two threads sees the other's store",
     .sweep = 400, .stride = 7,
     .vary = "drain", .seeds = 8,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(200), STORE(x, 1), FULL_FENCE, LOAD(y, r0)),
                             AICPU1(SWEEP, STORE(y, 1), FULL_FENCE, LOAD(x, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "weak_store_buffering_sequentially_consistent",
     .says = "so it is with sequentially consistent stores and loads",
     .sweep = 400, .stride = 7,
     .vary = "drain", .seeds = 8,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(200), ATOMIC_STORE(x, 1, __ATOMIC_SEQ_CST),
                                    ATOMIC_LOAD(z, none, __ATOMIC_SEQ_CST), DELAY(20),
                                    ATOMIC_LOAD(y, r0, __ATOMIC_SEQ_CST)),
                             AICPU1(SWEEP, ATOMIC_STORE(y, 1, __ATOMIC_SEQ_CST),
                                    ATOMIC_LOAD(z, none, __ATOMIC_SEQ_CST), DELAY(20),
                                    ATOMIC_LOAD(x, r1, __ATOMIC_SEQ_CST)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "weak_store_buffering_with_wmb",
     .says = "wmb orders stores, and no load",
     .vary = "drain", .seeds = 50,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), STORE(x, 1), WMB, LOAD(y, r0)),
                             AICPU1(DELAY(240), STORE(y, 1), WMB, LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1)}},

    /* ---- read-modify-writes ---- */
    {.name = "weak_rmw_relaxed",
     .says = "a relaxed read-modify-write may happen before earlier stores are visible",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), ATOMIC_ADD(y, 1, none, __ATOMIC_RELAXED))},
     .required = {OUTCOME(1, 0), OUTCOME(1, 1)}},

    {.name = "weak_rmw_acquire",
     .says = "so may one that acquires",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), ATOMIC_ADD(y, 1, none, __ATOMIC_ACQUIRE))},
     .required = {OUTCOME(1, 0), OUTCOME(1, 1)}},

    {.name = "weak_rmw_release",
     .says = "one that releases happens after them",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), ATOMIC_ADD(y, 1, none, __ATOMIC_RELEASE))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_rmw_sequentially_consistent",
     .says = "and so does a sequentially consistent one",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), RMW_ADD(y, 1, none))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_rmw_after_wmb",
     .says = "wmb orders a relaxed read-modify-write behind the stores before it",
     .vary = "drain", .seeds = 50,
     .phases = {MESSAGE(STORE(x, 1), WMB, ATOMIC_ADD(y, 1, none, __ATOMIC_RELAXED))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_rmw_of_the_word_stored",
     .says = "a relaxed read-modify-write takes the thread's own pending store of its word",
     .vary = "drain", .seeds = 50,
     .phases = {LAUNCH(AICPU0(STORE(x, 5), ATOMIC_ADD(x, 1, r0, __ATOMIC_RELAXED), LOAD(x, r1))),
                HOST(READ(x, r2))},
     .required = {OUTCOME(5, 6, 6)}},

    /* ---- register windows ---- */
    {.name = "weak_dispatch_without_wmb",
     .says = "a posted store to DATA_MAIN_BASE may overtake the data",
     .vary = "drain", .seeds = 50,
     .phases = {LAUNCH(AICPU0(STORE(aiv0_fast_path, 0xE), DELAY(1000), STORE(x, 1), STORE(aiv0_data_main_base, 5)),
                       AIV0(WAIT_REGISTER(5), LOAD(x, r0)))},
     .required = {OUTCOME(0), OUTCOME(1)}},

    {.name = "weak_dispatch_with_wmb",
     .says = "with wmb it may not",
     .vary = "drain", .seeds = 50,
     .phases = {LAUNCH(AICPU0(STORE(aiv0_fast_path, 0xE), DELAY(1000), STORE(x, 1), WMB,
                              STORE(aiv0_data_main_base, 5)),
                       AIV0(WAIT_REGISTER(5), LOAD(x, r0)))},
     .required = {OUTCOME(1)},
     .forbidden = {OUTCOME(0)}},

    {.name = "weak_dispatch_released",
     .says = "nor if it is a store that releases",
     .vary = "drain", .seeds = 50,
     .phases = {LAUNCH(AICPU0(STORE(aiv0_fast_path, 0xE), DELAY(1000), STORE(x, 1),
                              ATOMIC_STORE(aiv0_data_main_base, 5, __ATOMIC_RELEASE)),
                       AIV0(WAIT_REGISTER(5), LOAD(x, r0)))},
     .required = {OUTCOME(1)},
     .forbidden = {OUTCOME(0)}},

    /* ---- loads ---- */
    {.name = "weak_report_without_rmb",
     .says = "who sees COND may have read the data before: the load of memory overtook that of the window",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {LAUNCH(REPORT, WAITER(LOAD(x, r1)))},
     .required = ANY},

    {.name = "weak_report_with_rmb",
     .says = "with rmb it reads the data after COND",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {LAUNCH(REPORT, WAITER(RMB, LOAD(x, r1)))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_report_with_full_fence",
     .says = "or with a full fence",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {LAUNCH(REPORT, WAITER(FULL_FENCE, LOAD(x, r1)))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_report_with_acquire",
     .says = "or with an acquire of anything",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {LAUNCH(REPORT, WAITER(ATOMIC_LOAD(y, none, __ATOMIC_ACQUIRE), LOAD(x, r1)))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_report_with_rmw",
     .says = "or with a read-modify-write",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {LAUNCH(REPORT, WAITER(RMW_ADD(y, 1, none), LOAD(x, r1)))},
     .required = IN_ORDER,
     .forbidden = OVERTAKEN},

    {.name = "weak_report_with_wmb",
     .says = "wmb does nothing for loads",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {LAUNCH(REPORT, WAITER(WMB, LOAD(x, r1)))},
     .required = ANY},

    {.name = "weak_loads_of_one_word",
     .says = "a word that was read early never goes back",
     .sweep = 250, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), SWEEP, STORE(x, 1)),
                             AICPU1(LONG_LOAD(none), LOAD(x, r0), DELAY(30), LOAD(x, r1), DELAY(30), LOAD(x, r2)))},
     .required = {OUTCOME(0, 0, 0), OUTCOME(0, 0, 1), OUTCOME(0, 1, 1), OUTCOME(1, 1, 1)},
     .forbidden = {OUTCOME(1, 0, 0), OUTCOME(1, 0, 1), OUTCOME(0, 1, 0), OUTCOME(1, 1, 0)}},

    {.name = "weak_loads_of_ones_own_stores",
     .says = "a thread's early loads do see its own stores, before and after the window's load",
     .sweep = 150, .stride = 7,
     .vary = "drain,load", .seeds = 8,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), SWEEP, STORE(y, 2), STORE(x, 2)),
                             AICPU1(STORE(x, 1), LONG_LOAD(none), LOAD(x, r0), STORE(y, 1), DELAY(150), LOAD(y, r1)))},
     .required = {OUTCOME(1, 1), OUTCOME(2, 1), OUTCOME(1, 2)},
     .forbidden = {OUTCOME(0, 1), OUTCOME(1, 0)}},

    {.name = "weak_poll_after_a_windows_load",
     .says = "a poll that begins with early loads sees the word change in the end",
     .sweep = 400,
     .vary = "load", .seeds = 2,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), SWEEP, STORE(x, 1), DELAY(2000), STORE(y, 1)),
                             AICPU1(LONG_LOAD(none), WAIT(x, 1), LOAD(x, r0), WAIT(y, 1), LOAD(x, r1)))},
     .required = {OUTCOME(1, 1)}},

    {.name = "weak_loads_after_an_increment",
     .says = "what a read-modify-write has seen is not unseen",
     .sweep = 330, .stride = 7,
     .vary = "load", .seeds = 8,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), SWEEP, STORE(x, 8)),
                             AICPU1(LONG_LOAD(none), ATOMIC_ADD(x, 0, r0, __ATOMIC_RELAXED), LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(8, 8)},
     .forbidden = {OUTCOME(8, 0)}},

    /* ---- who comes first ---- */
    {.name = "ties_are_decided_by_lot",
     .says = "of two increments at the same time either may come first",
     .vary = "arbitration", .seeds = 20,
     .phases = {WARM, LAUNCH(AICPU0(DELAY(100), RMW_ADD(x, 1, r0)), AICPU1(DELAY(100), RMW_ADD(x, 1, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0)}},

    {.name = "cores_start_apart",
     .says = "the cores of a launch do not begin at the same time",
     .vary = "start", .seeds = 20,
     .phases = {WARM, LAUNCH(AICPU0(STORE(x, 1)), AICPU1(DELAY(200), LOAD(x, r0)))},
     .required = {OUTCOME(0), OUTCOME(1)}},

    {.name = "distances_differ",
     .says = "of two cores that ask for a line while it changes, the nearer one may miss the change",
     .sweep = 40,
     .vary = "noc", .seeds = 4,
     .phases = {LAUNCH(AICPU0(DELAY(1000), STORE(x, 1)),
                       AIV0(DELAY(930), SWEEP, LOAD(x, r0)),
                       AIV1(DELAY(930), SWEEP, LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)}},

    /* ---- a data cache that loses dirty lines ---- */
    {.name = "an_evicted_line_takes_its_neighbours_along",
     .says = "a dirty line in which another has stored meanwhile goes over that store, though nobody dccied it",
     .layout = ONE_LINE,
     .vary = "evict", .seeds = 50,
     .phases = {LAUNCH(AIV0(STORE(y, 2), DELAY(3000), LOAD(done, none)),
                       AICPU0(DELAY(1000), STORE(x, 1), DELAY(9000), LOAD(x, r0), LOAD(y, r1)))},
     .required = {OUTCOME(1, 0), OUTCOME(0, 2)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "a_polling_core_loses_its_dirty_line",
     .says = "a dirty line is written back also while its core only polls",
     .vary = "evict", .seeds = 50,
     .phases = {LAUNCH(AIV0(STORE(y, 2), WAIT_DCCI(p, 1), LOAD(y, r1)),
                       AICPU0(DELAY(15000), LOAD(y, r0), STORE(p, 1)))},
     .required = {OUTCOME(2, 2)},
     .forbidden = {OUTCOME(0, 2)}},

    {.name = "an_evicted_line_is_fetched_again",
     .says = "a core that stores again into a line it lost has the others' bytes in it: nothing is overwritten",
     .layout = ONE_LINE,
     .vary = "evict", .seeds = 50,
     .phases = {LAUNCH(AIV0(STORE(y, 2), DELAY(9000), LOAD(done, none), DELAY(3000), STORE(z, 3), DCCI(z)),
                       AICPU0(DELAY(11000), STORE(x, 1), DELAY(9000), LOAD(x, r0), LOAD(y, r1), LOAD(z, r2)))},
     .required = {OUTCOME(1, 2, 3)},
     .forbidden = {OUTCOME(0, 2, 3)}},
    {0},
};
/* clang-format on */
