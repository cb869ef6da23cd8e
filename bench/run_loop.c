/* run_loop.c - time one loop: run_loop chip|native LOOP ROUNDS LAUNCHES [CORES]
 *
 * Prints the host's nanoseconds of each launch (native: of each call), a line each. A launch of 0 rounds, timed too,
 * tells what to take off; the caller does. The files of the device are in $BENCH_DIR.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/loops.h"
#include "model/davsim.h"
#include "tools/pto.h"

void kernel_loops(int64_t *args);

static const struct {
    const char *name;
    size_t bytes;
} loops[] = {
#define ROW(name, bytes) {#name, bytes},
    LOOPS(ROW)
#undef ROW
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "run_loop: %s\n", what);
    exit(2);
}

static struct pto_blob read_file(const char *name)
{
    struct pto_blob blob = {NULL, 0};
    char path[4096];
    FILE *file;
    long size;

    snprintf(path, sizeof(path), "%s/%s", getenv("BENCH_DIR") ? getenv("BENCH_DIR") : ".", name);
    file = fopen(path, "rbe");
    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0)
        die(path);
    rewind(file);
    blob = (struct pto_blob){malloc((size_t)size), (size_t)size};
    if (!blob.data || fread(blob.data, 1, blob.size, file) != blob.size)
        die(path);
    fclose(file);
    return blob;
}

static long long now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void time_native(int loop, long rounds, long calls)
{
    int64_t args[8] = {[ARG_LOOP] = loop, [ARG_ROUNDS] = rounds};
    void *memory = aligned_alloc(4096, (loops[loop].bytes + 4095) & ~4095ul);

    if (!memory)
        die("no memory");
    memset(memory, 0, loops[loop].bytes);
    args[ARG_MEMORY] = (intptr_t)memory;
    for (long i = 0; i < calls; i++) {
        long long from = now_ns();

        kernel_loops(args);
        printf("%lld\n", now_ns() - from);
    }
    free(memory);
}

static uint64_t load_kernel(void)
{
    struct pto_blob elf = read_file("loops.o"), text;

    if (pto_extract_text(&elf, &text) != 0 || dav_register_kernel(0, text.data, text.size) != 0)
        exit(2);
    pto_blob_free(&elf);
    pto_blob_free(&text);
    return dav_kernel_addr(0);
}

/* Zeroed memory of the device. */
static void *make_memory(size_t bytes)
{
    void *zeros = calloc(1, bytes), *memory = dav_malloc(bytes);

    if (!zeros || !memory || dav_copy_to_device(memory, zeros, bytes) != 0)
        exit(2);
    free(zeros);
    return memory;
}

static void time_chip(int loop, long rounds, long launches, long cores)
{
    struct pto_blob aicpu = read_file("scheduler.so"), aicore = read_file("worker.so");
    struct order order = {.kernel = load_kernel(), .workers = cores};
    int per_block = dav_cores_per_block();
    struct dav_launch launch = {.runtime = dav_malloc(sizeof(order)),
                                .runtime_size = sizeof(order),
                                .aicpu_threads = 1,
                                .block_dim = (int)(cores + per_block - 1) / per_block,
                                .aicpu_binary = aicpu.data,
                                .aicpu_size = aicpu.size,
                                .aicore_binary = aicore.data,
                                .aicore_size = aicore.size};

    for (long i = 0; i < cores; i++) {
        order.args[i][ARG_LOOP] = loop;
        order.args[i][ARG_ROUNDS] = rounds;
        order.args[i][ARG_MEMORY] = (intptr_t)make_memory(loops[loop].bytes);
    }
    if (!launch.runtime || dav_copy_to_device(launch.runtime, &order, sizeof(order)) != 0)
        exit(2);
    for (long i = 0; i < launches; i++) {
        long long from = now_ns();

        if (dav_launch(&launch) != 0)
            exit(2);
        printf("%lld\n", now_ns() - from);
    }
}

int main(int argc, char **argv)
{
    int loop = 0;

    if (argc < 5)
        die("usage: run_loop chip|native LOOP ROUNDS LAUNCHES [CORES]");
    while (loop < LOOP_COUNT && strcmp(loops[loop].name, argv[2]) != 0)
        loop++;
    if (loop == LOOP_COUNT)
        die("no such loop");
    if (strcmp(argv[1], "native") == 0)
        time_native(loop, atol(argv[3]), atol(argv[4]));
    else
        time_chip(loop, atol(argv[3]), atol(argv[4]), argc > 5 ? atol(argv[5]) : 1);
    return 0;
}
