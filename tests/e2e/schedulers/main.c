/* main.c - `program RUNTIME CASE...`: let the runtime build each of the graphs of orch.c, and say which it takes; what
 * it takes is run. Each is built after the one before was refused: nothing of that may be left.
 */
#include "examples/common/example.h"

static int run_case(const struct example *example, uint64_t number)
{
    int status = example_launch(example, "build_case", &number, 1, 2, 1);
    printf("case %lu: %s\n", (unsigned long)number, status == 0 ? "taken" : "refused");
    fflush(stdout);
    return status == 0 || status == 2 ? 0 : status;
}

int main(int argc, char **argv)
{
    struct example example = {.main_c = __FILE__, .runtime = argc > 1 ? argv[1] : ""};
    int status = example_open(&example, "orch.c");
    if (status == 0)
        status = example_kernel(&example, 0, "nothing.c", "aiv", NULL);
    for (int i = 2; status == 0 && i < argc; i++)
        status = run_case(&example, strtoul(argv[i], NULL, 10));
    example_close(&example);
    return status;
}
