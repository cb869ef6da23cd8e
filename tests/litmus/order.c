/* order.c - the classical shapes with two words: store buffering, load buffering, independent reads of independent
 * writes, for AICores and for both kinds of agents together. AICPU threads among themselves: aicpu.c. */
#include "isa/core_port.h"
#include "tests/litmus/litmus.h"

/* Both lines in the cluster's cache: a load is then faster than a store becomes visible. */
#define WARM LAUNCH(AICPU0(LOAD(x, none), LOAD(y, none)))

/* clang-format off */
const struct litmus litmus_order[] = {
    /* ---- store buffering ---- */

    {.name = "store_buffering_of_aicores",
     .says = "two AICores may each miss the other's store: a dcci does not wait for its write-back",
     .sweep = 1200,
     .phases = {LAUNCH(AIV0(DELAY(600), STORE(x, 1), DCCI(x), LOAD(y, r0)),
                       AIV1(SWEEP, STORE(y, 1), DCCI(y), LOAD(x, r1)))},
     .allowed = {OUTCOME(0, 1), OUTCOME(1, 0)},
     .required = {OUTCOME(0, 0)}},

    {.name = "store_buffering_of_aicores_without_dcci",
     .says = "without any dcci two AICores always miss each other's store",
     .sweep = 400,
     .phases = {LAUNCH(AIV0(DELAY(200), STORE(x, 1), LOAD(y, r0)),
                       AIV1(SWEEP, STORE(y, 1), LOAD(x, r1)))},
     .allowed = {OUTCOME(0, 0)},
     .forbidden = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)}},

    {.name = "store_buffering_of_aicores_with_dsb",
     .says = "with a dsb after the dcci one of two AICores sees the other's store",
     .sweep = 2400,
     .phases = {LAUNCH(AIV0(DELAY(1200), STORE(x, 1), DCCI(x), DSB, LOAD(y, r0)),
                       AIV1(SWEEP, STORE(y, 1), DCCI(y), DSB, LOAD(x, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "store_buffering_of_aicores_that_hold_the_words",
     .says = "a dsb does not help a core that holds the other's word from before: that takes a dcci of its own",
     .sweep = 1200,
     .phases = {LAUNCH(AIV0(LOAD(y, none), DELAY(600), STORE(x, 1), DCCI(x), DSB, LOAD(y, r0), DCCI(y), LOAD(y, r2)),
                       AIV1(LOAD(x, none), SWEEP, STORE(y, 1), DCCI(y), DSB, LOAD(x, r1), DELAY(3000), DCCI(x),
                            LOAD(x, r3)))},
     .allowed = {OUTCOME(0, 0, 0, 1)},
     .required = {OUTCOME(0, 0, 1, 1)},
     .forbidden = {OUTCOME(1, 1, 1, 1), OUTCOME(0, 1, 1, 1), OUTCOME(1, 0, 1, 1)}},

    {.name = "store_buffering_of_both_kinds",
     .says = "an AICPU thread with a full fence and an AICore with a dsb: one of the two sees the other's store",
     .sweep = 2400,
     .phases = {LAUNCH(AICPU0(DELAY(1900), STORE(x, 1), FULL_FENCE, LOAD(y, r0)),
                       AIV0(SWEEP, STORE(y, 1), DCCI(y), DSB, LOAD(x, r1)))},
     .required = {OUTCOME(0, 1), OUTCOME(1, 0), OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "store_buffering_of_both_kinds_without_dsb",
     .says = "without the dsb both may miss the other's store",
     .sweep = 1200,
     .phases = {LAUNCH(AICPU0(DELAY(600), STORE(x, 1), FULL_FENCE, LOAD(y, r0)),
                       AIV0(SWEEP, STORE(y, 1), DCCI(y), LOAD(x, r1)))},
     .allowed = {OUTCOME(1, 0), OUTCOME(1, 1)},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1)}},

    /* ---- load buffering ---- */

    {.name = "load_buffering_of_threads",
     .says = "two threads that load and then store do not each see the other's store: loads are complete before stores drain",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), LOAD(x, r0), STORE(y, 1)),
                       AICPU1(SWEEP, LOAD(y, r1), STORE(x, 1)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 0)},
     .forbidden = {OUTCOME(1, 1)}},

    {.name = "load_buffering_of_aicores",
     .says = "an AICore is in order: its load has returned before its later store leaves",
     .sweep = 2400,
     .phases = {LAUNCH(AIV0(DELAY(1200), LOAD(x, r0), STORE(y, 1), DCCI(y)),
                       AIV1(SWEEP, LOAD(y, r1), STORE(x, 1), DCCI(x)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 0)},
     .forbidden = {OUTCOME(1, 1)}},

    {.name = "load_buffering_of_both_kinds",
     .says = "nor do an AICPU thread and an AICore see each other's later store",
     .sweep = 1800,
     .phases = {LAUNCH(AICPU0(DELAY(1200), LOAD(x, r0), STORE(y, 1)),
                       AIV0(SWEEP, LOAD(y, r1), STORE(x, 1), DCCI(x)))},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(1, 0)},
     .forbidden = {OUTCOME(1, 1)}},

    /* ---- independent reads of independent writes ---- */

    {.name = "iriw_of_threads",
     .says = "two threads with rmb between their loads agree on the order of two other threads' stores",
     .sweep = 300,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(150), STORE(x, 1)),
                       AICPU1(SWEEP, STORE(y, 1)),
                       AICPU2(DELAY(195), LOAD(x, r0), RMB, LOAD(y, r1)),
                       AICPU3(DELAY(165), LOAD(y, r2), RMB, LOAD(x, r3)))},
     .allowed = {ANY_OTHER},
     .required = {OUTCOME(1, 1, 1, 0), OUTCOME(1, 1, 0, 0), OUTCOME(1, 0, 0, 0)},
     .forbidden = {OUTCOME(1, 0, 1, 0)}},

    {.name = "iriw_of_aicores",
     .says = "two AICores that hold neither word agree on the order of two threads' stores: GM is one",
     .sweep = 600,
     .phases = {LAUNCH(AICPU0(DELAY(300), STORE(x, 1)),
                       AICPU1(SWEEP, STORE(y, 1)),
                       AIV0(DELAY(340), LOAD(x, r0), LOAD(y, r1)),
                       AIV1(DELAY(50), LOAD(y, r2), LOAD(x, r3)))},
     .allowed = {ANY_OTHER},
     .required = {OUTCOME(1, 1, 1, 0), OUTCOME(1, 1, 0, 0), OUTCOME(1, 0, 0, 0)},
     .forbidden = {OUTCOME(1, 0, 1, 0)}},

    {.name = "iriw_of_aicores_that_hold_a_word",
     .says = "each holds the word it reads last from before: they see the two stores in opposite orders",
     .sweep = 200,
     .phases = {LAUNCH(AICPU0(DELAY(1000), STORE(x, 1)),
                       AICPU1(DELAY(900), SWEEP, STORE(y, 1)),
                       AIV0(LOAD(y, none), DELAY(2000), LOAD(x, r0), LOAD(y, r1)),
                       AIV1(LOAD(x, none), DELAY(2000), LOAD(y, r2), LOAD(x, r3)))},
     .required = {OUTCOME(1, 0, 1, 0)},
     .forbidden = {OUTCOME(1, 1, 1, 1), OUTCOME(1, 1, 1, 0), OUTCOME(1, 0, 1, 1)}},

    {.name = "iriw_of_aicores_that_dcci",
     .says = "a dcci of both words before the loads, and they agree",
     .sweep = 700,
     .phases = {LAUNCH(AICPU0(DELAY(1000), STORE(x, 1)),
                       AICPU1(DELAY(700), SWEEP, STORE(y, 1)),
                       AIV0(LOAD(y, none), DELAY(900), DCCI(x), DCCI(y), LOAD(x, r0), LOAD(y, r1)),
                       AIV1(LOAD(x, none), DELAY(530), DCCI(x), DCCI(y), LOAD(y, r2), LOAD(x, r3)))},
     .allowed = {ANY_OTHER},
     .required = {OUTCOME(1, 1, 1, 0), OUTCOME(1, 1, 0, 0), OUTCOME(1, 0, 0, 0)},
     .forbidden = {OUTCOME(1, 0, 1, 0)}},

    /* ---- a message handed on ---- */

    {.name = "message_handed_on_by_a_thread",
     .says = "who hears of a flag by another thread's flag sees what was before the first one",
     .sweep = 300,
     .phases = {LAUNCH(AICPU0(DELAY(500), SWEEP, STORE(x, 1), WMB, STORE(y, 1)),
                       AICPU1(WAIT(y, 1), STORE(z, 1)),
                       AIV0(WAIT_DCCI(z, 1), LOAD(x, r0), LOAD(y, r1)))},
     .allowed = {OUTCOME(1, 1)},
     .forbidden = {OUTCOME(0, 1), OUTCOME(0, 0)}},

    {.name = "message_handed_on_to_a_core_that_holds_the_data",
     .says = "a chain of flags says nothing to a line held from before",
     .sweep = 300,
     .phases = {LAUNCH(AICPU0(DELAY(1000), SWEEP, STORE(x, 1), WMB, STORE(y, 1)),
                       AIV1(WAIT_DCCI(y, 1), STORE(z, 1), DCCI(z)),
                       AIV0(LOAD(x, r0), WAIT_DCCI(z, 1), LOAD(x, r1), DCCI(x), LOAD(x, r2)))},
     .allowed = {OUTCOME(0, 0, 1)},
     .forbidden = {OUTCOME(0, 1, 1), OUTCOME(0, 0, 0)}},
    {0},
};
/* clang-format on */
