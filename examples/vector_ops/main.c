/* main.c - out = x + y, x * y or a * x + y over a vector, on all AIVs, checked against plain C to the last bit. */
#include "examples/common/array.h"

#define SCALAR -1.75f

enum { ADD, MUL, AXPY };

static const char *const sources[] = {"kernels/aiv/add.c", "kernels/aiv/mul.c", "kernels/aiv/axpy.c"};
static const char *const op_names[] = {"add", "mul", "axpy"};

struct options {
    int op, type;
    long count, block_dim;
    bool sabotage;
};

enum { KEY_OP = 256, KEY_TYPE, KEY_COUNT, KEY_BLOCK_DIM, KEY_SABOTAGE };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_OP:
        options->op = example_choice(state, "op", arg, "add|mul|axpy");
        return 0;
    case KEY_TYPE:
        options->type = example_choice(state, "type", arg, "f32|f16");
        return 0;
    case KEY_COUNT:
        options->count = example_number(state, "count", arg, 1, 1l << 28);
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
        {"op", KEY_OP, "OP", 0, "add, mul or axpy (add)", 0},
        {"type", KEY_TYPE, "TYPE", 0, "f32 or f16 (f32)", 0},
        {"count", KEY_COUNT, "N", 0, "Elements (1000000)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", KEY_SABOTAGE, NULL, 0, "Leave the flag out that makes V wait for its inputs", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table, .parser = parse_option, .doc = "An elementwise operation on the AIVs, tile by tile."};
    struct options options = {.count = 1000000, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

/* ---- reference ---- */

/* A double has more than twice the digits of either type, so a sum or a product in doubles rounds to what the exact one
 * would. */
static double rounded(int type, double value)
{
    return type == ARRAY_F32 ? (double)(float)value : (double)(_Float16)value;
}

/* In the type's own precision, each operation rounded. */
static double reference(const struct options *options, double x, double y)
{
    switch (options->op) {
    case ADD:
        return rounded(options->type, x + y);
    case MUL:
        return rounded(options->type, x * y);
    default:
        return rounded(options->type, rounded(options->type, SCALAR * x) + y);
    }
}

static int check(const struct options *options, const struct array *x, const struct array *y, const struct array *out)
{
    struct example_errors errors = {0};
    size_t count = (size_t)options->count;
    for (size_t i = 0; i < count; i++)
        example_compare(&errors, i, array_get(out, i), reference(options, array_get(x, i), array_get(y, i)), 0);
    return example_report(&errors, "vector_ops", count);
}

/* ---- */

static uint64_t scalar_bits(int type)
{
    union {
        uint64_t bits;
        float f32;
        _Float16 f16;
    } pun = {0};
    if (type == ARRAY_F32)
        pun.f32 = SCALAR;
    else
        pun.f16 = SCALAR;
    return pun.bits;
}

static int run(struct example *example, const struct options *options, const struct array *x, const struct array *y,
               const struct array *out)
{
    const char *macros[] = {array_elements[options->type], options->sabotage ? "SABOTAGE" : NULL, NULL};
    uint64_t args[] = {(uintptr_t)x->data,       (uintptr_t)y->data,         (uintptr_t)out->data,
                       (uint64_t)options->count, array_bytes(options->type), scalar_bits(options->type)};
    int status = example_open(example, "kernels/orchestration/vector_ops_orch.c");
    if (status == 0)
        status = example_kernel(example, 0, sources[options->op], "aiv", macros);
    if (status == 0)
        status = example_launch(example, "launch_vector_op", args, 6, 1, options->block_dim);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    struct array x = {0}, y = {0}, out = {0};
    size_t count = (size_t)options.count;
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = 7;
    if (array_make(&x, options.type, count, 1, 0, 1) && array_make(&y, options.type, count, 2, 0, 1) &&
        array_make(&out, options.type, count, 3, 0, 1))
        status = run(&example, &options, &x, &y, &out);
    else
        fprintf(stderr, "vector_ops: no memory for %ld elements\n", options.count);
    if (status == 0 && example_computes(&example))
        status = check(&options, &x, &y, &out);
    if (status == 0)
        printf("vector_ops: %s: %s of %ld %s\n", example_computes(&example) ? "correct" : "not computed",
               op_names[options.op], options.count, array_types[options.type]);
    free(x.data);
    free(y.data);
    free(out.data);
    return status;
}
