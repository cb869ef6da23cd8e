/* phases.c - device code that names what it does, on an AICPU thread and in a kernel. */
#include "pattern.h"

#ifndef PART_HOST
#include "include/common/phase.h"
#endif

typedef struct Runtime {
    _Alignas(LINE) int64_t kernel;
    _Alignas(LINE) int64_t go;
    _Alignas(LINE) int64_t args[2];
    _Alignas(LINE) int64_t done;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    volatile int64_t *done = &runtime->done;

    dav_phase_begin("serve");
    for (int64_t i = 1; i <= 3; i++) {
        dav_phase_begin("ask");
        *(volatile int64_t *)&runtime->go = i;
        dav_phase_end();
        dav_phase_begin("await");
        while (*done < i)
            ;
        dav_phase_end();
    }
    dav_phase_end();
    dav_phase_end(); /* one too many is none */
    dav_phase_begin("left open");
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    volatile __gm__ int64_t *go = &runtime->go;

    (void)core_type;
    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    for (int64_t i = 1; block_idx == 0 && i <= 3; i++) {
        while (*go < i)
            dcci(&runtime->go, SINGLE_CACHE_LINE);
        ((void (*)(__gm__ int64_t *))runtime->kernel)(runtime->args);
        runtime->done = i;
        dcci(&runtime->done, SINGLE_CACHE_LINE, CACHELINE_OUT);
    }
}
#endif

#ifdef PART_KERNEL
__aicore__ void work(__gm__ int64_t *args)
{
    dav_phase_begin("sum");
    for (int i = 0; i < 5000; i++)
        args[1] += args[0];
    dav_phase_end();
    dav_phase_begin("until the end");
}
#endif

#ifdef PART_HOST
int main(void)
{
    Runtime runtime = {.kernel = (int64_t)load_kernel(0, "work")};

    launch(device_copy(&runtime, sizeof(runtime)), sizeof(runtime), 1);
    return 0;
}
#endif
