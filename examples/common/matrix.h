/* matrix.h - for host programs of examples: a matrix of floats, or of halves that are floats to whoever asks. */
#ifndef EXAMPLES_COMMON_MATRIX_H
#define EXAMPLES_COMMON_MATRIX_H

#include "examples/common/example.h"

struct matrix {
    size_t rows, columns;
    bool half;
    void *data;
};

static inline size_t matrix_count(const struct matrix *m)
{
    return m->rows * m->columns;
}

static inline float matrix_get(const struct matrix *m, size_t i)
{
    return m->half ? (float)((const _Float16 *)m->data)[i] : ((const float *)m->data)[i];
}

static inline void matrix_set(struct matrix *m, size_t i, float value)
{
    if (m->half)
        ((_Float16 *)m->data)[i] = (_Float16)value;
    else
        ((float *)m->data)[i] = value;
}

/* Numbers between -@scale and @scale. Return: false without memory. */
static inline bool matrix_make(struct matrix *m, size_t rows, size_t columns, bool half, float scale, uint32_t seed)
{
    *m = (struct matrix){rows, columns, half, malloc(rows * columns * (half ? 2 : 4))};
    for (size_t i = 0; m->data && i < rows * columns; i++)
        matrix_set(m, i, scale * example_random(&seed));
    return m->data != NULL;
}

static inline void matrix_free(struct matrix *m)
{
    free(m->data);
    m->data = NULL;
}

#endif
