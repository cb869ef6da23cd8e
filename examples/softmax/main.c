/* main.c - softmax along the rows of a matrix, on all AIVs, checked against plain C in doubles. */
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
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the barrier before the division out", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "Softmax along the rows of a matrix."};
    struct options options = {.rows = 1000, .columns = 300, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

static void reference(const struct matrix *x, size_t row, double *out)
{
    double most = -INFINITY, sum = 0;
    for (size_t j = 0; j < x->columns; j++)
        most = fmax(most, matrix_get(x, row * x->columns + j));
    for (size_t j = 0; j < x->columns; j++)
        sum += out[j] = exp(matrix_get(x, row * x->columns + j) - most);
    for (size_t j = 0; j < x->columns; j++)
        out[j] /= sum;
}

/* Errors are relative to 1 / columns, or to results that are greater. */
static int check(const struct matrix *x, const struct matrix *out)
{
    struct example_errors errors = {0};
    double *wanted = malloc(x->columns * sizeof *wanted), scale = (double)x->columns;
    if (!wanted)
        return 7;
    for (size_t row = 0; row < x->rows; row++) {
        reference(x, row, wanted);
        for (size_t j = 0; j < x->columns; j++)
            example_compare(&errors, row * x->columns + j, scale * matrix_get(out, row * x->columns + j),
                            scale * wanted[j], x->half ? 1e-3 : 1e-5);
    }
    free(wanted);
    return example_report(&errors, "softmax", matrix_count(x));
}

static int run(const struct options *options, const struct matrix *x, const struct matrix *out)
{
    const char *macros[3] = {0};
    int count = 0;
    if (options->type)
        macros[count++] = "HALF";
    if (options->sabotage)
        macros[count++] = "SABOTAGE";
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    uint64_t args[] = {(uintptr_t)x->data, (uintptr_t)out->data, x->rows, x->columns, options->type ? 2 : 4};
    int status = example_open(&example, "kernels/orchestration/softmax_orch.c");
    if (status == 0)
        status = example_kernel(&example, 0, "kernels/aiv/softmax.c", "aiv", macros);
    if (status == 0)
        status = example_launch(&example, "launch_softmax", args, 5, 1, options->block_dim);
    example_close(&example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    size_t rows = (size_t)options.rows, columns = (size_t)options.columns;
    struct matrix x = {0}, out = {0};
    int status = 7;
    if (matrix_make(&x, rows, columns, options.type, 8, 1) && matrix_make(&out, rows, columns, options.type, 1, 2))
        status = run(&options, &x, &out);
    else
        fprintf(stderr, "softmax: no memory for %ld x %ld elements\n", options.rows, options.columns);
    if (status == 0 && example_computes())
        status = check(&x, &out);
    if (status == 0)
        printf("softmax: %s: %ld x %ld %s\n", example_computes() ? "correct" : "not computed", options.rows,
               options.columns, options.type ? "f16" : "f32");
    matrix_free(&x);
    matrix_free(&out);
    return status;
}
