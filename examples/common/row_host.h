/* row_host.h - what the host programs of the examples on rows share: the options that give the shape of a matrix of
 * floats or halves.
 */
#ifndef EXAMPLES_COMMON_ROW_HOST_H
#define EXAMPLES_COMMON_ROW_HOST_H

#include "array.h"

enum { ROW_MOST_COLUMNS = 6144 /* TILE in row_tiles.h */, ROW_MOST_ELEMENTS = 1 << 28 };

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

#endif
