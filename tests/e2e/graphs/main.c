/* main.c - one runtime, graphs of several shapes: each task's result must be what its predecessors' results make it.
 *
 *     main RUNTIME                                            a list of launches, one after the other in this process
 *     main RUNTIME SHAPE COUNT THREADS BLOCKS [RUNS]          one of them, its graph run so often
 *     main RUNTIME refused                                    what cannot run, each time followed by what can
 *
 * Shapes: chain, fan, random, stream, staged (a stream with its stages said); with a '-' before it, the tasks are
 * numbered from behind.
 */
#include "examples/common/example.h"
#include "shapes.h"

enum { SEEDS = 16 /* a launch may run its graph so often */ };

static uint64_t seed;
static int launches;

static int make_graph(struct graph *graph, const char *shape, int count)
{
    uint32_t random = (uint32_t)count;
    bool turned = shape[0] == '-';
    shape += turned;
    if (strcmp(shape, "chain") == 0)
        make_chain(graph, count, &random);
    else if (strcmp(shape, "fan") == 0)
        make_fan(graph, count, &random);
    else if (strcmp(shape, "random") == 0)
        make_random(graph, count, &random);
    else if (strcmp(shape, "stream") == 0 || strcmp(shape, "staged") == 0)
        make_stream(graph, count, &random, strcmp(shape, "staged") == 0);
    else
        return -1;
    if (turned)
        turn_round(graph);
    return 0;
}

/* As example_launch, but the graph runs @runs times. */
static int run_graph(const struct example *example, uint64_t *args, long threads, long blocks, int runs)
{
    const struct pto_host *host = example->host;
    const struct pto_runtime_binaries *parts = &example->binaries;
    int status = host->init_runtime(example->memory, example->orchestration.data, example->orchestration.size,
                                    "build_graph", args, 6);
    if (status != 0)
        return status;
    for (int i = 0; status == 0 && i < runs; i++)
        status = host->launch_runtime(example->memory, (int)threads, (int)blocks, 0, parts->aicpu.data,
                                      parts->aicpu.size, parts->aicore.data, parts->aicore.size);
    int finalized = host->finalize_runtime(example->memory);
    return status != 0 ? status : finalized;
}

/* Run a graph and look at each result. */
static int launch(const struct example *example, const char *shape, int count, long threads, long blocks, int runs)
{
    struct graph graph = {0};
    if (count < 1 || runs < 1 || runs > SEEDS || make_graph(&graph, shape, count) != 0) {
        fprintf(stderr, "graphs: no shape %s of %d, %d times\n", shape, count, runs);
        return 2;
    }
    seed += SEEDS;
    launches += runs;
    compute(&graph, seed + (uint64_t)runs - 1, shape[0] == '-');
    size_t words = (size_t)graph.count * GRAPH_WORDS;
    uint64_t *results = must(calloc(words, sizeof *results));
    uint64_t args[] = {(uintptr_t)graph.nodes, (uint64_t)graph.count, (uintptr_t)graph.list,
                       (uint64_t)graph.edges,  (uintptr_t)results,    seed};
    int status = run_graph(example, args, threads, blocks, runs);
    int wrong = 0, first = 0;
    for (int i = 0; status == 0 && i < graph.count; i++) {
        const uint64_t *result = &results[i * GRAPH_WORDS];
        if ((result[0] != graph.wanted[i] || result[1] != (uint64_t)runs) && wrong++ == 0)
            first = i;
    }
    if (wrong > 0) {
        printf("graphs: WRONG: %s %d, %ld threads, %ld blocks: %d of %d results, the first of task %d\n", shape, count,
               threads, blocks, wrong, graph.count, first);
        status = 1;
    }
    free(results);
    graph_free(&graph);
    return status;
}

static int run_list(const struct example *example)
{
    static const struct {
        const char *shape;
        int count;
        long threads, blocks;
        int runs;
    } list[] = {
        {"chain", 60, 1, 24, 1},   {"fan", 64, 3, 24, 2},    {"random", 300, 3, 24, 3}, {"random", 300, 3, 24, 1},
        {"stream", 60, 2, 24, 1},  {"staged", 60, 2, 24, 2}, {"random", 200, 1, 1, 2},  {"stream", 20, 3, 2, 1},
        {"-random", 150, 2, 5, 1}, {"-chain", 20, 3, 3, 1},  {"fan", 700, 2, 7, 1},     {"staged", 30, 1, 1, 2},
        {"-stream", 30, 3, 24, 1}, {"chain", 1, 3, 24, 1},   {"random", 100, 3, 1, 1},
    };
    uint64_t none = 0;
    int status = example_launch(example, "build_nothing", &none, 1, 3, 24);
    for (size_t i = 0; status == 0 && i < sizeof list / sizeof list[0]; i++)
        status = launch(example, list[i].shape, list[i].count, list[i].threads, list[i].blocks, list[i].runs);
    return status;
}

/* Each function must fail with the status for bad input; what follows works. */
static int run_refused(const struct example *example)
{
    static const char *const functions[] = {"build_cycle", "build_unknown_kernel", "build_bad_edge",
                                            "build_too_many_args", "build_backwards"};
    /* Only the pipeline has stages, which a graph may run through backwards. */
    const size_t count = strcmp(example->runtime, "pipeline") == 0 ? 5 : 4;
    uint64_t none[64] = {0};
    int status = 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        int got = example_launch(example, functions[i], none, 1, 2, 2);
        if (got != 2)
            printf("graphs: WRONG: %s: status %d\n", functions[i], got);
        status = got == 2 ? launch(example, "random", 40, 2, 2, 1) : 1;
    }
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s RUNTIME [refused | SHAPE COUNT THREADS BLOCKS [RUNS]]\n", argv[0]);
        return 2;
    }
    struct example example = {.main_c = __FILE__, .runtime = argv[1]};
    int status = example_open(&example, "orch.c");
    if (status == 0)
        status = example_kernel(&example, 0, "kernel.c", "aic", NULL);
    if (status == 0)
        status = example_kernel(&example, 1, "kernel.c", "aiv", NULL);
    if (status == 0 && argc == 2)
        status = run_list(&example);
    else if (status == 0 && argc == 3)
        status = run_refused(&example);
    else if (status == 0)
        status = argc < 6 ? 2
                          : launch(&example, argv[2], atoi(argv[3]), atol(argv[4]), atol(argv[5]),
                                   argc > 6 ? atoi(argv[6]) : 1);
    if (status == 0)
        printf("graphs: correct: %d launches on %s\n", launches, argv[1]);
    example_close(&example);
    return status;
}
