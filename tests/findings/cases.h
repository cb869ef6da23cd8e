/* cases.h - what the sources of this folder share: a source is a family of small programs, its cases, and CASES lists
 * them for the compiler and for run.sh:
 *
 *     #define CASES(X)                                     \
 *         X(late_load, "stale-read", "")                   \
 *         X(late_load_right, "", "--set aicpu.drain=10ns")
 *
 * name, what `davsim check` finds in it (several kinds: each finding is of one of them; none: the program is right),
 * the options it is run with. The host's part takes the name as its argument. A mark names the cases that it is about:
 * CAUSE late_load.
 *
 * A Flag orders two agents, and is right: what is written before it is raised is there for whoever has waited for it.
 * An AICore's data must have been dcci-ed. hint() is a flag whose raiser waits for nothing.
 */
#ifndef CASES_H
#define CASES_H

#include <stdbool.h>

#include "pattern.h"

#define CASE_NAME(name, kinds, options)   #name,
#define CASE_NUMBER(name, kinds, options) CASE_##name,
#define CASE_ENUM                         enum which { CASES(CASE_NUMBER) CASE_COUNT }

typedef struct Flag {
    _Alignas(LINE) volatile int up;
} Flag;

typedef struct Word {
    _Alignas(LINE) int64_t value;
} Word;

#ifdef PART_HOST
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** case_of - the number of the case whose name is the program's argument. */
static inline int case_of(int argc, char **argv, const char *const *names)
{
    for (int i = 0; argc == 2 && names[i]; i++)
        if (strcmp(names[i], argv[1]) == 0)
            return i;
    fprintf(stderr, "%s: which case?\n", argv[0]);
    exit(2);
}
#define CASE_OF(argc, argv) case_of(argc, argv, (const char *const[]){CASES(CASE_NAME) NULL})
#endif

#ifdef PART_AICPU
static inline void raise_to(Flag *flag, int level)
{
    wmb();
    flag->up = level;
}
static inline void await_at(const Flag *flag, int level)
{
    while (flag->up < level)
        SPIN_WAIT_HINT();
    rmb();
}
#endif

#ifdef PART_AICORE
static inline void hint(__gm__ Flag *flag)
{
    flag->up = 1;
    dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
}
static inline void raise_to(__gm__ Flag *flag, int level)
{
    dsb(DSB_DDR);
    flag->up = level;
    dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
}
static inline void await_at(__gm__ Flag *flag, int level)
{
    do
        dcci(flag, SINGLE_CACHE_LINE, CACHELINE_OUT);
    while (flag->up < level);
}
static inline void await_register(uint32_t value)
{
    while (read_reg(REG_DATA_MAIN_BASE) != value)
        SPIN_WAIT_HINT();
}
#endif

#ifndef PART_HOST
#define raise(flag) raise_to((flag), 1)
#define await(flag) await_at((flag), 1)
#endif

#endif
