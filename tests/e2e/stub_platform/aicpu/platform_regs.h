/* A platform of coherent threads: its caches need no care, and its register windows are memory. */
#ifndef STUB_PLATFORM_REGS_H
#define STUB_PLATFORM_REGS_H

#include <stddef.h>

#include "../common/platform_config.h"

static inline void cache_invalidate_range(const volatile void *addr, size_t size)
{
    (void)addr;
    (void)size;
}

static inline uint64_t get_platform_regs(void)
{
    return (uint64_t)(uintptr_t)stub_window_table;
}

static inline volatile uint32_t *get_reg_ptr(uint64_t base, RegId reg)
{
    return (volatile uint32_t *)(uintptr_t)base + reg;
}

#endif
