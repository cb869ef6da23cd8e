/* main.c - layers of a transformer as a graph of tasks on all cores, products on the AICs and the rest on the AIVs,
 * checked step by step against plain C (reference.h).
 *
 * A layer: y = x + attention(norm(x)), then y + mlp(norm(y)), with no biases and no mask. Activations and weights are
 * halves.
 */
#include "reference.h"

#define EPS 1e-5f

/* What can be spoilt, and the kernels in the orchestration's order. */
enum { KERNELS = 7, NO_EDGE = 6 };
#define SABOTAGES "linear|scores|norm|softmax|gelu|add|edge"

static const struct kernel {
    const char *source, *core_type;
} kernels[KERNELS] = {
    {"kernels/aic/linear.c", "aic"},  {"kernels/aic/scores.c", "aic"}, {"kernels/aiv/norm.c", "aiv"},
    {"kernels/aiv/softmax.c", "aiv"}, {"kernels/aiv/gelu.c", "aiv"},   {"kernels/aiv/add.c", "aiv"},
    {"kernels/aiv/join.c", "aiv"},
};

struct options {
    struct shape shape;
    long aicpu, block_dim;
    int sabotage; /* of SABOTAGES, or -1 */
};

/* ---- options ---- */

enum { KEY_SEQUENCE = 256, KEY_WIDTH, KEY_HEADS, KEY_MLP, KEY_LAYERS, KEY_BLOCK, KEY_AICPU, KEY_DIM, KEY_SABOTAGE };

