/* aicpu.c - the AICPU's side of the probes. Windows are accessed by plain volatile accesses, without the barriers that
 * read_reg and write_reg put around them: the rows are about the access.
 */
#include "tests/fidelity/probe.h"

#include <stddef.h>
#include <string.h>

#include "aicpu/device_time.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "tests/fidelity/scheduler.h"

static volatile uint32_t *reg(uint32_t core, RegId id)
{
    return get_reg_ptr(((const uint64_t *)(uintptr_t)get_platform_regs())[core], id);
}

static void open_window(uint32_t core)
{
    *reg(core, REG_FAST_PATH_ENABLE) = REG_SPR_FAST_PATH_OPEN;
}

static void wait_until(uint64_t time)
{
    while (get_sys_cnt_aicpu() < time) {
    }
}

/* ---- the register window ---- */

static void store_now_and_then(struct probe *probe, volatile uint32_t *base, bool stamped_by_receiver)
{
    for (uint32_t i = 1; i < PROBE_STAMPS; i++) {
        uint64_t begin = get_sys_cnt_aicpu(), end;

        *base = i;
        end = get_sys_cnt_aicpu();
        probe->sender[i] = begin;
        if (!stamped_by_receiver)
            probe->spent[i] = end - begin;
        wait_until(end + probe_gap(probe, i));
    }
}

static void access_window(struct probe *probe)
{
    volatile uint32_t *base = reg(0, REG_DATA_MAIN_BASE), *cond[PROBE_CORES];
    uint32_t count = probe->count, cores = probe->cores, sum = 0, next = 0;
    uint64_t begin;

    for (uint32_t i = 0; i < cores; i++)
        cond[i] = reg(i, REG_COND);
    begin = get_sys_cnt_aicpu();
    if (probe->kind == PROBE_STORES) {
        for (uint32_t i = 0; i < count; i++)
            *base = PROBE_STAMPS + i;
    } else if (probe->kind == PROBE_LOADS) {
        for (uint32_t i = 0; i < count; i++) {
            sum += *cond[next];
            next = next + 1 == cores ? 0 : next + 1;
        }
    } else {
        for (uint32_t i = 0; i < count; i++) {
            *base = PROBE_STAMPS + i;
            sum += *cond[0];
        }
    }
    probe->receiver[0] = get_sys_cnt_aicpu();
    probe->sender[0] = begin;
    probe->spent[0] = sum;
}

static void use_window(struct probe *probe)
{
    open_window(0);
    if (probe->kind == PROBE_STORE || probe->kind == PROBE_DISPATCH)
        store_now_and_then(probe, reg(0, REG_DATA_MAIN_BASE), probe->kind == PROBE_DISPATCH);
    else
        access_window(probe);
    *reg(0, REG_DATA_MAIN_BASE) = PROBE_EXIT;
}

/* ---- what an AICore tells ---- */

static void watch_cond(struct probe *probe)
{
    const volatile uint32_t *cond = reg(0, REG_COND);

    for (uint32_t seen = 0; seen + 1 < PROBE_STAMPS;) {
        uint32_t value = *cond;

        if ((value & 0xff) != probe->kind || value >> 8 == seen)
            continue;
        seen = value >> 8;
        probe->receiver[seen] = get_sys_cnt_aicpu();
    }
}

static void watch_word(struct probe *probe)
{
    for (uint32_t seen = 0; seen + 1 < PROBE_STAMPS;) {
        uint32_t value = probe->word;

        if (value == seen)
            continue;
        seen = value;
        probe->receiver[seen] = get_sys_cnt_aicpu();
    }
}

/* ---- GM ---- */

static void use_memory(struct probe *probe)
{
    const volatile uint32_t *word = (const volatile uint32_t *)(uintptr_t)probe->memory;
    uint32_t count = probe->count, sum = *word;
    uint64_t begin = get_sys_cnt_aicpu();

    switch (probe->kind) {
    case PROBE_HIT:
        for (uint32_t i = 0; i < count; i++)
            sum += *word;
        break;
    case PROBE_MEMSET:
        memset((void *)(uintptr_t)probe->memory, 0, count);
        break;
    case PROBE_CLASSIFY:
        sum += scheduler_classify((const void *)(uintptr_t)probe->memory, count, probe->stride);
        break;
    case PROBE_IDLE:
        scheduler_idle((void *)(uintptr_t)probe->memory, (int)probe->cores, 0); /* lay everything out */
        begin = get_sys_cnt_aicpu();
        scheduler_idle((void *)(uintptr_t)probe->memory, (int)probe->cores, count);
        break;
    default:
        break;
    }
    probe->receiver[0] = get_sys_cnt_aicpu();
    probe->sender[0] = begin;
    probe->spent[0] = sum;
}

/* ---- tasks through the registers ---- */

/* Core @seat's window: AICs come first among the workers and among the physical cores. */
static uint32_t physical(const struct probe *probe, uint32_t seat)
{
    uint32_t blocks = (probe->cores + 2) / 3;

    return seat < blocks ? seat : dav_aicore_count() / 3 + seat - blocks;
}

static void dispatch(struct probe *probe, uint32_t seat, uint32_t task)
{
    probe->seats[seat].work = probe->work + seat % 7;
    wmb();
    probe->seats[seat].dispatched[task] = get_sys_cnt_aicpu();
    *reg(physical(probe, seat), REG_DATA_MAIN_BASE) = task;
}

/* Each thread drives every n-th core; a core whose COND says that it has finished gets its next task. */
static void drive(struct probe *probe, uint32_t me)
{
    uint32_t task[PROBE_CORES], left = 0;

    for (uint32_t seat = me; seat < probe->cores; seat += probe->threads) {
        open_window(physical(probe, seat));
        task[seat] = 1;
        dispatch(probe, seat, 1);
        left++;
    }
    while (left) {
        for (uint32_t seat = me; seat < probe->cores; seat += probe->threads) {
            uint32_t core = physical(probe, seat);

            if (task[seat] == PROBE_EXIT || *reg(core, REG_COND) != (uint32_t)MAKE_FIN_VALUE(task[seat]))
                continue;
            if (task[seat] < probe->count) {
                dispatch(probe, seat, ++task[seat]);
            } else {
                *reg(core, REG_DATA_MAIN_BASE) = task[seat] = PROBE_EXIT;
                left--;
            }
        }
    }
}

int aicpu_execute(struct probe *probe)
{
    switch (probe->kind) {
    case PROBE_STORE:
    case PROBE_STORES:
    case PROBE_LOADS:
    case PROBE_STORE_LOAD:
    case PROBE_DISPATCH:
        use_window(probe);
        break;
    case PROBE_COND:
        watch_cond(probe);
        break;
    case PROBE_WORD:
        watch_word(probe);
        break;
    case PROBE_HIT:
    case PROBE_MEMSET:
    case PROBE_CLASSIFY:
    case PROBE_IDLE:
        use_memory(probe);
        break;
    case PROBE_START:
        drive(probe, (uint32_t)dav_thread_idx());
        break;
    default: /* the AICore's own affair */
        break;
    }
    return 0;
}
