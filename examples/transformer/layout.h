/* layout.h - where the weights and the activations of the transformer stand: what the host, its reference and the
 * orchestration agree on.
 *
 * All are halves in rows. The weights of all layers are one piece of memory and the activations another, each with a
 * stretch for each layer; each matrix starts at a sector of 512 B. Every result of a task has a place of its own, so
 * nothing is overwritten, and the host can check each.
 */
#ifndef TRANSFORMER_LAYOUT_H
#define TRANSFORMER_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#define MOST_HEADS  32
#define MOST_BLOCKS 40
#define PART        128 /* columns that one product makes */

struct shape {
    uint32_t sequence, width, heads, mlp, layers;
    uint32_t block; /* rows of a task */
};

enum weight { GAMMA1, BETA1, W_QKV, W_OUT, GAMMA2, BETA2, W_UP, W_DOWN, WEIGHTS };

/* NORM1 to SUM2 in the order in which a layer makes them; SUM2 is the next layer's x. SCORES and ATTENTION have a
 * square matrix for each head. */
enum activation {
    X,
    NORM1,
    QKV,
    SCORES,
    ATTENTION,
    CONTEXT,
    PROJECTED,
    SUM1,
    NORM2,
    UP,
    GELU,
    DOWN,
    SUM2,
    ACTIVATIONS
};

struct matrix {
    uint32_t rows, columns;
};

static inline uint32_t head_width(const struct shape *s)
{
    return s->width / s->heads;
}
static inline uint32_t block_count(const struct shape *s)
{
    return (s->sequence + s->block - 1) / s->block;
}

static inline struct matrix weight_shape(const struct shape *s, enum weight which)
{
    const struct matrix shapes[WEIGHTS] = {
        [GAMMA1] = {1, s->width},       [BETA1] = {1, s->width},       [W_QKV] = {s->width, 3 * s->width},
        [W_OUT] = {s->width, s->width}, [GAMMA2] = {1, s->width},      [BETA2] = {1, s->width},
        [W_UP] = {s->width, s->mlp},    [W_DOWN] = {s->mlp, s->width},
    };
    return shapes[which];
}

static inline struct matrix activation_shape(const struct shape *s, enum activation which)
{
    uint32_t columns = which == QKV                            ? 3 * s->width
                       : which == SCORES || which == ATTENTION ? s->sequence
                       : which == UP || which == GELU          ? s->mlp
                                                               : s->width;
    return (struct matrix){which == SCORES || which == ATTENTION ? s->heads * s->sequence : s->sequence, columns};
}

static inline size_t matrix_room(struct matrix m)
{
    return ((size_t)m.rows * m.columns + 255) / 256 * 256;
}

/* The first element of a weight of a layer; of layer @layers: how many there are. */
static inline size_t weight_at(const struct shape *s, uint32_t layer, enum weight which)
{
    size_t all = 0, before = 0;
    for (int i = 0; i < WEIGHTS; i++) {
        size_t room = matrix_room(weight_shape(s, (enum weight)i));
        all += room;
        before += i < (int)which ? room : 0;
    }
    return layer * all + before;
}

/* The same for activations. Only the first layer has an X. */
static inline size_t activation_at(const struct shape *s, uint32_t layer, enum activation which)
{
    size_t all = 0, before = 0, x = matrix_room(activation_shape(s, X));
    if (which == X && layer > 0)
        return activation_at(s, layer - 1, SUM2);
    if (which == X)
        return 0;
    for (int i = NORM1; i < ACTIVATIONS; i++) {
        size_t room = matrix_room(activation_shape(s, (enum activation)i));
        all += room;
        before += i < (int)which ? room : 0;
    }
    return x + layer * all + before;
}

#endif