static void check_options(const struct shape *s, struct argp_state *state)
{
    if (s->width % s->heads != 0)
        argp_error(state, "--width is %u; allowed is a multiple of the heads, %u", s->width, s->heads);
    if (block_count(s) > MOST_BLOCKS)
        argp_error(state, "--sequence is %u; allowed are %u blocks of %u", s->sequence, MOST_BLOCKS, s->block);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case KEY_SEQUENCE:
        o->shape.sequence = (uint32_t)example_number(state, "sequence", arg, 1, 4096);
        return 0;
    case KEY_WIDTH:
        o->shape.width = (uint32_t)example_number(state, "width", arg, 1, 1024);
        return 0;
    case KEY_HEADS:
        o->shape.heads = (uint32_t)example_number(state, "heads", arg, 1, MOST_HEADS);
        return 0;
    case KEY_MLP:
        o->shape.mlp = (uint32_t)example_number(state, "mlp", arg, 1, 4096);
        return 0;
    case KEY_LAYERS:
        o->shape.layers = (uint32_t)example_number(state, "layers", arg, 1, 12);
        return 0;
    case KEY_BLOCK:
        o->shape.block = (uint32_t)example_number(state, "block", arg, 1, 128);
        return 0;
    case KEY_AICPU:
        o->aicpu = example_number(state, "aicpu", arg, 1, 1000);
        return 0;
    case KEY_DIM:
        o->block_dim = example_number(state, "block-dim", arg, 1, 1000);
        return 0;
    case KEY_SABOTAGE:
        o->sabotage = example_choice(state, "sabotage", arg, SABOTAGES);
        return 0;
    case ARGP_KEY_END:
        check_options(&o->shape, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static struct options parse_options(int argc, char **argv)
{
    static const struct argp_option table[] = {
        {"sequence", KEY_SEQUENCE, "N", 0, "Rows of x (100)", 0},
        {"width", KEY_WIDTH, "N", 0, "Columns of x (128)", 0},
        {"heads", KEY_HEADS, "N", 0, "Heads, which divide the width (4)", 0},
        {"mlp", KEY_MLP, "N", 0, "Columns between the products of the MLP (512)", 0},
        {"layers", KEY_LAYERS, "N", 0, "Layers (2)", 0},
        {"block", KEY_BLOCK, "N", 0, "Rows of a task, at most 128 (32)", 0},
        {"aicpu", KEY_AICPU, "N", 0, "AICPU threads that schedule (3)", 0},
        {"block-dim", KEY_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", KEY_SABOTAGE, "WHAT", 0,
         "Leave a flag or barrier of a kernel out (" SABOTAGES "), or the edges from scores to softmax (edge)", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "Layers of a transformer as a graph of tasks."};
    struct options options = {.shape = {100, 128, 4, 512, 2, 32}, .aicpu = 3, .block_dim = 24, .sabotage = -1};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

/* ---- numbers ---- */

struct numbers {
    _Float16 *weights, *activations;
};

static void fill(_Float16 *to, struct matrix m, float middle, float width, uint32_t *seed)
{
    for (size_t i = 0; i < (size_t)m.rows * m.columns; i++)
        to[i] = (_Float16)(middle + width * example_random(seed));
}

/* Such that activations stay about as large as x: a random matrix of @rows rows and numbers within sqrt(3 / rows)
 * leaves a vector as long as it is. */
static bool make_numbers(const struct shape *s, struct numbers *x)
{
    uint32_t seed = 1;
    x->weights = calloc(weight_at(s, s->layers, 0), sizeof *x->weights);
    x->activations = calloc(activation_at(s, s->layers, NORM1), sizeof *x->activations);
    if (!x->weights || !x->activations)
        return false;
    fill(x->activations, activation_shape(s, X), 0, 1.7f, &seed);
    for (uint32_t layer = 0; layer < s->layers; layer++)
        for (int i = 0; i < WEIGHTS; i++) {
            struct matrix m = weight_shape(s, (enum weight)i);
            bool is_gamma = i == GAMMA1 || i == GAMMA2;
            float width = m.rows == 1 ? 0.25f : sqrtf(3 / (float)m.rows);
            fill(x->weights + weight_at(s, layer, (enum weight)i), m, is_gamma ? 1 : 0, width, &seed);
        }
    return true;
}

/* 1 / sqrt(width of a head), of which FIX takes the upper 19 bits. */
static float scale_of(const struct shape *s)
{
    union {
        float value;
        uint32_t bits;
    } pun = {1 / sqrtf((float)head_width(s))};
    pun.bits &= 0xffffe000;
    return pun.value;
}

/* ---- the program on the device ---- */

static int run(struct example *example, const struct options *o, const struct numbers *x)
{
    uint64_t args[] = {(uintptr_t)&o->shape, (uintptr_t)x->weights,        (uintptr_t)x->activations,
                       bits_of(EPS),         bits_of(scale_of(&o->shape)), o->sabotage == NO_EDGE};
    int status = example_open(example, "kernels/orchestration/transformer_orch.c");
    for (int i = 0; i < KERNELS && status == 0; i++) {
        const char *sabotage[] = {"SABOTAGE", NULL};
        status =
            example_kernel(example, i, kernels[i].source, kernels[i].core_type, o->sabotage == i ? sabotage : NULL);
    }
    if (status == 0)
        status = example_launch(example, "build_transformer", args, 6, o->aicpu, o->block_dim);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    struct options o = parse_options(argc, argv);
    const struct shape *s = &o.shape;
    struct numbers x = {0};
    struct example example = {.main_c = __FILE__, .runtime = "host_build_graph"};
    int status = 7;
    if (make_numbers(s, &x))
        status = run(&example, &o, &x);
    else
        fprintf(stderr, "transformer: no memory for its weights and activations\n");
    if (status == 0 && example_computes(&example)) {
        struct reference reference = {
            .shape = *s, .weights = x.weights, .activations = x.activations, .eps = EPS, .scale = scale_of(s)};
        status = check_layers(&reference);
    }
    if (status == 0)
        printf("transformer: %s: %u x %u, %u heads, mlp %u, layers: %u\n",
               example_computes(&example) ? "correct" : "not computed", s->sequence, s->width, s->heads, s->mlp,
               s->layers);
    free(x.weights);
    free(x.activations);
    return status;
}
