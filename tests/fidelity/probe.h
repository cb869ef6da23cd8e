/* probe.h - what host, AICPU and AICores of the fidelity test share: which probe a launch is, and the times it took.
 *
 * Times are ticks of the system counter. Each launch has a structure of its own in memory that no cache has seen, so
 * nothing has to be invalidated; a line has one writer.
 */
#ifndef FIDELITY_PROBE_H
#define FIDELITY_PROBE_H

#include <stdint.h>

enum probe_kind {
    PROBE_STORE,      /* one posted store at a time to DATA_MAIN_BASE: each one's time */
    PROBE_STORES,     /* `count` of them back to back */
    PROBE_LOADS,      /* `count` loads of COND, rotating over `cores` windows */
    PROBE_STORE_LOAD, /* `count` pairs of a store and a load */
    PROBE_DISPATCH,   /* DATA_MAIN_BASE: when stored, when seen by the AICore */
    PROBE_COND,       /* COND: when set, when seen by the AICPU */
    PROBE_WORD,       /* a word of GM: when stored and written back, when seen by the AICPU; and what the core spent */
    PROBE_HIT,        /* `count` AICPU loads of one word */
    PROBE_SET_COND,   /* `count` times */
    PROBE_TURN,       /* `count` turns of setting COND and reading DATA_MAIN_BASE */
    PROBE_COUNTER,    /* `count` readings of the system counter by the AICore */
    PROBE_DELAY,      /* a volatile delay loop of 50 turns, `count` times */
    PROBE_MEMSET,     /* `count` bytes of GM by the AICPU */
    PROBE_CLASSIFY,   /* `count` tasks of `stride` bytes */
    PROBE_IDLE,       /* `count` turns of an idle scheduler that drives `cores` AICores */
    PROBE_GEMM,       /* a product of matrices of `count` x `count` by all AICs */
    PROBE_STREAM,     /* `count` bytes of GM read once by all AIVs */
    PROBE_START,      /* tasks through the register protocol: `count` a core, of `work` loads each, on `cores` cores */
};

enum { PROBE_STAMPS = 256, PROBE_CORES = 72, PROBE_LINE = 64, PROBE_EXIT = 0x7fffffff };

/* How the product is divided among the AICs. */
enum { GEMM_DOWN = 4, GEMM_ACROSS = 6 };

/* An AICore's place in PROBE_START, PROBE_GEMM and PROBE_STREAM: in the latter two, started[0] and [1] are its begin
 * and end. */
struct probe_seat {
    _Alignas(PROBE_LINE) volatile uint32_t work; /* the payload: written by the AICPU for each task */
    _Alignas(PROBE_LINE) uint64_t dispatched[16];
    _Alignas(PROBE_LINE) uint64_t started[16];
};

struct probe {
    /* Written by the host. */
    _Alignas(PROBE_LINE) uint32_t kind;
    uint32_t count, cores, threads, stride, work;
    uint32_t worker; /* the AICore that takes part, where it is one */
    uint64_t memory; /* GM to work on */
    uint64_t matrices[3];
    uint64_t gap; /* ticks between two events, about 1 us */

    _Alignas(PROBE_LINE) volatile uint32_t word;          /* PROBE_WORD; written by the AICore */
    _Alignas(PROBE_LINE) uint64_t sender[PROBE_STAMPS];   /* begin of each event */
    _Alignas(PROBE_LINE) uint64_t receiver[PROBE_STAMPS]; /* when it was seen; else the end of it; 0: never */
    _Alignas(PROBE_LINE) uint64_t spent[PROBE_STAMPS];    /* PROBE_WORD: the producer's own time */
    struct probe_seat seats[PROBE_CORES];
};

/* Events are not in step with the other side's polling: a little longer each time. */
static inline uint64_t probe_gap(const struct probe *probe, uint32_t event)
{
    return probe->gap + probe->gap * (event * 37 % 101) / 400;
}

#endif
