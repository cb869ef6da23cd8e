/* main.c - two layers of a transformer as a graph of tasks on AICs and AIVs, checked against plain C.
 *
 * The reference rounds to halves where the chip does (shape.h and the orchestration say where), and adds up in floats:
 * what remains are sums in another order, which may become another half now and then: results may differ by half a per
 * cent.
 */
#include "examples/common/matrix.h"

#include "shape.h"

struct options {
    long rows, heads, head, block_dim, aicpu;
    bool sabotage;
};

enum { KEY_ROWS = 256, KEY_HEADS, KEY_HEAD, KEY_BLOCK_DIM, KEY_AICPU, KEY_SABOTAGE };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_ROWS:
        options->rows = example_number(state, "rows", arg, 1, 2032);
        return 0;
    case KEY_HEADS:
        options->heads = example_number(state, "heads", arg, 1, 32);
        return 0;
    case KEY_HEAD:
        options->head = example_number(state, "head", arg, 1, 256);
        return 0;
    case KEY_BLOCK_DIM:
        options->block_dim = example_number(state, "block-dim", arg, 1, 1000);
        return 0;
    case KEY_AICPU:
        options->aicpu = example_number(state, "aicpu", arg, 1, 1000);
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
        {"rows", KEY_ROWS, "N", 0, "Rows of x: the length of the sequence, up to 2032 (256)", 0},
        {"heads", KEY_HEADS, "N", 0, "Heads (4)", 0},
        {"head", KEY_HEAD, "N", 0, "Columns of a head; heads * columns up to 2032 (64)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"aicpu", KEY_AICPU, "N", 0, "AICPU threads that schedule (3)", 0},
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the flag out that makes MTE1 wait for MTE2 in products", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "Two layers of a transformer as a graph of tasks."};
    struct options options = {.rows = 256, .heads = 4, .head = 64, .block_dim = 24, .aicpu = 3};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    if (options.heads * options.head > 2032) {
        fprintf(stderr, "transformer: %ld heads of %ld columns are more than 2032 columns\n", options.heads,
                options.head);
        exit(2);
    }
    return options;
}

/* ---- numbers ---- */

struct model {
    struct shape shape;
    struct matrix x, out, weights[LAYERS][WEIGHTS];
};

static bool make_weight(struct model *model, int layer, int which)
{
    const struct shape *s = &model->shape;
    struct matrix *m = &model->weights[layer][which];
    size_t rows = shape_weight_rows(s, which), columns = shape_weight_columns(s, which);
    bool plain = shape_weight_bytes(which) == 4;
    if (!matrix_make(m, rows, columns, !plain, plain ? 0.2f : 1.7f / sqrtf((float)rows),
                     (uint32_t)(1 + layer * WEIGHTS + which)))
        return false;
    for (size_t i = 0; i < rows * columns; i++) {
        if (which == GAMMA1 || which == GAMMA2)
            matrix_set(m, i, 1 + matrix_get(m, i));
        if (which == QKV && i % columns < columns / 3)
            matrix_set(m, i, 2 / sqrtf((float)s->head) * matrix_get(m, i));
    }
    return true;
}

static bool make_model(struct model *model, const struct options *o)
{
    model->shape = (struct shape){(uint64_t)o->rows, (uint64_t)o->heads, (uint64_t)o->head};
    size_t rows = (size_t)o->rows, columns = shape_columns(&model->shape);
    bool made =
        matrix_make(&model->x, rows, columns, false, 2, 100) && matrix_make(&model->out, rows, columns, false, 1, 101);
    for (int layer = 0; layer < LAYERS; layer++)
        for (int which = 0; which < WEIGHTS; which++)
            made = made && make_weight(model, layer, which);
    return made;
}

static void free_model(struct model *model)
{
    matrix_free(&model->x);
    matrix_free(&model->out);
    for (int layer = 0; layer < LAYERS; layer++)
        for (int which = 0; which < WEIGHTS; which++)
            matrix_free(&model->weights[layer][which]);
}

