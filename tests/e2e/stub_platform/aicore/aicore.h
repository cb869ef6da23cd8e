/* A platform of coherent threads, seen from an AICore: enough for a runtime to compile, and to run on plain threads. */
#ifndef STUB_AICORE_H
#define STUB_AICORE_H

#include <stdint.h>

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

#endif
