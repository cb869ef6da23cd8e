/* interpret.c - a core's program that makes the accesses of a table, by the very calls that compiled device code makes.
 */
#include "tests/litmus/litmus.h"

#include "isa/core_port.h"
#include "isa/isa.h"
#include "model/chip_state.h"
#include "model/embed/port_table.h"

/* What the compiler calls before an access, between blocks, and for an atomic. */
/* A hook has a second form, which stands in the port table while a checker watches (model/embed/port_watched.c). */
#define HOOK(name)                                                                                                     \
    void name(void *addr);                                                                                             \
    void watched##name(void *addr) __asm__(PORT_WATCHED_PREFIX #name);
#define CALL_HOOK(name, addr) (dav_chip->watch ? watched##name : name)(addr)

HOOK(__tsan_volatile_read4)
HOOK(__tsan_volatile_write4)
HOOK(__tsan_volatile_write8)
HOOK(__tsan_unaligned_volatile_read4)
HOOK(__tsan_unaligned_volatile_write4)
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
void dav_port_kernel_begin(uint64_t args, uint64_t image);
void dav_port_kernel_end(uint64_t image);
uint32_t __tsan_atomic32_fetch_add(volatile uint32_t *object, uint32_t operand, int order);
void __tsan_atomic32_store(volatile uint32_t *object, uint32_t value, int order);
uint32_t __tsan_atomic32_load(const volatile uint32_t *object, int order);

enum { SLICE_PS = 50000, POLL_PS = 1000, SET_BYTES = 2048, CLUSTER_SET_BYTES = 8192, DONE = 12352 };

/* A word that may stand anywhere. */
typedef volatile uint32_t word __attribute__((aligned(1)));

struct run *litmus_running;

uint64_t litmus_address(const struct run *run, enum place place)
{
    static const uint32_t offsets[][PLACES] = {
        [APART] = {0, 64, 128, 192, 256, 320, 384, 448, DONE},
        [ONE_LINE] = {0, 4, 8, 12, 16, 20, 24, 28, DONE},
        [ACROSS_LINES] = {62, 64, 128, 192, 256, 320, 384, 448, DONE},
        [ONE_SET] = {0, 4, 64, SET_BYTES, 2 * SET_BYTES, 3 * SET_BYTES, 4 * SET_BYTES, 448, DONE},
        [CLUSTER_SET] = {0, CLUSTER_SET_BYTES, 2 * CLUSTER_SET_BYTES, 3 * CLUSTER_SET_BYTES, 4 * CLUSTER_SET_BYTES,
                         5 * CLUSTER_SET_BYTES, 6 * CLUSTER_SET_BYTES, 7 * CLUSTER_SET_BYTES, 8 * CLUSTER_SET_BYTES},
    };
    const struct core *aiv0 = run->cores[AGENT_AIV0];

    if (place < PLACES)
        return (uintptr_t)run->block + offsets[run->layout][place];
    return aiv0->chip->window_bases[aiv0->number] + (place == aiv0_fast_path        ? WINDOW_FAST_PATH_ENABLE
                                                     : place == aiv0_data_main_base ? WINDOW_DATA_MAIN_BASE
                                                                                    : WINDOW_COND);
}

static uint32_t load(word *at)
{
    if ((uintptr_t)at % sizeof(uint32_t))
        CALL_HOOK(__tsan_unaligned_volatile_read4, (void *)(uintptr_t)at);
    else
        CALL_HOOK(__tsan_volatile_read4, (void *)(uintptr_t)at);
    return *at;
}

static void store(word *at, uint32_t value)
{
    if ((uintptr_t)at % sizeof(uint32_t))
        CALL_HOOK(__tsan_unaligned_volatile_write4, (void *)(uintptr_t)at);
    else
        CALL_HOOK(__tsan_volatile_write4, (void *)(uintptr_t)at);
    *at = value;
}

/* Instructions that touch no memory. */
static void work(uint32_t ps)
{
    __sanitizer_cov_trace_pc_guard(&ps);
}

static void delay(uint64_t ps)
{
    for (; ps > SLICE_PS; ps -= SLICE_PS)
        work(SLICE_PS);
    work((uint32_t)ps);
}

static void poll_memory(word *at, uint32_t value, bool dcci)
{
    do {
        work(POLL_PS);
        if (dcci)
            dav_dcci(at, DAV_DCCI_SINGLE, 3);
    } while (load(at) != value);
}

static void poll_register(uint32_t value)
{
    do
        work(POLL_PS);
    while (dav_reg_read(WINDOW_DATA_MAIN_BASE) != value);
}

