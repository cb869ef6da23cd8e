/* main.c - the layer norm of each row of a matrix, on all AIVs, checked against plain C in double precision.
 *
 * What a result may be off by, in units of 2^-24. A number passes n / 64 + 6 additions to be in a sum of n, and x is at
 * most 3: three times that many for the mean, over the row's deviation and times gamma. As many, relative to the
 * result without beta, for the variance; 8 for the other operations there, and 1 for the sum with beta. Halves are
 * rounded at the end.
 */
#include "examples/common/row_host.h"

#define EPS 1e-5f

struct arrays {
    struct array x, gamma, beta, out;
};

static double tolerance_of(const struct row_options *o, double deviation, double normal, double gamma, double wanted)
{
    double sum = (double)o->columns / 64 + 6;
    double error = (3 * sum / deviation * fabs(gamma) + (sum + 8) * fabs(normal * gamma) + fabs(wanted)) * 0x1p-24;
    return error + (o->type == ARRAY_F16 ? array_rounding(ARRAY_F16, fabs(wanted) + error) : 0);
}

static void check_row(const struct row_options *o, const struct arrays *a, size_t row, struct example_errors *errors)
{
    size_t columns = (size_t)o->columns, first = row * columns;
    double mean = 0, variance = 0;
    for (size_t i = 0; i < columns; i++)
        mean += array_get(&a->x, first + i) / (double)columns;
    for (size_t i = 0; i < columns; i++)
        variance += pow(array_get(&a->x, first + i) - mean, 2) / (double)columns;
    double deviation = sqrt(variance + EPS);
    for (size_t i = 0; i < columns; i++) {
        double gamma = array_get(&a->gamma, i), normal = (array_get(&a->x, first + i) - mean) / deviation;
        double wanted = normal * gamma + array_get(&a->beta, i);
        double tolerance = tolerance_of(o, deviation, normal, gamma, wanted);
        example_compare(errors, first + i, array_get(&a->out, first + i), wanted, tolerance / fmax(1, fabs(wanted)));
    }
}

static int check(const struct row_options *o, const struct arrays *a)
{
    struct example_errors errors = {0};
    for (size_t row = 0; row < (size_t)o->rows; row++)
        check_row(o, a, row, &errors);
    return example_report(&errors, "layer_norm", (size_t)(o->rows * o->columns));
}

static int run(struct example *example, const struct row_options *o, const struct arrays *a)
{
    const char *macros[] = {array_elements[o->type], o->sabotage ? "SABOTAGE" : NULL, NULL};
    uint64_t args[] = {(uintptr_t)a->x.data, (uintptr_t)a->gamma.data, (uintptr_t)a->beta.data, (uintptr_t)a->out.data,
                       (uint64_t)o->rows,    (uint64_t)o->columns,     array_bytes(o->type),    bits_of(EPS)};
    int status = example_open(example, "kernels/orchestration/layer_norm_orch.c");
    if (status == 0)
        status = example_kernel(example, 0, "kernels/aiv/layer_norm.c", "aiv", macros);
    if (status == 0)
        status = example_launch(example, "launch_layer_norm", args, 8, 1, o->block_dim);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    struct row_options o = row_parse_options(argc, argv, "The layer norm of each row of a matrix, on the AIVs.",
                                             "Leave the barrier out that makes the deviation wait for its root");
    struct arrays a = {0};
    size_t columns = (size_t)o.columns, count = (size_t)o.rows * columns;
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = 7;
    if (array_make(&a.x, o.type, count, 1, 2, 1) && array_make(&a.gamma, o.type, columns, 2, 1, 0.5f) &&
        array_make(&a.beta, o.type, columns, 3, 0, 1) && array_make(&a.out, o.type, count, 4, 0, 1))
        status = run(&example, &o, &a);
    else
        fprintf(stderr, "layer_norm: no memory for %zu elements\n", count);
    if (status == 0 && example_computes(&example))
        status = check(&o, &a);
    if (status == 0)
        printf("layer_norm: %s: %ld rows of %ld %s\n", example_computes(&example) ? "correct" : "not computed", o.rows,
               o.columns, array_types[o.type]);
    free(a.x.data);
    free(a.gamma.data);
    free(a.beta.data);
    free(a.out.data);
    return status;
}
