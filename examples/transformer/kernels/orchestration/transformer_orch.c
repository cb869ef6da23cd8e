/* transformer_orch.c - the graph of a transformer's layers. A layer, where each line is a kernel on a tile of rows:
 *
 *   normed = layer_norm(x)
 *   qkv    = normed * QKV                                  AIC
 *   scores = q * k^T, weights = softmax(scores)            AIC, AIV: for each head
 *   heads  = weights * v                                   AIC
 *   x1     = x + heads * PROJECT                           AIC, AIV
 *   hidden = relu(layer_norm(x1) * UP)                     AIV, AIC
 *   out    = x1 + hidden * DOWN                            AIC, AIV
 *
 * Tiles have 128 rows, products also 256 columns. Every tensor remembers for each of its tiles of rows which tasks make
 * it; whoever reads rows follows these. So order comes from the data alone.
 */
#include "runtime.h"

#include <stdlib.h>
#include <string.h>

#include "../../shape.h"

enum { TILE_ROWS = 128, TILE_COLUMNS = 256, MAX_TILES = 16, MAX_MAKERS = 64, MAX_TASKS = 65536 };
enum { C_HALF = 1, C_RELU = 2, B_TRANSPOSED = 4 };

/* A matrix on the device, and who makes each tile of its rows. */
struct tensor {
    uint64_t addr, rows, columns, bytes; /* bytes of an element */
    int makers[MAX_TILES][MAX_MAKERS];
    int maker_count[MAX_TILES];
};

struct graph {
    Runtime *runtime;
    const struct shape *shape;
    int *tail;  /* by task: where its next successor is put: itself, or its newest relay */
    int failed; /* once something could not be added, nothing else is */
};

/* ---- tasks and edges ---- */

static int make_task(struct graph *g, int kernel, int core_type, const uint64_t *args, int count)
{
    int task = g->failed ? -1 : add_task(g->runtime, args, count, kernel, core_type);
    if (task < 0 || task >= MAX_TASKS)
        g->failed = 1;
    else
        g->tail[task] = task;
    return task;
}

/* @to after @from. The last place of a task's successors is kept for a relay, which has the others. */
static void follow(struct graph *g, int from, int to)
{
    if (g->failed)
        return;
    int tail = g->tail[from];
    if (g->runtime->staging[tail].fanout_count == RUNTIME_MAX_FANOUT - 1) {
        int relay = make_task(g, KERNEL_RELAY, RUNTIME_AIV, NULL, 0);
        if (g->failed || add_successor(g->runtime, tail, relay) != 0) {
            g->failed = 1;
            return;
        }
        g->tail[from] = tail = relay;
    }
    if (add_successor(g->runtime, tail, to) != 0)
        g->failed = 1;
}

/* @task reads rows [first, end) of @t. */
static void reads(struct graph *g, int task, const struct tensor *t, uint64_t first, uint64_t end)
{
    for (uint64_t tile = first / TILE_ROWS; tile * TILE_ROWS < end; tile++)
        for (int i = 0; i < t->maker_count[tile]; i++)
            follow(g, t->makers[tile][i], task);
}

static void makes(struct graph *g, int task, struct tensor *t, uint64_t first)
{
    int tile = (int)(first / TILE_ROWS);
    if (t->maker_count[tile] == MAX_MAKERS)
        g->failed = 1;
    else
        t->makers[tile][t->maker_count[tile]++] = task;
}

/* ---- memory ---- */

/* @from: what it holds, @to: where its result goes; NULL without. */
static void make_tensor(struct graph *g, struct tensor *t, uint64_t rows, uint64_t columns, uint64_t bytes,
                        const void *from, void *to)
{
    size_t size = rows * columns * bytes;
    memset(t, 0, sizeof *t);
    if (g->failed)
        return;
    void *device = g->runtime->host_api.device_malloc(size);
    if (!device || record_tensor_pair(g->runtime, to, device, size) != 0 ||
        (from && g->runtime->host_api.copy_to_device(device, from, size) != 0))
        g->failed = 1;
    t->addr = (uint64_t)(uintptr_t)device;
    t->rows = rows;
    t->columns = columns;
    t->bytes = bytes;
}

static uint64_t at(const struct tensor *t, uint64_t row, uint64_t column)
{
    return t->addr + (row * t->columns + column) * t->bytes;
}