/* Values are folded into the register when they change only, so that an idle round leaves nothing behind. */
static uint32_t watch(const struct core *core, uint32_t how)
{
    word *at[4], *stop = (word *)(uintptr_t)litmus_address(litmus_running, done);
    uint32_t last[5] = {0}, seen = 0, stopped;

    for (int i = 0; i < 4; i++)
        at[i] = (word *)(uintptr_t)litmus_address(litmus_running, (enum place)i);
    do {
        work(POLL_PS);
        if (how & WATCH_DCCI_ALL)
            dav_dcci(NULL, DAV_DCCI_ENTIRE, 3);
        for (int i = 0; i < 5; i++) {
            uint32_t value = 0;

            if (i < 4 && how >> i & 1)
                dav_dcci(at[i], DAV_DCCI_SINGLE, 3);
            if (i < 4)
                value = load(at[i]);
            else if (how & WATCH_REGISTER)
                value = (uint32_t)dav_reg_read(WINDOW_DATA_MAIN_BASE);
            if (value != last[i])
                seen = seen * 31 + value * 5 + (uint32_t)i + (uint32_t)(core->agent.now - litmus_running->start_ps);
            last[i] = value;
        }
        if (!core->coherent)
            dav_dcci(stop, DAV_DCCI_SINGLE, 3);
        stopped = load(stop);
    } while (!stopped);
    return seen;
}

/* The reports stand behind the test's memory, where nothing is allocated. */
static void run_tasks(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        word *report = (word *)(litmus_running->block + BLOCK_BYTES + (uint64_t)i * GM_LINE_BYTES);

        dav_port_kernel_begin(0, 0);
        dav_port_kernel_end(0);
        store(report, i);
        dav_dcci(report, DAV_DCCI_SINGLE, 3);
    }
}

/* ---- an AIV's pipes ---- */

enum { UB_OUT = 0, UB_IN = 4096, UB_MUCH = 8192, UNUSED = 16384, FLAGS = 0x1000 };

static void send(word *to, uint32_t value)
{
    static uint32_t slot; /* a word of UB of its own: nothing here overwrites what MTE3 has still to read */
    uint64_t from = UB_OUT + 32 * (slot++ % 64);

    *(uint32_t *)dav_ub(from, 4, 1) = value;
    dav_set_flag(ISA_S, ISA_MTE3, 0);
    dav_wait_flag(ISA_S, ISA_MTE3, 0);
    dav_issue(ISA_OP_copy_ubuf_to_gm_align_b8_U8, (uintptr_t)to, from, ISA_MOVE2(1, 4, 0, 0), ISA_MOVE3(0, 0), 0);
}

static void wait_for(enum isa_pipe pipe)
{
    dav_set_flag((int)pipe, ISA_S, 1);
    dav_wait_flag((int)pipe, ISA_S, 1);
}

static bool make_with_pipes(const struct step *step, word *at, uint32_t *reg)
{
    switch (step->op) {
    case OP_SEND:
        send(at, step->value);
        return true;
    case OP_SEND_MUCH:
        dav_issue(ISA_OP_copy_ubuf_to_gm_align_b8_U8, (uintptr_t)litmus_running->block + UNUSED, UB_MUCH,
                  ISA_MOVE2(1, 32768, 0, 0), ISA_MOVE3(0, 0), 0);
        return true;
    case OP_FETCH:
        dav_issue(ISA_OP_copy_gm_to_ubuf_align_b8_U8, UB_IN, (uintptr_t)at, ISA_MOVE2(1, 4, 0, 0), ISA_MOVE3(0, 0), 0);
        return true;
    case OP_SENT:
        wait_for(ISA_MTE3);
        return true;
    case OP_FETCHED:
        wait_for(ISA_MTE2);
        *reg = *(uint32_t *)dav_ub(UB_IN, 4, 0);
        return true;
    case OP_SEND_TO_FETCH:
        dav_set_flag(ISA_MTE3, ISA_MTE2, 2);
        dav_wait_flag(ISA_MTE3, ISA_MTE2, 2);
        return true;
    case OP_DRAIN:
        dav_pipe_barrier(ISA_ALL);
        return true;
    case OP_LD_DEV:
        *reg = (uint32_t)dav_ld_dev(at, 4);
        return true;
    case OP_ST_DEV:
        dav_st_dev(at, step->value, 4);
        return true;
    case OP_CROSS_SYNC:
        dav_cross_core_sync(ISA_MTE3, 1 | 1 << 4 | step->value << 8);
        return true;
    case OP_CROSS_STORE:
        dav_spr_write(ISA_SPR_FFTS_BASE, FLAGS);
        dav_st_dev((volatile void *)FLAGS, 1 | 1 << 4 | step->value << 8, 8);
        return true;
    case OP_CROSS_WAIT:
        dav_cross_core_wait(step->value);
        return true;
    default:
        return false;
    }
}

