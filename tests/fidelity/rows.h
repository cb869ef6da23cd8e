/* rows.h - the rows of silicon that the test compares with, in the order of its table. */
#ifndef FIDELITY_ROWS_H
#define FIDELITY_ROWS_H

#include <stdbool.h>
#include <stdio.h>

enum row_id {
    A01,
    A02,
    A04_1,
    A04_3,
    A04_9,
    A09,
    A10,
    A11_MIN,
    A11_MEAN,
    A12_MIN,
    A12_MEAN,
    A13,
    A16,
    A17,
    A19_AIC,
    A19_AIV,
    A28,
    A29,
    A34,
    B07,
    B07_BARE,
    B07_GRAPH,
    B08,
    B08_BARE,
    B08_GRAPH,
    D07,
    D12_PACKED,
    D12_LINES,
    G01,
    G03,
    G04,
    F23,
    J04A,
    J04A_CUBE,
    J04A_LOAD,
    J04C,
    J04C_GROWTH,
    J04C_CUBE,
    J04C_LOAD,
    J04B,
    J04B_CUBE,
    J04B_LOAD,
    J04B_EXTRACT,
    J04B_STORE,
    J04D,
    J04D_CUBE,
    J04D_LOAD,
    ROW_COUNT
};

/** row_print - the line of the table for row @id, of which the model made @value.
 *  Return: whether the row is as it is said to be: met, or one of those known to be missed. */
bool row_print(FILE *out, enum row_id id, double value);

/** row_print_head - the table's first two lines. */
void row_print_head(FILE *out);

#endif
