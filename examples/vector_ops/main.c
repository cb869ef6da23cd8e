/* main.c - out = x + y, x * y or a * x + y over a vector, on all AIVs, checked against plain C to the last bit. */
#include "examples/common/example.h"

enum { ADD, MUL, AXPY };
enum { F32, F16 };

static const char *const sources[] = {"kernels/aiv/add.c", "kernels/aiv/mul.c", "kernels/aiv/axpy.c"};
static const char *const op_names[] = {"add", "mul", "axpy"};
static const char *const type_names[] = {"f32", "f16"};

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

/* Vectors of either type. */
struct vector {
    float *f32;
    _Float16 *f16;
};

static void *bytes_of(const struct vector *v)
{
    return v->f32 ? (void *)v->f32 : (void *)v->f16;
}

static bool make_vector(const struct options *options, struct vector *v, uint32_t seed)
{
    size_t count = (size_t)options->count;
    if (options->type == F32)
        v->f32 = malloc(count * sizeof *v->f32);
    else
        v->f16 = malloc(count * sizeof *v->f16);
    if (!bytes_of(v))
        return false;
    for (size_t i = 0; i < count; i++) {
        float value = example_random(&seed);
        if (v->f32)
            v->f32[i] = value;
        else
            v->f16[i] = (_Float16)value;
    }
    return true;
}

/* In the type's own precision, each operation rounded. */
#define REFERENCE(op, a, x, y)                                                                                         \
    ((op) == ADD   ? (__typeof__(x))((x) + (y))                                                                        \
     : (op) == MUL ? (__typeof__(x))((x) * (y))                                                                        \
                   : (__typeof__(x))((__typeof__(x))((a) * (x)) + (y)))

static int check(const struct options *options, const struct vector *x, const struct vector *y,
                 const struct vector *out)
{
    struct example_errors errors = {0};
    size_t count = (size_t)options->count;
    for (size_t i = 0; i < count; i++)
        if (options->type == F32)
            example_compare(&errors, i, out->f32[i], REFERENCE(options->op, -1.75f, x->f32[i], y->f32[i]), 0);
        else
            example_compare(&errors, i, out->f16[i], REFERENCE(options->op, (_Float16)-1.75f, x->f16[i], y->f16[i]), 0);
    return example_report(&errors, "vector_ops", count);
}

static uint64_t scalar_bits(int type)
{
    union {
        uint64_t bits;
        float f32;
        _Float16 f16;
    } pun = {0};
    if (type == F32)
        pun.f32 = -1.75f;
    else
        pun.f16 = -1.75f;
    return pun.bits;
}

static int run(struct example *example, const struct options *options, const struct vector *x, const struct vector *y,
               const struct vector *out)
{
    const char *macros[] = {options->type == F32 ? "ELEMENT=float" : "ELEMENT=half",
                            options->sabotage ? "SABOTAGE" : NULL, NULL};
    uint64_t args[] = {(uintptr_t)bytes_of(x),   (uintptr_t)bytes_of(y),       (uintptr_t)bytes_of(out),
                       (uint64_t)options->count, options->type == F32 ? 4 : 2, scalar_bits(options->type)};
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
    struct vector x = {0}, y = {0}, out = {0};
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = 7;
    if (make_vector(&options, &x, 1) && make_vector(&options, &y, 2) && make_vector(&options, &out, 3))
        status = run(&example, &options, &x, &y, &out);
    else
        fprintf(stderr, "vector_ops: no memory for %ld elements\n", options.count);
    if (status == 0 && example_computes(&example))
        status = check(&options, &x, &y, &out);
    if (status == 0)
        printf("vector_ops: %s: %s of %ld %s\n", example_computes(&example) ? "correct" : "not computed",
               op_names[options.op], options.count, type_names[options.type]);
    free(bytes_of(&x));
    free(bytes_of(&y));
    free(bytes_of(&out));
    return status;
}
