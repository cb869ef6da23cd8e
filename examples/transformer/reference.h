/* reference.h - the transformer in plain C: each activation of a layer is checked against what the others that the chip
 * has made should have given.
 *
 * So a difference does not spread from one step to the next, and no step may differ by more than it is entitled to:
 *
 * - Products and sums are exact. A product of halves is exact in a float; sums of them are made in ascending order of
 *   k, rounded at each step, here as there; then both multiply by the scale and round to a half.
 * - Norm, softmax and gelu are made in floats there and in doubles here. They may differ by half of a half's last place
 *   and by the errors of the floats, which the functions below add up in units of 2^-24: one for each operation that a
 *   number passes through, as a sum of n is made in n / 64 + 6 additions.
 */
#ifndef TRANSFORMER_REFERENCE_H
#define TRANSFORMER_REFERENCE_H

#include "examples/common/array.h"
#include "layout.h"

#define UNIT 0x1p-24

struct reference {
    struct shape shape;
    const _Float16 *weights, *activations;
    float eps, scale; /* of scores */
    uint32_t layer;
    struct example_errors errors;
};

static const _Float16 *weight_of(const struct reference *r, enum weight which)
{
    return r->weights + weight_at(&r->shape, r->layer, which);
}

static const _Float16 *activation_of(const struct reference *r, enum activation which)
{
    return r->activations + activation_at(&r->shape, r->layer, which);
}

/* @error: what the floats may be off by. */
static void compare(struct reference *r, size_t i, _Float16 got, double wanted, double error)
{
    double tolerance = error + array_rounding(ARRAY_F16, fabs(wanted) + error);
    example_compare(&r->errors, i, got, wanted, tolerance / fmax(1, fabs(wanted)));
}

/* ---- products ---- */

struct product {
    const _Float16 *a, *b, *c;
    size_t a_pitch, b_pitch, c_pitch, m, k, n;
    bool transposed; /* b: n rows of k */
    float scale;
};

/* sum[j] += a * b[j] */
__attribute__((optimize("O3"))) static void add_multiple(float *restrict sum, float a, const float *restrict b,
                                                         size_t n)
{
    for (size_t j = 0; j < n; j++)
        sum[j] += a * b[j];
}

static void check_product(struct reference *r, struct product p)
{
    float *b = malloc(p.k * p.n * sizeof *b), *sum = malloc(p.n * sizeof *sum);
    for (size_t k = 0; b && k < p.k; k++)
        for (size_t j = 0; j < p.n; j++)
            b[k * p.n + j] = (float)(p.transposed ? p.b[j * p.b_pitch + k] : p.b[k * p.b_pitch + j]);
    for (size_t i = 0; b && sum && i < p.m; i++) {
        memset(sum, 0, p.n * sizeof *sum);
        for (size_t k = 0; k < p.k; k++)
            add_multiple(sum, (float)p.a[i * p.a_pitch + k], b + k * p.n, p.n);
        for (size_t j = 0; j < p.n; j++) {
            float scaled = sum[j] * p.scale;
            example_compare(&r->errors, i * p.n + j, p.c[i * p.c_pitch + j], (_Float16)scaled, 0);
        }
    }
    if (!b || !sum)
        r->errors = (struct example_errors){.count = 1};
    free(b);
    free(sum);
}

static void check_linear(struct reference *r, enum activation x, enum weight w, enum activation out)
{
    struct matrix b = weight_shape(&r->shape, w);
    check_product(r, (struct product){activation_of(r, x), weight_of(r, w), activation_of(r, out), b.rows, b.columns,
                                      b.columns, r->shape.sequence, b.rows, b.columns, false, 1});
}

static void check_scores(struct reference *r)
{
    size_t n = r->shape.sequence, width = r->shape.width, wide = head_width(&r->shape);
    for (uint32_t head = 0; head < r->shape.heads; head++) {
        const _Float16 *q = activation_of(r, QKV) + head * wide, *scores = activation_of(r, SCORES) + head * n * n;
        check_product(r, (struct product){q, q + width, scores, 3 * width, 3 * width, n, n, wide, n, true, r->scale});
    }
}

static void check_context(struct reference *r)
{
    size_t n = r->shape.sequence, width = r->shape.width, wide = head_width(&r->shape);
    for (uint32_t head = 0; head < r->shape.heads; head++) {
        const _Float16 *v = activation_of(r, QKV) + 2 * width + head * wide;
        check_product(r, (struct product){activation_of(r, ATTENTION) + head * n * n, v,
                                          activation_of(r, CONTEXT) + head * wide, n, 3 * width, width, n, n, wide,
                                          false, 1});
    }
}

/* ---- the others ---- */

static void check_sum(struct reference *r, enum activation x, enum activation y, enum activation out)
{
    const _Float16 *a = activation_of(r, x), *b = activation_of(r, y), *c = activation_of(r, out);
    size_t count = (size_t)r->shape.sequence * r->shape.width;
    for (size_t i = 0; i < count; i++)
        example_compare(&r->errors, i, c[i], (_Float16)((float)a[i] + (float)b[i]), 0);
}

