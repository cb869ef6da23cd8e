/* main.c - layer normalisation along the rows of a matrix, on all AIVs, checked against plain C in doubles. */
#include "examples/common/matrix.h"

struct options {
    int type; /* 0: f32, 1: f16 */
    long rows, columns, block_dim;
    bool sabotage;
};

enum { KEY_TYPE = 256, KEY_ROWS, KEY_COLUMNS, KEY_BLOCK_DIM, KEY_SABOTAGE };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_TYPE:
        options->type = example_choice(state, "type", arg, "f32|f16");
        return 0;
    case KEY_ROWS:
        options->rows = example_number(state, "rows", arg, 1, 1 << 20);
        return 0;
    case KEY_COLUMNS:
        options->columns = example_number(state, "columns", arg, 1, 2032);
        return 0;
    case KEY_BLOCK_DIM:
        options->block_dim = example_number(state, "block-dim", arg, 1, 1000);
        return 0;
    case KEY_SABOTAGE:
        options->sabotage = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static struct options parse_options(int argc, char **argv)
{
    static const struct argp_option table[] = {
        {"type", KEY_TYPE, "TYPE", 0, "f32 or f16 (f32)", 0},
        {"rows", KEY_ROWS, "N", 0, "Rows (1000)", 0},
        {"columns", KEY_COLUMNS, "N", 0, "Columns, up to 2032 (300)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the flag out that makes MTE3 wait for V", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "Layer normalisation along the rows of a matrix."};
    struct options options = {.rows = 1000, .columns = 300, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

struct tensors {
    struct matrix x, gamma, beta, out;
};

static void reference(const struct tensors *t, size_t row, double *out)
{
    size_t columns = t->x.columns;
    double mean = 0, variance = 0;
    for (size_t j = 0; j < columns; j++)
        mean += matrix_get(&t->x, row * columns + j) / (double)columns;
    for (size_t j = 0; j < columns; j++) {
        out[j] = matrix_get(&t->x, row * columns + j) - mean;
        variance += out[j] * out[j] / (double)columns;
    }
    for (size_t j = 0; j < columns; j++)
        out[j] = out[j] / sqrt(variance + 1e-5) * matrix_get(&t->gamma, j) + matrix_get(&t->beta, j);
}

static int check(const struct tensors *t)
{
    struct example_errors errors = {0};
    size_t columns = t->x.columns;
    double *wanted = malloc(columns * sizeof *wanted);
    if (!wanted)
        return 7;
    for (size_t row = 0; row < t->x.rows; row++) {
        reference(t, row, wanted);
        for (size_t j = 0; j < columns; j++)
            example_compare(&errors, row * columns + j, matrix_get(&t->out, row * columns + j), wanted[j],
                            t->x.half ? 1e-3 : 1e-5);
    }
    free(wanted);
    return example_report(&errors, "layer_norm", matrix_count(&t->x));
}

static int run(const struct options *options, const struct tensors *t)
{
    const char *macros[3] = {0};
    int count = 0;
    if (options->type)
        macros[count++] = "HALF";
    if (options->sabotage)
        macros[count++] = "SABOTAGE_STORE";
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    uint64_t args[] = {
        (uintptr_t)t->x.data, (uintptr_t)t->gamma.data, (uintptr_t)t->beta.data, (uintptr_t)t->out.data, t->x.rows,
        t->x.columns,         options->type ? 2 : 4};
    int status = example_open(&example, "kernels/orchestration/layer_norm_orch.c");
    if (status == 0)
        status = example_kernel(&example, 0, "kernels/aiv/layer_norm.c", "aiv", macros);
    if (status == 0)
        status = example_launch(&example, "launch_layer_norm", args, 7, 1, options->block_dim);
    example_close(&example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    size_t rows = (size_t)options.rows, columns = (size_t)options.columns;
    struct tensors t = {0};
    int status = 7;
    if (matrix_make(&t.x, rows, columns, options.type, 8, 1) && matrix_make(&t.gamma, 1, columns, false, 2, 2) &&
        matrix_make(&t.beta, 1, columns, false, 1, 3) && matrix_make(&t.out, rows, columns, options.type, 1, 4))
        status = run(&options, &t);
    else
        fprintf(stderr, "layer_norm: no memory for %ld x %ld elements\n", options.rows, options.columns);
    if (status == 0 && example_computes())
        status = check(&t);
    if (status == 0)
        printf("layer_norm: %s: %ld x %ld %s\n", example_computes() ? "correct" : "not computed", options.rows,
               options.columns, options.type ? "f16" : "f32");
    matrix_free(&t.x);
    matrix_free(&t.gamma);
    matrix_free(&t.beta);
    matrix_free(&t.out);
    return status;
}
