/* aicore.c - the AICores' side of the probes. Results are written back at the end, with the whole cache. */
#include "tests/fidelity/probe.h"

#include "aicore/aicore.h"
#include "cce.h"
#include "tests/fidelity/gemm_kernel.h"

enum { DELAY_TURNS = 50, STREAM_BYTES = 32768 };

static void wait_until(uint64_t time)
{
    while (get_sys_cnt() < time) {
    }
}

/* The times at which each new value of DATA_MAIN_BASE is seen, until PROBE_EXIT. */
static void watch_register(__gm__ struct probe *probe)
{
    uint32_t value, before = 0;

    while ((value = (uint32_t)read_reg(REG_DATA_MAIN_BASE)) != PROBE_EXIT) {
        if (value == before)
            continue;
        if (value < PROBE_STAMPS)
            probe->receiver[value] = get_sys_cnt();
        before = value;
    }
}

static void set_cond_now_and_then(__gm__ struct probe *probe)
{
    for (uint32_t i = 1; i < PROBE_STAMPS; i++) {
        probe->sender[i] = get_sys_cnt();
        set_cond(i << 8 | probe->kind);
        wait_until(probe->sender[i] + probe_gap(probe, i));
    }
}

static void write_word_now_and_then(__gm__ struct probe *probe)
{
    for (uint32_t i = 1; i < PROBE_STAMPS; i++) {
        uint64_t begin = get_sys_cnt(), end;

        probe->word = i;
        dcci(&probe->word, SINGLE_CACHE_LINE, CACHELINE_OUT);
        end = get_sys_cnt();
        probe->sender[i] = begin;
        probe->spent[i] = end - begin;
        wait_until(end + probe_gap(probe, i));
    }
}

static void delay(void)
{
    for (volatile int i = 0; i < DELAY_TURNS; i++) {
    }
}

/* What one AICore does alone. */
static void repeat(const __gm__ struct probe *probe)
{
    uint32_t count = probe->count;

    switch (probe->kind) {
    case PROBE_SET_COND:
        for (uint32_t i = 0; i < count; i++)
            set_cond(i);
        break;
    case PROBE_TURN:
        for (uint32_t i = 0; i < count; i++) {
            set_cond(i);
            if (read_reg(REG_DATA_MAIN_BASE) == PROBE_EXIT)
                break;
        }
        break;
    case PROBE_COUNTER:
        for (uint32_t i = 0; i < count; i++)
            get_sys_cnt();
        break;
    case PROBE_DELAY:
        for (uint32_t i = 0; i < count; i++)
            delay();
        break;
    default:
        break;
    }
}

/* The register protocol's worker: a number in DATA_MAIN_BASE is a task; its payload is dropped from the cache, the task
 * acknowledged, and then the kernel starts, with the payload's first load. */
static void serve(__gm__ struct probe_seat *seat)
{
    uint32_t value, before = 0;

    while ((value = (uint32_t)read_reg(REG_DATA_MAIN_BASE)) != PROBE_EXIT) {
        if (value == before)
            continue;
        dcci(&seat->work, SINGLE_CACHE_LINE);
        set_cond((uint32_t)MAKE_ACK_VALUE(value));
        seat->started[value] = get_sys_cnt();
        for (volatile uint32_t left = seat->work; left; left--) {
        }
        set_cond((uint32_t)MAKE_FIN_VALUE(value));
        before = value;
    }
}

/* Every n-th piece of the memory, one after the other into two places of UB. */
static void stream(const __gm__ struct probe *probe, uint32_t core, uint32_t cores)
{
    const __gm__ uint8_t *from = (const __gm__ uint8_t *)probe->memory;

    for (uint64_t at = core, place = 0; at * STREAM_BYTES < probe->count; at += cores, place = 1 - place)
        copy_gm_to_ubuf_align_b8((__ubuf__ uint8_t *)(place * STREAM_BYTES), from + at * STREAM_BYTES, 0, 1,
                                 STREAM_BYTES, 0, 0, 0, 0);
    pipe_barrier(PIPE_ALL);
}

/* AICs come first among the workers. */
static void use_pipes(__gm__ struct probe *probe, uint32_t worker, int core_type)
{
    __gm__ struct probe_seat *seat = &probe->seats[worker];
    uint32_t aics = probe->cores / 3;

    if (core_type != (probe->kind == PROBE_GEMM ? 0 : 1))
        return;
    seat->started[0] = get_sys_cnt();
    if (probe->kind == PROBE_GEMM)
        gemm(worker, (const __gm__ void *)probe->matrices[0], (const __gm__ void *)probe->matrices[1],
             (__gm__ void *)probe->matrices[2], probe->count);
    else
        stream(probe, worker - aics, probe->cores - aics);
    seat->started[1] = get_sys_cnt();
}

__aicore__ void aicore_execute(__gm__ struct probe *probe, int block_idx, int core_type)
{
    dcci(probe, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    if (probe->kind == PROBE_GEMM || probe->kind == PROBE_STREAM) {
        use_pipes(probe, (uint32_t)block_idx, core_type);
    } else if (probe->kind == PROBE_START) {
        if ((uint32_t)block_idx < probe->cores)
            serve(&probe->seats[block_idx]);
    } else if ((uint32_t)block_idx == probe->worker) {
        switch (probe->kind) {
        case PROBE_STORE:
        case PROBE_STORES:
        case PROBE_LOADS:
        case PROBE_STORE_LOAD:
        case PROBE_DISPATCH:
            watch_register(probe);
            break;
        case PROBE_COND:
            set_cond_now_and_then(probe);
            break;
        case PROBE_WORD:
            write_word_now_and_then(probe);
            break;
        case PROBE_SET_COND:
        case PROBE_TURN:
        case PROBE_COUNTER:
        case PROBE_DELAY: {
            uint64_t begin = get_sys_cnt();

            repeat(probe);
            probe->receiver[0] = get_sys_cnt();
            probe->sender[0] = begin;
            break;
        }
        default:
            break;
        }
    }
    dcci(probe, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}
