/* orch.c - graphs that a runtime may refuse. @args: which one. */
#include "runtime.h"

enum { FORWARD, BACKWARD, SELF, NOWHERE, CYCLE, FAR_CYCLE, NO_KERNEL, TOO_MANY_ARGS, CORE_TYPE, NO_TENSOR, TOO_MANY };

enum { FANOUT = 100 };

static int add_tasks(Runtime *runtime, int count, int kernel)
{
    int last = -1;
    for (int i = 0; i < count; i++)
        last = add_task(runtime, NULL, 0, kernel, RUNTIME_AIV);
    return last;
}

/* The last of many successors, and the first task again. */
static int add_far_cycle(Runtime *runtime)
{
    int last = add_tasks(runtime, FANOUT + 1, 0), status = 0;
    for (int i = 1; i <= FANOUT; i++)
        status |= add_successor(runtime, 0, i);
    return last < 0 || status != 0 ? -1 : add_successor(runtime, last, 0);
}

int build_case(Runtime *runtime, uint64_t *args, int arg_count)
{
    uint64_t none[RUNTIME_MAX_ARGS + 1] = {0};
    if (arg_count != 1)
        return -1;
    switch (args[0]) {
    case FORWARD:
        return add_tasks(runtime, 2, 0) == 1 && get_task_count(runtime) == 2 ? add_successor(runtime, 0, 1) : -1;
    case BACKWARD:
        return add_tasks(runtime, 2, 0) == 1 ? add_successor(runtime, 1, 0) : -1;
    case SELF:
        return add_tasks(runtime, 2, 0) == 1 ? add_successor(runtime, 1, 1) : -1;
    case NOWHERE:
        return add_tasks(runtime, 2, 0) == 1 ? add_successor(runtime, 1, 2) : -1;
    case CYCLE:
        return add_tasks(runtime, 2, 0) == 1 ? add_successor(runtime, 0, 1) | add_successor(runtime, 1, 0) : -1;
    case FAR_CYCLE:
        return add_far_cycle(runtime);
    case NO_KERNEL:
        return add_tasks(runtime, 1, 7) == 0 ? 0 : -1;
    case TOO_MANY_ARGS:
        return add_task(runtime, none, RUNTIME_MAX_ARGS + 1, 0, RUNTIME_AIV) == 0 ? 0 : -1;
    case CORE_TYPE:
        return add_task(runtime, none, 1, 0, 2) == 0 ? 0 : -1;
    case NO_TENSOR:
        return record_tensor_pair(runtime, none, NULL, sizeof none);
    case TOO_MANY:
        return runtime_reserve_tasks(runtime, 3) == 0 && add_tasks(runtime, 4, 0) >= 0 ? 0 : -1;
    default:
        return -1;
    }
}
