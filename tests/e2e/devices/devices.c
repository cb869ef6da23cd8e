/* devices.c - a process that uses several devices: `devices CASE [ARGUMENT]`.
 *
 * Each launch takes the host's input through an AICPU thread and the three AICores of a cluster, which call a kernel
 * with it; all count in their statics how often they were launched. Without -DFRESH no cache is told that the host has
 * copied, so a device's second launch sees the input of its first one, whatever happened on others in between.
 */
#include "pattern.h"

typedef struct Runtime {
    _Alignas(LINE) int64_t input; /* the host's */
    int64_t kernel;               /* its address on this device */
    int64_t cpu_reads;            /* addresses that somebody reads; 0: nobody does */
    int64_t core_reads;
    struct Cell {
        _Alignas(LINE) int64_t in;
        int64_t out, launches;
    } cells[CORES], cpu;
} Runtime;

#ifdef PART_AICPU
int aicpu_execute(Runtime *runtime)
{
    static int64_t launches;

#ifdef FRESH
    cache_invalidate_range(runtime, offsetof(Runtime, cells));
#endif
    if (runtime->cpu_reads)
        runtime->cpu.out = *(volatile int64_t *)runtime->cpu_reads;
    runtime->cpu.in = runtime->input;
    runtime->cpu.launches = ++launches;
    cache_invalidate_range(&runtime->cpu,
                           sizeof(runtime->cpu)); /* else it writes this back over the host's next copy */
    return 0;
}
#endif

#ifdef PART_AICORE
__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    static int64_t launches;
    __gm__ struct Cell *cell = &runtime->cells[block_idx];

    (void)core_type;
#ifdef FRESH
    dcci(runtime, ENTIRE_DATA_CACHE, CACHELINE_OUT);
#endif
    if (runtime->core_reads)
        cell->out = *(volatile __gm__ int64_t *)runtime->core_reads;
    cell->in = runtime->input;
    ((void (*)(__gm__ int64_t *))runtime->kernel)(&cell->in);
    cell->launches = ++launches;
    dcci(cell, SINGLE_CACHE_LINE, CACHELINE_OUT);
}
#endif

#ifdef PART_KERNEL
__aicore__ void square(__gm__ int64_t *args)
{
    args[1] = args[0] * args[0];
}

__aicore__ void twice(__gm__ int64_t *args)
{
    args[1] = args[0] + args[0];
}
#endif

#ifdef PART_HOST
#include <stdlib.h>
#include <string.h>

#include "model/davsim.h"

enum { DEVICES = 16 };

#ifdef FRESH
enum { SEES_COPIES = 1 };
#else
enum { SEES_COPIES = 0 };
#endif

/* What the host knows of a device. */
static struct {
    void *runtime;
    uint64_t kernel;
    int64_t launches, first_input;
} devices[DEVICES];

static uint64_t latest_ps;

static void use(int device)
{
    if (dav_set_device(device) != 0)
        exit(DAV_BAD_INPUT);
    check(dav_time_ps() >= latest_ps, 1, "time goes on when device %d is set", device);
    latest_ps = dav_time_ps();
}

/* Even devices know the kernel square as function 0, odd ones twice. */
static void set_up(int device)
{
    use(device);
    check(dav_kernel_addr(0) != 0, 0, "a kernel of device %d before it was registered", device);
    devices[device].kernel = device % 2 ? load_kernel(0, "twice") : load_kernel(0, "square");
    devices[device].runtime = device_new(sizeof(Runtime));
}

static int64_t result_of(int device, int64_t input)
{
    return device % 2 ? 2 * input : input * input;
}

/* The device is set. */
static void run(int device, int64_t input)
{
    Runtime runtime = {.input = input, .kernel = (int64_t)devices[device].kernel};
    int64_t seen = input;

    if (!SEES_COPIES && devices[device].launches)
        seen = devices[device].first_input;
    if (devices[device].launches++ == 0)
        devices[device].first_input = input;
    to_device(devices[device].runtime, &runtime, sizeof(runtime));
    launch(devices[device].runtime, sizeof(runtime), 1);
    from_device(&runtime, devices[device].runtime, sizeof(runtime));
    check(runtime.cpu.in, seen, "what the AICPU of device %d saw", device);
    check(runtime.cpu.launches, devices[device].launches, "launches of the AICPU of device %d", device);
    for (int i = 0; i < CORES; i++) {
        check(runtime.cells[i].out, result_of(device, seen), "result of core %d of device %d", i, device);
        check(runtime.cells[i].launches, devices[device].launches, "launches of core %d of device %d", i, device);
    }
}

static void interleave(void)
{
    static const int order[] = {0, 1, 1, 0, 1, 0, 0};

    set_up(0);
    set_up(1);
    check(devices[0].runtime != devices[1].runtime, 1, "memory of different devices is at different addresses");
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        use(order[i]);
        run(order[i], 10 + (int64_t)i);
    }
}

/* Each after the other, and back. */
static void all(void)
{
    for (int device = 0; device < DEVICES; device++) {
        set_up(device);
        run(device, 100 + device);
    }
    for (int device = DEVICES - 1; device >= 0; device--) {
        use(device);
        run(device, 200 + device);
    }
}

/* A pointer of device 1, while device 0 is set. */
static void give_foreign(const char *call)
{
    char bytes[64] = "";
    void *foreign;

    set_up(1);
    foreign = devices[1].runtime;
    set_up(0);
    if (strcmp(call, "to") == 0)
        to_device(foreign, bytes, sizeof(bytes));
    if (strcmp(call, "from") == 0)
        from_device(bytes, (char *)foreign + 8, sizeof(bytes));
    if (strcmp(call, "free") == 0)
        device_free(foreign);
    if (strcmp(call, "launch") == 0)
        launch(foreign, sizeof(Runtime), 1);
}

/* Device code of device 1 reads memory of device 0, or calls its kernel. Both go on well after that. */
static void reach(const char *who)
{
    Runtime runtime = {.input = 5};
    int status;

    set_up(0);
    run(0, 1);
    set_up(1);
    run(1, 2);
    runtime.kernel = (int64_t)devices[strcmp(who, "kernel") == 0 ? 0 : 1].kernel;
    if (strcmp(who, "aicpu") == 0)
        runtime.cpu_reads = (intptr_t)devices[0].runtime;
    if (strcmp(who, "aicore") == 0)
        runtime.core_reads = (intptr_t)devices[0].runtime;
    to_device(devices[1].runtime, &runtime, sizeof(runtime));
    status = launch_ends(devices[1].runtime, sizeof(runtime), 1, 1);
    check(status, DAV_FAULT, "the launch that reaches for another device's memory");
    devices[1].launches = 0; /* a launch that fails resets its device, and no other */
    run(1, 3);
    use(0);
    run(0, 4);
    exit(verdict() == 0 ? status : 1);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "", *argument = argc > 2 ? argv[2] : "";

    if (strcmp(what, "interleave") == 0)
        interleave();
    else if (strcmp(what, "all") == 0)
        all();
    else if (strcmp(what, "foreign") == 0)
        give_foreign(argument);
    else if (strcmp(what, "reach") == 0)
        reach(argument);
    else
        return 99;
    return verdict();
}
#endif
