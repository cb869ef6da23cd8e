/* main.c - f = (a + b + 1)(a + b + 2) on the chip, checked against plain C.
 *
 * The steps are those of any host program: build the runtime, compile the orchestration and the kernels, register the
 * kernels; then, as often as wanted, build the graph, launch it and take the result.
 */
#include "tools/pto.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VECTOR_FLOATS = 16384, /* split into the tiles, unless their size is given */
    LINE_FLOATS = 16,      /* of a 64 B cache line */
    MAX_TILES = 65536,     /* four tasks each: the runtime's 262,144 */
    MAX_TILE_FLOATS = 1 << 24,
    MAX_FLOATS = 1 << 28, /* 1 GiB an array, six arrays */
};

struct options {
    long tiles, floats, block_dim, aicpu, launches;
};

/* The binaries that every launch needs. */
struct program {
    struct pto_runtime_binaries runtime;
    struct pto_blob orchestration;
    struct pto_host *host;
};

/* The host's arrays: tiles of @floats values, @stride apart. */
struct vectors {
    long tiles, floats, stride;
    float *a, *b, *f;
};

static const struct kernel {
    int func_id;
    const char *source;
} kernels[] = {
    {0, "kernels/aiv/kernel_add.c"},
    {1, "kernels/aiv/kernel_add_scalar.c"},
    {2, "kernels/aiv/kernel_mul.c"},
};

/* ---- options ---- */

enum { KEY_TILES = 256, KEY_FLOATS, KEY_BLOCK_DIM, KEY_AICPU, KEY_LAUNCHES };

