/* main.c - adds two arrays with the vector pipe of some cores: `main CORES TILES [ROUNDS [CASE]]`, tiles of 4096 floats
 * a core. Results are checked if there are any. */
#include "tools/pto.h"

#include <stdio.h>
#include <stdlib.h>

enum { TILE_FLOATS = 64 * 64 };

static const char *in_folder(const char *name)
{
    static char path[4096];
    const char *folder = getenv("PIPES_FOLDER");

    snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", name);
    return path;
}

static void need(int status)
{
    if (status != 0)
        exit(status);
}

int main(int argc, char **argv)
{
    uint64_t cores = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, tiles = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t rounds = argc > 3 ? strtoull(argv[3], NULL, 10) : 1, which = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    size_t count = cores * tiles * TILE_FLOATS, wrong = 0;
    float *x = malloc(count * 4), *y = malloc(count * 4), *out = calloc(count, 4);
    uint64_t args[] = {(uintptr_t)x, (uintptr_t)y, (uintptr_t)out, cores, tiles, rounds, which};
    struct pto_runtime_binaries binaries;
    struct pto_blob orchestration, elf, text;
    struct pto_host *host;
    void *runtime;

    need(pto_build_runtime("host_build_graph", &binaries));
    need(pto_compile_orchestration(in_folder("orchestration.c"), "host_build_graph", &orchestration));
    need(pto_compile_incore(in_folder("kernel.c"), "aiv", &elf));
    need(pto_extract_text(&elf, &text));
    host = pto_load_host(&binaries.host);
    if (!host || !x || !y || !out)
        return 7;
    need(host->register_kernel(0, text.data, text.size));
    for (size_t i = 0; i < count; i++) {
        x[i] = (float)(i % 1021) * 0.25f;
        y[i] = (float)(i % 509) * 0.5f - 100.0f;
    }
    runtime = calloc(1, host->get_runtime_size());
    need(host->init_runtime(runtime, orchestration.data, orchestration.size, "build_tiles", args, 7));
    need(host->launch_runtime(runtime, 1, 1 + (int)(cores - 1) / 2, 0, binaries.aicpu.data, binaries.aicpu.size,
                              binaries.aicore.data, binaries.aicore.size));
    need(host->finalize_runtime(runtime));
    for (size_t i = 0; i < count; i++)
        wrong += out[i] != x[i] + y[i];
    if (!host->device_computes())
        printf("pipes: not checked\n");
    else
        printf("pipes: %zu of %zu wrong\n", wrong, count);
    return host->device_computes() && wrong;
}
