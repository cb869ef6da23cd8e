/* tasks.c - what one task of a core leaves to the next: flags, and bytes of UB. */
#include "cases.h"

#define CASES(X)                                                                                                       \
    X(flag_left, "unpaired-flag pipe-hazard", "")                                                                      \
    X(flag_taken, "unpaired-flag", "")                                                                                 \
    X(primed_right, "", "")                                                                                            \
    X(worker_primes_right, "", "")                                                                                     \
    X(bytes_left_right, "", "")
CASE_ENUM;

enum { COUNT = 64, BYTES = COUNT * 4, TASKS = 3 };

typedef struct Runtime {
    Word which;
    int64_t kernel;
    _Alignas(256) int32_t in[TASKS][COUNT];
    _Alignas(256) int32_t out[TASKS][COUNT];
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    (void)runtime;
    return 0;
}
#endif

#if defined(PART_AICORE) || defined(PART_KERNEL)
#include "cce.h"

#define UB(offset) ((__ubuf__ void *)(uintptr_t)(offset))

enum { A = 0, B = 0x400 };

#define LOAD(to, from)  copy_gm_to_ubuf(UB(to), (__gm__ void *)(from), 0, 1, BYTES / 32, 0, 0)
#define STORE(to, from) copy_ubuf_to_gm((__gm__ void *)(to), UB(from), 0, 1, BYTES / 32, 0, 0)
#endif

#ifdef PART_KERNEL
/* Loads a tile and stores it. Arguments: the runtime, the case, the number of the task. */
__aicore__ void move(__gm__ int64_t *args)
{
    __gm__ Runtime *r = (__gm__ Runtime *)args[0];
    int which = (int)args[1], task = (int)args[2];

    if (which == CASE_flag_taken)
        wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0); /* CAUSE flag_taken */
    if (which == CASE_worker_primes_right)
        wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    if (which == CASE_bytes_left_right && task) {
        STORE(r->out[task], A);
        pipe_barrier(PIPE_ALL);
        return;
    }
    LOAD(A, r->in[task]);
    set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
    if (which == CASE_flag_left && task == 0)
        set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0); /* CAUSE flag_left */
    wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
    STORE(r->out[task], A);
    if (which == CASE_worker_primes_right)
        set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1)
        return;
    if (which == CASE_flag_taken || which == CASE_worker_primes_right)
        set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    for (int task = 0; task < (which == CASE_flag_taken ? 1 : TASKS); task++) {
        int64_t args[4] = {(int64_t)(uintptr_t)runtime, which, task};

        ((void (*)(__gm__ int64_t *))runtime->kernel)(args);
    }
    if (which == CASE_worker_primes_right)
        wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static Runtime runtime;
    int which = CASE_OF(argc, argv);
    Runtime *device;

    runtime.which.value = which;
    runtime.kernel = (int64_t)load_kernel(0, "move");
    for (int i = 0; i < TASKS * COUNT; i++)
        runtime.in[i / COUNT][i % COUNT] = which == CASE_bytes_left_right ? i % COUNT : i;
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(&runtime, device, sizeof(runtime));
    for (int i = 0; i < TASKS * COUNT; i++)
        check(runtime.out[i / COUNT][i % COUNT], runtime.in[i / COUNT][i % COUNT], "out[%d]", i);
    return verdict();
}
#endif