static long parse_count(struct argp_state *state, const char *name, const char *text, long most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < 1 || value > most)
        argp_error(state, "--%s is '%s'; allowed is a number from 1 to %ld", name, text, most);
    return value;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_TILES:
        options->tiles = parse_count(state, "tiles", arg, MAX_TILES);
        return 0;
    case KEY_FLOATS:
        options->floats = parse_count(state, "floats", arg, MAX_TILE_FLOATS);
        return 0;
    case KEY_BLOCK_DIM:
        options->block_dim = parse_count(state, "block-dim", arg, 1000);
        return 0;
    case KEY_AICPU:
        options->aicpu = parse_count(state, "aicpu", arg, 1000);
        return 0;
    case KEY_LAUNCHES:
        options->launches = parse_count(state, "launches", arg, 1000000);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument '%s'", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static struct options parse_options(int argc, char **argv)
{
    static const struct argp_option table[] = {
        {"tiles", KEY_TILES, "N", 0, "Split the vector into N tiles of four tasks each (1)", 0},
        {"floats", KEY_FLOATS, "M", 0, "Floats of a tile (16384 / N, at least 16)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters of AICores to use (24)", 0},
        {"aicpu", KEY_AICPU, "N", 0, "AICPU threads that schedule (3)", 0},
        {"launches", KEY_LAUNCHES, "N", 0, "Build, launch and check N times in this process (1)", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table,
        .parser = parse_option,
        .doc = "Compute f = (a + b + 1)(a + b + 2) on the chip as a graph of tasks, and check it.",
    };
    struct options options = {.tiles = 1, .floats = 0, .block_dim = 24, .aicpu = 3, .launches = 1};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

/* ---- the program on the device ---- */

/* The absolute name of a file beside this one, in a buffer that the next call reuses. */
static const char *example_file(const char *name)
{
    static char path[4096];
    const char *dir = getenv("PTO_EXAMPLE_DIR");
    const char *slash = strrchr(__FILE__, '/');
    if (dir && *dir)
        snprintf(path, sizeof path, "%s/%s", dir, name);
    else if (slash)
        snprintf(path, sizeof path, "%.*s/%s", (int)(slash - __FILE__), __FILE__, name);
    else
        snprintf(path, sizeof path, "%s", name);
    return path;
}

static int register_kernel_file(const struct pto_host *host, const struct kernel *kernel)
{
    struct pto_blob elf = {0}, text = {0};
    int status = pto_compile_incore(example_file(kernel->source), "aiv", &elf);
    if (status == 0)
        status = pto_extract_text(&elf, &text);
    if (status == 0)
        status = host->register_kernel(kernel->func_id, text.data, text.size);
    pto_blob_free(&elf);
    pto_blob_free(&text);
    return status;
}

static int build_program(struct program *program)
{
    int status = pto_build_runtime("host_build_graph", &program->runtime);
    if (status != 0)
        return status;
    program->host = pto_load_host(&program->runtime.host);
    if (!program->host)
        return 2;
    status = program->host->set_device(0);
    if (status == 0)
        status = pto_compile_orchestration(example_file("kernels/orchestration/vector_graph_orch.c"),
                                           "host_build_graph", &program->orchestration);
    for (size_t i = 0; status == 0 && i < sizeof kernels / sizeof kernels[0]; i++)
        status = register_kernel_file(program->host, &kernels[i]);
    return status;
}

static void free_program(struct program *program)
{
    pto_blob_free(&program->runtime.host);
    pto_blob_free(&program->runtime.aicpu);
    pto_blob_free(&program->runtime.aicore);
    pto_blob_free(&program->orchestration);
}

/* Build the graph, run it, take the result. */
static int launch(const struct program *program, const struct options *options, const struct vectors *v, void *runtime)
{
    const struct pto_host *host = program->host;
    uint64_t args[] = {(uintptr_t)v->a,    (uintptr_t)v->b,     (uintptr_t)v->f,
                       (uint64_t)v->tiles, (uint64_t)v->floats, (uint64_t)v->stride};
    int status = host->init_runtime(runtime, program->orchestration.data, program->orchestration.size,
                                    "build_vector_graph", args, sizeof args / sizeof args[0]);
    if (status != 0)
        return status;
    status =
        host->launch_runtime(runtime, (int)options->aicpu, (int)options->block_dim, 0, program->runtime.aicpu.data,
                             program->runtime.aicpu.size, program->runtime.aicore.data, program->runtime.aicore.size);
    int finalized = host->finalize_runtime(runtime);
    return status != 0 ? status : finalized;
}

/* ---- the numbers ---- */

static int make_vectors(const struct options *options, struct vectors *v)
{
    v->tiles = options->tiles;
    v->floats = options->floats;
    if (v->floats == 0) {
        v->floats = VECTOR_FLOATS / v->tiles / LINE_FLOATS * LINE_FLOATS;
        if (v->floats < LINE_FLOATS)
            v->floats = LINE_FLOATS;
    }
    v->stride = (v->floats + LINE_FLOATS - 1) / LINE_FLOATS * LINE_FLOATS;
    if (v->stride > MAX_FLOATS / v->tiles) {
        fprintf(stderr, "vector_graph: %ld tiles of %ld floats are more than the %d floats allowed\n", v->tiles,
                v->floats, MAX_FLOATS);
        return 2;
    }
    size_t count = (size_t)(v->tiles * v->stride);
    v->a = calloc(count, sizeof(float));
    v->b = calloc(count, sizeof(float));
    v->f = calloc(count, sizeof(float));
    if (v->a && v->b && v->f)
        return 0;
    fprintf(stderr, "vector_graph: no memory for 3 x %zu floats\n", count);
    return 7;
}

/* Values that differ from launch to launch: a result left over from the one before is a wrong one. */
static void fill_vectors(const struct vectors *v, long round)
{
    for (long i = 0; i < v->tiles * v->stride; i++) {
        v->a[i] = (float)(i % 1021) * 0.25f + (float)round;
        v->b[i] = (float)(i % 509) * 0.5f - 100.0f;
        v->f[i] = -1.0f;
    }
}

/* 0 when every float is what plain C makes of it; else 1, after a line on the first that is not. */
static int check_vectors(const struct vectors *v, long round)
{
    long wrong = 0, first = 0;
    float first_wanted = 0;
    for (long tile = 0; tile < v->tiles; tile++) {
        for (long i = tile * v->stride; i < tile * v->stride + v->floats; i++) {
            float sum = v->a[i] + v->b[i];
            float left = sum + 1.0f, right = sum + 2.0f;
            float wanted = left * right;
            if (v->f[i] == wanted)
                continue;
            if (wrong++ == 0) {
                first = i;
                first_wanted = wanted;
            }
        }
    }
    if (wrong == 0)
        return 0;
    printf("vector_graph: WRONG in launch %ld: f[%ld] is %.9g, not %.9g; %ld of %ld floats are wrong\n", round + 1,
           first, v->f[first], first_wanted, wrong, v->tiles * v->floats);
    return 1;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    struct vectors vectors = {0};
    struct program program = {0};
    void *runtime = NULL;
    int status = make_vectors(&options, &vectors);
    if (status == 0)
        status = build_program(&program);
    if (status == 0) {
        runtime = calloc(1, program.host->get_runtime_size());
        status = runtime ? 0 : 7;
    }
    for (long round = 0; status == 0 && round < options.launches; round++) {
        fill_vectors(&vectors, round);
        status = launch(&program, &options, &vectors, runtime);
        if (status == 0)
            status = check_vectors(&vectors, round);
    }
    if (status == 0)
        printf("vector_graph: correct: %ld floats in %ld tasks, %ld launch%s\n", vectors.tiles * vectors.floats,
               4 * vectors.tiles, options.launches, options.launches == 1 ? "" : "es");
    free(runtime);
    free_program(&program);
    free(vectors.a);
    free(vectors.b);
    free(vectors.f);
    return status;
}
