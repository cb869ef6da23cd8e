/* notes.c - cache operations that do nothing: told with --notes only. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(idle_dcci, "redundant-dcci", "--notes")                                                                          \
    X(idle_invalidate, "redundant-invalidate", "--notes")                                                              \
    X(idle_dcci_right, "", "")                                                                                         \
    X(idle_invalidate_right, "", "")                                                                                   \
    X(useful_right, "", "--notes")
CASE_ENUM;

typedef struct Runtime {
    Word which, launch;
    Word data;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value;

    if (which == CASE_idle_invalidate || which == CASE_idle_invalidate_right)
        cache_invalidate_range(&runtime->data, sizeof(runtime->data)); /* CAUSE idle_invalidate */
    return 0;
}
#endif

#ifdef PART_AICORE
__attribute__((noinline)) static void drop(__gm__ Runtime *runtime)
{
    dcci(&runtime->data, SINGLE_CACHE_LINE, CACHELINE_OUT); /* CAUSE idle_dcci */
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1 || which == CASE_idle_invalidate || which == CASE_idle_invalidate_right)
        return;
    if (which == CASE_useful_right)
        runtime->data.value = 5;
    drop(runtime);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    Runtime runtime = {0};
    int which = CASE_OF(argc, argv);

    runtime.which.value = which;
    launch(device_copy(&runtime, sizeof(runtime)), sizeof(runtime), 1);
    return verdict();
}
#endif
