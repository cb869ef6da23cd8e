/* main.c - pipes KERNEL ROUNDS CORES: run one of the kernels beside this file on so many cores of its kind. */
#include "examples/common/example.h"

enum { RUNTIME_AIC, RUNTIME_AIV, MEMORY = 64 << 20 };

static const struct {
    const char *name, *source, *core_type;
    int type, cores_per_block;
} kernels[] = {
    {"vector", "kernels/vector.c", "aiv", RUNTIME_AIV, 2},
    {"cube", "kernels/cube.c", "aic", RUNTIME_AIC, 1},
    {"mte", "kernels/mte.c", "aiv", RUNTIME_AIV, 2},
};

static int run(int which, uint64_t rounds, uint64_t cores)
{
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    uint64_t args[] = {(uint64_t)kernels[which].type, rounds, cores, MEMORY};
    long per_block = kernels[which].cores_per_block, blocks = ((long)cores + per_block - 1) / per_block;
    int status = example_open(&example, "orchestration.c");

    if (status == 0)
        status = example_kernel(&example, 0, kernels[which].source, kernels[which].core_type, NULL);
    if (status == 0)
        status = example_launch(&example, "launch_pipes", args, 4, 1, blocks);
    example_close(&example);
    return status;
}

int main(int argc, char **argv)
{
    for (int i = 0; argc == 4 && i < 3; i++)
        if (strcmp(argv[1], kernels[i].name) == 0)
            return run(i, strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    fprintf(stderr, "usage: pipes vector|cube|mte ROUNDS CORES\n");
    return 2;
}
