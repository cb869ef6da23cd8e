/* loops.h - the loops that the bench times, by number, and the words in which one is ordered.
 *
 * The same source (loops.c) is a kernel of the chip and a function of the host: that is the comparison.
 */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#include <stdint.h>

/* LOOP(name, bytes of memory it works on) */
#define LOOPS(LOOP)                                                                                                    \
    LOOP(registers, 64)           /* no memory at all: what the next three would be without their loads */             \
    LOOP(hits_same, 64)           /* loads of one line */                                                              \
    LOOP(hits_next, 16 << 10)     /* loads of one double word after the other, all in the cache */                     \
    LOOP(hits_far, 16 << 10)      /* loads of another line each time, all in the cache */                              \
    LOOP(misses_set, 64 << 10)    /* loads that all miss: few lines, but of one set */                                 \
    LOOP(misses_sweep, 64 << 10)  /* loads that all miss: every line of twice the cache in turn */                     \
    LOOP(saxpy_cache, 16 << 10)   /* y += a x, in the cache */                                                         \
    LOOP(saxpy_memory, 512 << 10) /* the same, sixteen times the cache */                                              \
    LOOP(integer, 8 << 10)        /* records, strings, branches and calls, in the manner of Dhrystone */               \
    LOOP(matmul, 12 << 10)        /* 32 x 32 floats, three loops */

enum loop {
#define NUMBER(name, bytes) LOOP_##name,
    LOOPS(NUMBER)
#undef NUMBER
        LOOP_COUNT
};

/* A kernel's arguments. */
enum { ARG_LOOP, ARG_ROUNDS, ARG_MEMORY };

/* What the host lays into GM for a launch. */
struct order {
    uint64_t kernel; /* device address of the kernel; 0: nothing to do */
    int64_t workers; /* the first that many AICores work */
    int64_t padding[6];
    int64_t args[128][8]; /* a line for each of them */
};

#endif
