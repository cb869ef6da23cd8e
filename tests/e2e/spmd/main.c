/* main.c - the runtime spmd: who executes what, launch after launch, with one AICPU thread and with several. */
#include "examples/common/example.h"

enum { CORES = 72, WORDS = 8 };

static uint64_t lines[CORES][WORDS];

/* Which lines must have been written: @aic and @aiv say whether cores of that kind have a kernel. */
static int check(uint64_t blocks, bool aic, bool aiv, uint64_t number)
{
    for (uint64_t core = 0; core < CORES; core++) {
        bool is_aiv = core >= blocks, runs = core < 3 * blocks && (is_aiv ? aiv : aic);
        uint64_t block = is_aiv ? (core - blocks) / 2 : core, half = is_aiv ? (core - blocks) % 2 : 0;
        const uint64_t *line = lines[core];
        bool right = runs ? line[0] == block && line[1] == half && line[2] == blocks && line[3] == number
                          : line[0] == ~UINT64_C(0) && line[3] == ~UINT64_C(0);
        if (!right) {
            printf("spmd: WRONG: %lu blocks: core %lu wrote %ld, %ld, %ld, %ld\n", (unsigned long)blocks,
                   (unsigned long)core, (long)line[0], (long)line[1], (long)line[2], (long)line[3]);
            return 1;
        }
    }
    return 0;
}

static int launch(const struct example *example, long blocks, long threads, int aic, int aiv, uint64_t number)
{
    uint64_t args[] = {(uintptr_t)lines, sizeof lines, number, (uint64_t)aic, (uint64_t)aiv};
    memset(lines, 0xff, sizeof lines);
    int status = example_launch(example, "launch_place", args, 5, threads, blocks);
    return status ? status : check((uint64_t)blocks, aic >= 0, aiv >= 0, number);
}

int main(void)
{
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = example_open(&example, "orch.c");
    if (status == 0)
        status = example_kernel(&example, 0, "place.c", "aic", NULL);
    if (status == 0)
        status = example_kernel(&example, 1, "place.c", "aiv", NULL);
    for (uint64_t number = 1; status == 0 && number <= 12; number++)
        status = launch(&example, (long)(number * 7 % 24 + 1), (long)(number % 3 + 1), number % 4 == 1 ? -1 : 0,
                        number % 4 == 2 ? -1 : 1, number);
    if (status == 0)
        status = launch(&example, 24, 6, 0, 1, 100);

    /* What is refused, in one line each; then it goes on. */
    uint64_t none[25] = {0};
    if (status == 0 && (launch(&example, 2, 1, 0, 7, 1) != 2 || launch(&example, 2, 1, -1, -1, 1) != 2 ||
                        example_launch(&example, "launch_too_many_args", none, 1, 1, 1) != 2))
        status = 1;
    if (status == 0)
        status = launch(&example, 3, 2, 0, 1, 5);
    if (status == 0)
        printf("spmd: correct\n");
    example_close(&example);
    return status;
}
