/* p08_store_outstanding.c - a kernel's last instructions are stores by MTE3; its core then signals that it is done.
 *
 * The signal is the scalar unit's and waits for no pipe. The next kernel, on another core, loads what GM held before
 * the stores.
 *
 * Remedy: wait for the pipe before returning.
 */
#include "pattern.h"

enum { TILE = 8192, TILES = 64, OLD = 1, NEW = 2 };

typedef struct Runtime {
    _Alignas(LINE) uint64_t produce; /* the kernels */
    uint64_t consume;
    int64_t source, data, out; /* device addresses: a tile, TILES of them, the last of which goes to a tile */
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
    run(&runtime->boxes[1], runtime->produce);
    run(&runtime->boxes[2], runtime->consume);
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
        ((void (*)(__gm__ int64_t *))box->task)(&runtime->source);
        mailbox_done(box, 0);
    }
}
#endif

#ifdef PART_KERNEL
#include "cce.h"

#define UB(offset) ((__ubuf__ void *)(uintptr_t)(offset))

/* Arguments: source, data, out. */
__aicore__ void produce(__gm__ int64_t *args)
{
    __gm__ int32_t *data = (__gm__ int32_t *)args[1];

    copy_gm_to_ubuf(UB(0), (__gm__ void *)args[0], 0, 1, TILE / 8, 0, 0);
    set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
    for (int i = 0; i < TILES; i++)
        copy_ubuf_to_gm((__gm__ void *)(data + i * TILE), UB(0), 0, 1, TILE / 8, 0, 0); /* CAUSE */
#ifdef REPAIRED
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
#endif
}

__aicore__ void consume(__gm__ int64_t *args)
{
    __gm__ int32_t *last = (__gm__ int32_t *)args[1] + (TILES - 1) * TILE;

    copy_gm_to_ubuf(UB(0), (__gm__ void *)last, 0, 1, TILE / 8, 0, 0); /* EFFECT */
    set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
    copy_ubuf_to_gm((__gm__ void *)args[2], UB(0), 0, 1, TILE / 8, 0, 0);
    pipe_barrier(PIPE_ALL);
}
#endif

#ifdef PART_HOST
int main(void)
{
    static int32_t source[TILE], data[TILES * TILE], out[TILE];
    Runtime runtime = {.produce = load_kernel(0, "produce"), .consume = load_kernel(1, "consume")};
    void *device;

    for (int i = 0; i < TILE; i++)
        source[i] = NEW;
    for (int i = 0; i < TILES * TILE; i++)
        data[i] = OLD;
    runtime.source = (int64_t)device_copy(source, sizeof(source));
    runtime.data = (int64_t)device_copy(data, sizeof(data));
    runtime.out = (int64_t)device_copy(out, sizeof(out));
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), 1);
    from_device(out, (void *)runtime.out, sizeof(out));
    for (int i = 0; i < TILE; i++)
        check(out[i], NEW, "out[%d]", i);
    return verdict();
}
#endif
