/* aicpu/platform_regs.h - the AICPU's side of the register windows, and its cache operations.
 *
 * A window is device memory: the volatile access itself is the transaction, and it is 32 bits wide whatever the type
 * of the value. read_reg and write_reg are full barriers on both sides, as the platform has always promised. A DMA of
 * the host is not snooped by the AICPU's caches: cache_invalidate_range is the remedy.
 */
#ifndef DAV_AICPU_PLATFORM_REGS_H
#define DAV_AICPU_PLATFORM_REGS_H

#include <stddef.h>
#include <stdint.h>

#include "../../core_port.h"
#include "../common/platform_config.h"

/** get_platform_regs - address of an array of uint64_t: the window base of each physical AICore. */
static inline uint64_t get_platform_regs(void)
{
    return dav_window_table();
}

/** set_platform_regs - the platform knows its windows by itself; kept for sources that hand them on. */
static inline void set_platform_regs(uint64_t regs)
{
    (void)regs;
}

/** get_reg_ptr - a register as a pointer, for callers that poll it themselves. */
static inline volatile uint32_t *get_reg_ptr(uint64_t base, RegId reg)
{
    return (volatile uint32_t *)(uintptr_t)(base + reg_offset(reg));
}

/** read_reg - a register of the core whose window starts at @base, zero-extended. */
static inline uint64_t read_reg(uint64_t base, RegId reg)
{
    dav_fence(DAV_FENCE_FULL);
    uint64_t value = *get_reg_ptr(base, reg);
    dav_fence(DAV_FENCE_FULL);
    return value;
}

/** write_reg - post the low 32 bits of @value to a register. */
static inline void write_reg(uint64_t base, RegId reg, uint64_t value)
{
    dav_fence(DAV_FENCE_FULL);
    *get_reg_ptr(base, reg) = (uint32_t)value;
    dav_fence(DAV_FENCE_FULL);
}

/* The register protocol has two forms. In the first, DATA_MAIN_BASE is 0 while there is no task, and a core that is
 * told to leave just leaves. Since simpler dd7ada454 (2026-03-16) it is AICPU_IDLE_TASK_ID, and the core answers with
 * AICORE_EXITED_VALUE. Which one is meant, the AICore's sources say: where they store that answer, the build of the
 * runtime defines DAV_AICORE_ANSWERS_EXIT for the AICPU's. */
#ifdef DAV_AICORE_ANSWERS_EXIT
#define DAV_NO_TASK AICPU_IDLE_TASK_ID
#else
#define DAV_NO_TASK 0
#endif

/** platform_init_aicore_regs - open the fast path of a core and offer it no task. */
static inline void platform_init_aicore_regs(uint64_t base)
{
    write_reg(base, DAV_REG_ID(FAST_PATH_ENABLE), REG_SPR_FAST_PATH_OPEN);
    write_reg(base, DAV_REG_ID(DATA_MAIN_BASE), DAV_NO_TASK);
}

/** platform_deinit_aicore_regs - tell a core to leave, wait for its answer if it gives one, close its fast path.
 *  Returns 0. */
static inline int32_t platform_deinit_aicore_regs(uint64_t base)
{
    write_reg(base, DAV_REG_ID(DATA_MAIN_BASE), AICORE_EXIT_SIGNAL);
#ifdef DAV_AICORE_ANSWERS_EXIT
    while (read_reg(base, DAV_REG_ID(COND)) != AICORE_EXITED_VALUE) {
    }
    write_reg(base, DAV_REG_ID(DATA_MAIN_BASE), DAV_NO_TASK);
#endif
    write_reg(base, DAV_REG_ID(FAST_PATH_ENABLE), REG_SPR_FAST_PATH_CLOSE);
    return 0;
}

/** platform_get_physical_cores_count - one more than the largest physical core number. */
static inline uint32_t platform_get_physical_cores_count(void)
{
    return dav_aicore_count();
}

/** cache_invalidate_range - clean and invalidate the lines of a range: the next load comes from GM. A dirty line is
 *  written back first, over whatever the host has put there meanwhile. */
static inline void cache_invalidate_range(const volatile void *addr, size_t size)
{
    dav_cache_invalidate(addr, size);
}

/** cache_flush_range - write the dirty lines of a range back and keep them. */
static inline void cache_flush_range(const volatile void *addr, size_t size)
{
    dav_cache_clean(addr, size);
}

#endif
