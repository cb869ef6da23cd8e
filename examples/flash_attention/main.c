/* main.c - attention, out = softmax(q k' / sqrt(dim)) v for each head, in AICs and AIVs together; halves in and floats
 * out, checked against plain C. Of long sequences some rows are checked.
 *
 * Scores spread so far (queries up to 8) that few keys make up most of a result, and a wrong weight shows.
 */
#include "examples/common/example.h"
#include "kernels/sizes.h"

/* A weight is rounded to half, which is off by up to 2^-11 of it. Weights are divided by their sum and values are less
 * than 1, so a result is off by as much if all are rounded the same way; half of it has been seen. What floats lose in
 * scores, exponentials and sums is far less. */
#define TOLERANCE 0x1p-11

enum { MOST_HEADS = 1024, MOST_LONG = 32768, CHECKED_PRODUCTS = 1 << 28 };

struct options {
    long heads, queries, keys, dim, block_dim;
    bool sabotage;
};

struct tensors {
    _Float16 *q, *k, *v;
    float *out;
};

enum { KEY_HEADS = 256, KEY_QUERIES, KEY_KEYS, KEY_DIM, KEY_BLOCK_DIM, KEY_SABOTAGE };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_HEADS:
        options->heads = example_number(state, "heads", arg, 1, MOST_HEADS);
        return 0;
    case KEY_QUERIES:
        options->queries = example_number(state, "queries", arg, 1, MOST_LONG);
        return 0;
    case KEY_KEYS:
        options->keys = example_number(state, "keys", arg, 1, MOST_LONG);
        return 0;
    case KEY_DIM:
        options->dim = example_number(state, "dim", arg, 1, DIM);
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
        {"heads", KEY_HEADS, "N", 0, "Heads (8)", 0},
        {"queries", KEY_QUERIES, "N", 0, "Queries of a head (256)", 0},
        {"keys", KEY_KEYS, "N", 0, "Keys and values of a head (512)", 0},
        {"dim", KEY_DIM, "N", 0, "Elements of a query, key or value, up to 128 (64)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the flag out that makes MTE3 wait for the weights", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "Flash attention on AICs and AIVs together."};
    struct options options = {.heads = 8, .queries = 256, .keys = 512, .dim = 64, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

static _Float16 *make_halves(size_t count, uint32_t seed, float most)
{
    _Float16 *halves = malloc(count * sizeof *halves);
    for (size_t i = 0; halves && i < count; i++)
        halves[i] = (_Float16)(most * example_random(&seed));
    return halves;
}

static bool make_tensors(const struct options *o, struct tensors *x)
{
    size_t row = (size_t)o->heads * (size_t)o->dim;
    x->q = make_halves(row * (size_t)o->queries, 1, 8);
    x->k = make_halves(row * (size_t)o->keys, 2, 1);
    x->v = make_halves(row * (size_t)o->keys, 3, 1);
    x->out = malloc(row * (size_t)o->queries * sizeof *x->out);
    return x->q && x->k && x->v && x->out;
}

/* ---- reference ---- */

/* A head in doubles: the keys with the same element of all of them side by side, the values as they are. */
struct reference {
    double *k, *v, *weights, *out;
};

static bool reference_make(const struct options *o, struct reference *r)
{
    size_t count = (size_t)o->keys * (size_t)o->dim;
    r->k = malloc(count * sizeof *r->k);
    r->v = malloc(count * sizeof *r->v);
    r->weights = malloc((size_t)o->keys * sizeof *r->weights);
    r->out = malloc((size_t)o->dim * sizeof *r->out);
    return r->k && r->v && r->weights && r->out;
}

static void reference_free(struct reference *r)
{
    free(r->k);
    free(r->v);
    free(r->weights);
    free(r->out);
}

static void reference_take_head(const struct options *o, struct reference *r, const _Float16 *k, const _Float16 *v)
{
    for (long j = 0; j < o->keys; j++)
        for (long i = 0; i < o->dim; i++) {
            r->k[i * o->keys + j] = k[j * o->dim + i];
            r->v[j * o->dim + i] = v[j * o->dim + i];
        }
}

/* to += factor * from */
__attribute__((optimize("O3"))) static void add_row(double *restrict to, const double *restrict from, double factor,
                                                    long count)
{
    for (long i = 0; i < count; i++)
        to[i] += factor * from[i];
}

/* The result of a query, in r->out. */
static void reference_row(const struct options *o, struct reference *r, const _Float16 *q)
{
    double scale = 1 / sqrt((double)o->dim), greatest = -INFINITY, total = 0;

    memset(r->weights, 0, (size_t)o->keys * sizeof *r->weights);
    memset(r->out, 0, (size_t)o->dim * sizeof *r->out);
    for (long i = 0; i < o->dim; i++)
        add_row(r->weights, r->k + i * o->keys, scale * (double)q[i], o->keys);
    for (long j = 0; j < o->keys; j++)
        greatest = fmax(greatest, r->weights[j]);
    for (long j = 0; j < o->keys; j++) {
        double weight = exp(r->weights[j] - greatest);
        total += weight;
        add_row(r->out, r->v + j * o->dim, weight, o->dim);
    }
    for (long i = 0; i < o->dim; i++)
        r->out[i] /= total;
}

/* Rows of a head: @step apart, and the last. Return: how many results that were. */
static size_t check_head(const struct options *o, const struct tensors *x, struct reference *r, long head, long step,
                         struct example_errors *errors)
{
    long keys = head * o->keys, queries = head * o->queries;
    size_t total = 0;

    reference_take_head(o, r, x->k + keys * o->dim, x->v + keys * o->dim);
    for (long i = 0; i < o->queries; i = example_next(i, o->queries, step)) {
        long row = (queries + i) * o->dim;
        reference_row(o, r, x->q + row);
        for (long j = 0; j < o->dim; j++)
            example_compare(errors, (size_t)(row + j), x->out[row + j], r->out[j], TOLERANCE);
        total += (size_t)o->dim;
    }
    return total;
}

static int check(const struct options *o, const struct tensors *x)
{
    struct example_errors errors = {0};
    struct reference r = {0};
    long step = example_step(o->queries, CHECKED_PRODUCTS / (2 * o->heads * o->keys * o->dim));
    size_t total = 0;
    int status = 7;

    if (reference_make(o, &r)) {
        for (long head = 0; head < o->heads; head++)
            total += check_head(o, x, &r, head, step, &errors);
        status = example_report(&errors, "flash_attention", total);
    }
    reference_free(&r);
    return status;
}

/* ---- */

static int run(struct example *example, const struct options *o, const struct tensors *x)
{
    const char *sabotage[] = {"SABOTAGE", NULL};
    uint64_t args[] = {
        (uintptr_t)x->q,        (uintptr_t)x->k,    (uintptr_t)x->v,
        (uintptr_t)x->out,      (uint64_t)o->heads, (uint64_t)o->queries,
        (uint64_t)o->keys,      (uint64_t)o->dim,   bits_of((float)(1 / sqrt((double)o->dim))),
        (uint64_t)o->block_dim,
    };
    int status = example_open(example, "kernels/orchestration/attention_orch.c");
    if (status == 0)
        status = example_kernel(example, 0, "kernels/aic/products.c", "aic", NULL);
    if (status == 0)
        status = example_kernel(example, 1, "kernels/aiv/softmax.c", "aiv", o->sabotage ? sabotage : NULL);
    if (status == 0)
        status = example_launch(example, "launch_attention", args, 10, 1, o->block_dim);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    struct tensors x = {0};
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = 7;
    if (make_tensors(&options, &x))
        status = run(&example, &options, &x);
    else
        fprintf(stderr, "flash_attention: no memory for %ld heads of %ld queries and %ld keys\n", options.heads,
                options.queries, options.keys);
    if (status == 0 && example_computes(&example))
        status = check(&options, &x);
    if (status == 0)
        printf("flash_attention: %s: %ld heads of %ld queries and %ld keys, %ld elements each\n",
               example_computes(&example) ? "correct" : "not computed", options.heads, options.queries, options.keys,
               options.dim);
    free(x.q);
    free(x.k);
    free(x.v);
    free(x.out);
    return status;
}
