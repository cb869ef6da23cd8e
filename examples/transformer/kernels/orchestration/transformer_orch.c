/* transformer_orch.c - the graph of the transformer. In each layer, for each block of rows:
 *
 *   norm -> qkv -> join -> scores -> softmax -> context -> projected -> sum -> norm -> up -> gelu -> down -> sum
 *           (parts)  (one a head: needs all rows)          (parts)                   (parts)       (parts)
 *
 * A part is 128 columns of a product with weights: a task each. Scores need the keys of all blocks, so a join of each
 * head waits for all blocks; the values are there with the keys.
 */
#include "runtime.h"

#include "../../../common/bits.h"
#include "../../layout.h"

enum { KERNEL_LINEAR, KERNEL_SCORES, KERNEL_NORM, KERNEL_SOFTMAX, KERNEL_GELU, KERNEL_ADD, KERNEL_JOIN };

struct graph {
    Runtime *runtime;
    struct shape shape;
    uint64_t weights, activations; /* device addresses */
    uint64_t eps, scale, one;      /* bits of floats */
    uint32_t layer;
    int failed;  /* something has gone wrong and told */
    int no_edge; /* softmax does not wait for scores */
};

/* ---- tasks ---- */

static int task(struct graph *g, int kernel, const uint64_t *args, int count)
{
    int type = kernel == KERNEL_LINEAR || kernel == KERNEL_SCORES ? RUNTIME_AIC : RUNTIME_AIV;
    int id = g->failed ? -1 : add_task(g->runtime, args, count, kernel, type);
    g->failed |= id < 0;
    return id;
}

/* @to waits for @count tasks from @from on. */
static void after(struct graph *g, int from, uint32_t count, int to)
{
    for (uint32_t i = 0; i < count && !g->failed; i++)
        g->failed |= add_successor(g->runtime, from + (int)i, to) != 0;
}

static uint64_t weight(const struct graph *g, enum weight which)
{
    return g->weights + 2 * weight_at(&g->shape, g->layer, which);
}

/* An element of an activation. */
static uint64_t activation(const struct graph *g, enum activation which, uint64_t row, uint64_t column)
{
    uint64_t columns = activation_shape(&g->shape, which).columns;
    return g->activations + 2 * (activation_at(&g->shape, g->layer, which) + row * columns + column);
}

static uint32_t first_row(const struct graph *g, uint32_t block)
{
    return block * g->shape.block;
}

static uint32_t rows_of(const struct graph *g, uint32_t block)
{
    uint32_t left = g->shape.sequence - first_row(g, block);
    return left < g->shape.block ? left : g->shape.block;
}

static uint32_t parts_of(uint32_t columns)
{
    return (columns + PART - 1) / PART;
}

static int norm(struct graph *g, uint32_t block, enum activation x, enum weight gamma, enum activation out)
{
    uint32_t row = first_row(g, block);
    return task(g, KERNEL_NORM,
                (uint64_t[]){activation(g, x, row, 0), weight(g, gamma), weight(g, gamma + 1),
                             activation(g, out, row, 0), rows_of(g, block), g->shape.width, g->eps},
                7);
}

static int add(struct graph *g, uint32_t block, enum activation x, enum activation y, enum activation out)
{
    uint32_t row = first_row(g, block);
    return task(g, KERNEL_ADD,
                (uint64_t[]){activation(g, x, row, 0), activation(g, y, row, 0), activation(g, out, row, 0),
                             (uint64_t)rows_of(g, block) * g->shape.width},
                4);
}

/* A block of @x times a weight, in parts, each behind @count tasks from @from on. Return: the first part. */
static int linear(struct graph *g, uint32_t block, enum activation x, enum weight w, enum activation out, int from,
                  uint32_t count)
{
    struct matrix b = weight_shape(&g->shape, w);
    uint32_t row = first_row(g, block);
    int first = -1;
    for (uint32_t at = 0; at < b.columns; at += PART) {
        uint32_t n = b.columns - at < PART ? b.columns - at : PART;
        int id = task(g, KERNEL_LINEAR,
                      (uint64_t[]){activation(g, x, row, 0), weight(g, w) + 2 * at, activation(g, out, row, at), b.rows,
                                   b.columns, b.columns, rows_of(g, block), b.rows, n, g->one},
                      10);
        first = at == 0 ? id : first;
        after(g, from, count, id);
    }
    return first;
}

/* ---- attention ---- */

/* Whether a part of q, k and v side by side has columns of the head. */
static int has_head(const struct graph *g, uint32_t part, uint32_t head)
{
    uint32_t wide = head_width(&g->shape), begin = part * PART, end = begin + PART;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t first = i * g->shape.width + head * wide;
        if (begin < first + wide && first < end)
            return 1;
    }
    return 0;
}

/* Behind all that makes queries, keys or values of a head. @qkv: the parts of block 0, followed by those of the next.
 */
static int join(struct graph *g, int qkv, uint32_t head)
{
    uint32_t parts = parts_of(3 * g->shape.width);
    int id = task(g, KERNEL_JOIN, (uint64_t[]){0}, 1);
    for (uint32_t block = 0; block < block_count(&g->shape); block++)
        for (uint32_t part = 0; part < parts; part++)
            if (has_head(g, part, head))
                after(g, qkv + (int)(block * parts + part), 1, id);
    return id;
}