/* ---- reference ---- */

/* Zeros; the example ends where memory does. */
static float *floats(size_t count)
{
    float *numbers = calloc(count, sizeof *numbers);
    if (!numbers) {
        fprintf(stderr, "transformer: no memory for %zu floats\n", count);
        exit(7);
    }
    return numbers;
}

static void round_to_halves(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(_Float16)x[i];
}

/* c += a * b, of which each has its pitch. */
__attribute__((optimize("O3"))) static void add_product(float *c, size_t c_pitch, const float *a, size_t a_pitch,
                                                        const float *b, size_t b_pitch, size_t m, size_t n, size_t k)
{
    for (size_t i = 0; i < m; i++)
        for (size_t p = 0; p < k; p++) {
            float factor = a[i * a_pitch + p];
            float *restrict to = c + i * c_pitch;
            const float *restrict from = b + p * b_pitch;
            for (size_t j = 0; j < n; j++)
                to[j] += factor * from[j];
        }
}

/* x * a weight. */
static float *times(const float *x, size_t rows, const struct matrix *weight)
{
    size_t count = matrix_count(weight);
    float *b = floats(count), *out = floats(rows * weight->columns);
    for (size_t i = 0; i < count; i++)
        b[i] = matrix_get(weight, i);
    add_product(out, weight->columns, x, weight->rows, b, weight->columns, rows, weight->columns, weight->rows);
    free(b);
    return out;
}

static float *normed(const float *x, size_t rows, const struct matrix *gamma, const struct matrix *beta)
{
    size_t columns = gamma->columns;
    float *out = floats(rows * columns);
    for (size_t row = 0; row < rows; row++, x += columns) {
        double mean = 0, variance = 0;
        for (size_t j = 0; j < columns; j++)
            mean += x[j] / (double)columns;
        for (size_t j = 0; j < columns; j++)
            variance += (x[j] - mean) * (x[j] - mean) / (double)columns;
        for (size_t j = 0; j < columns; j++)
            out[row * columns + j] =
                (float)((x[j] - mean) / sqrt(variance + 1e-5) * matrix_get(gamma, j) + matrix_get(beta, j));
    }
    round_to_halves(out, rows * columns);
    return out;
}

static void softmax(float *x, size_t columns)
{
    float most = -INFINITY, sum = 0;
    for (size_t j = 0; j < columns; j++)
        most = fmaxf(most, x[j]);
    for (size_t j = 0; j < columns; j++)
        sum += x[j] = expf(x[j] - most);
    for (size_t j = 0; j < columns; j++)
        x[j] /= sum;
}

/* All heads beside each other. */
static float *attention(const struct shape *s, const float *qkv)
{
    size_t rows = s->rows, head = s->head, columns = shape_columns(s), pitch = 3 * columns;
    float *out = floats(rows * columns), *scores = floats(rows * rows), *keys = floats(head * rows);
    for (size_t h = 0; h < s->heads; h++) {
        const float *q = qkv + h * head, *k = q + columns, *v = k + columns;
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < head; j++)
                keys[j * rows + i] = k[i * pitch + j];
        memset(scores, 0, rows * rows * sizeof *scores);
        add_product(scores, rows, q, pitch, keys, rows, rows, rows, head);
        for (size_t i = 0; i < rows; i++)
            softmax(scores + i * rows, rows);
        round_to_halves(scores, rows * rows);
        add_product(out + h * head, columns, scores, rows, v, pitch, rows, head, rows);
    }
    free(scores);
    free(keys);
    round_to_halves(out, rows * columns);
    return out;
}

/* x += y, which is freed. */
static void add_to(float *x, float *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] += y[i];
    free(y);
}

