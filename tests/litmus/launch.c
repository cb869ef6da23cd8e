/* launch.c - what stays from one launch to the next: caches and device memory. Nothing flushes or clears them. */
#include "tests/litmus/litmus.h"

/* clang-format off */
const struct litmus litmus_launch[] = {
    {.name = "a_line_outlives_its_launch",
     .says = "a line filled in launch 1 is hit in launch 2, whatever the host has copied since",
     .phases = {LAUNCH(AIV0(LOAD(x, r0))),
                HOST(WRITE(x, 1), READ(x, r2)),
                LAUNCH(AIV0(LOAD(x, r1)))},
     .allowed = {OUTCOME(0, 0, 1)},
     .forbidden = {OUTCOME(0, 1, 1)}},

    {.name = "dcci_at_the_start_of_a_launch",
     .says = "a dcci first, and launch 2 sees what the host has copied",
     .phases = {LAUNCH(AIV0(LOAD(x, r0))),
                HOST(WRITE(x, 1)),
                LAUNCH(AIV0(DCCI(x), LOAD(x, r1)))},
     .allowed = {OUTCOME(0, 1)},
     .forbidden = {OUTCOME(0, 0)}},

    {.name = "a_core_without_the_line_sees_the_copy",
     .says = "another core of launch 2, which never held the line, sees the host's copy",
     .phases = {LAUNCH(AIV0(LOAD(x, r0))),
                HOST(WRITE(x, 1)),
                LAUNCH(AIV0(LOAD(x, r1)), AIV1(LOAD(x, r2)))},
     .allowed = {OUTCOME(0, 0, 1)},
     .forbidden = {OUTCOME(0, 1, 1), OUTCOME(0, 0, 0)}},

    {.name = "a_dirty_line_outlives_its_launch",
     .says = "the end of a launch writes nothing back; a dcci in the next one does",
     .phases = {LAUNCH(AIV0(STORE(x, 1))),
                HOST(READ(x, r0)),
                LAUNCH(AIV0(DCCI(x))),
                HOST(READ(x, r1))},
     .allowed = {OUTCOME(0, 1)},
     .forbidden = {OUTCOME(1, 1), OUTCOME(0, 0)}},

    {.name = "a_dirty_line_overwrites_the_hosts_copy",
     .says = "a line left dirty by launch 1 goes over what the host copied before launch 2 wrote it back",
     .layout = ONE_LINE,
     .phases = {LAUNCH(AIV0(STORE(x, 1))),
                HOST(WRITE(x, 2), WRITE(y, 3)),
                LAUNCH(AIV0(DCCI(x))),
                HOST(READ(x, r0), READ(y, r1))},
     .allowed = {OUTCOME(1, 0)},
     .forbidden = {OUTCOME(2, 3), OUTCOME(1, 3)}},

    {.name = "a_write_back_arrives_after_its_program_ended",
     .says = "what was on its way at the end of a program reaches GM before the host goes on",
     .phases = {LAUNCH(AIV0(STORE(x, 1), DCCI(x)), AICPU0(STORE(y, 2))),
                HOST(READ(x, r0), READ(y, r1))},
     .allowed = {OUTCOME(1, 2)},
     .forbidden = {OUTCOME(0, 2), OUTCOME(1, 0)}},

    {.name = "memory_is_not_zeroed",
     .says = "freed memory comes back at the same address with its old content",
     .phases = {HOST(WRITE(x, 7), FREE_AND_ALLOC, READ(x, r0))},
     .allowed = {OUTCOME(7)},
     .forbidden = {OUTCOME(0)}},

    {.name = "a_line_outlives_its_allocation",
     .says = "a core still holds a line of freed memory, and hits it when the address comes back",
     .phases = {HOST(WRITE(x, 7)),
                LAUNCH(AIV0(LOAD(x, r0))),
                HOST(FREE_AND_ALLOC, WRITE(x, 8)),
                LAUNCH(AIV0(LOAD(x, r1)))},
     .allowed = {OUTCOME(7, 7)},
     .forbidden = {OUTCOME(7, 8)}},
    {0},
};
/* clang-format on */
