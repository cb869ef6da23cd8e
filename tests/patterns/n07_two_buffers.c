/* n07_two_buffers.c - right: a kernel that streams through UB with two buffers on either side, each handed from pipe to
 * pipe and back by a pair of flags; and a second one, on another core, that takes up what the first has stored.
 */
#include "pattern.h"

enum { TILE = 2048, TILES = 24 };

typedef struct Runtime {
    _Alignas(LINE) uint64_t twice; /* the kernel */
    int64_t in, middle, out;       /* device addresses, TILES * TILE floats each */
    Mailbox boxes[CORES];
} Runtime;

#ifdef PART_AICPU
static void run(Mailbox *box, uint64_t kernel)
{
    mailbox_post(box, (int64_t)kernel);
    mailbox_wait(box);
}

int aicpu_execute(Runtime *runtime)
{
    run(&runtime->boxes[1], runtime->twice);
    run(&runtime->boxes[2], runtime->twice);
    for (int i = 0; i < CORES; i++)
        mailbox_quit(&runtime->boxes[i]);
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    __gm__ Mailbox *box = &runtime->boxes[block_idx];

    (void)core_type;
    while (mailbox_next(box)) {
        ((void (*)(__gm__ int64_t *))box->task)(block_idx == 1 ? &runtime->in : &runtime->middle);
        mailbox_done(box, 0);
    }
}
#endif

#ifdef PART_KERNEL
#include "cce.h"

enum { BYTES = TILE * 4, OUT = 0x10000 };

#define UB(type, offset) ((__ubuf__ type *)(uintptr_t)(offset))

/* Arguments: from, to. */
__aicore__ void twice(__gm__ int64_t *args)
{
    __gm__ float *from = (__gm__ float *)args[0], *to = (__gm__ float *)args[1];

    for (int id = 0; id < 2; id++) {
        set_flag(PIPE_V, PIPE_MTE2, id);
        set_flag(PIPE_MTE3, PIPE_V, id);
    }
    for (int i = 0; i < TILES; i++) {
        int id = i & 1;
        uint32_t in = (uint32_t)id * BYTES, out = OUT + (uint32_t)id * BYTES;

        wait_flag(PIPE_V, PIPE_MTE2, id);
        copy_gm_to_ubuf(UB(void, in), (__gm__ void *)(from + i * TILE), 0, 1, BYTES / 32, 0, 0);
        set_flag(PIPE_MTE2, PIPE_V, id);
        wait_flag(PIPE_MTE2, PIPE_V, id);
        wait_flag(PIPE_MTE3, PIPE_V, id);
        vadd(UB(float, out), UB(float, in), UB(float, in), TILE / 64, 1, 1, 1, 8, 8, 8);
        set_flag(PIPE_V, PIPE_MTE2, id);
        set_flag(PIPE_V, PIPE_MTE3, id);
        wait_flag(PIPE_V, PIPE_MTE3, id);
        copy_ubuf_to_gm((__gm__ void *)(to + i * TILE), UB(void, out), 0, 1, BYTES / 32, 0, 0);
        set_flag(PIPE_MTE3, PIPE_V, id);
    }
    for (int id = 0; id < 2; id++) {
        wait_flag(PIPE_V, PIPE_MTE2, id);
        wait_flag(PIPE_MTE3, PIPE_V, id);
    }
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
}
#endif

#ifdef PART_HOST
int main(void)
{
    static float in[TILES * TILE], out[TILES * TILE];
    Runtime runtime = {.twice = load_kernel(0, "twice")};
    void *device;

    for (int i = 0; i < TILES * TILE; i++)
        in[i] = (float)i;
    runtime.in = (int64_t)device_copy(in, sizeof(in));
    runtime.middle = (int64_t)device_new(sizeof(in));
    runtime.out = (int64_t)device_new(sizeof(out));
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(out, (void *)runtime.out, sizeof(out));
    for (int i = 0; i < TILES * TILE; i++)
        check((int64_t)out[i], 4 * i, "out[%d]", i);
    return verdict();
}
#endif
