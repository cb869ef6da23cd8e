/* main.c - c = a * b on the cubes of all AICs, halves in and floats out, checked against plain C to the last bit.
 *
 * The matrices hold multiples of 1/16 between -1 and 1, so each sum is a multiple of 1/256 less than k, which a float
 * holds exactly, in whatever order it was added up. Of large matrices some rows are checked.
 */
#include "examples/common/example.h"

enum { MOST = 32768, CHECKED_PRODUCTS = 1 << 30 };

struct options {
    long m, n, k, block_dim;
    bool sabotage;
};

struct matrices {
    _Float16 *a, *b;
    float *c;
};

enum { KEY_M = 256, KEY_N, KEY_K, KEY_BLOCK_DIM, KEY_SABOTAGE };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_M:
        options->m = example_number(state, "m", arg, 1, MOST);
        return 0;
    case KEY_N:
        options->n = example_number(state, "n", arg, 1, MOST);
        return 0;
    case KEY_K:
        options->k = example_number(state, "k", arg, 1, MOST);
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
        {"m", KEY_M, "M", 0, "Rows of a and c (512)", 0},
        {"n", KEY_N, "N", 0, "Columns of b and c (512)", 0},
        {"k", KEY_K, "K", 0, "Columns of a, rows of b (512)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the flag out that makes FIX wait for M", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "A product of matrices on the AICs."};
    struct options options = {.m = 512, .n = 512, .k = 512, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

static _Float16 *make_matrix(size_t count, uint32_t seed)
{
    _Float16 sixteenths[31];
    _Float16 *matrix = malloc(count * sizeof *matrix);
    for (int i = 0; i < 31; i++)
        sixteenths[i] = (_Float16)((float)(i - 15) / 16);
    for (size_t i = 0; matrix && i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        matrix[i] = sixteenths[(seed >> 16) % 31];
    }
    return matrix;
}

static bool make_matrices(const struct options *o, struct matrices *x)
{
    x->a = make_matrix((size_t)o->m * (size_t)o->k, 1);
    x->b = make_matrix((size_t)o->k * (size_t)o->n, 2);
    x->c = malloc((size_t)o->m * (size_t)o->n * sizeof *x->c);
    return x->a && x->b && x->c;
}

/* ---- reference ---- */

/* Row @i of the product; @b: the right matrix in floats. */
__attribute__((optimize("O3"))) static void reference_row(const struct options *o, const _Float16 *a, const float *b,
                                                          float *row)
{
    memset(row, 0, (size_t)o->n * sizeof *row);
    for (long k = 0; k < o->k; k++) {
        float factor = (float)a[k];
        const float *restrict b_row = b + k * o->n;
        for (long j = 0; j < o->n; j++)
            row[j] += factor * b_row[j];
    }
}

/* Rows @step apart, and the last. */
static int check_rows(const struct options *o, const struct matrices *x, const float *b, float *row, long step)
{
    struct example_errors errors = {0};
    size_t total = 0;
    for (long i = 0; i < o->m; i = example_next(i, o->m, step)) {
        reference_row(o, x->a + i * o->k, b, row);
        for (long j = 0; j < o->n; j++)
            example_compare(&errors, (size_t)(i * o->n + j), x->c[i * o->n + j], row[j], 0);
        total += (size_t)o->n;
    }
    return example_report(&errors, "gemm", total);
}

static int check(const struct options *o, const struct matrices *x)
{
    size_t count = (size_t)o->k * (size_t)o->n;
    float *b = malloc(count * sizeof *b), *row = malloc((size_t)o->n * sizeof *row);
    int status = 7;
    if (b && row) {
        for (size_t i = 0; i < count; i++)
            b[i] = (float)x->b[i];
        status = check_rows(o, x, b, row, example_step(o->m, CHECKED_PRODUCTS / (long)count));
    }
    free(b);
    free(row);
    return status;
}

static int run(struct example *example, const struct options *options, const struct matrices *x)
{
    const char *sabotage[] = {"SABOTAGE", NULL};
    uint64_t args[] = {(uintptr_t)x->a,      (uintptr_t)x->b,      (uintptr_t)x->c,
                       (uint64_t)options->m, (uint64_t)options->n, (uint64_t)options->k};
    int status = example_open(example, "kernels/orchestration/gemm_orch.c");
    if (status == 0)
        status = example_kernel(example, 0, "kernels/aic/gemm.c", "aic", options->sabotage ? sabotage : NULL);
    if (status == 0)
        status = example_launch(example, "launch_gemm", args, 6, 1, options->block_dim);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    struct matrices x = {0};
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = 7;
    if (make_matrices(&options, &x))
        status = run(&example, &options, &x);
    else
        fprintf(stderr, "gemm: no memory for matrices of %ld x %ld x %ld\n", options.m, options.n, options.k);
    if (status == 0 && example_computes(&example))
        status = check(&options, &x);
    if (status == 0)
        printf("gemm: %s: %ld x %ld x %ld\n", example_computes(&example) ? "correct" : "not computed", options.m,
               options.n, options.k);
    free(x.a);
    free(x.b);
    free(x.c);
    return status;
}
