/* shape.h - what host program and orchestration agree on: sizes, and the tensors in host memory. */
#ifndef TRANSFORMER_SHAPE_H
#define TRANSFORMER_SHAPE_H

#include <stdint.h>

enum { LAYERS = 2 };

enum { KERNEL_LAYER_NORM, KERNEL_GEMM, KERNEL_SOFTMAX, KERNEL_ADD, KERNEL_RELAY, KERNELS };

/* Weights of a layer: halves, but for gamma and beta. The part of QKV that makes q has been divided by the root of a
 * head's columns. */
enum { GAMMA1, BETA1, QKV, PROJECT, GAMMA2, BETA2, UP, DOWN, WEIGHTS };

struct shape {
    uint64_t rows, heads, head; /* head: columns of one */
};

static inline uint64_t shape_columns(const struct shape *s)
{
    return s->heads * s->head;
}

/* Rows and columns of the layer's weight @which. */
static inline uint64_t shape_weight_rows(const struct shape *s, int which)
{
    return which == QKV || which == PROJECT || which == UP ? shape_columns(s)
           : which == DOWN                                 ? 4 * shape_columns(s)
                                                           : 1;
}
static inline uint64_t shape_weight_columns(const struct shape *s, int which)
{
    return (which == QKV ? 3 : which == UP ? 4 : 1) * shape_columns(s);
}
static inline uint64_t shape_weight_bytes(int which)
{
    return which == GAMMA1 || which == BETA1 || which == GAMMA2 || which == BETA2 ? 4 : 2;
}

/* The orchestration's only argument. */
struct transformer {
    struct shape shape;
    float *x, *out; /* rows x columns */
    void *weights[LAYERS][WEIGHTS];
    uint64_t tasks; /* receives how many there are */
};

#endif