static uint32_t through(word *variable, uint32_t value)
{
    store(variable, value);
    return load(variable);
}

static uint32_t through_stack(uint32_t value)
{
    volatile uint32_t variable = 0;

    return through(&variable, value);
}

static void make_atomic(const struct step *step, word *at, uint32_t *reg)
{
    volatile uint32_t *object = (volatile uint32_t *)(uintptr_t)at;
    int order = (int)(step->value >> 16);
    uint32_t value = step->value & 0xffff;

    if (step->op == OP_ATOMIC_STORE)
        __tsan_atomic32_store(object, value, order);
    else
        *reg = step->op == OP_ATOMIC_LOAD ? __tsan_atomic32_load(object, order)
                                          : __tsan_atomic32_fetch_add(object, value, order);
}

static void make(const struct core *core, const struct step *step, uint32_t *reg)
{
    static volatile uint32_t variable;
    uint64_t wide;
    word *at = (word *)(uintptr_t)litmus_address(litmus_running, step->place);

    if (make_with_pipes(step, at, reg))
        return;
    switch (step->op) {
    case OP_STORE:
        store(at, step->value);
        break;
    case OP_STORE64:
        CALL_HOOK(__tsan_volatile_write8, (void *)(uintptr_t)at);
        *(volatile uint64_t *)(uintptr_t)at = (step->value & 0xffff) | (uint64_t)(step->value >> 16) << 32;
        break;
    case OP_LOAD:
        *reg = load(at);
        break;
    case OP_DCCI:
        dav_dcci(at, DAV_DCCI_SINGLE, (int)step->value);
        break;
    case OP_DCCI_ALL:
        dav_dcci(NULL, DAV_DCCI_ENTIRE, 3);
        break;
    case OP_DSB:
        dav_dsb(0);
        break;
    case OP_FENCE:
        dav_fence((int)step->value);
        break;
    case OP_INVALIDATE:
        dav_cache_invalidate(at, sizeof(*at));
        break;
    case OP_CLEAN:
        dav_cache_clean(at, sizeof(*at));
        break;
    case OP_RMW_ADD:
        *reg = __tsan_atomic32_fetch_add((volatile uint32_t *)(uintptr_t)at, step->value, __ATOMIC_SEQ_CST);
        break;
    case OP_ATOMIC_ADD:
    case OP_ATOMIC_STORE:
    case OP_ATOMIC_LOAD:
        make_atomic(step, at, reg);
        break;
    case OP_WAIT:
    case OP_WAIT_DCCI:
        poll_memory(at, step->value, step->op == OP_WAIT_DCCI);
        break;
    case OP_WAIT_REGISTER:
        poll_register(step->value);
        break;
    case OP_REGISTER:
        *reg = (uint32_t)dav_reg_read(WINDOW_DATA_MAIN_BASE);
        break;
    case OP_REGISTER64:
        wide = dav_reg_read(WINDOW_DATA_MAIN_BASE);
        reg[0] = (uint32_t)wide;
        reg[1] = (uint32_t)(wide >> 32);
        break;
    case OP_WATCH:
        *reg = watch(core, step->value);
        break;
    case OP_SET_COND:
        dav_reg_write(WINDOW_COND, step->value);
        break;
    case OP_TASKS:
        run_tasks(step->value);
        break;
    case OP_STACK:
        *reg = through_stack(step->value);
        break;
    case OP_STATIC:
        *reg = through(&variable, step->value);
        break;
    case OP_DELAY:
        delay(step->value * 1000ull);
        break;
    case OP_SWEEP:
        delay(litmus_running->sweep_ns * 1000ull);
        break;
    default: /* the host's */
        break;
    }
}

void litmus_interpret(struct core *core)
{
    struct run *run = litmus_running;
    int agent = 0;

    while (run->cores[agent] != core)
        agent++;
    for (int i = 0; run->threads[agent]->steps[i].op != OP_END; i++) {
        const struct step *step = &run->threads[agent]->steps[i];

        make(core, step, &run->registers[step->reg]);
        run->times[run->phase][agent][i] = core->agent.now - run->start_ps;
    }
}
