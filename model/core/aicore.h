/* aicore.h - the scalar unit of an AIC or AIV and its data cache, which nothing but dcci keeps coherent.
 *
 * All calls are made by the running core, between core_enter and core_leave.
 */
#ifndef DAV_AICORE_H
#define DAV_AICORE_H

#include "model/core/core.h"

#ifdef __cplusplus
extern "C" {
#endif

void aicore_load(struct core *core, uint64_t addr, uint32_t size, const struct saved_registers *registers);
void aicore_store(struct core *core, uint64_t addr, uint32_t size);

/** aicore_dcci - clean (@clean) and invalidate the line of @addr, or every line (@entire). */
void aicore_dcci(struct core *core, uint64_t addr, bool entire, bool clean, const struct saved_registers *registers);

/** aicore_evict - write the dirty line in way @index back and drop it, at no cost to the core. */
void aicore_evict(struct core *core, uint32_t index);

/** aicore_dsb - wait until every write-back of this core stands in GM. */
void aicore_dsb(struct core *core);

/** aicore_reg_read / aicore_reg_write - its own registers; false for one it may not use. */
bool aicore_reg_read(struct core *core, uint32_t reg, uint64_t *value, const struct saved_registers *registers);
bool aicore_reg_write(struct core *core, uint32_t reg, uint64_t value);

/** aicore_hang - the core touched the register window by an ordinary access. */
void aicore_hang(struct core *core, uint64_t addr);

/** aicore_kernel_begin / aicore_kernel_end - the worker calls a kernel image with @args, and it returns. */
void aicore_kernel_begin(struct core *core, uint64_t args, uint64_t image);
void aicore_kernel_end(struct core *core);

/** aicore_notice - AICPU thread @by has read what tells of the end of kernel @number of @core, and so of those before,
 *  by a load that it issued at @issued_ps and that is back at @at. */
void aicore_notice(struct core *core, uint32_t number, const struct core *by, uint64_t issued_ps, uint64_t at);

/** aicore_repeats - has it run its latest task before that, too, with no AICPU thread left that could have asked for
 * it? */
bool aicore_repeats(const struct core *core);

#ifdef __cplusplus
}
#endif
#endif