/* ---- kernels on tiles of rows ---- */

static uint64_t at_most(uint64_t n, uint64_t most)
{
    return n < most ? n : most;
}

static void layer_norm(struct graph *g, struct tensor *out, const struct tensor *x, const struct tensor *gamma,
                       const struct tensor *beta)
{
    for (uint64_t row = 0; row < x->rows; row += TILE_ROWS) {
        uint64_t rows = at_most(x->rows - row, TILE_ROWS);
        uint64_t args[] = {at(x, row, 0), gamma->addr, beta->addr, at(out, row, 0), rows, x->columns};
        int task = make_task(g, KERNEL_LAYER_NORM, RUNTIME_AIV, args, 6);
        reads(g, task, x, row, row + rows);
        makes(g, task, out, row);
    }
}

static void add(struct graph *g, struct tensor *out, const struct tensor *x, const struct tensor *y)
{
    for (uint64_t row = 0; row < x->rows; row += TILE_ROWS) {
        uint64_t rows = at_most(x->rows - row, TILE_ROWS);
        uint64_t args[] = {at(x, row, 0), at(y, row, 0), at(out, row, 0), rows * x->columns, 0};
        int task = make_task(g, KERNEL_ADD, RUNTIME_AIV, args, 5);
        reads(g, task, x, row, row + rows);
        reads(g, task, y, row, row + rows);
        makes(g, task, out, row);
    }
}

/* A part of a matrix, as an operand of a product. */
struct part {
    const struct tensor *of;
    uint64_t row, column;
};

/* Columns [column, column + n) of @out are a * b; a has all rows of @out and @k columns. With B_TRANSPOSED the rows of
 * b are the columns of @out. */
static void product(struct graph *g, struct tensor *out, uint64_t column, uint64_t n, uint64_t k, struct part a,
                    struct part b, uint64_t options)
{
    for (uint64_t row = 0; row < out->rows; row += TILE_ROWS)
        for (uint64_t from = 0; from < n; from += TILE_COLUMNS) {
            uint64_t m = at_most(out->rows - row, TILE_ROWS), width = at_most(n - from, TILE_COLUMNS);
            int transposed = (options & B_TRANSPOSED) != 0;
            uint64_t b_row = b.row + (transposed ? from : 0), b_column = b.column + (transposed ? 0 : from);
            uint64_t args[] = {at(a.of, a.row + row, a.column),
                               at(b.of, b_row, b_column),
                               at(out, row, column + from),
                               m,
                               width,
                               k,
                               a.of->columns,
                               b.of->columns,
                               out->columns,
                               options};
            int task = make_task(g, KERNEL_GEMM, RUNTIME_AIC, args, 10);
            reads(g, task, a.of, a.row + row, a.row + row + m);
            reads(g, task, b.of, b_row, b_row + (transposed ? width : k));
            makes(g, task, out, row);
        }
}

static void softmax(struct graph *g, struct tensor *out, const struct tensor *x)
{
    for (uint64_t row = 0; row < x->rows; row += TILE_ROWS) {
        uint64_t rows = at_most(x->rows - row, TILE_ROWS);
        uint64_t args[] = {at(x, row, 0), at(out, row, 0), rows, x->columns};
        int task = make_task(g, KERNEL_SOFTMAX, RUNTIME_AIV, args, 4);
        reads(g, task, x, row, row + rows);
        makes(g, task, out, row);
    }
}

/* ---- a layer ---- */

/* The tensors of a layer; those of a head are used by one head only, so that heads run side by side. */
struct layer {
    struct tensor weights[WEIGHTS];
    struct tensor normed1, qkv, heads, projected, x1, normed2, hidden, down, out;
    struct tensor scores, attention; /* of all heads, head after head: each of these has rows of its own */
};

static struct tensor head_of(const struct tensor *all, uint64_t rows, uint64_t head)
{
    return (struct tensor){.addr = at(all, head * rows, 0), .rows = rows, .columns = all->columns, .bytes = all->bytes};
}