static void reference_layer(const struct shape *s, const struct matrix *w, float *x)
{
    size_t rows = s->rows, columns = shape_columns(s);
    float *n = normed(x, rows, &w[GAMMA1], &w[BETA1]);
    float *qkv = times(n, rows, &w[QKV]);
    round_to_halves(qkv, rows * 3 * columns);
    float *heads = attention(s, qkv);
    add_to(x, times(heads, rows, &w[PROJECT]), rows * columns);
    free(n);
    free(qkv);
    free(heads);
    n = normed(x, rows, &w[GAMMA2], &w[BETA2]);
    float *hidden = times(n, rows, &w[UP]);
    for (size_t i = 0; i < rows * 4 * columns; i++)
        hidden[i] = hidden[i] < 0 ? 0 : hidden[i];
    round_to_halves(hidden, rows * 4 * columns);
    add_to(x, times(hidden, rows, &w[DOWN]), rows * columns);
    free(n);
    free(hidden);
}

static int check(const struct model *model)
{
    struct example_errors errors = {0};
    size_t count = matrix_count(&model->x);
    float *x = floats(count);
    memcpy(x, model->x.data, count * sizeof *x);
    for (int layer = 0; layer < LAYERS; layer++)
        reference_layer(&model->shape, model->weights[layer], x);
    for (size_t i = 0; i < count; i++)
        example_compare(&errors, i, matrix_get(&model->out, i), x[i], 5e-3);
    free(x);
    return example_report(&errors, "transformer", count);
}

/* ---- on the chip ---- */

static const struct {
    const char *source, *core_type, *macros[3];
} kernels[KERNELS] = {
    [KERNEL_LAYER_NORM] = {"../layer_norm/kernels/aiv/layer_norm.c", "aiv", {"TASK", "HALF_OUT"}},
    [KERNEL_GEMM] = {"kernels/aic/gemm_tile.c", "aic", {NULL}},
    [KERNEL_SOFTMAX] = {"../softmax/kernels/aiv/softmax.c", "aiv", {"TASK", "HALF_OUT"}},
    [KERNEL_ADD] = {"../vector_ops/kernels/aiv/add.c", "aiv", {"TASK"}},
    [KERNEL_RELAY] = {"kernels/aiv/relay.c", "aiv", {NULL}},
};

static int run(const struct options *options, const struct model *model, uint64_t *tasks)
{
    const char *sabotage[] = {"SABOTAGE", NULL};
    struct example example = {.main_c = __FILE__, .runtime = "host_build_graph"};
    struct transformer transformer = {.shape = model->shape, .x = model->x.data, .out = model->out.data};
    for (int layer = 0; layer < LAYERS; layer++)
        for (int which = 0; which < WEIGHTS; which++)
            transformer.weights[layer][which] = model->weights[layer][which].data;
    uint64_t args[] = {(uintptr_t)&transformer};
    int status = example_open(&example, "kernels/orchestration/transformer_orch.c");
    for (int i = 0; i < KERNELS && status == 0; i++)
        status = example_kernel(&example, i, kernels[i].source, kernels[i].core_type,
                                options->sabotage && i == KERNEL_GEMM ? sabotage : kernels[i].macros);
    if (status == 0)
        status = example_launch(&example, "build_transformer", args, 1, options->aicpu, options->block_dim);
    *tasks = transformer.tasks;
    example_close(&example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    struct model model = {0};
    uint64_t tasks = 0;
    int status = 7;
    if (make_model(&model, &options))
        status = run(&options, &model, &tasks);
    else
        fprintf(stderr, "transformer: no memory for its weights\n");
    if (status == 0 && example_computes())
        status = check(&model);
    if (status == 0)
        printf("transformer: %s: %ld rows, %ld heads of %ld columns, %d layers in %lu tasks\n",
               example_computes() ? "correct" : "not computed", options.rows, options.heads, options.head, LAYERS,
               (unsigned long)tasks);
    free_model(&model);
    return status;
}
