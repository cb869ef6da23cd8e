/* word.c - coherence of one word: what two accesses of it, by one agent or by two, may see. The AICPU's threads are
 * coherent; an AICore is with itself, and with others as far as its dccis go. */
#include "isa/core_port.h"
#include "tests/litmus/litmus.h"

#define WARM LAUNCH(AICPU0(LOAD(x, none), LOAD(y, none)))

/* clang-format off */
const struct litmus litmus_word[] = {
    /* ---- AICPU threads ---- */

    {.name = "corr_of_a_thread",
     .says = "two loads of one word by one thread never see a newer value first",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), DELAY(20), STORE(x, 2)),
                       AICPU1(SWEEP, LOAD(x, r0), DELAY(30), LOAD(x, r1)))},
     .allowed = {OUTCOME(1, 1)},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(0, 2), OUTCOME(1, 2), OUTCOME(2, 2)},
     .forbidden = {OUTCOME(1, 0), OUTCOME(2, 1), OUTCOME(2, 0)}},

    {.name = "coww_of_a_thread",
     .says = "two stores of one thread to one word end in the order of the program",
     .phases = {LAUNCH(AICPU0(STORE(x, 1), STORE(x, 2))),
                HOST(READ(x, r0))},
     .allowed = {OUTCOME(2)},
     .forbidden = {OUTCOME(1), OUTCOME(0)}},

    {.name = "coww_seen_by_two_threads",
     .says = "two threads' stores to one word have one order: all who look later see the same last value",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1)),
                       AICPU1(SWEEP, STORE(x, 2)),
                       AICPU2(DELAY(2000), LOAD(x, r0)),
                       AIV0(DELAY(2000), LOAD(x, r1))),
                HOST(READ(x, r2))},
     .required = {OUTCOME(1, 1, 1), OUTCOME(2, 2, 2)},
     .forbidden = {OUTCOME(1, 2, 2), OUTCOME(2, 1, 1), OUTCOME(1, 2, 1), OUTCOME(2, 1, 2)}},

    {.name = "corw_of_a_thread",
     .says = "a load does not see its own thread's later store, and that store ends after the one the load saw",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), LOAD(x, r0), STORE(x, 2)),
                       AICPU1(SWEEP, STORE(x, 1))),
                HOST(READ(x, r1))},
     .required = {OUTCOME(0, 1), OUTCOME(0, 2), OUTCOME(1, 2)},
     .forbidden = {OUTCOME(1, 1), OUTCOME(2, 2), OUTCOME(2, 1)}},

    {.name = "cowr_of_a_thread",
     .says = "a load after the thread's own store sees it or a newer one, never an older one",
     .sweep = 200,
     .phases = {WARM,
                LAUNCH(AICPU0(DELAY(100), STORE(x, 1), DELAY(60), LOAD(x, r0)),
                       AICPU1(SWEEP, STORE(x, 2))),
                HOST(READ(x, r1))},
     .required = {OUTCOME(1, 1), OUTCOME(1, 2), OUTCOME(2, 2)},
     .forbidden = {OUTCOME(0, 1), OUTCOME(0, 2), OUTCOME(2, 1)}},

    /* ---- an AICore, alone and beside others ---- */

    {.name = "corr_of_an_aicore",
     .says = "with a dcci before each load an AICore never sees a newer value first",
     .sweep = 800,
     .phases = {LAUNCH(AICPU0(DELAY(500), SWEEP, STORE(x, 1), DELAY(100), STORE(x, 2)),
                       AIV0(DELAY(800), DCCI(x), LOAD(x, r0), DCCI(x), LOAD(x, r1)))},
     .allowed = {OUTCOME(1, 1)},
     .required = {OUTCOME(0, 0), OUTCOME(0, 1), OUTCOME(0, 2), OUTCOME(1, 2), OUTCOME(2, 2)},
     .forbidden = {OUTCOME(1, 0), OUTCOME(2, 1), OUTCOME(2, 0)}},

    {.name = "corr_of_an_aicore_without_dcci",
     .says = "without one between them, two loads see the same",
     .sweep = 800,
     .phases = {LAUNCH(AICPU0(DELAY(500), SWEEP, STORE(x, 1), DELAY(100), STORE(x, 2)),
                       AIV0(DELAY(800), LOAD(x, r0), DELAY(3000), LOAD(x, r1)))},
     .required = {OUTCOME(0, 0), OUTCOME(1, 1), OUTCOME(2, 2)},
     .forbidden = {OUTCOME(0, 1), OUTCOME(0, 2), OUTCOME(1, 2)}},

    {.name = "coww_of_an_aicore",
     .says = "two write-backs of one word by one core reach GM in the order of the program",
     .sweep = 1600,
     .phases = {LAUNCH(AIV0(DELAY(500), STORE(x, 1), DCCI(x), STORE(x, 2), DCCI(x)),
                       AICPU0(DELAY(900), SWEEP, LOAD(x, r0), DELAY(200), LOAD(x, r1), DELAY(3000), LOAD(x, r2)))},
     .allowed = {OUTCOME(0, 2, 2)},
     .required = {OUTCOME(0, 0, 2), OUTCOME(0, 1, 2), OUTCOME(1, 1, 2), OUTCOME(1, 2, 2), OUTCOME(2, 2, 2)},
     .forbidden = {OUTCOME(2, 1, 1), OUTCOME(2, 1, 2), OUTCOME(1, 0, 2), OUTCOME(0, 0, 1)}},

    {.name = "coww_of_two_aicores",
     .says = "of two cores that store to one word, the last write-back wins, not the last store",
     .sweep = 1000,
     .phases = {LAUNCH(AIV0(STORE(x, 1), DELAY(2000), DCCI(x)),
                       AIV1(DELAY(1000), STORE(x, 2), DELAY(500), SWEEP, DCCI(x))),
                HOST(READ(x, r0))},
     .required = {OUTCOME(1), OUTCOME(2)},
     .forbidden = {OUTCOME(0)}},

    {.name = "corw_of_an_aicore",
     .says = "a load is as old as the line; the core's later store goes over a newer value that it has not seen",
     .sweep = 1600,
     .phases = {LAUNCH(AIV0(LOAD(x, r0), DELAY(1000), STORE(x, 2), DCCI(x)),
                       AICPU0(SWEEP, STORE(x, 1))),
                HOST(READ(x, r1))},
     .required = {OUTCOME(0, 2), OUTCOME(1, 2)},
     .forbidden = {OUTCOME(0, 1), OUTCOME(1, 1), OUTCOME(2, 2), OUTCOME(2, 1)}},

    {.name = "cowr_of_an_aicore",
     .says = "a core sees its own store until it lets go of the line, whatever GM has got since",
     .phases = {LAUNCH(AIV0(STORE(x, 1), DELAY(2000), LOAD(x, r0), DCCI(x), LOAD(x, r1)),
                       AICPU0(DELAY(1000), STORE(x, 2), DELAY(100), LOAD(x, r2))),
                HOST(READ(x, r3))},
     .allowed = {OUTCOME(1, 1, 2, 1)},
     .forbidden = {OUTCOME(2, 2, 2, 2), OUTCOME(1, 2, 2, 2)}},

    {.name = "an_own_store_taken_back",
     .says = "after a dcci a load may see what another core has written back later than the own store",
     .phases = {LAUNCH(AIV0(STORE(x, 1), DCCI(x), DELAY(3000), LOAD(x, r0)),
                       AIV1(DELAY(1500), STORE(x, 2), DCCI(x)))},
     .allowed = {OUTCOME(2)},
     .forbidden = {OUTCOME(1)}},

    {.name = "an_aicore_and_a_thread_disagree",
     .says = "of one word a core and a thread may see different values for any time",
     .phases = {LAUNCH(AIV0(LOAD(x, r0), DELAY(9000), LOAD(x, r1)),
                       AICPU0(DELAY(1000), STORE(x, 1), DELAY(7000), LOAD(x, r2)))},
     .allowed = {OUTCOME(0, 0, 1)},
     .forbidden = {OUTCOME(0, 1, 1)}},
    {0},
};
/* clang-format on */
