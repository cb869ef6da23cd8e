/* A platform of coherent threads: its caches need no care. */
#ifndef STUB_PLATFORM_REGS_H
#define STUB_PLATFORM_REGS_H

#include <stddef.h>

static inline void cache_invalidate_range(const volatile void *addr, size_t size)
{
    (void)addr;
    (void)size;
}

#endif
