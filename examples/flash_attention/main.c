/* main.c - attention of several heads, halves in and floats out, checked against plain C in doubles.
 *
 * The weights are halves when they meet v, so a result is off by up to 2^-11 of the greatest element of v, which is 1.
 */
#include "examples/common/matrix.h"

struct options {
    long heads, rows, keys, columns, block_dim;
    bool sabotage;
};

struct tensors {
    struct matrix q, k, v, out;
};

enum { KEY_HEADS = 256, KEY_ROWS, KEY_KEYS, KEY_COLUMNS, KEY_BLOCK_DIM, KEY_SABOTAGE };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_HEADS:
        options->heads = example_number(state, "heads", arg, 1, 1024);
        return 0;
    case KEY_ROWS:
        options->rows = example_number(state, "rows", arg, 1, 65536);
        return 0;
    case KEY_KEYS:
        options->keys = example_number(state, "keys", arg, 1, 65536);
        return 0;
    case KEY_COLUMNS:
        options->columns = example_number(state, "columns", arg, 1, 128);
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
        {"rows", KEY_ROWS, "N", 0, "Rows of q, of a head (384)", 0},
        {"keys", KEY_KEYS, "N", 0, "Rows of k and v, of a head (as many as q)", 0},
        {"columns", KEY_COLUMNS, "N", 0, "Columns of a head, up to 128 (128)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the flag out that tells the AIC of the weights", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "Attention, AICs and AIVs together."};
    struct options options = {.heads = 8, .rows = 384, .columns = 128, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    if (options.keys == 0)
        options.keys = options.rows;
    return options;
}

static bool make_tensors(const struct options *o, struct tensors *t)
{
    size_t columns = (size_t)o->columns, rows = (size_t)(o->heads * o->rows), keys = (size_t)(o->heads * o->keys);
    return matrix_make(&t->q, rows, columns, true, 4, 1) && matrix_make(&t->k, keys, columns, true, 4, 2) &&
           matrix_make(&t->v, keys, columns, true, 1, 3) && matrix_make(&t->out, rows, columns, false, 1, 4);
}

static float scale_of(const struct options *o)
{
    return 1 / sqrtf((float)o->columns);
}

/* ---- reference ---- */

/* One head's k or v in floats. */
static float *head_of(const struct matrix *m, const struct options *o, long head)
{
    size_t count = (size_t)(o->keys * o->columns);
    float *floats = malloc(count * sizeof *floats);
    for (size_t i = 0; floats && i < count; i++)
        floats[i] = matrix_get(m, (size_t)head * count + i);
    return floats;
}

__attribute__((optimize("O3"))) static float dot(const float *a, const float *b, long count)
{
    float lanes[8] = {0};
    long i = 0;
    for (; i + 8 <= count; i += 8)
        for (int lane = 0; lane < 8; lane++)
            lanes[lane] += a[i + lane] * b[i + lane];
    for (; i < count; i++)
        lanes[0] += a[i] * b[i];
    for (int lane = 1; lane < 8; lane++)
        lanes[0] += lanes[lane];
    return lanes[0];
}

__attribute__((optimize("O3"))) static void add_scaled(float *to, const float *from, float factor, long count)
{
    for (long i = 0; i < count; i++)
        to[i] += factor * from[i];
}

/* A row of the result; @weights: room for one number a key. */
static void reference_row(const struct options *o, const float *q, const float *k, const float *v, double *weights,
                          float *out)
{
    double most = -INFINITY, total = 0;
    for (long j = 0; j < o->keys; j++) {
        weights[j] = (double)dot(q, k + j * o->columns, o->columns) * scale_of(o);
        most = fmax(most, weights[j]);
    }
    for (long j = 0; j < o->keys; j++)
        total += weights[j] = exp(weights[j] - most);
    memset(out, 0, (size_t)o->columns * sizeof *out);
    for (long j = 0; j < o->keys; j++)
        add_scaled(out, v + j * o->columns, (float)(weights[j] / total), o->columns);
}

static void check_head(const struct options *o, const struct tensors *t, long head, const float *k, const float *v,
                       double *weights, struct example_errors *errors)
{
    float q[128], wanted[128];
    for (long row = 0; row < o->rows; row++) {
        size_t first = (size_t)((head * o->rows + row) * o->columns);
        for (long i = 0; i < o->columns; i++)
            q[i] = matrix_get(&t->q, first + (size_t)i);
        reference_row(o, q, k, v, weights, wanted);
        for (long i = 0; i < o->columns; i++)
            example_compare(errors, first + (size_t)i, matrix_get(&t->out, first + (size_t)i), wanted[i], 5e-4);
    }
}

static int check(const struct options *o, const struct tensors *t)
{
    struct example_errors errors = {0};
    double *weights = malloc((size_t)o->keys * sizeof *weights);
    int status = weights ? 0 : 7;
    for (long head = 0; status == 0 && head < o->heads; head++) {
        float *k = head_of(&t->k, o, head), *v = head_of(&t->v, o, head);
        if (k && v)
            check_head(o, t, head, k, v, weights, &errors);
        else
            status = 7;
        free(k);
        free(v);
    }
    free(weights);
    return status ? status : example_report(&errors, "flash_attention", matrix_count(&t->out));
}

static int run(const struct options *o, const struct tensors *t)
{
    const char *sabotage[] = {"SABOTAGE", NULL}, *const *macros = o->sabotage ? sabotage : NULL;
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    union {
        float value;
        uint32_t bits;
    } scale = {scale_of(o)};
    uint64_t args[] = {(uintptr_t)t->q.data, (uintptr_t)t->k.data,  (uintptr_t)t->v.data, (uintptr_t)t->out.data,
                       (uint64_t)o->heads,   (uint64_t)o->rows,     (uint64_t)o->keys,    (uint64_t)o->columns,
                       scale.bits,           (uint64_t)o->block_dim};
    int status = example_open(&example, "kernels/orchestration/flash_attention_orch.c");
    if (status == 0)
        status = example_kernel(&example, 0, "kernels/aic/flash_aic.c", "aic", macros);
    if (status == 0)
        status = example_kernel(&example, 1, "kernels/aiv/flash_aiv.c", "aiv", macros);
    if (status == 0)
        status = example_launch(&example, "launch_flash_attention", args, 10, 1, o->block_dim);
    example_close(&example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    struct tensors t = {0};
    int status = 7;
    if (make_tensors(&options, &t))
        status = run(&options, &t);
    else
        fprintf(stderr, "flash_attention: no memory for %ld heads\n", options.heads);
    if (status == 0 && example_computes())
        status = check(&options, &t);
    if (status == 0)
        printf("flash_attention: %s: %ld heads of %ld x %ld, %ld keys\n",
               example_computes() ? "correct" : "not computed", options.heads, options.rows, options.columns,
               options.keys);
    matrix_free(&t.q);
    matrix_free(&t.k);
    matrix_free(&t.v);
    matrix_free(&t.out);
    return status;
}
