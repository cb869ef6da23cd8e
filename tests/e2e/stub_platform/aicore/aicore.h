/* A platform of coherent threads, seen from an AICore: enough for a runtime to compile, and to run on plain threads. */
#ifndef STUB_AICORE_H
#define STUB_AICORE_H

#include <stdint.h>

#include "../common/platform_config.h"

#define __gm__
#define __aicore__

enum { SINGLE_CACHE_LINE, ENTIRE_DATA_CACHE };
enum { CACHELINE_OUT = 2 };
enum { DSB_DDR = 1 };

#define STUB_DCCI(addr, lines, ...) ((void)(addr), (void)(lines), __sync_synchronize())
#define dcci(...)                   STUB_DCCI(__VA_ARGS__, CACHELINE_OUT)

static inline void dsb(int kind)
{
    (void)kind;
    __sync_synchronize();
}

/* A thread is the core that it says. */
extern _Thread_local uint32_t stub_core;

static inline uint32_t get_physical_core_id(void)
{
    return stub_core;
}

static inline uint64_t read_reg(RegId reg)
{
    return stub_windows[stub_core][reg];
}

static inline void write_reg(RegId reg, uint64_t value)
{
    stub_windows[stub_core][reg] = (uint32_t)value;
}

#endif
