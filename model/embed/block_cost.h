/* block_cost.h - what each basic block of device code costs, counted from its instructions when it is loaded.
 *
 * The compiler's pc table names the start of every block; the guard word of the same index is what the block's hook
 * adds to the core's clock. The instrumentation's own calls, and the instruction that sets up each, cost nothing.
 */
#ifndef DAV_BLOCK_COST_H
#define DAV_BLOCK_COST_H

#include "model/chipfile.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One entry of the compiler's pc table. */
struct block_pc {
    uint64_t pc;
    uint64_t flags;
};

struct block_table {
    const uint8_t *code; /* executable bytes that hold the blocks and the port's stubs */
    size_t code_size;
    uint64_t code_pc; /* what the pc table calls the first of them */
    const struct block_pc *pcs;
    uint32_t *guards; /* one a block: receives its cost in ps */
    size_t count;
};

/** block_cost_fill - write the cost of every block into its guard word: at least one simple instruction's.
 *  Return: 0, or -1 with one line in @error. */
int block_cost_fill(const struct block_table *table, const struct instruction_costs *costs, char *error,
                    size_t error_size);

#ifdef __cplusplus
}
#endif
#endif