static void attend(struct graph *g, struct layer *l)
{
    const struct shape *s = g->shape;
    uint64_t columns = shape_columns(s);
    struct tensor *scores = malloc(2 * sizeof *scores), *attention = scores + 1;
    if (!scores) {
        g->failed = 1;
        return;
    }
    for (uint64_t head = 0; head < s->heads; head++) {
        struct part q = {&l->qkv, 0, head * s->head}, k = {&l->qkv, 0, columns + head * s->head},
                    v = {&l->qkv, 0, 2 * columns + head * s->head};
        *scores = head_of(&l->scores, s->rows, head);
        *attention = head_of(&l->attention, s->rows, head);
        product(g, scores, 0, s->rows, s->head, q, k, B_TRANSPOSED);
        softmax(g, attention, scores);
        product(g, &l->heads, head * s->head, s->head, s->rows, (struct part){attention, 0, 0}, v, C_HALF);
    }
    free(scores);
}

static void make_layer_tensors(struct graph *g, struct layer *l, void *const weights[WEIGHTS], void *result)
{
    const struct shape *s = g->shape;
    uint64_t rows = s->rows, columns = shape_columns(s);
    for (int i = 0; i < WEIGHTS; i++)
        make_tensor(g, &l->weights[i], shape_weight_rows(s, i), shape_weight_columns(s, i), shape_weight_bytes(i),
                    weights[i], NULL);
    make_tensor(g, &l->normed1, rows, columns, 2, NULL, NULL);
    make_tensor(g, &l->qkv, rows, 3 * columns, 2, NULL, NULL);
    make_tensor(g, &l->scores, s->heads * rows, rows, 4, NULL, NULL);
    make_tensor(g, &l->attention, s->heads * rows, rows, 2, NULL, NULL);
    make_tensor(g, &l->heads, rows, columns, 2, NULL, NULL);
    make_tensor(g, &l->projected, rows, columns, 4, NULL, NULL);
    make_tensor(g, &l->x1, rows, columns, 4, NULL, NULL);
    make_tensor(g, &l->normed2, rows, columns, 2, NULL, NULL);
    make_tensor(g, &l->hidden, rows, 4 * columns, 2, NULL, NULL);
    make_tensor(g, &l->down, rows, columns, 4, NULL, NULL);
    make_tensor(g, &l->out, rows, columns, 4, NULL, result);
}

static void make_layer(struct graph *g, struct layer *l, const struct tensor *x)
{
    uint64_t columns = shape_columns(g->shape);
    const struct tensor *w = l->weights;
    layer_norm(g, &l->normed1, x, &w[GAMMA1], &w[BETA1]);
    product(g, &l->qkv, 0, 3 * columns, columns, (struct part){&l->normed1, 0, 0}, (struct part){&w[QKV], 0, 0},
            C_HALF);
    attend(g, l);
    product(g, &l->projected, 0, columns, columns, (struct part){&l->heads, 0, 0}, (struct part){&w[PROJECT], 0, 0}, 0);
    add(g, &l->x1, x, &l->projected);
    layer_norm(g, &l->normed2, &l->x1, &w[GAMMA2], &w[BETA2]);
    product(g, &l->hidden, 0, 4 * columns, columns, (struct part){&l->normed2, 0, 0}, (struct part){&w[UP], 0, 0},
            C_HALF | C_RELU);
    product(g, &l->down, 0, columns, 4 * columns, (struct part){&l->hidden, 0, 0}, (struct part){&w[DOWN], 0, 0}, 0);
    add(g, &l->out, &l->x1, &l->down);
}

/** build_transformer - @args: a struct transformer on the host. */
int build_transformer(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 1)
        return -1;
    struct transformer *t = (struct transformer *)(uintptr_t)args[0];
    struct graph g = {.runtime = runtime, .shape = &t->shape, .tail = malloc(MAX_TASKS * sizeof *g.tail)};
    struct layer *layers = calloc(LAYERS, sizeof *layers);
    struct tensor *x = calloc(1, sizeof *x);
    if (!g.tail || !layers || !x || runtime_reserve_tasks(runtime, MAX_TASKS) != 0)
        g.failed = 1;
    if (!g.failed)
        make_tensor(&g, x, t->shape.rows, shape_columns(&t->shape), 4, t->x, NULL);
    for (int i = 0; i < LAYERS && !g.failed; i++) {
        make_layer_tensors(&g, &layers[i], t->weights[i], i == LAYERS - 1 ? t->out : NULL);
        make_layer(&g, &layers[i], i == 0 ? x : &layers[i - 1].out);
    }
    t->tasks = (uint64_t)get_task_count(runtime);
    free(g.tail);
    free(layers);
    free(x);
    return g.failed ? -1 : 0;
}
