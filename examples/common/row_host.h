/* row_host.h - what the host programs of the examples on rows share: a matrix of floats or halves, and the options that
 * give its shape.
 */
#ifndef EXAMPLES_COMMON_ROW_HOST_H
#define EXAMPLES_COMMON_ROW_HOST_H

#include "example.h"

enum { ROW_F32, ROW_F16, ROW_MOST_COLUMNS = 6144 /* TILE in row_tiles.h */, ROW_MOST_ELEMENTS = 1 << 28 };

static const char *const row_types[] = {"f32", "f16"};
static const char *const row_elements[] = {"ELEMENT=float", "ELEMENT=half"};

struct row_options {
    int type;
    long rows, columns, block_dim;
    bool sabotage;
};

enum { ROW_KEY_TYPE = 256, ROW_KEY_ROWS, ROW_KEY_COLUMNS, ROW_KEY_BLOCK_DIM, ROW_KEY_SABOTAGE };

static inline error_t row_parse_option(int key, char *arg, struct argp_state *state)
{
    struct row_options *options = state->input;
    switch (key) {
    case ROW_KEY_TYPE:
        options->type = example_choice(state, "type", arg, "f32|f16");
        return 0;
    case ROW_KEY_ROWS:
        options->rows = example_number(state, "rows", arg, 1, ROW_MOST_ELEMENTS);
        return 0;
    case ROW_KEY_COLUMNS:
        options->columns = example_number(state, "columns", arg, 1, ROW_MOST_COLUMNS);
        return 0;
    case ROW_KEY_BLOCK_DIM:
        options->block_dim = example_number(state, "block-dim", arg, 1, 1000);
        return 0;
    case ROW_KEY_SABOTAGE:
        options->sabotage = true;
        return 0;
    case ARGP_KEY_END:
        if (options->rows > ROW_MOST_ELEMENTS / options->columns)
            argp_error(state, "%ld rows of %ld are more than the %d elements allowed", options->rows, options->columns,
                       ROW_MOST_ELEMENTS);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* @doc: what the program does; @sabotage: what --sabotage leaves out. */
static inline struct row_options row_parse_options(int argc, char **argv, const char *doc, const char *sabotage)
{
    const struct argp_option table[] = {
        {"type", ROW_KEY_TYPE, "TYPE", 0, "f32 or f16 (f32)", 0},
        {"rows", ROW_KEY_ROWS, "N", 0, "Rows (1000)", 0},
        {"columns", ROW_KEY_COLUMNS, "N", 0, "Elements of a row, at most 6144 (1000)", 0},
        {"block-dim", ROW_KEY_BLOCK_DIM, "N", 0, "Clusters to use (24)", 0},
        {"sabotage", ROW_KEY_SABOTAGE, NULL, 0, sabotage, 0},
        {0},
    };
    const struct argp argp = {.options = table, .parser = row_parse_option, .doc = doc};
    struct row_options options = {.rows = 1000, .columns = 1000, .block_dim = 24};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    return options;
}

/* Elements of either type. */
struct row_array {
    int type;
    void *data;
};

static inline size_t row_bytes(int type)
{
    return type == ROW_F32 ? 4 : 2;
}

static inline double row_get(const struct row_array *array, size_t i)
{
    return array->type == ROW_F32 ? (double)((const float *)array->data)[i]
                                  : (double)((const _Float16 *)array->data)[i];
}

static inline void row_set(const struct row_array *array, size_t i, float value)
{
    if (array->type == ROW_F32)
        ((float *)array->data)[i] = value;
    else
        ((_Float16 *)array->data)[i] = (_Float16)value;
}

/* Random numbers from @middle - @width to @middle + @width. */
static inline bool row_make(struct row_array *array, int type, size_t count, uint32_t seed, float middle, float width)
{
    *array = (struct row_array){type, malloc(count * row_bytes(type))};
    for (size_t i = 0; array->data && i < count; i++)
        row_set(array, i, middle + width * example_random(&seed));
    return array->data;
}

/* How far the nearest element of the type may be from @value: half of its last place. */
static inline double row_rounding(int type, double value)
{
    if (type == ROW_F32)
        return fabs(value) * 0x1p-24;
    return fabs(value) * 0x1p-11 + 0x1p-25;
}

#endif
