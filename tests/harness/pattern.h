/* pattern.h - what the parts of every pattern share.
 *
 * A pattern is one source that is compiled once for each part of the system: PART_HOST, PART_AICPU, PART_AICORE, and
 * PART_KERNEL where it has kernels; with REPAIRED for the form in which the remedy is applied. The AICores of one
 * cluster take part. Trailing comments mark what a checker's finding has to name: CAUSE the access that is at fault,
 * EFFECT the one that met the consequence.
 *
 * The mailbox is for patterns that are about something else than the handshake: it is right.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>

#define LINE 64 /* bytes of a cache line */

enum { CORES = 3 }; /* of a cluster: worker 0 is the AIC, 1 and 2 are AIVs */

/* An AICore's mailbox; its line is written by one side at a time: by the AICPU while status is 0. */
typedef struct Mailbox {
    _Alignas(LINE) volatile int64_t task; /* what it means is the pattern's affair */
    volatile int64_t result;
    volatile int status; /* 1: execute the task; 0: executed */
    volatile int quit;
} Mailbox;

#ifdef PART_HOST
#include "harness.h"
#else
#include "core_port.h"
#include "spin_hint.h"

/** spend_ns - work that takes so long and touches no memory. */
static inline void spend_ns(uint64_t ns)
{
    uint64_t end = dav_sys_cnt() + ns / 20;

    while (dav_sys_cnt() < end)
        SPIN_WAIT_HINT();
}
#endif

#ifdef PART_AICPU
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"

static inline void mailbox_post(Mailbox *box, int64_t task)
{
    box->task = task;
    wmb();
    box->status = 1;
}

/** mailbox_wait - until the task has been executed. Return: its result. */
static inline int64_t mailbox_wait(const Mailbox *box)
{
    while (box->status != 0)
        SPIN_WAIT_HINT();
    rmb();
    return box->result;
}

static inline void mailbox_quit(Mailbox *box)
{
    box->quit = 1;
}

/** window - register @reg of worker @worker. */
static inline volatile uint32_t *window(int worker, RegId reg)
{
    const uint64_t *bases = (const uint64_t *)(uintptr_t)get_platform_regs();
    uint32_t clusters = dav_aicore_count() / CORES;

    return get_reg_ptr(bases[worker == 0 ? 0 : clusters + (uint32_t)worker - 1], reg);
}

/** open_window - before its registers are used. The worker greets with AICORE_IDLE_VALUE in COND. */
static inline void open_window(int worker)
{
    *window(worker, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
    while (*window(worker, REG_COND) != AICORE_IDLE_VALUE)
        SPIN_WAIT_HINT();
}

static inline void close_window(int worker)
{
    *window(worker, REG_DATA_MAIN_BASE) = AICORE_EXIT_SIGNAL;
}
#endif

#if defined(PART_AICORE) || defined(PART_KERNEL)
#include <stdbool.h>

#include "aicore/aicore.h"

/** mailbox_next - wait for the next task. Return: false when there will be none. */
static inline bool mailbox_next(__gm__ Mailbox *box)
{
    for (;;) {
        dcci(box, SINGLE_CACHE_LINE, CACHELINE_OUT);
        if (box->quit)
            return false;
        if (box->status == 1)
            return true;
    }
}

/** mailbox_done - the task has been executed; what was written back before is in GM. */
static inline void mailbox_done(__gm__ Mailbox *box, int64_t result)
{
    dsb(DSB_DDR);
    box->result = result;
    box->status = 0;
    dcci(box, SINGLE_CACHE_LINE, CACHELINE_OUT);
}
#endif

#endif
