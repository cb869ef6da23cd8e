/* main.c - the softmax of each row of a matrix, on all AIVs, checked against plain C in double precision.
 *
 * What a result may be off by, relative to its size, in units of 2^-24: 16 for x - m, which is rounded once and is less
 * than 16 here (the exponential's argument times its rounding); 2 for vexp; one for each addition that a term of the
 * sum goes through, a 64th of the columns and 6 more; 1 for the quotient. Halves are rounded at the end.
 */
#include "examples/common/row_host.h"

static double tolerance_of(const struct row_options *o, double wanted)
{
    double relative = (16 + 2 + (double)o->columns / 64 + 6 + 1) * 0x1p-24;
    return wanted * relative + (o->type == ARRAY_F16 ? array_rounding(ARRAY_F16, wanted * (1 + relative)) : 0);
}

static void check_row(const struct row_options *o, const struct array *x, const struct array *out, size_t row,
                      double *exponentials, struct example_errors *errors)
{
    size_t columns = (size_t)o->columns, first = row * columns;
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < columns; i++)
        most = fmax(most, array_get(x, first + i));
    for (size_t i = 0; i < columns; i++)
        sum += exponentials[i] = exp(array_get(x, first + i) - most);
    for (size_t i = 0; i < columns; i++) {
        double wanted = exponentials[i] / sum;
        example_compare(errors, first + i, array_get(out, first + i), wanted, tolerance_of(o, wanted));
    }
}

static int check(const struct row_options *o, const struct array *x, const struct array *out)
{
    struct example_errors errors = {0};
    double *exponentials = malloc((size_t)o->columns * sizeof *exponentials);
    if (!exponentials)
        return 7;
    for (size_t row = 0; row < (size_t)o->rows; row++)
        check_row(o, x, out, row, exponentials, &errors);
    free(exponentials);
    return example_report(&errors, "softmax", (size_t)(o->rows * o->columns));
}

static int run(struct example *example, const struct row_options *o, const struct array *x, const struct array *out)
{
    const char *macros[] = {array_elements[o->type], o->sabotage ? "SABOTAGE" : NULL, NULL};
    uint64_t args[] = {(uintptr_t)x->data, (uintptr_t)out->data, (uint64_t)o->rows, (uint64_t)o->columns,
                       array_bytes(o->type)};
    int status = example_open(example, "kernels/orchestration/softmax_orch.c");
    if (status == 0)
        status = example_kernel(example, 0, "kernels/aiv/softmax.c", "aiv", macros);
    if (status == 0)
        status = example_launch(example, "launch_softmax", args, 5, 1, o->block_dim);
    example_close(example);
    return status;
}

int main(int argc, char **argv)
{
    struct row_options o = row_parse_options(argc, argv, "The softmax of each row of a matrix, on the AIVs.",
                                             "Leave the barrier out that makes the quotients wait for the sums");
    struct array x = {0}, out = {0};
    size_t count = (size_t)(o.rows * o.columns);
    struct example example = {.main_c = __FILE__, .runtime = "spmd"};
    int status = 7;
    if (array_make(&x, o.type, count, 1, 0, 8) && array_make(&out, o.type, count, 2, 0, 1))
        status = run(&example, &o, &x, &out);
    else
        fprintf(stderr, "softmax: no memory for %zu elements\n", count);
    if (status == 0 && example_computes(&example))
        status = check(&o, &x, &out);
    if (status == 0)
        printf("softmax: %s: %ld rows of %ld %s\n", example_computes(&example) ? "correct" : "not computed", o.rows,
               o.columns, array_types[o.type]);
    free(x.data);
    free(out.data);
    return status;
}
