/* main.c - adds two arrays with the vector pipe of some cores: `main CORES TILES [ROUNDS [CASE]]`, tiles of 4096 floats
 * a core. Results are checked if there are any. */
#include "examples/common/example.h"

enum { TILE_FLOATS = 64 * 64 };

static int run(struct example *example, uint64_t *args)
{
    int status = example_open(example, "orchestration.c");

    if (status == 0)
        status = example_kernel(example, 0, "kernel.c", "aiv", NULL);
    if (status == 0)
        status = example_launch(example, "build_tiles", args, 7, 1, 1 + (long)(args[3] - 1) / 2);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    uint64_t cores = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, tiles = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t rounds = argc > 3 ? strtoull(argv[3], NULL, 10) : 1, which = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    size_t count = cores * tiles * TILE_FLOATS, wrong = 0;
    float *x = malloc(count * 4), *y = malloc(count * 4), *out = calloc(count, 4);
    uint64_t args[] = {(uintptr_t)x, (uintptr_t)y, (uintptr_t)out, cores, tiles, rounds, which};
    struct example example = {.main_c = __FILE__, .runtime = "host_build_graph"};
    int status;

    if (!x || !y || !out)
        return 7;
    for (size_t i = 0; i < count; i++) {
        x[i] = (float)(i % 1021) * 0.25f;
        y[i] = (float)(i % 509) * 0.5f - 100.0f;
    }
    status = run(&example, args);
    if (status != 0)
        return status;
    for (size_t i = 0; i < count; i++)
        wrong += out[i] != x[i] + y[i];
    if (!example_computes(&example))
        printf("pipes: not checked\n");
    else
        printf("pipes: %zu of %zu wrong\n", wrong, count);
    return example_computes(&example) && wrong;
}