/* Scores, their softmax, and its product with the values; of a block and a head. Return: the last one. */
static int attend(struct graph *g, uint32_t head, uint32_t block, int join)
{
    const struct shape *s = &g->shape;
    uint32_t wide = head_width(s), row = first_row(g, block), rows = rows_of(g, block), column = head * wide;
    uint64_t square_row = (uint64_t)head * s->sequence + row, pitch = 3 * s->width;
    uint64_t scores = activation(g, SCORES, square_row, 0), attention = activation(g, ATTENTION, square_row, 0);
    int first = task(g, KERNEL_SCORES,
                     (uint64_t[]){activation(g, QKV, row, column), activation(g, QKV, 0, s->width + column), scores,
                                  pitch, pitch, s->sequence, rows, wide, s->sequence, g->scale},
                     10);
    int second = task(g, KERNEL_SOFTMAX, (uint64_t[]){scores, attention, rows, s->sequence}, 4);
    int third =
        task(g, KERNEL_LINEAR,
             (uint64_t[]){attention, activation(g, QKV, 0, 2 * s->width + column), activation(g, CONTEXT, row, column),
                          s->sequence, pitch, s->width, rows, s->sequence, wide, g->one},
             10);
    after(g, join, 1, first);
    after(g, g->no_edge ? join : first, 1, second);
    after(g, second, 1, third);
    return third;
}

/* From qkv to the sum of x and what the attention has projected. @sum: for each block, its task. */
static void attention(struct graph *g, int qkv, int *sum)
{
    int last[MOST_HEADS][MOST_BLOCKS];
    uint32_t heads = g->shape.heads, blocks = block_count(&g->shape);
    for (uint32_t head = 0; head < heads; head++) {
        int joined = join(g, qkv, head);
        for (uint32_t block = 0; block < blocks; block++)
            last[head][block] = attend(g, head, block, joined);
    }
    for (uint32_t block = 0; block < blocks; block++) {
        uint32_t parts = parts_of(g->shape.width);
        int projected = linear(g, block, CONTEXT, W_OUT, PROJECTED, 0, 0);
        for (uint32_t head = 0; head < heads; head++)
            for (uint32_t part = 0; part < parts; part++)
                after(g, last[head][block], 1, projected + (int)part);
        sum[block] = add(g, block, X, PROJECTED, SUM1);
        after(g, projected, parts, sum[block]);
    }
}

/* ---- layers ---- */

static int mlp(struct graph *g, uint32_t block, int sum1)
{
    uint32_t row = first_row(g, block), mlp = g->shape.mlp;
    int normed = norm(g, block, SUM1, GAMMA2, NORM2);
    int up = linear(g, block, NORM2, W_UP, UP, normed, 1);
    int gelu = task(g, KERNEL_GELU,
                    (uint64_t[]){activation(g, UP, row, 0), activation(g, GELU, row, 0), rows_of(g, block), mlp}, 4);
    int down = linear(g, block, GELU, W_DOWN, DOWN, gelu, 1);
    int sum2 = add(g, block, SUM1, DOWN, SUM2);
    after(g, sum1, 1, normed);
    after(g, up, parts_of(mlp), gelu);
    after(g, down, parts_of(g->shape.width), sum2);
    return sum2;
}

/* @sum: in, of the layer before (if there is one); out, of this one. */
static void layer(struct graph *g, int *sum)
{
    int qkv = -1, normed[MOST_BLOCKS];
    for (uint32_t block = 0; block < block_count(&g->shape); block++) {
        normed[block] = norm(g, block, X, GAMMA1, NORM1);
        if (g->layer > 0)
            after(g, sum[block], 1, normed[block]);
    }
    for (uint32_t block = 0; block < block_count(&g->shape); block++) {
        int first = linear(g, block, NORM1, W_QKV, QKV, normed[block], 1);
        qkv = block == 0 ? first : qkv;
    }
    attention(g, qkv, sum);
    for (uint32_t block = 0; block < block_count(&g->shape); block++)
        sum[block] = mlp(g, block, sum[block]);
}

static uint32_t tasks_of_layer(const struct shape *s)
{
    uint32_t parts = parts_of(3 * s->width) + 2 * parts_of(s->width) + parts_of(s->mlp), others = 5;
    return block_count(s) * (parts + others) + s->heads * (1 + 3 * block_count(s));
}

/* ---- memory ---- */

/* Device memory for @count halves, the first @given of which come from the host, and all of which go back to @back. */
static uint64_t memory(struct graph *g, const void *from, size_t given, void *back, size_t count)
{
    const HostApi *api = &g->runtime->host_api;
    void *device = api->device_malloc(2 * count);
    if (record_tensor_pair(g->runtime, back, device, 2 * count) != 0 ||
        api->copy_to_device(device, from, 2 * given) != 0)
        g->failed = 1;
    return (uint64_t)(uintptr_t)device;
}

/** build_transformer - @args: the shape, weights and activations on the host, the bits of eps and of the scale of the
 *  scores, whether to leave the edges between scores and softmax out. */
int build_transformer(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 6)
        return -1;
    const struct shape *shape = (const struct shape *)(uintptr_t)args[0];
    struct graph g = {.runtime = runtime,
                      .shape = *shape,
                      .eps = args[3],
                      .scale = args[4],
                      .one = bits_of(1),
                      .no_edge = (int)args[5]};
    if (runtime_reserve_tasks(runtime, (int)(shape->layers * tasks_of_layer(shape))) != 0)
        return -1;
    size_t weights = weight_at(shape, shape->layers, 0), all = activation_at(shape, shape->layers, NORM1);
    void *activations = (void *)(uintptr_t)args[2];
    int sum[MOST_BLOCKS] = {0};
    g.weights = memory(&g, (void *)(uintptr_t)args[1], weights, NULL, weights);
    g.activations = memory(&g, activations, matrix_room(activation_shape(shape, X)), activations, all);
    for (; g.layer < shape->layers; g.layer++)
        layer(&g, sum);
    return g.failed ? -1 : 0;
}