/* The mean is off by as much as its sum is, the deviation relative to the result; 8 for the other operations. */
static void check_norm(struct reference *r, enum activation from, enum weight which, enum activation to)
{
    const _Float16 *gamma = weight_of(r, which), *beta = weight_of(r, which + 1);
    size_t n = r->shape.width;
    double additions = (double)n / 64 + 6;
    for (size_t row = 0; row < r->shape.sequence; row++) {
        const _Float16 *x = activation_of(r, from) + row * n, *out = activation_of(r, to) + row * n;
        double mean = 0, variance = 0, most = 0;
        for (size_t i = 0; i < n; i++) {
            mean += (double)x[i] / (double)n;
            most = fmax(most, fabs((double)x[i]));
        }
        for (size_t i = 0; i < n; i++)
            variance += ((double)x[i] - mean) * ((double)x[i] - mean) / (double)n;
        double deviation = sqrt(variance + r->eps);
        for (size_t i = 0; i < n; i++) {
            double normal = ((double)x[i] - mean) / deviation, g = (double)gamma[i];
            double wanted = normal * g + (double)beta[i];
            double error = fabs(g) * (most / deviation * additions + fabs(normal) * (additions + 8)) + fabs(wanted);
            compare(r, row * n + i, out[i], wanted, error * UNIT);
        }
    }
}

/* The exponential's argument is rounded; 2 for vexp, 1 for the quotient. */
static void check_softmax(struct reference *r)
{
    size_t n = r->shape.sequence;
    for (size_t row = 0; row < r->shape.heads * n; row++) {
        const _Float16 *x = activation_of(r, SCORES) + row * n, *out = activation_of(r, ATTENTION) + row * n;
        double most = -INFINITY, least = INFINITY, sum = 0;
        for (size_t i = 0; i < n; i++) {
            most = fmax(most, (double)x[i]);
            least = fmin(least, (double)x[i]);
        }
        for (size_t i = 0; i < n; i++)
            sum += exp((double)x[i] - most);
        for (size_t i = 0; i < n; i++) {
            double wanted = exp((double)x[i] - most) / sum;
            compare(r, row * n + i, out[i], wanted, wanted * (most - least + 2 + (double)n / 64 + 6 + 1) * UNIT);
        }
    }
}

/* The exponential's argument passes 5 operations, with two constants that are rounded; 2 for vexp, 1 for the sum, 1 for
 * the quotient. */
static void check_gelu(struct reference *r)
{
    const _Float16 *in = activation_of(r, UP), *out = activation_of(r, GELU);
    size_t count = (size_t)r->shape.sequence * r->shape.mlp;
    for (size_t i = 0; i < count; i++) {
        double x = (double)in[i], argument = -2 * sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
        double wanted = x / (1 + exp(argument));
        compare(r, i, out[i], wanted, fabs(wanted) * (7 * fabs(argument) + 4) * UNIT);
    }
}

/* ---- a layer ---- */

static void check_activation(struct reference *r, enum activation which)
{
    switch (which) {
    case NORM1:
        return check_norm(r, X, GAMMA1, NORM1);
    case QKV:
        return check_linear(r, NORM1, W_QKV, QKV);
    case SCORES:
        return check_scores(r);
    case ATTENTION:
        return check_softmax(r);
    case CONTEXT:
        return check_context(r);
    case PROJECTED:
        return check_linear(r, CONTEXT, W_OUT, PROJECTED);
    case SUM1:
        return check_sum(r, X, PROJECTED, SUM1);
    case NORM2:
        return check_norm(r, SUM1, GAMMA2, NORM2);
    case UP:
        return check_linear(r, NORM2, W_UP, UP);
    case GELU:
        return check_gelu(r);
    case DOWN:
        return check_linear(r, GELU, W_DOWN, DOWN);
    case SUM2:
        return check_sum(r, SUM1, DOWN, SUM2);
    default:
        return;
    }
}

/* 0 when all layers are right; else 1, after a line on the first thing that is wrong. */
static int check_layers(struct reference *r)
{
    static const char *const names[ACTIVATIONS] = {"x",       "norm1",     "qkv",  "scores", "attention",
                                                   "context", "projected", "sum1", "norm2",  "up",
                                                   "gelu",    "down",      "sum2"};
    for (r->layer = 0; r->layer < r->shape.layers; r->layer++)
        for (int which = NORM1; which < ACTIVATIONS; which++) {
            struct matrix m = activation_shape(&r->shape, (enum activation)which);
            char name[64];
            check_activation(r, (enum activation)which);
            snprintf(name, sizeof name, "transformer: layer %u, %s", r->layer + 1, names[which]);
            if (example_report(&r->errors, name, (size_t)m.rows * m.columns) != 0)
                return 1;
        }
    return 0;
}

#endif
