/* task.c - what a worker reports after a kernel: ordinary lines, which the model may not remember for ever. */
#include "tests/litmus/litmus.h"

/* clang-format off */
const struct litmus litmus_task[] = {
    {.name = "reports_that_nobody_reads",
     .says = "a core may report any number of tasks in lines that no AICPU thread looks at",
     .phases = {LAUNCH(AIV0(TASKS(20000)), AICPU0(LOAD(x, r0)))},
     .allowed = {OUTCOME(0)}},
    {0},
};
/* clang-format on */
